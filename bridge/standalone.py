"""Venues that stand alone in their part of a sentence: what the words beside them make of the claim."""

from __future__ import annotations

from bridge.claim import RANK, Claim
from bridge.latepattern import LatePattern
from bridge.marks import Sentence
from bridge.named import SPONSORS, Named
from bridge.naming import name_claim
from bridge.phrases import word_set

_PAGES = LatePattern(r"\b(?:pp?|pages)\.? ?\d+ ?[-–]{1,3} ?\d+")
_BEFORE_NAMES = word_set("year before")
_PRINTED_IN = frozenset(["proc", "proceedings", "pos"])


class Standalone:
    """What the search for such venues works on: a sentence, the words and claims that its cues have made.

    `cued` are the words at which cues begin; from `foreign_from` on venues belong to another paper.
    """

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

    def stands_alone(self, named: Named, full: Named, claim: Claim) -> None:
        claim.reasons.append("bare venue")
        self.qualify(claim, full)
        self.give(claim, named)
        self.claims.append(claim)

    def give(self, claim: Claim, named: Named) -> None:
        named = name_claim(self.sentence, claim, named)
        self.taken.update(range(named.start, named.end))

    def qualify(self, claim: Claim, named: Named) -> None:
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

    def fills_part(self, named: Named) -> bool:
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
