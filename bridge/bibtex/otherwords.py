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
from bridge.bibtex.latex import meaning
from bridge.identifiers import InvalidId, clean_doi, parse_arxiv_id
from bridge.latepattern import LatePattern
from bridge.plaintext import normalised
from bridge.record import Record
from bridge.tables import Row, load
from bridge.venue_table import VenueRow, venue_table
from bridge.words import LEFT_OUT, plain_words

_YEAR = LatePattern(r"(?:19|20)\d\d")
_ZEROS = LatePattern(r"\b0+(?=\d)")
_DASHES = LatePattern(r"\s*[-‐-―−]+\s*")
_PREPRINTS = frozenset(("misc", "online"))
_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]{2,})?/\d{7})(?:v\d+)?"
_ONLY_ARXIV = LatePattern(
    rf"(?:(?:arxiv(?:\.org)?|corr|computing research repository)\b)?(?:\s+(?:e-?prints?|preprints?)\b)?"
    rf"[\s:,]*(?:(?:arxiv[\s:]*|abs/)?{_ID})?\s*(?:\[[\w.,\s-]+\])?",
    re.IGNORECASE,
)


_ORGANISATION = re.compile(r"\{.*\}").fullmatch
_PROCEEDINGS = LatePattern(r"^(?:in:?\s+)?(?:(?:the\s+)?proceedings(?: of(?: the)?|,)\s+)?", re.IGNORECASE)
_COUNTED = LatePattern(r"^(?:the\s+)?(?:(?:19|20)\d\d\s+)?(?:\d{1,3}(?:st|nd|rd|th)\s+)?", re.IGNORECASE)
_DATED = LatePattern(r"\s*\([^()]*\)\s*$|[\s,]+(?:19|20)\d\d$")


def only_arxiv(text: str) -> bool:
    """Whether a value names no place but arXiv: "arXiv preprint arXiv:2301.00001", "CoRR", "abs/2301.1"."""
    said = " ".join(meaning(text).split())
    return bool(said) and _ONLY_ARXIV.fullmatch(said) is not None


def in_other_words(name: str, mine: str, theirs: str, record: Record) -> bool:
    """Whether `mine`, an entry's value of the field `name` (lower-case), tells what the record's does."""
    judge = _JUDGES.get(name)
    return judge is not None and judge(mine, theirs, record)


def _type(mine: str, theirs: str, record: Record) -> bool:
    return theirs.lower() in _PREPRINTS


def _title(mine: str, theirs: str, record: Record) -> bool:
    said = normalised(meaning(mine))
    return bool(said) and said == normalised(meaning(theirs))


def _people(mine: str, theirs: str, record: Record) -> bool:
    own, others = split_names(mine), split_names(theirs)
    if not any(map(_ORGANISATION, own)):
        # INSPIRE names the collaboration in a field of its own
        others = [name for name in others if not _ORGANISATION(name)] or others
    if own[-1:] == ["others"]:
        own = own[:-1]
        others = others[: len(own)]
    if others[-1:] == ["others"]:
        others = others[:-1]
        own = own[: len(others)]
    return len(own) == len(others) > 0 and all(map(_one_person, own, others))


def _one_person(mine: str, theirs: str) -> bool:
    (family, given), (other, first) = _parts(mine), _parts(theirs)
    if not family or not other:
        return False
    if family != other and not (family.endswith(f" {other}") or other.endswith(f" {family}")):
        return False
    return not given or not first or all(map(_one_name, given[:1], first[:1]))


def _one_name(one: str, other: str) -> bool:
    """A first name, or as much of it as an initial tells."""
    return one.startswith(other) or other.startswith(one)


def _parts(name: str) -> tuple[str, list[str]]:
    plain = meaning(name).replace("~", " ").strip()
    family = family_name(plain)
    given = plain.rpartition(",")[2] if "," in plain else plain.removesuffix(family)
    return normalised(family), normalised(given).split()


def _journal(mine: str, theirs: str, record: Record) -> bool:
    own, other = meaning(mine).strip(), meaning(theirs).strip()
    if normalised(_of_an_event(own)) == normalised(_of_an_event(other)):
        return True
    one, two = _venue(mine.strip()), _venue(other)
    if one is not None and two is not None:
        return one.name == two.name
    return _abbreviates(own, other) or _abbreviates(other, own)


def _venue(text: str) -> VenueRow | None:
    """The venue of the tables that a journal's or an event's name, or an astronomer's macro, stands for."""
    if text.startswith("\\") and text[1:] in journal_macros():
        return venue_table().row(journal_macros()[text[1:]])
    return venue_table().named(_of_an_event(meaning(text)))


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
    return len(one) == len(two) > 1 and all(map(str.startswith, two, one))


def _year(mine: str, theirs: str, record: Record) -> bool:
    """arXiv tells the years of its versions; where something else was printed, a later one is as good."""
    year = _YEAR.search(mine)
    dated = [int(text[:4]) for text in (record.first_date, record.updated) if text]
    if year is None or not dated or record.venue.year is not None:
        return False
    printed = record.venue.status in ("published", "accepted")
    return min(dated) <= int(year[0]) and (printed or int(year[0]) <= max(dated))


def _month(mine: str, theirs: str, record: Record) -> bool:
    return record.venue.year is None and record.venue.status not in ("published", "accepted")


def _date(mine: str, theirs: str, record: Record) -> bool:
    return mine.startswith(theirs) or theirs.startswith(mine) or _year(mine, theirs, record)


def _class(mine: str, theirs: str, record: Record) -> bool:
    archive = theirs.partition(".")[0].lower()
    return archive in {word.partition(".")[0].lower() for word in re.split(r"[,:;\s]+", meaning(mine))}


def _number(mine: str, theirs: str, record: Record) -> bool:
    return _ZEROS.sub("", meaning(mine).strip()) == _ZEROS.sub("", theirs.strip())


def _pages(mine: str, theirs: str, record: Record) -> bool:
    own, other = (_ZEROS.sub("", _DASHES.sub("-", meaning(text).strip())) for text in (mine, theirs))
    return own == other or own.partition("-")[0] == other


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
    **dict.fromkeys(("volume", "number"), _number),
    "year": _year,
    "month": _month,
    "date": _date,
    "pages": _pages,
    "url": _url,
    "note": _note,
}
