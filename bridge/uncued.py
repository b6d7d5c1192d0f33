"""Venues that a sentence names without a cue: "CVPR 2024 (oral)", "matches JHEP version", "IEEE Access".

They count only where they stand alone in their part of the sentence.
"""

from __future__ import annotations

import re

from bridge.claim import RANK, Claim
from bridge.latepattern import LatePattern
from bridge.marks import APART, Sentence
from bridge.named import (
    EVENT_HEADS,
    ORDINALS,
    SPONSORS,
    STRONG_HEADS,
    Named,
    from_table,
    full_year,
    is_acronym,
)
from bridge.naming import name_claim, workshop_behind
from bridge.phrases import word_set
from bridge.unlisted import acronym_and_year, called_event, dated_event, headed_title, printed_event, reported
from bridge.venue_acronyms import acronym_behind, with_acronym
from bridge.venue_hosts import with_host
from bridge.venue_longer import longer_name
from bridge.venue_table import Found
from bridge.venue_words import own_words
from bridge.venue_years import issue_year, year_of

_GENERAL = word_set("general event words") | word_set("seasons")
_JOURNAL_WORDS = frozenset(["journal", "transactions", "access"])
_PAGES = re.compile(r"\b(?:pp?|pages)\.? ?\d+ ?[-–]{1,3} ?\d+")
_BEFORE_NAMES = word_set("year before")
_PRINTED_IN = frozenset(["proc", "proceedings", "pos"])
_VOLUME = re.compile(r"[\s,(]{1,3}vol(?:ume)?\b[.:\s]*\d", re.IGNORECASE)
_APOSTROPHES = frozenset("'’`")
_VERSIONS = frozenset(["version", "paper", "article"])
_STATED = frozenset(["final", "published", "printed"])
_MATCHING = word_set("matching")
# "Phys. Rev. Lett. 133, 181902"
_VOLUME_AND_PAGE = LatePattern(
    r"[\s,.]+[A-Z]?\d{1,4}[A-Z]?(?:\s?\(\d{1,3}\))?[,:]\s?[A-Ze]?\d{1,7}\b(?!\s?(?:pages|pp|figs))"
)
_REPORT_NUMBER = re.compile(r"-\d{2,4}[-/]\d")  # "tfp-1994-1"
_BEFORE_VERSION = word_set("before version")
_VERSION_GOES_ON = word_set("version goes on")


def read_uncued(
    sentence: Sentence, taken: set[int], claims: list[Claim], cued: set[int], foreign_from: int | None
) -> None:
    """Add the claims that no cue makes to `claims`, and their words to `taken`.

    `cued` are the words at which cues begin; from `foreign_from` on venues belong to another paper.
    """
    reader = _Uncued(sentence, taken, claims, cued, foreign_from)
    reader.versions()
    reader.unlisted()
    reader.bare()


def _dated(said: set[str], text: str) -> bool:
    """Whether a year can stand among the words: of four digits, or of two behind an apostrophe."""
    numbers = [word for word in said if word.isdecimal()]
    if any(len(word) == 4 and full_year(word) for word in numbers):
        return True
    return bool(numbers) and not _APOSTROPHES.isdisjoint(text)


