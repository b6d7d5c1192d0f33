"""The labelled comments of tests/venue, all fields: what the venue hints promise, measured."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
LABELLED = ROOT / "tests" / "venue" / "labelled.jsonl"
SECOND = ROOT / "tests" / "venue" / "labelled-second.jsonl"
THIRD = ROOT / "tests" / "venue" / "labelled-third.jsonl"
FOURTH = ROOT / "tests" / "venue" / "labelled-fourth.jsonl"


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_venues", ROOT / "benchmarks" / "measure_venues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PROMISED = {"status": 0.95, "year": 0.97, "kind": 0.95, "pages": 0.98, "figures": 0.97, "related": 0.98}
# a little below what is measured, so that a change that costs more than it brings shows
MEASURED = {"status": 0.96, "year": 0.97, "kind": 0.95, "pages": 0.99, "figures": 0.99, "related": 0.99}


@pytest.mark.parametrize(
    ("path", "least_many", "right", "precision", "recall"),
    [
        (LABELLED, 250, PROMISED, 0.97, 0.92),
        pytest.param(SECOND, 4500, MEASURED, 0.965, 0.94, marks=pytest.mark.slow),
        pytest.param(THIRD, 5000, MEASURED, 0.975, 0.95, marks=pytest.mark.slow),
        (FOURTH, 280, MEASURED, 0.98, 0.97),
    ],
)
def test_labelled_comments_are_read_as_promised(
    measure: ModuleType, path: Path, least_many: int, right: dict[str, float], precision: float, recall: float
) -> None:
    judged = measure.judge_file(path)
    assert len(judged) >= least_many
    for field, least in right.items():
        assert sum(one.right[field] for one in judged) / len(judged) >= least, field
    venue = measure.score_of_field(judged, "venue")
    assert venue.precision >= precision
    assert venue.recall >= recall
    assert sum(measure.wrongly_claimed(judged)) <= 0.01 * len(judged)
    sure = measure.confident(judged, 0.9)
    assert len(sure) >= 50
    assert sum(sure) / len(sure) >= 0.975


def test_every_reason_that_a_hint_gives_has_a_weight(measure: ModuleType) -> None:
    from bridge.venue import weights

    reasons = {reason for one in measure.judge_file(LABELLED) for reason in one.venue.reasons}
    assert reasons <= set(weights())
    assert len(reasons) >= 12


def test_the_measurement_prints_what_it_found(
    measure: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text(
        '{"comment": "Accepted to ICML 2020", "primary_category": "cs.LG", "year_of_id": 2020,'
        ' "label": {"status": "accepted", "venue": "ICML", "year": 2020, "kind": "conference"}}\n'
        '{"comment": "12 pages", "label": {"status": "accepted", "venue": "ICML", "pages": 12}}\n',
        encoding="utf-8",
    )
    measure.main([str(few)])
    out = capsys.readouterr().out
    assert "status    right 0.500 (1/2)" in out
    assert "venue     precision 1.000 (1/1) recall 0.500 (1/2)" in out
    assert "WRONG status,venue" in out
    assert "2020s" in out
