"""Measures the venue hints: `make measure-venues`, or `python benchmarks/measure_venues.py [FILE...]`.

A `.jsonl` file holds labelled comments (`comment`, `label`: status, venue, venue_text, year, kind, pages, figures,
related; the form of tests/venue/labelled.jsonl); without arguments the project's own are measured. A `.jsonl.gz`
file holds unlabelled records (`comment`, `journal_ref`, `doi`): there it is measured how often a comment that
claims a venue agrees with what the journal_ref or the DOI of the same record tells.

A venue is right when its name is the labelled one, or its evidence holds at least half of the labelled words.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
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
CLAIMING = ("published", "accepted")


def venue_is_right(venue: Venue, label: dict[str, Any]) -> bool:
    if label["venue"] is None or venue.name is None:
        return label["venue"] is None and venue.name is None
    if venue.name.casefold() == label["venue"].casefold():
        return True
    wanted = plain_words(label.get("venue_text") or label["venue"])
    for evidence in venue.evidence:
        given = plain_words(evidence.text)
        if 2 * len(set(wanted) & set(given)) >= len(set(wanted)):
            return True
    return False


def judged(row: dict[str, Any]) -> tuple[dict[str, bool], Venue, dict[str, Any]]:
    """Which fields of a labelled row are right, and what was read."""
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
        "related": [r.arxiv_id for r in facts.related] == list(label["related"]),
    }
    return right, venue, label


def ratio(part: int, whole: int) -> str:
    return f"{part / whole:6.3f} ({part}/{whole})" if whole else "     - (0)"


def f1(precision: tuple[int, int], recall: tuple[int, int]) -> str:
    p = precision[0] / precision[1] if precision[1] else 0.0
    r = recall[0] / recall[1] if recall[1] else 0.0
    return f"{2 * p * r / (p + r):.3f}" if p + r else "-"


def measure_labelled(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    results = [(row, *judged(row)) for row in rows]
    print(f"\n== {path.name}: {len(rows)} labelled comments")
    for field in FIELDS:
        print(f"  {field:8} right {ratio(sum(right[field] for _, right, _, _ in results), len(results))}")
    for field in ("venue", "year", "kind"):
        claimed = [
            (right, v, lab)
            for _, right, v, lab in results
            if getattr(v, "name" if field == "venue" else field) is not None
        ]
        wanted = [(right, v, lab) for _, right, v, lab in results if lab[field] is not None]
        hits = sum(right[field] for right, _, lab in claimed if lab[field] is not None)
        got = sum(right[field] for right, _, _ in wanted)
        print(
            f"  {field:8} precision {ratio(hits, len(claimed))} recall {ratio(got, len(wanted))} "
            f"F1 {f1((hits, len(claimed)), (got, len(wanted)))}"
        )
    for status in ("published", "accepted", "submitted", "withdrawn", "none"):
        claimed_n = sum(v.status == status for _, _, v, _ in results)
        wanted_n = sum(lab["status"] == status for _, _, _, lab in results)
        hits = sum(v.status == status == lab["status"] for _, _, v, lab in results)
        print(
            f"  {status:9} precision {ratio(hits, claimed_n)} recall {ratio(hits, wanted_n)} F1 {f1((hits, claimed_n), (hits, wanted_n))}"
        )
    quiet = [(row, v) for row, _, v, lab in results if lab["status"] not in CLAIMING]
    loud = sum(v.status in CLAIMING for _, v in quiet)
    print(f"  wrongly accepted or published: {ratio(loud, len(quiet))}")
    calibrate(
        (v.confidence, right["status"] and right["venue"]) for _, right, v, _ in results if v.status != "none"
    )
    grouped(
        "field", [((row.get("primary_category") or "?").split(".")[0], right) for row, right, _, _ in results]
    )
    grouped("decade", [(_decade(row), right) for row, right, _, _ in results])
    for row, right, venue, label in results:
        wrong = [field for field in FIELDS if not right[field]]
        if wrong:
            said = {"status": venue.status, "venue": venue.name, "year": venue.year, "kind": venue.kind}
            print(f"  WRONG {','.join(wrong)} [{row.get('arxiv_id')}] {' '.join(row['comment'].split())}")
            print(
                f"      want { ({key: label.get(key) for key in (*said, *wrong)}) }\n      read {said} {venue.confidence}"
            )


def _decade(row: dict[str, Any]) -> str:
    year = row.get("year_of_id") or row.get("year")
    return f"{year // 10 * 10}s" if isinstance(year, int) else "?"


def calibrate(pairs: Iterable[tuple[float, bool]]) -> None:
    bands: dict[str, list[bool]] = defaultdict(list)
    for confidence, right in pairs:
        bands[">= 0.90" if confidence >= 0.9 else "0.75-0.90" if confidence >= 0.75 else "< 0.75"].append(
            right
        )
    for band, outcomes in sorted(bands.items(), reverse=True):
        print(f"  confidence {band:9} right {ratio(sum(outcomes), len(outcomes))}")


def grouped(what: str, rows: Iterable[tuple[str, dict[str, bool]]]) -> None:
    groups: dict[str, list[dict[str, bool]]] = defaultdict(list)
    for name, right in rows:
        groups[name].append(right)
    print(f"  by {what}:")
    for name, rights in sorted(groups.items()):
        parts = " ".join(
            f"{field} {sum(r[field] for r in rights) / len(rights):.2f}"
            for field in ("status", "venue", "year", "kind")
        )
        print(f"    {name:12} n={len(rights):<4} {parts}")


def measure_agreement(path: Path) -> None:
    agreed = compared = 0
    pairs: Counter[tuple[str | None, str | None]] = Counter()
    seconds = 0.0
    count = with_hint = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            comment = " ".join((row.get("comment") or "").split())
            begin = time.process_time()
            told = read_venue(comment, None, None).venue
            seconds += time.process_time() - begin
            count += 1
            with_hint += told.status != "none"
            if (
                told.status not in CLAIMING
                or told.name is None
                or not (row.get("journal_ref") or row.get("doi"))
            ):
                continue
            printed = read_venue(None, row.get("journal_ref"), row.get("doi")).venue
            if printed.name is None:
                continue
            compared += 1
            if told.name == printed.name:
                agreed += 1
            else:
                pairs[(told.name, printed.name)] += 1
    print(
        f"\n== {path.name}: {count} records, {with_hint} with a hint, {1e6 * seconds / max(count, 1):.1f} µs a comment"
    )
    print(f"  comment and journal_ref/DOI name the same venue: {ratio(agreed, compared)}")
    for (told_name, printed_name), number in pairs.most_common(40):
        print(f"    {number:4} {told_name!r} but {printed_name!r}")


def main(arguments: list[str]) -> None:
    paths = [Path(argument) for argument in arguments] or sorted((ROOT / "tests" / "venue").glob("*.jsonl"))
    for path in paths:
        if path.name.endswith(".gz"):
            measure_agreement(path)
        else:
            measure_labelled(path)


if __name__ == "__main__":
    main(sys.argv[1:])
