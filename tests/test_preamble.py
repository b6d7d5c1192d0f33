"""Letters that plain LaTeX lacks bring their definitions along, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.bibtex.target import BibTarget, new_bib_text
from bridge.decisions import Decisions
from bridge.record import Credit, Record

TODAY = "2026-11-23"


def paper(number: int, name: str) -> Record:
    return Record(
        title=f"Paper {number}",
        arxiv_id=f"2606.{number:05d}",
        version=1,
        credits=(Credit(name),),
        published="2026-06-02T11:14:57Z",
        primary_category="cs.DC",
    )


def write(path: Path, *records: Record, dialect: str = "bibtex") -> str:
    target = BibTarget(path, dialect=dialect)  # type: ignore[arg-type]
    target.apply(target.plan(records, Decisions(), TODAY))
    with path.open(newline="", encoding="utf-8") as file:
        return file.read()


@pytest.mark.parametrize(
    "before",
    [
        "",
        "@misc{a,\n  title = {Q}\n}",
        "@misc{a,\n  title = {Q}\n}\n",
        "@misc{a,\n  title = {Q}\n}\n\n\n",
        "@misc{a,\r\n  title = {Q}\r\n}\r\n",
    ],
)
def test_definitions_stand_once_before_the_new_entries(tmp_path: Path, before: str) -> None:
    path = tmp_path / "refs.bib"
    if before:
        path.write_bytes(before.encode())
    text = write(path, paper(1, "Jan Ząbek"))
    assert text.startswith(before)
    assert text.count("@preamble") == 1
    newline = "\r\n" if "\r\n" in before else "\n"
    assert f'"}}{newline}{newline}@misc{{zabek' in text
    assert newline + newline + newline + "@" not in text.removeprefix(before)
    # the file has them now: another such letter brings only its own
    more = write(path, paper(1, "Jan Ząbek"), paper(2, "Ewa Wąs"), paper(3, "Jón Þór"))
    assert more.startswith(text[: text.index("@misc{zabek")])
    assert more.count("{\\k}[1]") == 1
    assert more.count("{\\TH}{Th}") == 1
    assert write(path, paper(1, "Jan Ząbek"), paper(2, "Ewa Wąs"), paper(3, "Jón Þór")) == more


def test_what_every_latex_can_set_brings_none(tmp_path: Path) -> None:
    assert "@preamble" not in write(tmp_path / "refs.bib", paper(1, "Jörg Müller"))


def test_biblatex_needs_none(tmp_path: Path) -> None:
    assert "@preamble" not in write(tmp_path / "refs.bib", paper(1, "Jan Ząbek"), dialect="biblatex")


def test_standard_output_has_them_too() -> None:
    text = new_bib_text([paper(1, "Jan Ząbek")])
    assert text.startswith("@preamble{")
    assert '"}\n\n@misc{zabek' in text
