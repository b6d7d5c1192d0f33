"""Titles: which capitals are protected from a style that puts titles into small letters."""

from __future__ import annotations

import re

import pytest

from bridge.bibtex.casing import protect
from bridge.bibtex.compare import field_meaning
from bridge.bibtex.latex import meaning, to_latex, to_utf8
from bridge.bibtex.titlenames import is_ordinary, proper_names
from bridge.errors import InputError
from bridge.tables import load, load_words

NAMES = load("proper-names.csv", ("name",), lambda row: row["name"])
BEFORE = load("names-before.csv", ("name", "before"), lambda row: row)
WORDS = load("ordinary-words.csv", ("word",), lambda row: row["word"])


@pytest.mark.parametrize(
    ("title", "protected"),
    [
        ("Plain Title Words", "Plain Title Words"),
        ("DxPTA: Fast MPI and GPT-3 for Words", "{DxPTA}: Fast {MPI} and {GPT-3} for Words"),
        (
            "LLM-Based Pre-Training of iPhone, eBay and H2O",
            "{LLM}-Based Pre-Training of {iPhone}, {eBay} and {H2O}",
        ),
        ("(CPU/GPU) COVID-19 'RAG'", "({CPU}/{GPU}) {COVID-19} '{RAG}'"),
        ("Llama-3.1-70B vs. 3D Gaussians in 2024", "{Llama-3.1-70B} vs. {3D} {Gaussians} in 2024"),
        ("X-Ray A Study of Type I in C++", "{X}-Ray A Study of Type {I} in {C}++"),
        ("A B-Tree", "A {B}-Tree"),
        (
            "The $H_0$ Tension and $p$-adic $\\Lambda$CDM",
            "The {$H_0$} Tension and $p$-adic {$\\Lambda$}{CDM}",
        ),
        (r"\(GL_2\) Groups", r"{{\(GL_2\)}} Groups"),
        ("IoT's RNNs", "{IoT}'s {RNNs}"),
        ("THE ROLE OF GPU IN $H_0$", "THE ROLE OF GPU IN {$H_0$}"),
        ("MPI", "{MPI}"),
        ("Clusters of $^9$Be and $^8$B", "Clusters of $^9${Be} and $^8${B}"),
        ("Pr$_{2-x}$CuO$_4$ films", "{Pr}$_{2-x}${CuO}$_4$ films"),
        ("Photons in Au+Au collisions", "Photons in {Au}+{Au} collisions"),
        (r"\textbf{x}GPU", r"{{\textbf{x}GPU}}"),
        (r"{\it Chandra} {ABC} \emph{Foo}", r"{{\it Chandra}} {ABC} \emph{Foo}"),
        (r"{\LaTeX} M{\"u}ller {\"U}berGPU {\O}re", r"{{\LaTeX}} M{\"u}ller {{\"U}berGPU} {\O}re"),
        (r"{\ensuremath{\mathbf{R}}}-trees", r"{{\ensuremath{\mathbf{R}}}}-trees"),
        # written like a sentence: what has a capital is a name
        (
            "Evidence for a strong modulation of the Foo-Bar Condensate in gases",
            "Evidence for a strong modulation of the {Foo}-{Bar} Condensate in gases",
        ),
        (
            "Nearly horizon-skimming orbits in Kerr spacetimes",
            "Nearly horizon-skimming orbits in {Kerr} spacetimes",
        ),
        (
            "Bose-Einstein condensation of trapped atoms: Theory and experiment in Paris",
            "Bose-{Einstein} condensation of trapped atoms: Theory and experiment in {Paris}",
        ),
        ("Deep learning for Bayesian inference", "Deep learning for {Bayesian} inference"),
        ("What is a Lie algebra good for? Some answers", "What is a {Lie} algebra good for? {Some} answers"),
        (
            r"A note on the Erd{\H o}s conjecture (Hopf's “Quantum” version)",
            r"A note on the {Erd{\H o}s} conjecture ({Hopf}'s “Quantum” version)",
        ),
        (
            "Deep Learning for Foosian Inference with noise",
            "Deep Learning for Foosian Inference with noise",
        ),
        ("Injective Morita contexts (revisited)", "Injective {Morita} contexts (revisited)"),
        ("On the Maurer-Cartan equation", "On the {Maurer}-{Cartan} equation"),
        (
            "Triplets of Jacobi and Gegenbauer polynomials of Sp(4) and their symbols",
            "Triplets of {Jacobi} and {Gegenbauer} polynomials of {Sp}(4) and their symbols",
        ),
        ("Axiom A polynomial skew products", "Axiom {A} polynomial skew products"),
        ("Stable materials for devices - A linear study", "Stable materials for devices - A linear study"),
        (r"Remarks on N\_c dependence of B\_s decays", r"Remarks on {N\_c} dependence of {B\_s} decays"),
        ("Hypergraph based Multi-Party Payment Channel", "Hypergraph based Multi-Party Payment Channel"),
        # known names are names in any title
        ("Bayesian Nets for Non-Gaussian Noise", "Bayesian Nets for Non-{Gaussian} Noise"),
        ("The Einstein-Foo Correspondence: Markov Nets", "The {Einstein}-{Foo} Correspondence: Markov Nets"),
        (r"On the Schr{\"o}dinger Equation", r"On the {Schr{\"o}dinger} Equation"),
        ("THE BAYESIAN WAY OF LIFE", "THE BAYESIAN WAY OF LIFE"),
        # a style sees no beginning behind a bracket, a quotation mark or a question
        ("``Why Should We Trust?'' A Study", "``{Why} Should We Trust?'' {A} Study"),
        ("(Almost) Optimal Nets: “Old” and New", "({Almost}) Optimal Nets: “{Old}” and New"),
        ("Attention? A Study vs. Self-Supervision", "Attention? {A} Study vs. Self-Supervision"),
        ("Part One of a Study. The Sequel", "Part One of a Study. {The} Sequel"),
    ],
)
def test_title_case_protection(title: str, protected: str) -> None:
    assert protect(title) == protected
    assert protect(protected) == protected


