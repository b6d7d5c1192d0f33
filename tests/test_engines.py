"""What a .bib asks of LaTeX: engines, encodings, packages; told once, and never for what prints anyway."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from bibhelp import record, run
from texjudge import compile_text

from bridge.bibtex.engines import ENGINES, Wants, notes, shown, wants
from bridge.bibtex.target import new_bib_text
from bridge.errors import Problem
from bridge.record import Credit
from bridge.tables import builtin_text, read_rows
from tests.conftest import Run
from tests.feedtext import Paper, feed_text

PRINTED = {
    needs: "".join(
        row["characters"]
        for row in read_rows(builtin_text("pdflatex.csv"), "pdflatex.csv", ("characters", "needs"))
        if row["needs"] == needs
    )
    for needs in ("", "T1")
}


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("A Plain Title", None),
        ("Müller's “Łódź” – ﬁne", None),
        (r"The $\alpha$ of $x^2$ {\textbf{x}}", None),
        ("Fast α-divergence, α ≥ √2", Wants("α≥√")),
        ("Đặng and Ząbek", Wants("ặ", "Đą")),
        (
            r"Sets of $\mathbb{R}^n \lesssim \mathbb{C}$",
            Wants("", "", (("amssymb", "mathbb"), ("amssymb", "lesssim"))),
        ),
        # a letter and its mark are one letter where there is one
        (unicodedata.normalize("NFD", "Müller"), None),
        ("x\u0304", Wants("\u0304")),
    ],
)
def test_what_an_entry_asks_for(title: str, wanted: Wants | None) -> None:
    assert wants([("title", title), ("year", "2026"), ("abstract", "≥")]) == wanted


def test_a_few_letters_are_shown() -> None:
    assert shown("大大语") == "大, 语"
    assert shown("αβγδεζ") == "α, β, γ, δ, ε …"
    assert shown("\u0304\u2009") == "U+0304, U+2009"


def test_one_note_for_each_way_to_print_them() -> None:
    asking = [
        Wants("α", "ą", (("amssymb", "mathbb"),)),
        Wants("≥α"),
        Wants(commands=(("amssymb", "mathbb"), ("amsmath", "tfrac"))),
    ]
    told = list(notes("refs.bib", asking))
    assert [(one.code, str(one.place), one.lost) for one in told] == [
        ("needs-engine", "refs.bib", False),
        ("needs-encoding", "refs.bib", False),
        ("needs-package", "refs.bib", False),
        ("needs-package", "refs.bib", False),
    ]
    assert f"(α, ≥): {ENGINES}" in told[0].detail
    assert r"\usepackage[T1]{fontenc} (ą)" in told[1].detail
    assert r"\tfrac, which LaTeX knows with \usepackage{amsmath}" in told[2].detail
    assert list(notes("refs.bib", [])) == []


def test_a_file_for_biblatex_is_told_of_what_is_written_into_it(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    papers = [record(1, "On α"), record(2, "On β"), record(3, "Plain")]
    _, _, target = run(path, *papers, dialect="biblatex")
    (told,) = target.problems
    assert (told.code, told.place.source) == ("needs-engine", str(path))
    assert "(α, β)" in told.detail
    # nothing new, nothing to tell
    assert run(path, *papers, dialect="biblatex")[2].problems == []
    _, _, target = run(path, *papers, record(4, "On γ"), dialect="biblatex")
    assert ["(γ)" in one.detail for one in target.problems] == [True]


def test_bibtex_brings_its_own_definitions(tmp_path: Path) -> None:
    assert run(tmp_path / "refs.bib", record(1, r"On α and $\mathbb{R}$"))[2].problems == []


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@pytest.mark.parametrize("output", [[], ["-o", "refs.bib"]])
def test_the_note_comes_wherever_the_bib_goes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dialect: str, output: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.atom").write_text(feed_text(Paper(title="大语言模型 of things")))
    ran = run("bib", "a.atom", "--dialect", dialect, *output)
    assert ran.code == 0
    assert f"letters that pdflatex cannot print (大, 语, 言, 模, 型): {ENGINES}" in ran.err
    assert "note" not in run("bib", "a.atom", "-q", "--dialect", dialect, *output).err
    assert ("title" in ran.out) == (not output)


def test_names_are_told_too() -> None:
    told: list[Problem] = []
    new_bib_text([record(1, credits=(Credit("Лев Толстой"),))], report=told.append)
    assert "its author list has letters that pdflatex cannot print (Л, е, в, Т, о …)" in told[0].detail


@pytest.mark.tex
@pytest.mark.parametrize("needs", ["", "T1"])
def test_latex_prints_what_the_table_says(tmp_path: Path, needs: str) -> None:
    head = "\\usepackage[T1]{fontenc}" if needs else ""
    body = "\n\n".join(f"a{c}b" for c in PRINTED[needs])
    assert compile_text(body, tmp_path, head).complaints == ()


@pytest.mark.tex
def test_latex_lacks_what_the_table_does_not_hold(tmp_path: Path) -> None:
    lacking = "αβΩ≤≥√₂∞ễạ中Ж\u0304\u2009" + PRINTED["T1"]
    complaints = compile_text("\n\n".join(f"a{c}b" for c in lacking), tmp_path).complaints
    assert len(complaints) == len(lacking)


@pytest.mark.slow
@pytest.mark.tex
def test_biber_leaves_the_characters_as_they_are(tmp_path: Path) -> None:
    head = "\\usepackage[backend=biber]{biblatex}\\addbibresource{x.bib}"
    body = "\\nocite{*}\\printbibliography"
    sound = new_bib_text([record(1, "Müller → “Łódź”"), record(2, r"$\alpha$")], dialect="biblatex")
    assert compile_text(body, tmp_path, head, sound).complaints == ()
    told: list[Problem] = []
    wanting = new_bib_text(
        [record(1, "Fast α-divergence"), record(2, r"$\mathbb{R}$ of things")],
        dialect="biblatex",
        report=told.append,
    )
    assert len(compile_text(body, tmp_path, head, wanting).complaints) == len(told) == 2
