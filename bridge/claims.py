"""A comment as claims: what each sentence says of which venue, and whether it is this paper's.

The way through: words → marks (cue phrases and venues of the tables) → sentences → claims. Within a sentence
a cue looks ahead for its venue ("accepted for publication in ApJ"), else back ("ApJ, in press"); phrases such
as "extended version of" hand the venues after them to another paper; a venue without any cue counts only
where it stands alone ("12 pages, CVPR 2024").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bridge.claim import Claim
from bridge.claim_sentence import SentenceReader
from bridge.latepattern import LatePattern
from bridge.marks import APART, SAYING_NOTHING, SILENT, TELLING, Mark, Sentence, cuts, find_marks, mend_slips
from bridge.named import STRONG_HEADS, Named, from_table, full_year
from bridge.naming import name_claim
from bridge.venue_table import Found, venue_table
from bridge.venue_words import own_words
from bridge.words import READ_AT_MOST, Words


@dataclass(slots=True)
class CommentReading:
    """All claims of a comment, in its order, its words, and which of them are those of cue phrases."""

    words: Words
    claims: list[Claim] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def cued(self) -> set[int]:
        return {k for mark in self.marks for k in range(mark.start, mark.end)}


# "extended version of the following paper: ...": all behind it is that paper's
_FOLLOWING_PAPER = LatePattern(
    r"\b(?:version|extension|expansion|supplement|companion|appendix)\b[^.;:]{1,30}\bfollowing"
    r" (?:\w+ )?(?:paper|article|publication|work)s?\b"
)
_LONGEST_HOUSE = 3  # words of a publisher's name
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def read_comment(comment: str) -> CommentReading:
    """The claims of a comment, in its order."""
    comment = comment[:READ_AT_MOST]
    other = _FOLLOWING_PAPER.search(comment) if "following" in comment else None
    if other:
        comment = comment[: other.end()]
    words = Words(comment)
    reading = CommentReading(words)
    if SAYING_NOTHING.issuperset([word for word in words.lower if not word.isdecimal()]):
        return reading  # "12 pages, 3 figures"
    marks, venues = find_marks(words, venue_table())
    roles = {mark.role for mark in marks}
    if TELLING.isdisjoint(roles) and mend_slips(words):
        marks, venues = find_marks(words, venue_table())
        roles = {mark.role for mark in marks}
    telling: list[int] = []
    dated = ("19" in comment or "20" in comment) and _YEAR.search(comment) is not None
    if dated or not STRONG_HEADS.isdisjoint(words.lower):
        telling = [
            k
            for k, word in enumerate(words.lower)
            if word in STRONG_HEADS or (len(word) == 4 and word.isdecimal() and full_year(word))
        ]
    elif "Journal of " in comment:
        telling = [k for k, word in enumerate(words.lower) if word == "journal"]
    if not venues and not telling and SILENT.issuperset(roles) and not (marks and "version" in words.lower):
        return reading
    reading.marks = marks
    inside: set[int] = set()
    for mark in marks:
        inside.update(range(mark.start + 1, mark.end))
    for found in venues.values():
        inside.update(range(found.start + 1, found.end))
    cut = cuts(words, inside)
    ends = [k for k, apart in enumerate(cut) if apart == APART and k] + [len(words)]
    waiting = iter(marks)
    ahead = next(waiting, None)
    worth = sorted({*venues, *telling})
    first = at = 0
    for end in ends:
        here: list[Mark] = []
        while ahead is not None and ahead.start < end:
            here.append(ahead)
            ahead = next(waiting, None)
        begin = at
        while at < len(worth) and worth[at] < end:
            at += 1
        if here or at > begin:
            within = {k: venues[k] for k in worth[begin:at] if k in venues}
            sentence = Sentence(words, first, end, within, cut, tuple(here))
            claims = SentenceReader(sentence).read()
            if claims and reading.claims:
                _take_acronym(reading.claims[-1], claims[0], first)
            reading.claims.extend(claims)
        first = end
    if reading.claims and all(claim.named is None for claim in reading.claims):
        _look_next_door(reading, [0, *ends], venues, cut)
    return reading


def _take_acronym(claim: Claim, behind: Claim, first: int) -> None:
    """A title whose conference, with its year, begins the next sentence (at word `first`), as Springer words
    it: "Published in: Foo Vision. ECCV 2022. Lecture Notes in ..."."""
    title, event = claim.named, behind.named
    if title is None or event is None or title.row is not None or title.kind is not None:
        return
    alone = behind.cue is None and behind.year is not None and behind.kind == "conference"
    if alone and title.end == event.start == first and not title.is_series and not event.is_series:
        claim.named, claim.year, claim.kind = event, behind.year, behind.kind


def _look_next_door(
    reading: CommentReading, bounds: list[int], venues: dict[int, Found], cut: list[int]
) -> None:
    """A status without a venue takes the one that is all its neighbour says: "Accepted; MNRAS"."""
    for claim in reading.claims:
        if claim.cue is None or claim.status not in ("accepted", "submitted", "published"):
            continue
        at = next(i for i in range(len(bounds) - 1) if claim.cue[0] < bounds[i + 1])
        if claim.status == "published" and claim.cue[0] != bounds[at]:
            continue
        for i in (at + 1, *([at - 1] if claim.cue[0] == bounds[at] else [])):
            if not 0 <= i < len(bounds) - 1:
                continue
            first, last = bounds[i], bounds[i + 1]
            sentence = Sentence(reading.words, first, last, venues, cut)
            while first < last - 1 and reading.words.lower[first] in ("in", "the"):
                first += 1
            found = venues.get(first)
            # "Journal of Foo, Bar Press. Published 2012"
            near = range(last - _LONGEST_HOUSE, last)
            if found is not None and found.sure:
                ends = found.end >= last or (cut[found.end] and (i > at or found.end in near))
                if ends and (claim.status != "published" or found.row.kind == "journal"):
                    _take(sentence, claim, from_table(found))
                    return
            named = own_words(sentence, first, last)
            if named is None or named.kind != "journal":
                continue
            if named.end == last or (i < at and cut[named.end] and named.end in near):
                _take(sentence, claim, named)
                return


def _take(sentence: Sentence, claim: Claim, named: Named) -> None:
    """Give a claim a venue of another sentence, but for its year, if it has one of its own."""
    year = claim.year
    name_claim(sentence, claim, named)
    claim.year = year or claim.year
