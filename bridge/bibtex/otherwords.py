"""What an entry that bibbridge did not write says in other words than the record, though it says the same.

`compare.field_meaning` knows the ways of writing one value; here are the ways of telling one thing: a title
without its capitals, first names as initials, "and others", a journal's abbreviation or an astronomer's
macro, a page range where the record knows the first page only. The entry keeps its own words, and nobody need
hear of them. A record without a venue contradicts no entry type: that arXiv knows of none says little.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from bridge.bibtex.bibname import family_name
from bridge.bibtex.compare import split_names
from bridge.bibtex.grammar import closing_brace
from bridge.bibtex.latex import meaning
from bridge.identifiers import InvalidId, clean_doi, parse_arxiv_id
from bridge.latepattern import LatePattern
from bridge.monthly import same_month
from bridge.plaintext import normalised
from bridge.record import Record
from bridge.tables import Row, load
from bridge.venue_table import VenueRow, venue_table
from bridge.words import LEFT_OUT, plain_words

_YEAR = LatePattern(r"(?:19|20)\d\d")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_NAMESAKE = LatePattern(r"\s\d{4}$")  # DBLP's "Wei Wang 0001"
_ZEROS = LatePattern(r"(?<![\d.])0+(?=\d)")
_DASHES = LatePattern(r"\s*[-‐-―−]+\s*")
_PUNCTUATION = frozenset(".,;:!?'\"()[]{}-‐‑‒–—―…“”‘’`´$^_\\~/")
_MOST_INITIALS = 3
PREPRINT_TYPES = frozenset(("misc", "online"))
_PROCEEDINGS = LatePattern(
    r"^(?:in:?\s+)?(?:(?:the\s+)?proc(?:eedings|\.)?(?:\s+of(?:\s+the)?|,)?\s+)?", re.IGNORECASE
)
_ONES = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_SPELT = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[\s-])?(?:{_ONES})"
    r"|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth"
    r"|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ieth"
)
_COUNTED = LatePattern(
    rf"^(?:the\s+)?(?:(?:19|20)\d\d\s+)?(?:(?:\d{{1,3}}(?:st|nd|rd|th)|{_SPELT})\s+)?(?:annual\s+)?",
    re.IGNORECASE,
)
_ORDINAL = LatePattern(r"\b\d{1,3}(?=st\b|nd\b|rd\b|th\b)")
_VOLUME = LatePattern(r"(?<=[A-Za-z]\s)\d{1,3}$")  # "Advances in Neural Information Processing Systems 39"
_DATED = LatePattern(
    r"\s*\((?:[^()]*\d[^()]*|[A-Z][\w&-]*[A-Z][\w&-]*)\)\s*$"
    r"|[\s,]+(?:19|20)\d\d$|\s*['’]\d\d$|(?<=[A-Za-z])\s+\d{1,3}$"
)


_CLASS = LatePattern(r"\[[a-z][a-z.,\s-]*\]", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+|\d+")
_OWN_ID = "@"  # stands for the record's id among the words
_OF_ARXIV = frozenset(("arxiv", "corr", "preprint", "preprints", _OWN_ID))
# words, letters of "e-print" and of a link that say nothing beside these
_BESIDE_ARXIV = _OF_ARXIV | frozenset(
    (
        *("org", "abs", "pdf", "http", "https", "url", "e", "print", "prints", "eprint", "eprints", "v"),
        *("of", "the", "cornell", "university", "computing", "research", "repository"),
    )
)


def only_arxiv(text: str, arxiv_id: str | None) -> bool:
    """Whether a value names no place but arXiv, nor any id but `arxiv_id`: "arXiv preprint arXiv:2301.00001",
    "CoRR", "abs/2301.00001"."""
    said = _CLASS.sub(" ", meaning(text)).lower()
    words = set(_WORD.findall(said))
    if arxiv_id is not None and arxiv_id.lower() in said:
        rest = re.sub(rf"{re.escape(arxiv_id.lower())}(?:v\d+)?", " ", said)
        words = {_OWN_ID, *_WORD.findall(rest)}
    return not words.isdisjoint(_OF_ARXIV) and words <= _BESIDE_ARXIV


def _is_organisation(name: str) -> bool:
    """Whether one brace group spans a whole name."""
    return (
        name.startswith("{") and not name.startswith("{\\") and closing_brace(name, 1, len(name)) == len(name)
    )


def in_other_words(name: str, mine: str, theirs: str, record: Record) -> bool:
    """Whether `mine`, an entry's value of the field `name` (lower-case), tells what the record's does."""
    judge = _JUDGES.get(name)
    return judge is not None and judge(mine, theirs, record)


def is_date_of_a_version(name: str, text: str, year: str, record: Record) -> bool:
    """Whether `text`, an entry's date, year or month (of `year`), is to the letter that of the first or of
    the latest version: a program's export, and no word of a person's."""
    if name == "month":
        text = f"{year}-{int(text):02d}" if text.isdecimal() else ""
    dates = (record.first_date, record.updated)
    return _DATE.fullmatch(text) is not None and any(
        known is not None and known.startswith(text) for known in dates
    )


def tells_year_of_venue(record: Record) -> bool:
    """Whether the year that a record is cited by is that of its venue, not of its first version."""
    return record.item_type != "preprint" and record.cited_year is not None


def _type(mine: str, theirs: str, record: Record) -> bool:
    return theirs.lower() in PREPRINT_TYPES


def _title(mine: str, theirs: str, record: Record) -> bool:
    own, other = meaning(mine), meaning(theirs)
    return bool(own) and normalised(own) == normalised(other) and _symbols(own) == _symbols(other)


def _symbols(text: str) -> list[str]:
    """What stands in a title besides words and a sentence's punctuation: "C++" is not "C"."""
    return [char for char in text if not char.isalnum() and not char.isspace() and char not in _PUNCTUATION]


