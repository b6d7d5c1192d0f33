"""Gives a claim its venue: acronym in brackets, workshop and host, kind and year."""

from __future__ import annotations

import re
from dataclasses import replace

from bridge.claim import RANK, Claim
from bridge.latepattern import LatePattern
from bridge.marks import Sentence
from bridge.named import EVENT_HEADS, EVENT_WORDS, ORDINALS, SPONSORS, Named, full_year, is_acronym
from bridge.phrases import word_set
from bridge.record import Kind
from bridge.venue_acronyms import with_acronym
from bridge.venue_belief import sold_by
from bridge.venue_hosts import with_host
from bridge.venue_words import own_words
from bridge.venue_years import day_behind, month_behind, year_after, year_of

_BOOK_SIGNS = word_set("book signs")
_EDITED = word_set("edited")
_PROCEEDINGS = frozenset(["proceedings", "proceeding", "proc"])
_HOUSES = word_set("publishers") | {"scientific", "press"}
_PRINTED_TALKS = word_set("printed talks")
_WORKSHOP = frozenset(["workshop", "workshops", "wksp", "atelier"])
_BEFORE_SPELT = (": ", " (", " - ", " – ", ", ", " — ")
_NEAR = 5  # words: "as a workshop paper contribution at the"
_ACCEPTING = frozenset(["accepted", "accept", "acceptance"])
_EVENTS_YEAR = EVENT_HEADS | {"proceedings", "proceeding", "proc", "workshops"}  # a year behind it is its own
_BEFORE_WORKSHOP = (
    ORDINALS
    | SPONSORS
    | word_set("ordinal")
    | {"international", "int", "intl", "l", "the", "a", "an", "on", "v"}
)
# place and date behind a title: "Galaxies in the Local Volume" (Sydney, July 2007)
_HELD = LatePattern(
    r"[\"'”’]{1,2} ?\([A-Z][a-z]+(?:, [A-Z][a-z]+)?, (?:\d\d?(?:[-–]\d\d?)? )?[A-Z][a-z]+\.? \d{4}\)"
)
_ROMAN_NUMBERS = frozenset(["II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"])
_WORKSHOPS = re.compile(r"\bWorkshops\b|@")  # a conference's own, all of them
_TRANSACTIONS = re.compile(r"T[A-Z]{2,5}")  # IEEE TGRS, IEEE TSP


def name_claim(sentence: Sentence, claim: Claim, named: Named) -> Named:
    """Give a claim its venue: acronym in brackets, workshop and host, year."""
    named = with_host(sentence, with_acronym(sentence, named))
    row = named.row
    if row is not None and row.kind in ("conference", "workshop") and not _WORKSHOPS.search(row.full_name):
        # a series of workshops is a conference where nobody calls it a workshop
        if "@" not in named.name:
            named = replace(named, kind="workshop" if _said_workshop(sentence, named) else "conference")
    elif named.kind in (None, "conference") and row is None and workshop_behind(sentence, named.end):
        named = replace(named, kind="workshop")
    if (
        named.quoted
        and named.row is None
        and (named.kind == "journal" or _of_lectures(sentence, named))
        and _said_edited(sentence, named.end)
    ):
        named = replace(named, kind="book")
    held = named.quoted and _HELD.match(sentence.words.text, sentence.words.end[named.end - 1]) is not None
    if held and named.row is None and named.kind in (None, "book"):
        named = replace(named, kind="conference")
    if named.row is None and named.spelt is None and is_acronym(sentence.words.raws[named.start]):
        named = replace(named, spelt=_spelt_behind(sentence, named))
    claim.named = named
    claim.year = year_of(sentence, named, dated=False)
    kind = named.kind or _likely_kind(sentence, claim, named)
    claim.kind = claim.kind or kind
    if kind in ("journal", "book") and _sent_or_accepted_then(sentence, claim, named.end):
        claim.year = None
    elif claim.year is None and _dated(sentence, claim, kind, named.end):
        claim.year = year_of(sentence, named, dated=True)
    if (
        claim.kind == "book"
        and named.kind in ("conference", "workshop", "journal")
        and claim.rank != RANK["chapter"]
    ):
        claim.kind = named.kind
    claim.reasons.extend(named.reasons)
    return named