def test_a_word_without_end_holds_up_no_title() -> None:
    title = "a short Foo before " + "x" * 200_000
    assert protect(title) == title.replace("Foo", "{Foo}")


# -- names in titles --


@pytest.mark.parametrize(
    ("title", "protected"),
    [
        # one capital with a script is a symbol
        ("L^p norms of foos", r"{L{\textasciicircum}p} norms of foos"),
        ("The L^p Norms", r"The {L{\textasciicircum}p} Norms"),
        ("Foo C^* Modules and K_0", r"Foo {C{\textasciicircum}}* Modules and {K\_0}"),
        ("A^1 Homotopy", r"{A{\textasciicircum}1} Homotopy"),
        ("a^p Norms", r"a{\textasciicircum}p Norms"),
        # of several words, or a name only in front of others
        ("Dust of the Milky Way Disk", "Dust of the {Milky} {Way} Disk"),
        ("Milky Way dust in maps", "Milky {Way} dust in maps"),
        ("Foo: New York Taxis in a New Yorkshire", "Foo: New {York} Taxis in a New Yorkshire"),
        ("Traffic in São Paulo Today", r"Traffic in {S{\~a}o} {Paulo} Today"),
        ("The Levi-Civita Connection", "The {Levi}-{Civita} Connection"),
        ("A Quantum Hall Effect in the City Hall", "A Quantum {Hall} Effect in the City Hall"),
        ("hall effects and Hall states of matter", "hall effects and {Hall} states of matter"),
        ("A Green's Function for Green Roofs", "A {Green}'s Function for Green Roofs"),
        ("Young Diagrams of Young Stars", "Young Diagrams of Young Stars"),
        ("The Young Diagrams of Young Stars", "The {Young} Diagrams of Young Stars"),
        # what is braced or maths stays as it is
        ("{A Hall Effect} and $Hall Effect$ Things", "{A Hall Effect} and {$Hall Effect$} Things"),
        ("a long walk to İnönü", r"a long walk to {{\.I}n{\"o}n{\"u}}"),
        # behind a dash a style sees no beginning
        ("Foo Bar -- Python Test Tools", "Foo Bar -- {Python} Test Tools"),
        ("Some words on foos - Python and tests", "Some words on foos - {Python} and tests"),
        # ordinary words are no names, whatever the rest of the title looks like
        ("Strong Phase and mixing of mesons", "Strong Phase and mixing of mesons"),
        ("Foo Invariance, the extraction of angles and New Physics",) * 2,
        ("Lessons Learned from the deployment of a foo",) * 2,
        (
            "The dynamics of Barite-Rich Condensates in traps",
            "The dynamics of {Barite}-Rich Condensates in traps",
        ),
        ("Theory of the Thermalization of gases and dust",) * 2,
        # in pairs with names neither
        ("A Gaussian-Process Model of Foo", "A {Gaussian}-Process Model of Foo"),
        # but at the end of a thing's name
        (
            "first results of the Wide Foo Survey of dust",
            "first results of the {Wide} {Foo} {Survey} of dust",
        ),
        (
            "some dust and asteroids of the Outer Main Belt Region",
            "some dust and asteroids of the {Outer} {Main} {Belt} Region",
        ),
        ("A New Survey Method", "A New Survey Method"),
    ],
)
def test_names_in_titles(title: str, protected: str) -> None:
    written = protect(to_latex(title, context="text"))
    assert written == protected
    assert protect(written) == written


