"""A claim: one thing that a comment says of its paper."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.named import Named
from bridge.phrases import word_set
from bridge.record import Kind, Status

PAPER_WORDS = word_set("paper words")
# published in > accepted by > presented at, in a book > proceedings of > submitted to > a bare venue
RANK = {
    "withdrawn": 10,
    "thesis": 9,
    "printed": 6,
    "published": 6,
    "accepted": 5,
    "chapter": 4,
    "talk": 4,
    "proceedings": 3,
    "submitted": 2,
    "bare": 1,
}


@dataclass(slots=True)
class Claim:
    """One thing that the comment says of this paper. `rank` orders claims of different strength."""

    status: Status | str
    rank: int
    cue: tuple[int, int] | None
    named: Named | None = None
    year: int | None = None
    kind: Kind | None = None
    reasons: list[str] = field(default_factory=list)