class _Uncued:
    def __init__(
        self,
        sentence: Sentence,
        taken: set[int],
        claims: list[Claim],
        cued: set[int],
        foreign_from: int | None,
    ) -> None:
        self.sentence = sentence
        self.words = sentence.words
        self.marks = sentence.marks
        self.taken = taken
        self.claims = claims
        self.cued = cued
        self.foreign_from = foreign_from

    def versions(self) -> None:
        """A version that is said to be a journal's is the one it printed: "matches JHEP version"."""
        if any(claim.cue for claim in self.claims) or self.foreign_from is not None:
            return
        words, last = self.words, self.sentence.last
        if _VERSIONS.isdisjoint(words.lower):
            return
        for k in range(self.sentence.first + 1, last):
            if words.lower[k] not in _VERSIONS or self.sentence.cut[k] or words.raws[k - 1] == "match":
                continue
            if k + 1 < last and not self.sentence.cut[k + 1] and words.lower[k + 1] in _VERSION_GOES_ON:
                continue
            begin = self.sentence.part_start(k)
            named = None
            stated = k - (words.lower[k - 1] in _STATED)  # "PRD final version"
            for start, found in self.sentence.venues.items():
                if found.end == stated and found.row.kind == "journal" and begin <= start:
                    named, begin_of_name = from_table(found), start
            if named is None:
                if words.lower[k - 1] != "journal":
                    continue
                begin_of_name = k - 1
            before = [word for word in words.lower[begin:begin_of_name] if not word.isdecimal()]
            if not _BEFORE_VERSION.issuperset(before):
                continue
            if words.lower[k] != "version" and (named is None or _MATCHING.isdisjoint(before)):
                continue  # "corresponds to the PRL paper"
            claim = Claim("published", RANK["printed"], (k, k + 1), kind="journal", reasons=["cue printed"])
            if named is not None:
                self._give(claim, named)
            else:
                claim.rank = RANK["accepted"]  # "journal version. To appear in X"
            self.claims.append(claim)
            return

    def unlisted(self) -> None:
        """Venues outside the tables that stand alone: "1st Workshop on X (ABC 2024)", "ABC 2024"."""
        sentence, words, cut = self.sentence, self.words, self.sentence.cut
        hosting = "@" in words.text
        said = set(words.lower[sentence.first : sentence.last])
        heads = not STRONG_HEADS.isdisjoint(said)
        journals = "journal" in said
        if not (heads or journals or hosting or (words.numbered and _dated(said, words.text))):
            return  # nothing that such a venue goes without
        proceedings = "proceedings" in said
        last = sentence.last
        if self.foreign_from is not None:
            last = min(last, self.foreign_from)
        for k in [k for k in range(sentence.first, last) if cut[k]]:
            if (
                k in self.taken
                or k in self.cued
                or any(mark.start == k and mark.role in ("other", "about") for mark in self.marks)
                or self.sentence.aside(k)
                or reported(sentence, k)
            ):
                continue
            while k + 1 < sentence.last and not cut[k + 1] and words.lower[k] in ("in", "at", "the", "for"):
                k += 1
            if words.raws[k] == "conference" and k + 1 < sentence.last and words.lower[k + 1] in ORDINALS:
                k += 1  # "conference XVI International School on X"
            raw = words.raws[k]
            lower = words.lower[k : min(k + 16, sentence.last)]
            journal = journals and "journal" in lower[:5]
            if not (
                journal
                or (heads and not STRONG_HEADS.isdisjoint(lower))
                or (
                    is_acronym(raw)
                    and (
                        k == sentence.first
                        or (hosting and "@" in "".join(words.gaps[k + 1 : k + 3]))
                        or (
                            k + 1 < sentence.last
                            and len(words.raws[k + 1]) == 4
                            and words.raws[k + 1].isdecimal()
                        )
                    )
                )
                or called_event(sentence, k)
                or (words.numbered and dated_event(sentence, k))
                or (proceedings and printed_event(sentence, k) is not None)
            ):
                continue
            if (
                words.lower[k] in ("proc", "proceedings")
                and k + 1 < sentence.last
                and k + 1 not in self.taken
            ):
                k += 1  # "Proc. IEEE ATM'96 Workshop"
            titled = headed_title(sentence, k)
            printed = printed_event(sentence, k) if proceedings else None
            named = titled or printed or own_words(sentence, k, sentence.last)
            if (
                named is None
                or (named.quoted and not titled)
                or any(
                    start in sentence.venues
                    and sentence.venues[start].end >= named.end
                    and not (sentence.venues[start].row.kind == "journal" and called_event(sentence, start))
                    for start in (k, named.start)  # "2026 IEEE International Conference on X"
                )
            ):
                continue
            full = with_host(sentence, with_acronym(sentence, named))
            year = year_of(sentence, full, dated=named.kind is not None)
            if named.kind == "journal":
                if journal and self._journal_cited(named, full, year):
                    printed_there = year is not None and "vol" in words.lower[full.end : full.end + 2]
                    rank = RANK["chapter" if printed_there else "bare"]
                    self._stands_alone(named, full, Claim("published", rank, None, kind="journal"))
                continue
            event = named.kind in ("workshop", "conference") and (
                bool(STRONG_HEADS & set(words.lower[named.start : named.end])) or titled is not None
            )
            hosted = "@" in full.name and full.end > named.end
            alone = year is not None and (
                acronym_and_year(sentence, full, year)
                or called_event(sentence, k)
                or dated_event(sentence, k)
            )
            counted = words.lower[k] in ORDINALS or (
                raw.isdecimal() and words.lower[k + 1] in ("th", "st", "nd", "rd")
            )
            long = named.end - named.start > (1 if counted else 2)
            inner = year is None and any(
                found.sure and k <= start < named.end <= found.end for start, found in sentence.venues.items()
            )
            called = full.kind == "workshop" and full.end > named.end + 1 and self._fills_part(full)
            if inner or not (
                hosted
                or alone
                or called  # "The Inspection of Foo (IFOO) workshop"
                or printed is not None
                or (event and (year is not None or counted) and (long or self._proper_event(named)))
                or (event and named.end - named.start > 3 and self._spelt_event(named, full))
            ):
                continue
            kind = full.kind or ("workshop" if workshop_behind(sentence, full.end) else "conference")
            self._stands_alone(named, full, Claim("accepted", RANK["bare"], None, kind=kind))

    def bare(self) -> None:
        """Venues that stand alone in their part of the sentence: "CVPR 2024 (oral)", "PNAS 2008"."""
        sentence, words = self.sentence, self.words
        foreign = self.foreign_from
        for start, found in sentence.venues.items():
            if not sentence.first <= start < sentence.last or start in self.taken:
                continue
            if foreign is not None and start >= foreign:
                continue
            if _REPORT_NUMBER.match(words.text, words.end[found.end - 1]) or (
                words.gaps[start] == "," and words.gaps[found.end] == "-"
            ):
                continue  # "DOE-40200-014,CPP-14,MSUHEP 93/08"
            written_for = self._written_for(found)
            if self.sentence.aside(self.sentence.part_start(start)) or not (
                written_for or self.sentence.opens_part(start)
            ):
                continue
            named = with_host(sentence, from_table(found))
            journal = found.row.kind == "journal"
            year = year_of(sentence, named, dated=False) or (issue_year(sentence, named) if journal else None)
            cited = journal and found.sure and _VOLUME_AND_PAGE.match(words.text, words.end[found.end - 1])
            if year is None and not (
                named.kind == "workshop" or self._fills_part(named) or cited or written_for
            ):
                continue
            if (not found.sure and year is None) or longer_name(sentence, found):
                continue
            if (
                not found.sure
                and journal
                and not (
                    words.raws[start][0].isupper()
                    and words.gaps[found.end].strip() in ("", ",", "(")
                    and (self._fills_part(named) or words.raws[named.end].isdecimal())
                )
            ):
                continue
            if year is None and found.row.is_series and not journal:
                continue
            if year is None and journal and not (written_for or self._journal_alone(found)):
                continue
            if any(sentence.cut[k] == APART for k in range(found.start + 1, found.end)):
                continue
            status = "published" if journal and not written_for else "accepted"
            claim = Claim(status, RANK["bare"], None, reasons=["bare venue"])
            self._qualify(claim, named)
            self._give(claim, named)
            claim.year = year if year is not None else claim.year
            self.claims.append(claim)
            self.taken.update(range(named.start, named.end))

    def _written_for(self, found: Found) -> bool:
        """Whether a paper is for a volume of a journal, which has taken it: "12 pages, for Foo 15"."""
        before, end = found.start - 1, found.end
        return (
            before >= self.sentence.first
            and self.words.lower[before] == "for"
            and bool(self.sentence.cut[before])
            and found.sure
            and found.row.kind == "journal"
            and end < self.sentence.last
            and self.words.gaps[end] == " "
            and self.words.raws[end].isdecimal()
        )

    def _journal_alone(self, found: Found) -> bool:
        """Whether a journal without a year is all that a part says: "12 pages, IEEE Access"."""
        lower = self.words.lower
        spelt_out = found.end - found.start > 2 or not _JOURNAL_WORDS.isdisjoint(
            lower[found.start : found.end]
        )
        before = (
            found.start == self.sentence.first
            or self.sentence.cut[found.start]
            or lower[found.start - 1] == "in"
        )
        return (
            found.sure
            and (
                spelt_out
                or _VOLUME_AND_PAGE.match(self.words.text, self.words.end[found.end - 1])
                or _VOLUME.match(self.words.text, self.words.end[found.end - 1]) is not None
            )
            and bool(before)
            and not any(claim.cue for claim in self.claims)
        )

    def _stands_alone(self, named: Named, full: Named, claim: Claim) -> None:
        claim.reasons.append("bare venue")
        self._qualify(claim, full)
        self._give(claim, named)
        self.claims.append(claim)

    def _give(self, claim: Claim, named: Named) -> None:
        named = name_claim(self.sentence, claim, named)
        self.taken.update(range(named.start, named.end))

    def _spelt_event(self, named: Named, full: Named) -> bool:
        """Whether a long name begins as events' names do, and fills its part: "Workshop on X and Y"."""
        if any(found.sure and start < named.start for start, found in self.sentence.venues.items()):
            return False  # its host may stand before it
        first, head = self.words.lower[named.start], self.words.lower[named.end - 1]
        titled = (
            head in EVENT_HEADS
            and self.words.raws[named.end - 1].istitle()
            and not any(found.row.kind != "journal" for found in self.sentence.venues.values())
        )
        return (first in EVENT_HEADS or first == "international" or titled) and self._fills_part(full)

    def _proper_event(self, named: Named) -> bool:
        """Whether a name of two words is an event's own: "Astroplate Workshop", but not "Spring Meeting"."""
        first = self.words.lower[named.start]
        return named.end - named.start == 2 and first not in _GENERAL and first not in ORDINALS

    def _journal_cited(self, named: Named, full: Named, year: int | None) -> bool:
        """Whether a journal outside the tables fills its part, with year or acronym: "Journal of X, 2015"."""
        if named.end - named.start < 2 or any(
            claim.cue and claim.rank > RANK["talk"] for claim in self.claims
        ):
            return False
        if self.words.lower[named.start : named.start + 2] == ["journal", "of"]:
            whole = named.end == self.sentence.last and named.start not in self.sentence.venues
            if whole and named.end - named.start > 3:
                return True  # "1 table, Journal of Applied Foo & Bar"
        return (
            full.end > named.end
            or acronym_behind(self.sentence, named)
            or self.words.lower[named.end : named.end + 1] == ["vol"]
            or (year is not None and self._fills_part(named))
            or (
                year is not None
                and (
                    self.words.raws[named.end].isdecimal() or self.words.lower[named.end] in ("vol", "volume")
                )
            )
        )

    def _qualify(self, claim: Claim, named: Named) -> None:
        """What a word behind a bare venue makes of it: "ICRC 2011 proceedings", "ICML 2025 submission"."""
        if (
            any(
                mark.role == "proceedings"
                and (named.end <= mark.start <= named.end + 1 or mark.end == named.start)
                for mark in self.marks
            )
            or self._in_proceedings(named)
            or (self.words.lower[named.start] in _PRINTED_IN and named.kind != "journal")
            or self._printed_on_pages(named)
        ):
            claim.status, claim.rank = "published", RANK["proceedings"]
        last = named.end
        while last < self.sentence.last and last - named.end < 4 and not self.sentence.cut[last]:
            if self.words.lower[last] in ("submission", "submissions"):
                claim.status, claim.rank = "submitted", RANK["submitted"]
            last += 1

    def _in_proceedings(self, named: Named) -> bool:
        """Whether "Proc. of IEEE", "PoS" or the like stands right before a venue."""
        lower, k = self.words.lower, named.start
        while k > self.sentence.first and (lower[k - 1] in SPONSORS or lower[k - 1] in _BEFORE_NAMES):
            k -= 1
        return not _PRINTED_IN.isdisjoint(lower[max(self.sentence.first, k - 1) : named.start])

    def _printed_on_pages(self, named: Named) -> bool:
        """Whether a volume is meant: "ICASSP 2024, Seoul, pp. 11911-11915", "in Adhoc Now 2016"."""
        words, first = self.words, self.sentence.first
        if first == 0 and named.start == 1 and words.lower[0] == "in":
            return True
        end = words.end[self.sentence.last - 1]
        return _PAGES.search(words.text, words.end[named.end - 1], end) is not None

    def _fills_part(self, named: Named) -> bool:
        """Whether a part ends where a venue does, or behind "conference" or its pages."""
        behind = named.end
        if (
            named.sure
            and named.kind == "conference"
            and self.words.lower[behind : behind + 1] == ["conference"]
        ):
            behind += 1
        return (
            behind >= self.sentence.last
            or bool(self.sentence.cut[behind])
            or named.end >= self.sentence.last
            or bool(self.sentence.cut[named.end])
            or self.words.lower[named.end] in ("page", "pages", "pp")
            or any(mark.role == "badge" and mark.start == named.end for mark in self.marks)
        )
