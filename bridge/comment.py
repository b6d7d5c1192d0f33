"""What a comment states besides the venue: pages, figures and tables, and the arXiv papers it mentions."""

from __future__ import annotations

import re
from functools import lru_cache

from bridge.identifiers import find_arxiv_ids
from bridge.named import full_year
from bridge.phrases import relation_phrases, word_set
from bridge.plaintext import decode_accents
from bridge.record import CommentFacts, RelatedId, Relation
from bridge.words import READ_AT_MOST, Words, without_links

_NUMBER_WORDS = {
    "no": 0, "zero": 0, "without": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip

_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip

# A number, at most four describing words ("3 embedded EPS figures"), then the thing counted.
_COUNT = re.compile(
    r"(?<![\w$^])(?<![^gesSGE]/)(?<!\d[.,–-])(?<!\d\+)(?<!\d\s\+)(?<!\d\+\s)"
    rf"(?:(?P<digits>\d{{1,4}})(?:\.\d+)?|(?:(?P<tens>{'|'.join(_TENS)})-)?(?P<word>{'|'.join(_NUMBER_WORDS)})(?=[\s-])(?!-column))"
    r"(?:(?P<plus>(?:\s?\+\s?\d{1,3}){1,2})(?=(?:\s[a-z]+)?\s*(?:p|fig|tab))|\s*\(?\s*\+\s*\d{1,3}\s*\)?|\+(?=\s*p)"
    r"|\s*\([^()\d]{0,20}\)|\.(?=\s+(?:pp?|pages|figs?|figures|tab\w*)\b))?"
    r"[\s~-]*(?:[12][ -]col(?:umns?|\.)?\s+)?"
    r"(?P<words>(?:(?!(?:no|zero|without)\b)[(`'\"]?\*?\.?[A-Za-z][\w'/-]*[)'\"]?,?\s+|[A-Za-z]{2,}[-.]){0,4}?)"
    r"(?P<unit>pages?|pags?|pgs?|pp|p(?=\.|\s*$)|(?<=\d\s)p(?=\s*[,;(+])|(?<=\d\d)p(?=\s*[,;()+]|$)|(?<=^\d)p(?=\s*[,;(]|\s(?:la)?tex|\spostscript|$)|seiten|páginas|pagine|papes|pges|figures?|(?:ps)?figs?|figuras"
    r"|figues?|fugures?|figurs?|figrues?|figuers?|figires?|fiugres?|figgures?|fitures?|tables?|tabs?|tbls?)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"\b(?:one|two|single|double)[ -]columns?\b")
_PAGE_RANGE = re.compile(r"\s*\d+\s*[-–]+\s*\d")
_OF_ANOTHER = re.compile(
    r"\s+(?:summary|abstract|erratum|supplement|limit)\b|\s+added\b(?! (?:as|in|using|via|\())", re.IGNORECASE
)
_NEITHER = re.compile(r"\bno (?:tables|figures)(?:,| or| and|/) ?(?:tables|figures)\b", re.IGNORECASE)
# "v1: 20 pages; v2: 22 pages": what is said of a later version counts
_NEWER_VERSION = re.compile(r"\b(?:v|ver|version)\.?\s?(?:[2-9]|1\d)\b\s*[:);,]", re.IGNORECASE)
_FIRST_VERSION = re.compile(r"\bv1\s?:")
# what some call their figures
_PICTURES = re.compile(
    r"(?<![\w.,/-])(\d{1,3})(?! (?:pages|pp))(?: [A-Za-z]{2,12}){0,2}?"
    r" (?:pictures?|plots?|illustrations?|plates|images|graphics)\b"
)
_COUNTS_BEHIND = re.compile(r"\bpages (\d{1,4}), figures (\d{1,3})\b(?!\s*[-,.]?\d)", re.IGNORECASE)
# "9 pages of text and 13 pages in total"
_IN_TOTAL = re.compile(r"(?<![\d.,–-])(\d{1,4}) (?:pages|pp\.?) (?:in )?total\b", re.IGNORECASE)
_PAGE_IN_THE_WEB = re.compile(r"\b(?:project|web|home|github|demo|code)\W*$", re.IGNORECASE)
_LABELLED = re.compile(
    r"\b(?P<unit>pages|figures|tables)(?: in (?:the )?main \w+)?\s*[:=]\s*"
    r"(?P<digits>\d{1,4})\b(?!\s*[-,.]?\d)",
    re.IGNORECASE,
)
# Words between number and unit that make it another count than that of the paper.
_NOT_THE_COUNT = frozenset(
    [
        "new",
        "additional",
        "extra",
        "more",
        "further",
        "missing",
        "other",
        "last",
        "first",
        "of",
        "and",
        "added",
        "in",
        "on",
        "with",
        "including",
        "plus",
        "page",
        "pages",
        "pp",
        "figures",
        "figure",
        "fig",
        "figs",
        "table",
        "tables",
        "tab",
        "tabs",
        "column",
        "for",
        "to",
        "from",
        "references",
        "refs",
        "appendix",
        "equations",
        "eqs",
    ]
)
_PACKED = word_set("packed")
_BEFORE = re.compile(
    r"\bSI\s*$|\bsuppl\w*(?:\s+\w+)?\s*:?\s*$"
    r"|\b(?:(?:fig|figs|vol|eq|ref|sec|v|prop|p)\s*\.?|figure|table|page|volume|section|first|last|additional|extra"
    r"|about|theorem|lemma|chapter|part|new|missing|replaced)\s*$",
    re.IGNORECASE,
)


def _unit(word: str) -> str:
    return {"p": "pages", "s": "pages", "f": "figures", "t": "tables"}[word[0].lower()]


def _number(match: re.Match[str]) -> int:
    """The number of a count: of "17+2" the first, of "1+21" pages (a title page) the largest."""
    if match["word"]:
        return _TENS.get((match["tens"] or "").lower(), 0) + _NUMBER_WORDS[match["word"].lower()]
    count = int(match["digits"])
    title_page = count <= 2 and _unit(match["unit"]) == "pages"
    if match["plus"] and (count == 0 or title_page):
        count = max(int(more) for more in match["plus"].split("+") if more.strip())
    return count


def _lists_newest_first(comment: str) -> bool:
    """Whether older versions' counts follow: "63 pages [v2: 58 pages, v1: 50 pages]"."""
    oldest = _FIRST_VERSION.search(comment)
    return oldest is not None and len(re.findall(r"\d+", comment[: oldest.start()])) > 1


def _counts(comment: str) -> dict[str, int]:
    """The first count of each unit that is one of the whole paper."""
    counts: dict[str, int] = {}
    places: dict[str, int] = {}  # where each count ends
    worded: set[str] = set()  # counted in words so far: "one figure corrected" gives way to "4 figures"
    lists_first = _lists_newest_first(comment)
    for match in _COUNT.finditer(comment):
        unit = _unit(match["unit"])
        added = comment[match.start() - 1 : match.start()] == "+"
        newer = (
            unit in counts
            and not added
            and not lists_first
            and _NEWER_VERSION.search(comment, places[unit], match.start()) is not None
        )
        if unit in counts and not newer and not (unit in worded and match["digits"]):
            continue
        if match["word"] and not (unit != "pages" or match["word"].lower() not in ("no", "without")):
            continue
        if match["digits"] and full_year(match["digits"]) and _PAGE_IN_THE_WEB.search(match["words"]):
            continue  # "CVPR 2024 (project page: ...)"
        between = re.split(r"[\s()-]+", _COLUMNS.sub(" ", match["words"].lower()))
        if not _PACKED.isdisjoint(between):
            between = [word for word in between if word != "and"]  # "3 compressed and uuencoded figures"
        if any(word.strip(".,") in _NOT_THE_COUNT or word in _NUMBER_WORDS for word in between):
            continue
        if (
            unit == "pages"
            and re.match(r"\.?\s*\d+(?!\d|\s*fig)", comment[match.end() : match.end() + 12])
            and match["unit"].lower() in ("pp", "p")
        ):
            continue
        if match.start() and _OF_ANOTHER.match(comment, match.end()):
            continue  # "a 15-page summary", but "2 pages abstract" when nothing else goes before
        if unit == "pages" and _PAGE_RANGE.match(comment, match.end()):
            continue  # "AAMAS 2017 conference, pages 1733-1735"
        if match["digits"] and _BEFORE.search(comment, max(0, match.start() - 28), match.start()):
            continue
        worded.discard(unit)
        if match["word"]:
            worded.add(unit)
        if newer and match["digits"] is None:
            continue  # "v2: two figures added"
        counts[unit], places[unit] = _number(match), match.end()
    total = _IN_TOTAL.search(comment)
    if total:
        counts["pages"] = int(total[1])
    for match in _LABELLED.finditer(comment):
        counts.setdefault(_unit(match["unit"]), int(match["digits"]))
    if not counts and (behind := _COUNTS_BEHIND.search(comment)):
        counts = {"pages": int(behind[1]), "figures": int(behind[2])}
    if _NEITHER.search(comment):
        counts.setdefault("figures", 0)
        counts.setdefault("tables", 0)
    pictures = _PICTURES.search(comment) if "figures" not in counts else None
    if pictures:
        counts["figures"] = int(pictures[1])
    return counts


@lru_cache(maxsize=256)
def _relation_before(text: str) -> Relation | None:
    """How the words right before an id relate that paper to this one; None if they do not say."""
    words = Words(text)
    found: Relation | None = None
    i = 0
    while i < len(words):
        hit = relation_phrases().longest(words.lower, i)
        if hit is None:
            i += 1
            continue
        i, roles = hit
        found = roles[0]  # type: ignore[assignment]  # phrases.py checks the roles
    return found


_SENTENCE_END = re.compile(r"[;!?]\s|\.\s+(?=[A-Z])|\barXiv admin note:")


def _related(comment: str, own_id: str | None) -> tuple[RelatedId, ...]:
    related: dict[str, RelatedId] = {}
    last_end = 0
    last: Relation = "mentions"
    for found in find_arxiv_ids(comment):
        between = comment[last_end : found.start]
        if last_end and len(between) < 8:
            relation = last  # "arXiv:2401.00001 and 2401.00002"
        else:
            sentence = _SENTENCE_END.split(between)[-1]
            relation = _relation_before(sentence[-160:]) or "mentions"
        last_end, last = found.end, relation
        if found.id.id != own_id:
            related.setdefault(found.id.id, RelatedId(found.id.id, found.id.version, relation))
    return tuple(related.values())


def read_comment_facts(comment: str, own_id: str | None = None) -> CommentFacts:
    """Counts and mentioned papers. `own_id` (without version) is not reported as related to itself.

    Of several counts of one kind the first is taken ("10(+1) pages": 10, "4+6 pages": 4, "no figures": 0);
    what is added, replaced or counted by page numbers ("pp. 12-15", "Fig. 3") is no count.
    """
    comment = comment[:READ_AT_MOST]
    counts = _counts(without_links(decode_accents(comment)))
    related = _related(comment, own_id) if ("/" in comment or "." in comment) else ()
    return CommentFacts(counts.get("pages"), counts.get("figures"), counts.get("tables"), related)
