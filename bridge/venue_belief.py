"""Whether words beside a cue can be a venue's name, by how they are written and what stands around them."""

from __future__ import annotations

import re

from bridge.marks import Sentence
from bridge.named import EVENT_HEADS, ORDINALS, Named, full_year, is_acronym
from bridge.phrases import word_set
from bridge.quotes import opens_quote
from bridge.venue_acronyms import with_acronym
from bridge.venue_table import Found
from bridge.venue_years import DAYS_AND_YEAR, MONTH_AND_YEAR, day_behind

_CONTRIBUTION = re.compile(
    r"contribution\)? (?:to|for|in)(?: the)?(?: (?:proceedings|proc)(?: of)?(?: the)?)?$"
)
_ROMAN = re.compile(r"[IVX]{2,6}")
_JOURNAL_HOUSES = word_set("journal houses")
_REPORTS = word_set("reports")
_PLACES = word_set("places")
_LABORATORIES = frozenset(["center", "centre", "laboratory", "observatory"])
_SCHOOLS = word_set("schools")
_NO_VENUE = word_set("no venue") | word_set("no venue too")
_BOOK_HOUSES = word_set("publishers of books")
_LED_BY_TALK = word_set("led by talk")


def is_believable(sentence: Sentence, named: Named, role: str) -> bool:
    """Whether capitalised words after a cue can be a venue's name."""
    words, lower = sentence.words, sentence.words.lower
    if named.quoted:
        return "\\" not in words.text[words.start[named.start] : words.end[named.end - 1]]  # a formula
    if named.end == named.start + 1 and len(words.raws[named.start]) == 1:
        return False  # "eConf Proceedings C091122"
    if lower[named.start - 2 : named.start] == ["issue", "on"]:
        return False  # its subject
    if named.kind is None and _is_person(sentence, named):
        return False
    if lower[named.end - 1] == "journals" or (
        named.end - named.start == 1
        and lower[named.start] in _JOURNAL_HOUSES
        and (named.end >= sentence.last or sentence.cut[named.end])
    ):
        return False  # one of a publisher's
    if named.kind is None and lower[named.end - 1] in _LABORATORIES:
        return False  # "presented at NASA Langley Research Center"
    if named.end < sentence.last and lower[named.end] in ("department", "dept"):
        return False  # "Submitted at CSE department, SUNY"
    if lower[named.end - 1] in ("award", "prize", "license", "licence"):
        return False  # "accepted as a Young Scientist Award (YSA) paper at"
    if named.kind is None and named.end - named.start > 3 and sold_by(sentence, named.end):
        return True  # "Contribution to Foo and Bar (Springer, Berlin)"
    if lower[named.end - 1] == "report" and named.end - named.start < 3:
        return False  # "Annual Report 2005"
    if named.kind is not None:
        return named.end - named.start > 1
    if not _SCHOOLS.isdisjoint(lower[named.start : named.end]):
        return False
    if not {"book", "volume"}.isdisjoint(lower[max(0, named.start - 3) : named.start]):
        return True
    if with_acronym(sentence, named) is not named:
        return True
    dated = named.end < sentence.last and full_year(words.raws[named.end]) is not None
    if not dated and not _REPORTS.isdisjoint(lower[named.end : named.end + 2]):
        return False  # "URCS technical report"
    if role == "talk":
        return _is_event(sentence, named)
    if role == "proceedings":
        return True
    glued = named.end - named.start > 1 and not words.gaps[named.start + 1]  # "I3DA"
    return glued or lower[named.start] not in _NO_VENUE


def _is_person(sentence: Sentence, named: Named) -> bool:
    """Whether a name is an editor's: "chapter in R. Doe, Foo Dynamics", "in Van Doe, R. et al., eds."."""
    raws, gaps = sentence.words.raws, sentence.words.gaps
    initials, k = 0, named.start
    while k < named.end - 1 and len(raws[k]) == 1 and gaps[k + 1] in (". ", ".", ".-"):
        initials, k = initials + 1, k + 1
    if initials and named.end - k < 3:
        return all(raw.istitle() and len(raw) > 2 for raw in raws[k : named.end])
    if named.end - named.start > 2:
        return False  # a title and its editor: "The Foo of Bars, A. Doe (ed.)"
    k = named.end
    initial = k + 1 < sentence.last and gaps[k] == ", " and len(raws[k]) == 1 and raws[k].isupper()
    return initial and gaps[k + 1][:1] == "."