def _people(mine: str, theirs: str, record: Record) -> bool:
    own, others = split_names(mine), split_names(theirs)
    if not any(map(_is_organisation, own)):
        # INSPIRE names the collaboration in a field of its own
        others = [name for name in others if not _is_organisation(name)] or others
    shortened, cut = own[-1:] == ["others"], others[-1:] == ["others"]
    own, others = own[: len(own) - shortened], others[: len(others) - cut]
    if shortened and len(own) >= len(others) and not cut:
        return False
    if shortened or cut:
        fewer = min(len(own), len(others))
        own, others = own[:fewer], others[:fewer]
    return len(own) == len(others) > 0 and all(map(_one_person, own, others))


def _one_person(mine: str, theirs: str) -> bool:
    (family, given, suffix), (other, first, junior) = _parts(mine), _parts(theirs)
    if not family or not other or (suffix and junior and suffix != junior):
        return False
    if family != other and not (family.endswith(f" {other}") or other.endswith(f" {family}")):
        return False
    return all(map(_one_name, given, first))


def _one_name(one: str, other: str) -> bool:
    """The same first name, or its initial."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _parts(name: str) -> tuple[str, list[str], str]:
    """Family, first names (initials that stand together taken apart) and suffix."""
    plain = _NAMESAKE.sub("", meaning(name).replace("~", " ").strip())
    family = family_name(plain)
    behind = plain.split(",")[1:]
    given = behind[-1] if behind else plain.removesuffix(family)
    first: list[str] = []
    for word in re.split(r"[\s.~-]+", given):
        first += word if word.isupper() and len(word) <= _MOST_INITIALS else [word]
    return (
        normalised(family),
        [said for word in first if (said := normalised(word))],
        normalised(behind[0]) if len(behind) > 1 else "",
    )


def _journal(mine: str, theirs: str, record: Record) -> bool:
    own, other = meaning(mine).strip(), meaning(theirs).strip()
    if any(_contradict(pattern, own, other) for pattern in (_ORDINAL, _YEAR, _VOLUME)):
        return False
    if normalised(_of_an_event(own)) == normalised(_of_an_event(other)):
        return True
    one, two = _venue(mine.strip()), _venue(other)
    if one is not None or two is not None:
        return one is not None and two is not None and one.name == two.name
    return _abbreviates(own, other) or _abbreviates(other, own)


def _contradict(pattern: LatePattern, one: str, other: str) -> bool:
    mine, theirs = ({m[0] for m in pattern.finditer(text)} for text in (one, other))
    return bool(mine) and bool(theirs) and mine != theirs


def _venue(text: str) -> VenueRow | None:
    """The venue of the tables that a journal's or an event's name, or an astronomer's macro, stands for."""
    if text.startswith("\\") and text[1:] in journal_macros():
        return venue_table().row(journal_macros()[text[1:]])
    plain, table = meaning(text), venue_table()
    return table.named(plain) or table.named(_of_an_event(plain))


