"""Venues outside the tables that stand alone without a cue: "1st Workshop on X (ABC 2024)", "ABC 2024"."""

from __future__ import annotations

from typing import NamedTuple

from bridge.claim import RANK, Claim
from bridge.latepattern import LatePattern
from bridge.marks import SAYING_NOTHING
from bridge.named import (
    EVENT_HEADS,
    ORDINALS,
    SPONSORS,
    STRONG_HEADS,
    Named,
    full_year,
    is_acronym,
    is_ordinal,
)
from bridge.naming import workshop_behind
from bridge.phrases import word_set
from bridge.standalone import Standalone
from bridge.unlisted import acronym_and_year, called_event, dated_event, headed_title, printed_event, reported
from bridge.venue_acronyms import acronym_behind, with_acronym
from bridge.venue_hosts import with_host
from bridge.venue_words import own_words
from bridge.venue_years import year_of

_GENERAL = word_set("general event words") | word_set("seasons")
_APOSTROPHES = frozenset("'’`")
# "Surface Foo Letters, 302, L305 (1994)"
_CITATION = LatePattern(
    r",? (?:[Vv]ol\.? ?)?\d{1,4}[,:]? ?[A-Z]?\d{1,6}(?:[-–]{1,2}\d{1,6})? ?\((?:19|20)\d\d\)"
)


def _dated(said: set[str], text: str) -> bool:
    """Whether a year can stand among the words: of four digits, or of two behind an apostrophe."""
    numbers = [word for word in said if word.isdecimal()]
    if any(len(word) == 4 and full_year(word) for word in numbers):
        return True
    return bool(numbers) and not _APOSTROPHES.isdisjoint(text)


class _Signs(NamedTuple):
    """What the words of a sentence let expect: an event's head, a journal, a host, proceedings, volume and
    page with a year in brackets."""

    heads: bool
    journals: bool
    hosting: bool
    proceedings: bool
    cited: bool


