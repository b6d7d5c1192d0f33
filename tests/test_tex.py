"""TeX itself as the judge of what is written: no complaint, no entry lost, an article that compiles."""

from __future__ import annotations

import random
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from nastytext import PIECES as ALL_PIECES
from nastytext import nasty_texts
from texjudge import STYLES, compile_article, compile_text, need, run_biber, run_bibtex

from bridge.bibtex.entry import entry_fields, extra_field_names, format_entry
from bridge.bibtex.latex import meaning, to_latex
from bridge.bibtex.letters import preamble
from bridge.bibtex.target import new_bib_text
from bridge.citekey import unique_keys
from bridge.config import Dialect
from bridge.names import parse_name
from bridge.record import Author, Credit, PublishedIn, Record, Stated, Venue
from bridge.tables import load

# scripts that no pdfLaTeX font has stay as they are, for other engines
PIECES = [piece for piece in ALL_PIECES if piece not in ("中", "Ж")]

pytestmark = pytest.mark.tex

# what a style misses that nobody told us (an article's pages, a publisher's town) is no fault of the entry
_NOT_OURS = re.compile(
    r"Warning--(empty (address|publisher|pages)|page numbers missing in both|no number and no volume)"
)

GOOD = Record(
    "A Study of Things",
    "2606.03498",
    2,
    credits=(Credit("Eyal de Lara"),),
    published="2026-06-02T09:15:10Z",
    primary_category="cs.DC",
    categories=("cs.DC",),
    stated=Stated("preprint"),
)

# titles and names as arXiv has them, each with something that breaks a careless writer
NASTY: list[Record] = [
    replace(GOOD, title="DxPTA: $H_0$ & 50% of x_1 #2 in GPT-3's ~10^3 MPI ranks"),
    replace(GOOD, title="Nguyễn's “quoted” theorem – on α-decay at √s ≤ 10 TeV, H₂O and ℝ², ħω"),
    replace(GOOD, title=r"On \input{/etc/passwd} and \write18{ls} { unbalanced", pinned=True),
    replace(
        GOOD,
        title=r"{\it Chandra} view of \sqrt{s} and $\left(\frac12\right)^2_{\rm eff}$ in $\mathbb{Z}_2$",
        updated="2026-07-01",
    ),
    replace(
        GOOD,
        title="Names from everywhere",
        credits=tuple(
            Credit(name)
            for name in (
                "Lech Wałęsa",
                "Đặng Văn Lâm",
                "Nguyễn Thị Ánh",
                "Þór Ægisson",
                "Șerban Țițeica",
                "İbrahim Yıldız",
                "Jiří Šafařík",
                "Pál Erdős",
                "Santiago Ramón y Cajal",
                "C. -P. Yuan",
                "John Smith Jr.",
                "for the ATLAS Collaboration",
                "Robert [Bob] O'Dea",
                "Hồ Quỳnh Hương",
                "Vũ Hảo",
            )
        ),
    ),
    replace(
        GOOD,
        title="Published at a conference",
        stated=Stated(
            "conferencePaper",
            Venue("published", "ICML", "International Conference on Machine Learning", "conference", 2024),
            PublishedIn("12", "3", "1-10", None, "PMLR"),
        ),
    ),
    replace(
        GOOD,
        title="Accepted in a journal & elsewhere",
        doi="10.1016/S0370-2693(01)00001-7",
        stated=Stated(
            "journalArticle",
            Venue("accepted", "A&A", "Astronomy & Astrophysics", "journal", 2026),
            PublishedIn("7", "1", None, "A12"),
        ),
    ),
    replace(
        GOOD, title="A thesis", stated=Stated("thesis", Venue(name="TU München", kind="thesis", year=2020))
    ),
    replace(
        GOOD,
        title="A thesis of no school",
        stated=Stated("thesis", Venue(kind="thesis")),
        comment="MSc thesis",
    ),
    replace(GOOD, title="Withdrawn", stated=Stated("preprint", Venue("withdrawn"))),
    replace(
        GOOD,
        title="A chapter",
        stated=Stated(
            "bookSection",
            Venue("published", "Handbook", None, "book", 2020),
            PublishedIn(publisher="Springer", pages="5"),
        ),
    ),
    replace(GOOD, title="Nobody wrote this", credits=()),
    replace(
        GOOD,
        title='Quotes "here" and `there`, it’s <all> | fine… 中文 is for another engine'.replace("中文", ""),
    ),
]