def _of_an_event(text: str) -> str:
    """The name of an event without what counts it and dates it, and without "Proceedings of the"."""
    return _COUNTED.sub("", _DATED.sub("", _PROCEEDINGS.sub("", text.strip())))


@cache
def journal_macros() -> dict[str, str]:
    """mappings/journal-macros.csv: macro, without its backslash → the journal's name in the tables."""

    def build(row: Row) -> tuple[str, str]:
        if not row["macro"].isalpha() or venue_table().row(row["journal"]) is None:
            raise row.wrong(
                "a row needs a macro, without its backslash, and the name of a journal of the tables"
            )
        return row["macro"], row["journal"]

    return dict(load("journal-macros.csv", ("macro", "journal"), build))


def _abbreviates(short: str, long: str) -> bool:
    """Whether each word of one name begins the word of the other: "J. Vis. Commun." """
    one = [word for word in plain_words(short) if word not in LEFT_OUT]
    two = [word for word in plain_words(long) if word not in LEFT_OUT]
    # a letter alone is "Journal" where it stands first, and a section ("Physica A") elsewhere
    sections = all(len(word) > 1 or word == whole for word, whole in zip(one[1:], two[1:], strict=False))
    return len(one) == len(two) > 1 and sections and all(map(str.startswith, two, one))


def _year(mine: str, theirs: str, record: Record) -> bool:
    """arXiv tells the years of its versions; where something else was printed, a later one is as good."""
    year = _YEAR.search(mine)
    dated = [int(text[:4]) for text in (record.first_date, record.updated) if text]
    if year is None or not dated or (record.venue.year is not None and record.item_type != "preprint"):
        return False
    printed = record.venue.status in ("published", "accepted")
    dated += [record.cited_year] if printed and record.cited_year else []
    return min(dated) <= int(year[0]) and (printed or int(year[0]) <= max(dated))


def _month(mine: str, theirs: str, record: Record) -> bool:
    return record.venue.status not in ("published", "accepted")


def _date(mine: str, theirs: str, record: Record) -> bool:
    return mine.startswith(theirs) or theirs.startswith(mine) or _year(mine, theirs, record)


def _class(mine: str, theirs: str, record: Record) -> bool:
    archive = theirs.partition(".")[0].lower()
    said = {word.lower() for word in re.split(r"[,:;\s]+", meaning(mine))}
    # "cs" for cs.DC, or a list with it
    return archive in said or theirs.lower() in said or (theirs.lower() == archive and len(said) == 1)


def _number(mine: str, theirs: str, record: Record) -> bool:
    return _ZEROS.sub("", meaning(mine).strip()) == _ZEROS.sub("", theirs.strip())


def _volume(mine: str, theirs: str, record: Record) -> bool:
    said = (meaning(mine).strip(), theirs.strip())
    return _number(mine, theirs, record) or same_month(record.venue.name, *said, record.printed_year)


def _pages(mine: str, theirs: str, record: Record) -> bool:
    own, other = (_ZEROS.sub("", _DASHES.sub("-", meaning(text).strip())) for text in (mine, theirs))
    return own == other or (own.startswith(f"{other}-") and own.replace("-", "", 1).isdecimal())


def _url(mine: str, theirs: str, record: Record) -> bool:
    try:
        return parse_arxiv_id(mine).id == record.arxiv_id
    except InvalidId:
        doi = clean_doi(mine)
    known = [one.lower() for one in (record.doi, record.arxiv_doi) if one]
    return doi is not None and doi.lower() in known


def _note(mine: str, theirs: str, record: Record) -> bool:
    # but for a withdrawal it says where the paper is, and that the entry may tell as it likes
    return record.venue.status != "withdrawn"


_JUDGES: dict[str, Callable[[str, str, Record], bool]] = {
    "type": _type,
    **dict.fromkeys(("title", "series", "publisher", "school", "institution"), _title),
    **dict.fromkeys(("author", "editor"), _people),
    **dict.fromkeys(("journal", "journaltitle", "booktitle"), _journal),
    **dict.fromkeys(("primaryclass", "eprintclass"), _class),
    "volume": _volume,
    "number": _number,
    "year": _year,
    "month": _month,
    "date": _date,
    "pages": _pages,
    "url": _url,
    "note": _note,
}