def _of_lectures(sentence: Sentence, named: Named) -> bool:
    """Whether a title speaks of lectures and of no other event: a book's if it has editors."""
    return EVENT_WORDS.intersection(sentence.words.lower[named.start : named.end]) == {"lectures"}


def _said_workshop(sentence: Sentence, named: Named) -> bool:
    """Whether the words for a meeting call it a workshop, whatever the tables say."""
    lower = sentence.words.lower
    before = lower[max(sentence.part_start(named.start), named.start - _NEAR) : named.start]
    if " conference and workshop" in " ".join(lower[named.start : named.end]):
        return False
    return (
        not _WORKSHOP.isdisjoint(lower[named.start : named.end])
        or not _WORKSHOP.isdisjoint(before)
        or workshop_behind(sentence, named.end)
    )


def workshop_behind(sentence: Sentence, k: int) -> bool:
    """Whether what ends before word k is called a workshop: "ABC 2013), 6th International Workshop"."""
    lower = sentence.words.lower
    while k < sentence.last and (lower[k].isdecimal() or lower[k] in _BEFORE_WORKSHOP):
        k += 1
    return k < sentence.last and lower[k] in _WORKSHOP


def _likely_kind(sentence: Sentence, claim: Claim, named: Named) -> Kind | None:
    """The kind of a venue outside the tables whose name does not tell it, from the words around it."""
    begin = max(sentence.first, named.start - 4)
    if claim.cue is not None and begin < claim.cue[0] and sentence.words.lower[claim.cue[0] - 1] == "and":
        begin = claim.cue[0]  # "presented on the Foo conference and submitted to Bar"
    before = sentence.words.lower[begin : named.start]
    after = sentence.words.lower[named.end : named.end + 3]
    if ":" in "".join(sentence.words.gaps[named.end : named.end + 2]):
        after = sentence.words.lower[
            named.end : named.end + 6
        ]  # "PSD7: The Seventh International Conference"
    heads = EVENT_HEADS.intersection(before)
    if heads:
        return "workshop" if "workshop" in heads else "conference"
    if "book" in before or (named.quoted and before[-1:] in (["volume"], ["series"])):
        return "book"
    if before[-1:] == ["journal"]:
        return "journal"  # "invited paper to the journal 'Title'"
    behind = sentence.words.lower[named.end : min(named.end + 22, sentence.last)]
    printed = not _PROCEEDINGS.isdisjoint(before + behind) or not EVENT_HEADS.isdisjoint(behind)
    if named.quoted and not printed and not _EDITED.isdisjoint(behind) and not _HOUSES.isdisjoint(behind):
        return "book"  # a contribution to "Title", eds. A and B, World Scientific
    if (
        named.is_series
        or "proceedings" in before
        or "proc" in before
        or claim.rank in (RANK["talk"], RANK["proceedings"])
    ):
        return "conference"
    if not _EDITED.isdisjoint(before):
        return "book"
    name = sentence.words.lower[named.start : named.end]
    if claim.cue is not None and "white" in sentence.words.lower[slice(*claim.cue)]:
        return None  # a white paper goes to a committee
    if _TRANSACTIONS.fullmatch(sentence.words.raws[named.end - 1]) and "ieee" in before[-1:] + name:
        return "journal"
    if "journal" not in before and not EVENT_HEADS.isdisjoint(after):
        return "workshop" if "workshop" in after else "conference"
    rest = sentence.words.lower[named.end : max(named.end + 12, min(named.end + 24, sentence.last))]
    edited = not _EDITED.isdisjoint(rest)
    if (named.quoted or edited) and not _PRINTED_TALKS.isdisjoint(rest):
        return "conference"
    if edited or "chapter" in before or "volume" in before or (named.quoted and _edited(sentence, named.end)):
        return "book"
    raw = sentence.words.raws[named.end - 1]
    if named.end - named.start <= 3 and is_acronym(raw) and (claim.year is not None or before[-1:] == ["at"]):
        return "conference"
    if year_after(sentence, named.end) is not None and sentence.words.gaps[named.end] == " ":
        return "conference"  # "Pattern Languages of Programs 2025"
    if named.end - named.start > 2 and raw in _ROMAN_NUMBERS:
        return "conference"  # "Instabilities and Nonequilibrium Structures V"
    if sentence.words.lower[named.end : named.end + 2] == ["a", "volume"]:
        return "book"  # "Title. A Volume in Honor of X"
    if named.end - named.start > 3 and sold_by(sentence, named.end):
        return "book"
    # no journal is called "The Galactic Halo: from Clusters to Stars"; whether a book is, nobody says
    return None if named.quoted and ": " in named.name else "journal"


