"""Measures the venue hints: `make measure-venues`, or `python benchmarks/measure_venues.py [FILE...]`.

A `.jsonl` file holds labelled comments (`comment`, and `label` with status, venue, venue_text, year, kind,
pages, figures, related: the form of tests/venue/labelled.jsonl); without arguments the project's own are
measured. A `.jsonl.gz` file holds unlabelled records (`comment`, `journal_ref`, `doi`): there it is measured
how often a comment that claims a venue agrees with what the journal_ref or the DOI of the same record tells.

A venue is right when its name is the labelled one, or its evidence holds at least half of the labelled words.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bridge.comment import read_comment_facts  # noqa: E402
from bridge.record import Venue  # noqa: E402
from bridge.venue import read_venue  # noqa: E402
from bridge.words import plain_words  # noqa: E402

FIELDS = ("status", "venue", "year", "kind", "pages", "figures", "related")
STATUSES = ("published", "accepted", "submitted", "withdrawn", "none")
CLAIMING = ("published", "accepted")


@dataclass(frozen=True)
class Judged:
    """A labelled comment, what was read out of it, and which fields are right."""

    row: dict[str, Any]
    label: dict[str, Any]
    venue: Venue
    right: dict[str, bool]

    @property
    def field(self) -> str:
        return str(self.row.get("primary_category") or "?").split(".")[0]

    @property
    def decade(self) -> str:
        year = self.row.get("year_of_id") or self.row.get("year")
        return f"{year // 10 * 10}s" if isinstance(year, int) else "?"

    def read(self, field: str) -> Any:
        return self.venue.name if field == "venue" else getattr(self.venue, field)


def venue_is_right(venue: Venue, label: dict[str, Any]) -> bool:
    if label["venue"] is None or venue.name is None:
        return label["venue"] is None and venue.name is None
    if venue.name.casefold() == label["venue"].casefold():
        return True
    wanted = set(plain_words(label.get("venue_text") or label["venue"]))
    return any(
        2 * len(wanted & set(plain_words(evidence.text))) >= len(wanted) for evidence in venue.evidence
    )


def judge(row: dict[str, Any]) -> Judged:
    comment = " ".join(row["comment"].split())
    label = {
        "venue": None,
        "year": None,
        "kind": None,
        "pages": None,
        "figures": None,
        "related": [],
        **row["label"],
    }
    venue = read_venue(comment, None, None).venue
    facts = read_comment_facts(comment, own_id=row.get("arxiv_id"))
    right = {
        "status": venue.status == label["status"],
        "venue": venue_is_right(venue, label),
        "year": venue.year == label["year"],
        "kind": venue.kind == label["kind"],
        "pages": facts.pages == label["pages"],
        "figures": facts.figures == label["figures"],
        "related": [related.arxiv_id for related in facts.related] == list(label["related"]),
    }
    return Judged(row, label, venue, right)


def judge_file(path: Path) -> list[Judged]:
    return [judge(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@dataclass(frozen=True)
class Score:
    """How many were claimed, were wanted, and were both."""

    hits: int
    claimed: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.hits / self.claimed if self.claimed else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.wanted if self.wanted else 1.0

    def __str__(self) -> str:
        both = self.precision + self.recall
        f1 = 2 * self.precision * self.recall / both if both else 0.0
        return (
            f"precision {self.precision:.3f} ({self.hits}/{self.claimed}) "
            f"recall {self.recall:.3f} ({self.hits}/{self.wanted}) F1 {f1:.3f}"
        )


def score_of_field(judged: list[Judged], field: str) -> Score:
    """Of venue, year or kind: claimed and wanted mean that it is not None."""
    claimed = [one for one in judged if one.read(field) is not None]
    wanted = [one for one in judged if one.label[field] is not None]
    return Score(sum(one.right[field] for one in wanted), len(claimed), len(wanted))


def score_of_status(judged: list[Judged], status: str) -> Score:
    claimed = [one for one in judged if one.venue.status == status]
    wanted = sum(one.label["status"] == status for one in judged)
    return Score(sum(one.right["status"] for one in claimed), len(claimed), wanted)


def share(outcomes: Iterable[bool]) -> str:
    values = list(outcomes)
    return f"{sum(values) / len(values):.3f} ({sum(values)}/{len(values)})" if values else "- (0)"


def wrongly_claimed(judged: list[Judged]) -> list[bool]:
    """Of the comments that claim no acceptance: whether one was read nevertheless."""
    return [one.venue.status in CLAIMING for one in judged if one.label["status"] not in CLAIMING]


def confident(judged: list[Judged], least: float, below: float = 2.0) -> list[bool]:
    """Of the hints with a confidence in [least, below): whether status and venue are right."""
    return [
        one.right["status"] and one.right["venue"]
        for one in judged
        if one.venue.status != "none" and least <= one.venue.confidence < below
    ]


def report_groups(judged: list[Judged], what: str, key: Callable[[Judged], str]) -> None:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one)].append(one)
    print(f"  by {what}:")
    for name, members in sorted(groups.items()):
        parts = (f"{f} {sum(one.right[f] for one in members) / len(members):.2f}" for f in FIELDS[:4])
        print(f"    {name:12} n={len(members):<4} {' '.join(parts)}")


def report_labelled(path: Path) -> None:
    judged = judge_file(path)
    print(f"\n== {path.name}: {len(judged)} labelled comments")
    for field in FIELDS:
        print(f"  {field:9} right {share(one.right[field] for one in judged)}")
    for field in ("venue", "year", "kind"):
        print(f"  {field:9} {score_of_field(judged, field)}")
    for status in STATUSES:
        print(f"  {status:9} {score_of_status(judged, status)}")
    print(f"  wrongly accepted or published: {share(wrongly_claimed(judged))}")
    print(f"  confidence >= 0.90      right: {share(confident(judged, 0.9))}")
    print(f"  confidence 0.75 to 0.90 right: {share(confident(judged, 0.75, 0.9))}")
    print(f"  confidence < 0.75       right: {share(confident(judged, 0.0, 0.75))}")
    report_groups(judged, "field", lambda one: one.field)
    report_groups(judged, "decade", lambda one: one.decade)
    for one in judged:
        wrong = [field for field in FIELDS if not one.right[field]]
        if wrong:
            comment = " ".join(one.row["comment"].split())
            print(f"  WRONG {','.join(wrong)} [{one.row.get('arxiv_id')}] {comment}")
            told = dict.fromkeys((*FIELDS[:4], *wrong))
            print("      want", {field: one.label[field] for field in told})
            print("      read", {field: one.read(field) for field in FIELDS[:4]}, one.venue.confidence)


def report_agreement(path: Path) -> None:
    count = hints = agreed = 0
    seconds = 0.0
    pairs: Counter[tuple[str, str]] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            comment = " ".join((row.get("comment") or "").split())
            begin = time.process_time()
            told = read_venue(comment, None, None).venue
            seconds += time.process_time() - begin
            count += 1
            hints += told.status != "none"
            if (
                told.status in CLAIMING
                and told.name is not None
                and (row.get("journal_ref") or row.get("doi"))
            ):
                printed = read_venue(None, row.get("journal_ref"), row.get("doi")).venue
                if printed.name is not None:
                    agreed += told.name == printed.name
                    pairs[told.name, printed.name] += 1
    each = 1e6 * seconds / max(count, 1)
    print(f"\n== {path.name}: {count} records, {hints} with a hint, {each:.1f} µs a comment")
    total = sum(pairs.values())
    print(f"  comment and journal_ref or DOI name one venue: {agreed}/{total} = {agreed / max(total, 1):.3f}")
    differing = Counter({pair: number for pair, number in pairs.items() if pair[0] != pair[1]})
    for (told_name, printed_name), number in differing.most_common(40):
        print(f"    {number:4} {told_name!r} but {printed_name!r}")


def main(arguments: list[str]) -> None:
    paths = [Path(argument) for argument in arguments] or sorted((ROOT / "tests" / "venue").glob("*.jsonl"))
    for path in paths:
        if path.name.endswith(".gz"):
            report_agreement(path)
        else:
            report_labelled(path)


if __name__ == "__main__":
    main(sys.argv[1:])