def written(records: list[Record], dialect: Dialect, extra: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """The .bib text of `records`, with the preamble that it wants, and its keys."""
    keys = unique_keys(records)
    entries = [
        format_entry(entry_fields(record, dialect=dialect, extra_fields=extra), key)
        for record, key in zip(records, keys, strict=True)
    ]
    text = "\n".join(entries)
    return (preamble(text) if dialect == "bibtex" else "") + text, keys


def ours(complaints: tuple[str, ...], lonely: bool = False) -> list[str]:
    """The complaints that are our doing; with `lonely` works without an author are among the records."""
    return [
        complaint
        for complaint in complaints
        if not _NOT_OURS.match(complaint) and not (lonely and complaint.startswith("Warning--empty author"))
    ]


@pytest.mark.parametrize("style", STYLES)
def test_bibtex_reads_the_nasty_ones(style: str, tmp_path: Path) -> None:
    bib, keys = written(NASTY, "bibtex", extra_field_names())
    verdict = run_bibtex(bib, style, tmp_path)
    assert ours(verdict.complaints, lonely=style.startswith("ACM")) == []
    assert sorted(verdict.keys) == sorted(keys)


@pytest.mark.parametrize("style", ["plain", "alpha", "IEEEtran", "plainnat", "elsarticle-num", "apsrev4-2"])
def test_every_style_names_the_preprint(style: str, tmp_path: Path) -> None:
    bib, _ = written([GOOD], "bibtex")
    assert "arXiv:2606.03498" in run_bibtex(bib, style, tmp_path).output.replace("%\n", "")


@pytest.mark.parametrize("style", STYLES)
def test_a_collaboration_of_thousands_loses_nothing_else(style: str, tmp_path: Path) -> None:
    crowd = tuple(Credit(f"Ana Maria Müller{chr(97 + n % 26)} de Łara") for n in range(3000))
    bib, keys = written([replace(GOOD, credits=crowd), GOOD], "bibtex")
    verdict = run_bibtex(bib, style, tmp_path)
    assert verdict.complaints == ()
    assert sorted(verdict.keys) == sorted(keys)


def test_plain_keeps_the_capitals_that_matter(tmp_path: Path) -> None:
    title = "The Fast DxPTA for $H_0$, GPT-3 and ℝ-Trees of {\\it Chandra} in \\LaTeX"
    bib, _ = written([replace(GOOD, title=title)], "bibtex")
    bbl = " ".join(run_bibtex(bib, "plain", tmp_path).output.split())
    for kept in ("{DxPTA}", "{$H_0$}", "{GPT-3}", r"\mathbf{R}", "Chandra", r"\LaTeX"):
        assert kept in bbl
    assert "The fast" in bbl


@pytest.mark.parametrize("style", STYLES)
def test_every_style_says_that_a_thesis_is_one(style: str, tmp_path: Path) -> None:
    of_no_school = replace(GOOD, stated=Stated("thesis", Venue(kind="thesis")), comment="PhD thesis")
    bib, _ = written([of_no_school], "bibtex")
    bbl = " ".join(run_bibtex(bib, style, tmp_path).output.replace("%\n", "").split())
    assert "PhD thesis" in bbl


def test_biber_finds_nothing(tmp_path: Path) -> None:
    bib, keys = written(NASTY, "biblatex", extra_field_names())
    verdict = run_biber(bib, tmp_path)
    assert verdict.complaints == ()
    assert sorted(verdict.keys) == sorted(keys)


@pytest.mark.parametrize("packages", [(), ("[T1]{fontenc}", "{amsmath,amssymb}")], ids=["default", "T1"])
def test_an_article_with_the_nasty_ones_compiles(packages: tuple[str, ...], tmp_path: Path) -> None:
    bib, _ = written(NASTY, "bibtex")
    verdict = compile_article(bib, "plain", tmp_path, packages)
    assert ours(verdict.complaints) == []
    assert "Missing character" not in verdict.output


def test_every_letter_and_command_compiles(tmp_path: Path) -> None:
    """mappings/latex.csv, every Latin letter and mappings/tex-commands.csv, in plain LaTeX with our @preamble
    (what plain LaTeX defines to be an error, with amssymb)."""
    latin = [chr(code) for code in (*range(0xA1, 0x250), *range(0x1E00, 0x1F00)) if chr(code).isalpha()]
    letters = load("latex.csv", ("char", "latex", "needs"), lambda row: row["char"])
    characters = [char if len(char) == 1 else chr(int(char[2:], 16)) for char in letters] + latin
    characters = [char for char in characters if char not in "Ǯǯ"]  # no TeX font has an ezh
    titles = [f"x{''.join(characters[at : at + 40])}" for at in range(0, len(characters), 40)]
    commands: dict[str, list[str]] = {"": [], "p": []}
    columns = ("command", "mode", "arguments", "unicode", "needs")
    for row in load("tex-commands.csv", columns, lambda row: row):
        name, arguments = row["command"], row["arguments"]
        if row["mode"] == "drop" or name in ("left", "right"):
            continue
        groups = "{x}" * (2 if arguments == "2" else 1 if arguments in ("1", "t", "o1") else 0)
        source = f"\\{name}{groups}" + ("(" if arguments == "d" else " y")
        if row["mode"] == "declaration":
            source = f"{{{source}}}"
        elif row["mode"] == "math":
            source = f"${{a {source}}}$"
        commands["p" if row["needs"] == "latexsym" else ""].append(source)
    plain = [replace(GOOD, title=title) for title in (*titles, *commands[""])]
    bib, keys = written(plain, "bibtex")
    verdict = compile_article(bib, "unsrt", tmp_path)
    assert verdict.complaints == ()
    assert len(verdict.keys) == len(keys)
    everything = [*plain, *(replace(GOOD, title=title) for title in commands["p"])]
    bib, _ = written(everything, "bibtex")
    assert compile_article(bib, "unsrt", tmp_path, ("[T1]{fontenc}", "{amsmath,amssymb}")).complaints == ()


# -- records made at random --

_STYLE_RUNS = settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def _junk(rng: random.Random, most: int) -> str:
    return "".join(rng.choice(PIECES) + rng.choice(["", " "]) for _ in range(rng.randint(1, most)))


def _random_record(rng: random.Random, number: int) -> Record:
    item_type = rng.choice(
        ["preprint", "preprint", "conferencePaper", "journalArticle", "thesis", "bookSection"]
    )
    kind = {
        "conferencePaper": "conference",
        "journalArticle": "journal",
        "thesis": "thesis",
        "bookSection": "book",
    }
    status = rng.choice(["published", "accepted"]) if item_type in kind else rng.choice(["none", "withdrawn"])
    venue = Venue(status, rng.choice([_junk(rng, 3), "ICML", None]), None, kind.get(item_type), 2020)  # type: ignore[arg-type]
    printed = PublishedIn(
        *(rng.choice([None, value, _junk(rng, 1)]) for value in ("12", "3", "1-10", "99", "ACM"))
    )
    names = [_junk(rng, 3) for _ in range(rng.randint(1, 3))] + ["Ann Author"]
    return replace(
        GOOD,
        title=_junk(rng, 20),
        arxiv_id=f"2606.{number:05}",
        pinned=rng.random() < 0.2,
        credits=tuple(Credit(name) for name in names),
        abstract=_junk(rng, 20),
        comment=_junk(rng, 5),
        stated=Stated(item_type, venue, printed),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_random_records_pass_all_styles(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    records = [_random_record(rng, number) for number in range(60)]
    bib, keys = written(records, "bibtex", extra_field_names())
    for style in STYLES:
        verdict = run_bibtex(bib, style, tmp_path)
        assert ours(verdict.complaints) == [], style
        assert sorted(verdict.keys) == sorted(keys), style
    assert compile_article(bib, "plain", tmp_path).complaints == ()


@pytest.mark.slow
def test_random_records_pass_biber(tmp_path: Path) -> None:
    rng = random.Random(3)
    records = [_random_record(rng, number) for number in range(120)]
    bib, keys = written(records, "biblatex", extra_field_names())
    verdict = run_biber(bib, tmp_path)
    assert verdict.complaints == ()
    assert sorted(verdict.keys) == sorted(keys)


@_STYLE_RUNS
@given(st.lists(st.tuples(nasty_texts, nasty_texts, nasty_texts), min_size=25, max_size=40))
def test_hypothesis_records_pass_bibtex(tmp_path: Path, texts: list[tuple[str, str, str]]) -> None:
    records = [
        replace(GOOD, title=title, credits=(Author(given=first, family=last), Author("Ann", "Author")))
        for title, first, last in texts
    ]
    bib, keys = written(records, "bibtex")
    for style in ("plain", "alpha", "apsrev4-2"):
        verdict = run_bibtex(bib, style, tmp_path)
        assert ours(verdict.complaints) == [], style
        assert len(verdict.keys) == len(keys), style


# -- BibTeX's own idea of a name --

_NAME_STYLE = """ENTRY { author } {} {}
FUNCTION {misc} { author #1 "{vv }{ll}|{jj}|{ff}" format.name$ write$ newline$ }
READ
ITERATE { call.type$ }
"""


def test_bibtex_parses_the_same_family(tmp_path: Path) -> None:
    need("bibtex")
    printed = [
        "Eyal de Lara", "Erik van der Berg", "Ana Dos Santos", "Herbert Van de Sompel", "Aäron van den Oord",
        "Santiago Ramón y Cajal", "Gerard 't Hooft", "Pieter in 't Veld", "N. d'Enterria", "Xiao-Ming xu",
        "E. De La Cruz-Burelo", "John Smith Jr.", "Fred Bloggs III", "Şen kaya Öz", "Émile de la Tour",
    ]  # fmt: skip
    people = [parse_name(name) for name in printed]
    records = [replace(GOOD, credits=(person,)) for person in people]
    bib, _ = written(records, "bibtex")
    (tmp_path / "names.bst").write_text(_NAME_STYLE)
    (tmp_path / "refs.bib").write_text(bib)
    (tmp_path / "x.aux").write_text("\\citation{*}\n\\bibstyle{names}\n\\bibdata{refs}\n")
    subprocess.run(["bibtex", "x"], cwd=tmp_path, capture_output=True, timeout=60)
    lines = (tmp_path / "x.bbl").read_text().splitlines()
    for person, line in zip(people, lines, strict=True):
        family, suffix, first = (meaning(part) for part in line.split("|"))
        assert (family, suffix, first) == (person.family, person.suffix or "", person.given)


def test_an_accented_i_prints_by_biber_too(tmp_path: Path) -> None:
    text = new_bib_text([replace(GOOD, credits=(Author("Ana", "Ramírez"), Author("Al", "Azaïsîì")))])
    head = "\\usepackage[backend=biber]{biblatex}\\addbibresource{x.bib}"
    verdict = compile_text("\\nocite{*}\\printbibliography", tmp_path, head, text)
    assert verdict.complaints == ()
    assert "Azaïsîì" in (tmp_path / "x.bbl").read_text(encoding="utf-8")


def test_an_arrow_of_hyphens_prints_its_hyphens(tmp_path: Path) -> None:
    written = to_latex("-->", context="text")
    body = (
        f"\\setbox0\\hbox{{-}}\\setbox1\\hbox{{\\textgreater}}\\setbox2\\hbox{{{written}}}"
        "\\ifdim\\wd2=\\dimexpr2\\wd0+\\wd1\\relax\\typeout{as wide as its parts}\\fi"
    )
    verdict = compile_text(body, tmp_path)
    assert verdict.complaints == ()
    assert "as wide as its parts" in verdict.output
