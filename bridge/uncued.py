"""Venues that a sentence names without a cue: "CVPR 2024 (oral)", "matches JHEP version", "IEEE Access".

They count only where they stand alone in their part of the sentence.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bridge.claim import RANK, Claim
from bridge.latepattern import LatePattern
from bridge.marks import APART, LEADS, Sentence
from bridge.named import Named, from_table, full_year
from bridge.outside_tables import OutsideTables
from bridge.phrases import word_set
from bridge.standalone import Standalone
from bridge.unlisted import submission_behind
from bridge.venue_hosts import with_host
from bridge.venue_longer import longer_name
from bridge.venue_table import Found
from bridge.venue_years import issue_year, year_of

_JOURNAL_WORDS = frozenset(["journal", "transactions", "access"])
_VOLUME = re.compile(r"[\s,(]{1,3}vol(?:ume)?\b[.:\s]*\d", re.IGNORECASE)
_VERSIONS = frozenset(["version", "paper", "article"])
_STATED = frozenset(["final", "published", "printed"])
_MATCHING = word_set("matching")
# "Phys. Rev. Lett. 133, 181902", "J. R. Soc. Interface 20141089"
_VOLUME_AND_PAGE = LatePattern(
    r"[\s,.]+[A-Z]?\d{1,4}[A-Z]?(?:\s?\(\d{1,3}\))?[,:]\s?[A-Ze]?\d{1,7}\b(?!\s?(?:pages|pp|figs))"
    r"|[\s,.]+20\d{6}\b"
)
_REPORT_NUMBER = re.compile(r"-\d{2,4}[-/]\d|/\d")  # "tfp-1994-1", "SWAT/23"
_HOUSES = word_set("publishers") | word_set("journal houses")
_BEFORE_VERSION = word_set("before version")
_VERSION_GOES_ON = word_set("version goes on")


def read_uncued(
    sentence: Sentence, taken: set[int], claims: list[Claim], cued: set[int], foreign_from: int | None
) -> None:
    """Add the claims that no cue makes to `claims`, and their words to `taken`.

    `cued` are the words at which cues begin; from `foreign_from` on venues belong to another paper.
    """
    state = (sentence, taken, claims, cued, foreign_from)
    listed = _Listed(*state)
    listed.versions()
    if not any(claim.rank >= RANK["accepted"] and _is_known(claim) for claim in claims):
        OutsideTables(*state).find()
    listed.bare()


def _is_known(claim: Claim) -> bool:
    """Whether a claim names a venue of the tables that is no series."""
    return claim.named is not None and claim.named.row is not None and not claim.named.is_series


class _Listed(Standalone):
    """Venues of the tables that stand alone, and versions that are said to be a journal's."""

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
                self.give(claim, named)
            else:
                claim.rank = RANK["accepted"]  # "journal version. To appear in X"
            self.claims.append(claim)
            return

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
            named = self._with_track(with_host(sentence, from_table(found)))
            journal = found.row.kind == "journal"
            year = year_of(sentence, named, dated=False) or (issue_year(sentence, named) if journal else None)
            cited = journal and found.sure and _VOLUME_AND_PAGE.match(words.text, words.end[found.end - 1])
            sent = submission_behind(sentence, named.end)  # "IEEE Transactions on Foo submission"
            sold = self._sold_in(found) if journal and year is None else None
            year = year or sold
            held = year is None and self._printed_in_series(found)
            if held:
                year = year_of(sentence, named, dated=True)
            if year is None and not (
                named.kind == "workshop" or self.fills_part(named) or cited or written_for or sent or held
            ):
                continue
            if (not found.sure and year is None) or longer_name(sentence, found):
                continue
            if (
                not found.sure
                and journal
                and not sold
                and not (
                    words.raws[start][0].isupper()
                    and words.gaps[found.end].strip() in ("", ",", "(")
                    and (self.fills_part(named) or words.raws[named.end].isdecimal())
                )
            ):
                continue
            if year is None and found.row.is_series and not journal:
                continue
            if year is None and journal and not (written_for or sent or self._journal_alone(found)):
                continue
            if any(sentence.cut[k] == APART for k in range(found.start + 1, found.end)):
                continue
            status = "published" if journal and not written_for else "accepted"
            claim = Claim(status, RANK["bare"], None, reasons=["bare venue"])
            self.qualify(claim, named)
            self.give(claim, named)
            claim.year = year if year is not None else claim.year
            self.claims.append(claim)
            self.taken.update(range(named.start, named.end))

    def _sold_in(self, found: Found) -> int | None:
        """The year behind the publisher of a journal that stands alone: "Decision Support Systems, Elsevier,
        2015"."""
        words, k = self.words, found.end
        if k + 1 >= self.sentence.last or words.gaps[k] != ", " or words.lower[k] not in _HOUSES:
            return None
        whole = self.sentence.cut[found.start] and words.raws[found.start][0].isupper()
        return full_year(words.raws[k + 1]) if whole and words.gaps[k + 1] in (", ", " ") else None

    def _printed_in_series(self, found: Found) -> bool:
        """Whether a meeting begins the sentence whose proceedings it says appear in a series: "FOO XV in
        Madrid, to appear in the ASP Conference Series"."""
        series = any(claim.named is not None and claim.named.is_series for claim in self.claims)
        return series and found.sure and found.row.kind == "conference" and not found.row.is_series

    def _with_track(self, named: Named) -> Named:
        """A conference with its track, which may stand before the year: "KDD Health Track 2025", "EMNLP Main
        Long Paper 2025"."""
        raws, lower = self.words.raws, self.words.lower
        for k in range(named.end, min(named.end + 4, self.sentence.last)):
            if self.sentence.cut[k] or not raws[k][0].isupper() or named.kind != "conference":
                break
            if lower[k] == "track":
                return replace(named, end=k + 1)
        if named.kind != "conference":
            return named
        k = named.end
        while k + 1 < self.sentence.last and not self.sentence.cut[k] and lower[k] in LEADS:
            k += 1
        dated = k > named.end and len(raws[k]) == 4 and full_year(raws[k]) is not None
        dated = dated and not self.sentence.cut[k]
        return replace(named, end=k) if dated else named

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
            or (lower[found.start - 1] == "the" and self.sentence.part_start(found.start) == found.start - 1)
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