LETTERS = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĨĪĬĮĴĶĹĻĽŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŨŪŬŮŰŲŴŶŸŹŻŽȘȚḌḤḲṢṬẐẒẤẸỲ"
)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_name_with_an_accent_is_one_wherever_it_stands(letter: str) -> None:
    for name in (f"{letter}lfoo", f"{letter}foo", f"B{letter.lower()}foo", f"Bo{letter.lower()}"):
        for title in (
            f"a long night with {name}",
            f"a long night with {name} and tea",
            f"the games by Foo-{name}",
        ):
            utf8 = protect(to_utf8(title, context="text"))
            assert f"{{{name}}}" in utf8
            written = protect(to_latex(title, context="text"))
            assert "{" + to_latex(name, context="text") + "}" in written
            assert meaning(written) == meaning(utf8) == meaning(title)
            assert protect(written) == written


def test_braces_are_no_news() -> None:
    """A file whose titles were written by other rules is not rewritten for their sake."""
    for old, new in (("{New} {Physics}", "New Physics"), ("l L^p c", r"l {L{\textasciicircum}p} c")):
        assert field_meaning("title", old) == field_meaning("title", new)


def test_the_tables_of_names_and_words() -> None:
    before = [row["name"] for row in BEFORE]
    for table in (NAMES, WORDS, before):
        assert table == sorted(set(table), key=lambda word: (word.casefold(), word))
    assert not {name.lower() for name in (*NAMES, *before)} & {*WORDS}
    assert not {*NAMES} & {*before}
    assert all(name[0].isupper() and "," not in name for name in NAMES)
    assert all(word.islower() and word.strip("-").isalpha() for word in WORDS)
    assert not any(is_ordinary(name) for name in (*proper_names(), *before))
    assert load_words("proper-names.csv", "name") == NAMES
    with pytest.raises(InputError, match="header must read word"):
        load_words("proper-names.csv", "word")


@pytest.mark.parametrize(("name", "word"), [(row["name"], w) for row in BEFORE for w in row.listed("before")])
def test_a_name_in_company(name: str, word: str) -> None:
    assert protect(f"The Old {name} {word.title()}").startswith(f"The Old {{{name}}} ")
    assert f"{{{name}}}" not in protect(f"The Old {name} Xylem")


@pytest.mark.parametrize("name", [name for name in NAMES if {*" -"} & {*name}])
def test_a_name_of_several_words(name: str) -> None:
    written = re.sub("([A-Z][^ -]*)", r"{\1}", name)
    assert protect(f"The Old {name} Things") == f"The Old {written} Things"
    assert protect(to_latex(f"The Old {name} Things", context="text")).count("{") >= written.count("{")


@pytest.mark.parametrize("name", sorted(proper_names()))
def test_a_known_name_keeps_its_capital_in_any_title(name: str) -> None:
    assert protect(f"Theory of {name} Things") == f"Theory of {{{name}}} Things"