def _spelt_behind(sentence: Sentence, named: Named) -> str | None:
    """The name of an event that stands spelt out behind its acronym and year: "FOO 2024: 9th International
    Conference on Foo", "FOO'24 (the 9th Workshop on Foo)"."""
    words, k = sentence.words, named.end
    while k < sentence.last and full_year(words.raws[k]) is not None and not words.gaps[k].strip(" '’-"):
        k += 1
    if k >= sentence.last or words.gaps[k] not in _BEFORE_SPELT:
        return None
    k += words.lower[k] == "the"
    spelt = own_words(sentence, k, sentence.last) if k < sentence.last else None
    if spelt is None or spelt.kind not in ("conference", "workshop") or spelt.end - spelt.start < 3:
        return None
    said = words.lower[spelt.start : spelt.end]
    return None if EVENT_HEADS.isdisjoint(said) or not _PROCEEDINGS.isdisjoint(said) else spelt.name


def _edited(sentence: Sentence, k: int) -> bool:
    return not _BOOK_SIGNS.isdisjoint(sentence.words.lower[k : k + 12])


def _said_edited(sentence: Sentence, k: int) -> bool:
    """Whether editors are named behind a title: a book's, not a journal's."""
    behind = sentence.words.lower[k : min(k + 12, sentence.last)]
    return not _EDITED.isdisjoint(behind) or behind[:2] == ["collected", "works"]


def _dated(sentence: Sentence, claim: Claim, kind: Kind | None, k: int) -> bool:
    """Whether a date later in the sentence is the venue's, and not that of sending in or of accepting."""
    event = kind in ("conference", "workshop")
    if claim.status in ("submitted", "rejected"):
        return event and not _said_when(sentence, k)
    if claim.rank != RANK["accepted"] or event:
        return True
    if k < sentence.last and sentence.words.lower[k] == "in" and _said_accepted(sentence, claim):
        return False  # "accepted by MNRAS in April 2003"
    return _bracketed_date(sentence, k) or day_behind(sentence, k)


def _sent_or_accepted_then(sentence: Sentence, claim: Claim, k: int) -> bool:
    """Whether the date behind a journal is that of sending in or of accepting: no year of an issue."""
    if claim.status == "submitted":
        return month_behind(sentence, k)
    return _said_accepted(sentence, claim) and day_behind(sentence, k)


def _said_accepted(sentence: Sentence, claim: Claim) -> bool:
    """Whether it was accepted, and not "to appear" or "in press": a day behind it is that of acceptance."""
    return claim.cue is not None and not _ACCEPTING.isdisjoint(sentence.words.lower[slice(*claim.cue)])


def _said_when(sentence: Sentence, k: int) -> bool:
    """Whether a date follows that tells when something was sent in: "submitted to X on 5 August 2005"."""
    return k < sentence.last and sentence.words.lower[k] in ("on", "in", "by") and not sentence.cut[k]


def _bracketed_date(sentence: Sentence, k: int) -> bool:
    """Whether a date belongs to the venue's name: "Physica A (August 2015)", "in April 2004"."""
    words = sentence.words
    if k >= sentence.last or not _EVENTS_YEAR.isdisjoint(words.lower[k : k + 16]):
        return False
    gap = words.gaps[k]
    return "(" in gap or "," in gap or words.lower[k] in ("in", "for")
