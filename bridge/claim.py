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
    "printed": 7,
    "published": 7,
    "accepted": 6,
    "chapter": 5,
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
    to_come: bool = False  # "to appear in", "in press"
    told: bool = False  # "to be presented at"
    reasons: list[str] = field(default_factory=list)


def source_of_name(best: Claim, live: list[Claim]) -> Claim:
    """The claim that tells the venue's name: `best`, unless an event says more than where it was printed."""
    if best.named is None:
        named = [c for c in live if c.named is not None]
        return source_of_name(max(named, key=lambda c: c.rank), live) if named else best
    row = best.named.row
    events: list[Claim] = []
    if row is None and best.named.quoted:
        # To appear in "Title", the proceedings of the Known Meeting
        events = [
            c
            for c in live
            if "cue proceedings" in c.reasons
            and c.named is not None
            and c.named.row is not None
            and not c.named.is_series
        ]
    elif best.named.is_series or (row is not None and row.kind == "book"):
        events = [
            c
            for c in live
            if c.named is not None
            and c.named.row is not row
            and not c.named.is_series
            and (
                (c.named.kind or c.kind) in ("conference", "workshop")
                or (c.kind == "book" and (c.named.quoted or c.named.row is not None))
            )
        ]
    return events[0] if events else best