def _is_event(sentence: Sentence, named: Named) -> bool:
    """Whether a name behind "presented at" is that of an event, and not that of a place or of a school."""
    words, lower = sentence.words, sentence.words.lower
    following = (
        full_year(words.raws[named.end])
        if named.end < sentence.last and words.raws[named.end].isdecimal()
        else None
    )
    before = lower[max(sentence.first, named.start - 2) : named.start]
    if named.end - named.start > 1 and not EVENT_HEADS.isdisjoint(before):
        return True  # "at the international meeting: Title"
    raw = words.raws[named.end - 1]
    if _contributed_to(sentence, named) or _numbered_behind(sentence, named):
        return True
    first = max(sentence.first, named.start - 1)
    if named.end - named.start > 1 and lower[first] in ORDINALS:
        return True  # "at the 22nd Foo Colloqium"
    counted = named.end - named.start == 1 and lower[first] in ORDINALS and named.end < sentence.last
    if counted and MONTH_AND_YEAR.search(words.text, words.end[named.end - 1], words.end[sentence.last - 1]):
        return True  # "at I Cosmosul, Rio de Janeiro, Brazil, August 2011"
    if named.end - named.start == 2 and lower[named.start] in ("ieee", "acm") and is_acronym(raw):
        return True
    if named.end - named.start > 3 and _ROMAN.fullmatch(raw):
        return True  # "at Computer Simulation Studies XXIV"
    if any(len(year) == 4 and full_year(year) for year in words.raws[named.start + 1 : named.end]):
        return True
    if lower[named.start] not in _PLACES and _dated_behind(sentence, named):
        return True
    if named.end - named.start == 1 and raw.endswith("fest") and len(raw) > 5:
        return True  # "Contribution to the Salamfest"
    if is_acronym(raw) and named.end - named.start == 1 and _year_before(sentence, named):
        return True  # "at the 2017 ENAR"
    if is_acronym(raw) and not set(words.lower[named.end : named.end + 2]).isdisjoint(EVENT_HEADS):
        return True
    if following is not None and _acronym_comma_year(sentence, named):
        return True
    return (
        following is not None
        and named.end - named.start <= 4
        and lower[named.start] not in _PLACES
        and (not sentence.cut[named.end] or words.gaps[named.end].strip() in ("'", "’", "`"))
        and raw[0].isupper()
    )


def _contributed_to(sentence: Sentence, named: Named) -> bool:
    """Whether a title of some length is what a paper is a contribution to: "Contribution to the Proceedings
    of Rigorous Foo Theory", "Contribution to Foos in Quantum Mechanics. Edited by ..."."""
    lower, length = sentence.words.lower, named.end - named.start
    before = lower[max(sentence.first, named.start - 5) : named.start]
    if not _CONTRIBUTION.search(" ".join(before)) or "issue" in lower[named.start : named.end]:
        return False
    ends = named.end >= sentence.last or bool(sentence.cut[named.end])
    return length > 1 and "proceedings" in before if not ends else length > 3 or "proceedings" in before


def _numbered_behind(sentence: Sentence, named: Named) -> bool:
    """Whether a meeting counts itself behind its name: "Talk at QFoo 7, Prague"."""
    words, k = sentence.words, named.end
    if k >= sentence.last or not words.raws[k].isdecimal() or len(words.raws[k]) > 2 or words.gaps[k] != " ":
        return False
    ends = k + 1 >= sentence.last or bool(sentence.cut[k + 1])
    return ends and named.end - named.start < 3 and words.lower[named.start] not in _PLACES


def is_proper(sentence: Sentence, found: Found) -> bool:
    """Whether a doubtful name is written as one: with a capital, or in lower case but with a year."""
    raw, end = sentence.words.raws[found.start], found.end
    another = raw.istitle() and len(raw) == 2 and found.row.name == raw.upper()  # "An IEEE conference"
    return (
        (raw[0].isupper() and not another)
        or is_acronym(raw)
        or (end < sentence.last and not sentence.cut[end] and full_year(sentence.words.raws[end]) is not None)
    )


