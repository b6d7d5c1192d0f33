"""A venue that a comment names, and what its words tell of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bridge.phrases import word_set
from bridge.record import Kind
from bridge.venue_table import Found, VenueRow, is_series_name
from bridge.words import Words

_KIND_WORDS: dict[str, Kind] = {
    "workshop": "workshop", "workshops": "workshop", "atelier": "workshop", "wksp": "workshop",
    "miniworkshop": "workshop",
    "conference": "conference", "conf": "conference", "symposium": "conference", "symp": "conference",
    "meeting": "conference", "congress": "conference", "colloquium": "conference", "school": "conference",
    "seminar": "conference", "proceedings": "conference", "proc": "conference", "assembly": "conference",
    "conférence": "conference", "journées": "conference", "rencontres": "conference", "moriond": "conference",
    "forum": "conference", "institute": "conference", "days": "conference", "conferences": "conference",
    "retreat": "conference", "tagung": "conference", "congreso": "conference", "summit": "conference",
    "convention": "conference", "course": "conference", "lectures": "conference", "colloque": "conference",
    "summerschool": "conference", "winterschool": "conference", "multiconference": "conference",
    "minisymposium": "conference", "microconference": "conference", "miniconference": "conference",
    "session": "conference", "track": "conference", "challenge": "conference", "symposia": "conference",
    "journal": "journal", "j": "journal", "transactions": "journal", "trans": "journal", "letters": "journal",
    "lett": "journal", "annals": "journal", "ann": "journal", "review": "journal", "rev": "journal",
    "reviews": "journal", "bulletin": "journal", "bull": "journal", "acta": "journal", "archiv": "journal",
    "archive": "journal", "magazine": "journal", "mag": "journal", "revista": "journal", "revue": "journal",
    "annales": "journal", "zeitschrift": "journal", "quarterly": "journal", "mathematica": "journal",
    "communications": "journal", "commun": "journal", "monthly": "journal", "gazette": "journal",
    "reports": "journal", "phys": "journal", "math": "journal", "appl": "journal", "sci": "journal",
    "advances": "journal", "studia": "journal", "annalen": "journal", "memoirs": "journal",
    "book": "book", "handbook": "book", "encyclopedia": "book", "encyclopaedia": "book", "volume": "book",
    "festschrift": "book", "companion": "book", "chapter": "book",
}  # fmt: skip
EVENT_WORDS = frozenset(word for word, kind in _KIND_WORDS.items() if kind in ("workshop", "conference"))
STRONG_HEADS = EVENT_WORDS - word_set("strong heads")
SPONSORS = word_set("sponsors")  # publishers and societies
EVENT_HEADS = word_set("event heads")
ORDINALS = word_set("ordinals")
_ENDINGS = word_set("ordinal")  # of counts: "th"
_PROCEEDINGS = frozenset(["proceedings", "proceeding", "proc"])
_SOCIETIES = frozenset(["soc", "society", "acad", "academy"])
_ROMAN_ORDINAL = re.compile(r"[ivxl]+(?:th|st|nd|rd)")


@dataclass(slots=True)
class Named:
    """A venue that the sentence names at words[start:end]."""

    start: int
    end: int
    name: str
    row: VenueRow | None = None
    kind: Kind | None = None
    year: int | None = None
    sure: bool = True
    quoted: bool = False
    reasons: tuple[str, ...] = ()
    spelt: str | None = None  # what an acronym outside the tables stands for

    @property
    def is_series(self) -> bool:
        if self.row is not None:
            return self.row.is_series
        return self.kind != "workshop" and is_series_name(self.name)  # "Workshop on q-Series"


def from_table(found: Found) -> Named:
    return Named(found.start, found.end, found.row.name, found.row, found.row.kind, sure=found.sure)


def kind_of(lower: list[str], start: int, end: int) -> Kind | None:
    """The kind that the words of a name tell: a workshop before a conference before a journal."""
    kinds = {_KIND_WORDS[word] for word in lower[start:end] if word in _KIND_WORDS}
    if {"workshop", "conference"} <= kinds and " conference and workshop" in " ".join(lower[start:end]):
        return "conference"
    if "conference" in kinds and lower[start] in ("journal", "j"):
        return "journal"  # "Journal of the Indian Institute of Science"
    if "conference" in kinds and not _SOCIETIES.isdisjoint(lower[start:end]):
        events = EVENT_WORDS.intersection(lower[start:end])
        if {"proceedings", "proc"} >= events:
            return "journal"  # "Math. Proc. Camb. Phil. Soc."
    for kind in ("workshop", "conference", "book", "journal"):
        if kind in kinds:
            return kind
    return None


def is_ordinal(word: str) -> bool:
    """Whether a word (lower-case) counts an event: "third", "xi", "xvth"."""
    return word in ORDINALS or _ROMAN_ORDINAL.fullmatch(word) is not None


@lru_cache(maxsize=16384)
def is_acronym(raw: str) -> bool:
    return len(raw) >= 2 and sum(letter.isupper() for letter in raw) >= 2


def full_year(digits: str) -> int | None:
    """1991 or 2026 as it stands; "95" and "07" as years of arXiv's time."""
    if not digits.isdecimal():
        return None
    if len(digits) == 4:
        year = int(digits)
        return year if 1950 <= year <= 2034 else None
    if len(digits) == 2:
        year = int(digits)
        return 1900 + year if year >= 85 else 2000 + year if year <= 40 else None
    return None


def own_beginning(words: Words, first: int, end: int) -> int:
    """Where the own name of the event begins that words[first:end] name: behind "Proceedings of the First",
    "Proc. IEEE 27th", "IEEE 21st"."""
    raws, lower = words.raws, words.lower
    k = first
    if lower[k] in _PROCEEDINGS and lower[k + 1 : k + 2] == ["of"]:
        k += 2
        while k < end and (lower[k] == "the" or is_ordinal(lower[k])):
            k += 1
        while k + 1 < end and raws[k].isdecimal() and lower[k + 1] in _ENDINGS:
            k += 2
        first = k if k < end and raws[k][0].isupper() else first
    k = first
    while k < end and (lower[k] in SPONSORS or lower[k] in _PROCEEDINGS):
        k += 1
    counted = first < k < end - 2 and raws[k].isdecimal() and lower[k + 1] in _ENDINGS
    return k + 2 if counted and raws[k + 2][0].isupper() else first