class OutsideTables(Standalone):
    """Finds them, and adds their claims."""

    def find(self) -> None:
        """Venues outside the tables that stand alone: "1st Workshop on X (ABC 2024)", "ABC 2024"."""
        sentence, words, cut = self.sentence, self.words, self.sentence.cut
        said = set(words.lower[sentence.first : sentence.last])
        signs = _Signs(
            heads=not STRONG_HEADS.isdisjoint(said),
            journals="journal" in said,
            hosting="@" in words.text,
            proceedings="proceedings" in said,
            cited=("(19" in words.text or "(20" in words.text) and _CITATION.search(words.text) is not None,
        )
        if not (
            signs.heads or signs.journals or signs.hosting or (words.numbered and _dated(said, words.text))
        ):
            return  # nothing that such a venue goes without
        last = sentence.last if self.foreign_from is None else min(sentence.last, self.foreign_from)
        for k in [k for k in range(sentence.first, last) if cut[k]]:
            taken = k in self.taken or k in self.cued or self.sentence.aside(k) or reported(sentence, k)
            if not taken and not any(m.start == k and m.role in ("other", "about") for m in self.marks):
                self._unlisted_at(self._past_leads(k), signs)

    def _past_leads(self, k: int) -> int:
        """The word behind the small ones that may stand before a name at word k."""
        words, last = self.words, self.sentence.last
        if words.lower[k : k + 2] == ["preprint", "of"] and k + 2 < last:
            k += 2
        while k + 1 < last and not self.sentence.cut[k + 1] and words.lower[k] in ("in", "at", "the", "for"):
            k += 1
        if words.lower[k] == "conference" and k + 1 < last:
            counted = words.raws[k] == "conference" and words.lower[k + 1] in ORDINALS
            if counted or is_acronym(words.raws[k + 1]):
                k += 1  # "conference XVI International School on X", "Conference: FOO 2025"
        return k

    def _unlisted_at(self, k: int, signs: _Signs) -> None:
        """The venue outside the tables that begins at word k, if one does and it stands alone."""
        sentence, words = self.sentence, self.words
        journal = signs.journals and "journal" in words.lower[k : min(k + 5, sentence.last)]
        if not (journal or self._may_be_event(k, signs)):
            if signs.cited:
                self._cited_at(k)
            return
        if words.lower[k] in ("proc", "proceedings") and k + 1 < sentence.last and k + 1 not in self.taken:
            k += 1  # "Proc. IEEE ATM'96 Workshop"
        titled = headed_title(sentence, k)
        printed = printed_event(sentence, k) if signs.proceedings else None
        named = titled or printed or own_words(sentence, k, sentence.last)
        if named is None or (named.quoted and not titled) or self._is_listed(k, named):
            return
        full = with_host(sentence, with_acronym(sentence, named))
        year = year_of(sentence, full, dated=named.kind is not None)
        if named.kind == "journal":
            if journal and self._journal_cited(named, full, year):
                printed_there = year is not None and "vol" in words.lower[full.end : full.end + 2]
                rank = RANK["chapter" if printed_there else "bare"]
                self.stands_alone(named, full, Claim("published", rank, None, kind="journal"))
            return
        inner = year is None and any(
            found.sure and k <= start < named.end <= found.end for start, found in sentence.venues.items()
        )
        if not inner and (printed is not None or self._is_event(k, named, full, year, titled is not None)):
            kind = full.kind or ("workshop" if workshop_behind(sentence, full.end) else "conference")
            self.stands_alone(named, full, Claim("accepted", RANK["bare"], None, kind=kind))

    def _cited_at(self, k: int) -> None:
        """The journal outside the tables that begins at word k, with volume, page and year behind it."""
        named = own_words(self.sentence, k, self.sentence.last)
        if named is None or named.quoted or named.kind != "journal" or self._is_listed(k, named):
            return
        if any(found.sure and k < start < named.end for start, found in self.sentence.venues.items()):
            return  # "the Erratum Phys. Rev. D 54 (1996) 7906"
        if _CITATION.match(self.words.text, self.words.end[named.end - 1]):
            self.stands_alone(named, named, Claim("published", RANK["bare"], None, kind="journal"))

    def _may_be_event(self, k: int, signs: _Signs) -> bool:
        """Whether an event outside the tables may begin at word k: a first look."""
        sentence, words = self.sentence, self.words
        if signs.heads and not STRONG_HEADS.isdisjoint(words.lower[k : min(k + 16, sentence.last)]):
            return True
        if is_acronym(words.raws[k]):
            dated = k + 1 < sentence.last and len(words.raws[k + 1]) == 4 and words.raws[k + 1].isdecimal()
            hosted = signs.hosting and "@" in "".join(words.gaps[k + 1 : k + 3])
            if k == sentence.first or dated or hosted:
                return True
        return (
            called_event(sentence, k)
            or (words.numbered and dated_event(sentence, k))
            or (signs.proceedings and printed_event(sentence, k) is not None)
        )

    def _is_listed(self, k: int, named: Named) -> bool:
        """Whether a venue of the tables covers the name: "2026 IEEE International Conference on X"."""
        sentence = self.sentence
        starts = {k, named.start, named.start + is_ordinal(self.words.lower[named.start])}
        return any(
            start in sentence.venues
            and sentence.venues[start].end >= named.end
            and not (sentence.venues[start].row.kind == "journal" and called_event(sentence, start))
            for start in starts
        )

    def _is_event(self, k: int, named: Named, full: Named, year: int | None, titled: bool) -> bool:
        """Whether a name outside the tables is an event's: with a host, a year, a number or a long title."""
        sentence, words = self.sentence, self.words
        if "@" in full.name and full.end > named.end:
            return True
        if year is not None and (
            acronym_and_year(sentence, full, year) or called_event(sentence, k) or dated_event(sentence, k)
        ):
            return True
        if full.kind == "workshop" and full.end > named.end + 1 and self.fills_part(full):
            return True  # "The Inspection of Foo (IFOO) workshop"
        headed = titled or bool(STRONG_HEADS & set(words.lower[named.start : named.end]))
        if named.kind not in ("workshop", "conference") or not headed:
            return False
        k = self._past_sponsors(k, named)
        counted = words.lower[k] in ORDINALS or (
            words.raws[k].isdecimal() and words.lower[k + 1 : k + 2] in (["th"], ["st"], ["nd"], ["rd"])
        )
        length = named.end - named.start
        long = length > (1 if counted else 2)
        if (year is not None or counted) and (long or self._proper_event(named)):
            return True
        return length > 3 and self._spelt_event(named, full)

    def _past_sponsors(self, k: int, named: Named) -> int:
        """The word behind the societies that a name begins with: "IEEE 21st International Conference"."""
        while k + 1 < named.end and self.words.lower[k] in SPONSORS:
            k += 1
        return k

    def _spelt_event(self, named: Named, full: Named) -> bool:
        """Whether a long name begins as events' names do, and fills its part: "Workshop on X and Y"."""
        if any(found.sure and start < named.start for start, found in self.sentence.venues.items()):
            return False  # its host may stand before it
        first = self.words.lower[self._past_sponsors(named.start, named)]
        head = self.words.lower[named.end - 1]
        titled = (
            head in EVENT_HEADS
            and self.words.raws[named.end - 1].istitle()
            and not any(found.row.kind != "journal" for found in self.sentence.venues.values())
        )
        return (first in EVENT_HEADS or first == "international" or titled) and self.fills_part(full)

    def _proper_event(self, named: Named) -> bool:
        """Whether a name of two words is an event's own: "Astroplate Workshop", but not "Spring Meeting"."""
        first = self.words.lower[named.start]
        return named.end - named.start == 2 and first not in _GENERAL and first not in ORDINALS

    def _all_of_part(self, named: Named, headed: int) -> bool:
        """Whether a journal ends the sentence, or begins it and counts of pages and figures follow."""
        if named.end == self.sentence.last:
            return named.end - headed > 3 or headed > named.start
        rest = self.words.lower[named.end : self.sentence.last]
        begins = named.start == self.sentence.first and self.fills_part(named)
        return begins and all(word.isdecimal() or word in SAYING_NOTHING for word in rest)

    def _journal_cited(self, named: Named, full: Named, year: int | None) -> bool:
        """Whether a journal outside the tables fills its part, with year or acronym: "Journal of X, 2015"."""
        if named.end - named.start < 2 or any(
            claim.cue and claim.rank > RANK["talk"] for claim in self.claims
        ):
            return False
        lower, first = self.words.lower, named.start
        headed = first + (lower[first] == "international")
        spelt = lower[headed : headed + 2] == ["journal", "of"] and named.end - headed > 2
        if spelt and first not in self.sentence.venues and self._all_of_part(named, headed):
            return True  # "1 table, Journal of Applied Foo & Bar"
        return (
            full.end > named.end
            or acronym_behind(self.sentence, named)
            or self.words.lower[named.end : named.end + 1] == ["vol"]
            or (year is not None and self.fills_part(named))
            or (
                year is not None
                and (
                    self.words.raws[named.end].isdecimal() or self.words.lower[named.end] in ("vol", "volume")
                )
            )
        )