def is_small_acronym(sentence: Sentence, found: Found) -> bool:
    """Whether an acronym in lower case fills the rest of its part: "published in prl"."""
    ends = found.end >= sentence.last or bool(sentence.cut[found.end])
    return ends and len(found.row.name) > 2 and is_acronym(found.row.name) and found.end - found.start == 1


def is_small_journal(sentence: Sentence, found: Found) -> bool:
    """Whether a journal's name of several words in lower case fills its part: "to physical review d"."""
    ends = found.end >= sentence.last or bool(sentence.cut[found.end])
    ends = ends or sentence.words.lower[found.end] == "journal"
    return ends and found.row.kind == "journal" and found.end - found.start > 1


def goes_on(sentence: Sentence, k: int) -> bool:
    """Whether a capitalised word follows directly, so that the name is a longer one."""
    if k >= sentence.last or sentence.words.gaps[k] not in (" ", "-"):
        return False
    raw = sentence.words.raws[k]
    if sentence.words.lower[k] in ("of", "and", "with") and not is_acronym(sentence.words.raws[k - 1]):
        return True  # "Evolution of Large Scale Structure"
    if opens_quote(sentence.words.gaps[k - 1]) and sentence.words.raws[k].isalpha():
        return True  # "Quantum groups, deformations"
    return (
        raw[0].isupper()
        and not sentence.words.raws[k - 1].endswith(".")
        and sentence.words.lower[k] not in ("vol", "no", "in", "special", "rapid", "brief", "focus")
    )


def _dated_behind(sentence: Sentence, named: Named) -> bool:
    """Whether days, month and year stand behind a name: "at Foundations of X, 16-19 April 2004"."""
    several = named.end - named.start > 2
    acronym = named.end - named.start == 1 and len(sentence.words.raws[named.start]) > 3
    known = (sentence.venues.get(k) for k in range(named.end, min(named.end + 6, sentence.last)))
    if any(found is not None and found.sure for found in known):
        return False
    if not several and not (acronym and is_acronym(sentence.words.raws[named.start])):
        return False
    begin, end = sentence.words.end[named.end - 1], sentence.words.end[sentence.last - 1]
    if DAYS_AND_YEAR.search(sentence.words.text, begin, end) is not None:
        return True
    if several and day_behind(sentence, named.end):
        return True  # "at Information Theory and Applications, 31 January 2008"
    # "RAQIS, Annecy, France, Sep 2007", "ISSP (Erice, September 2006)"
    placed = sentence.words.gaps[named.end] in (", ", " (") if named.end < sentence.last else False
    return acronym and placed and MONTH_AND_YEAR.search(sentence.words.text, begin, end) is not None


def _year_before(sentence: Sentence, named: Named) -> bool:
    """Whether a year of four digits stands right before a name."""
    k = named.start - 1
    return (
        k >= sentence.first
        and len(sentence.words.raws[k]) == 4
        and full_year(sentence.words.raws[k]) is not None
        and sentence.words.gaps[k + 1] == " "
    )


def _acronym_comma_year(sentence: Sentence, named: Named) -> bool:
    """Whether a long acronym right behind a preposition has its year behind a comma: "at FOOPS, 2017"."""
    words, k = sentence.words, named.start
    raw = words.span(k, named.end)
    return (
        " " not in raw
        and len(raw) > 3
        and is_acronym(raw)
        and raw.lower() not in _PLACES
        and words.lower[k - 1] in _LED_BY_TALK
        and words.gaps[named.end] == ", "
        and len(words.raws[named.end]) == 4
    )


def sold_by(sentence: Sentence, k: int) -> bool:
    """Whether a publisher of books follows behind a comma: "Large Deviations in Foo, Springer (2015)"."""
    lower = sentence.words.lower
    house = " ".join(lower[k : k + 2])
    return (
        k < sentence.last
        and sentence.words.gaps[k] in (", ", " (")
        and (lower[k] in _BOOK_HOUSES or house in ("world scientific", "cambridge university"))
    )
