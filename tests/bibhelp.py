"""A .bib target driven in one line: records made to measure, a run, a person's edit, a value read back."""

from __future__ import annotations

from pathlib import Path

from bridge.bibtex.document import Document
from bridge.bibtex.target import BibTarget, Outcome
from bridge.decisions import Decisions
from bridge.plan import Plan
from bridge.record import Author, Record, Stated, Venue

PLAIN = Decisions()
TODAY = "2026-03-01"


def record(number: int, title: str = "A Study of Things", **rest: object) -> Record:
    given: dict[str, object] = {
        "arxiv_id": f"2606.{number:05d}",
        "version": 1,
        "credits": (Author("Jane", "Müller"), Author("Bob", "de Lara")),
        "published": "2026-06-03T00:00:00Z",
        "updated": "2026-06-04T00:00:00Z",
        "primary_category": "cs.DC",
        "categories": ("cs.DC", "cs.LG"),
        "stated": Stated("preprint"),
    }
    return Record(title, **(given | rest))  # type: ignore[arg-type]


def appeared(number: int, title: str = "A Study of Things", **rest: object) -> Record:
    venue = Venue("published", "NSDI", "Networked Systems", "conference", 2027)
    return record(number, title, stated=Stated("conferencePaper", venue), doi="10.1145/1.2", **rest)


def run(
    path: Path, *records: Record, decisions: Decisions = PLAIN, today: str = TODAY, **style: object
) -> tuple[Plan, Outcome, BibTarget]:
    target = BibTarget(path, **style)  # type: ignore[arg-type]
    plan = target.plan(records, decisions, today)
    for action in plan.actions:
        changed = [change.field for change in action.changes]
        assert len(changed) == len(set(changed)), changed
    return plan, target.apply(plan), target


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8", newline="")


def value(path: Path, key: str, name: str) -> str | None:
    document = Document(path.read_text(encoding="utf-8"))
    entry = next(entry for entry in document.entries if entry.key == key)
    field = entry.field(name)
    return document.value(field) if field else None
