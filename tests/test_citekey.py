"""Citation keys: Better BibTeX's words and transliteration, the pattern language, clashes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.citekey import DEFAULT_PATTERN, make_key, unique_keys, work_year
from bridge.errors import UsageError
from bridge.plaintext import fold_ascii
from bridge.record import Author, Credit, Record, Stated, Venue
from bridge.tables import Row, load
from bridge.title_words import title_words

SKIP_WORDS = load("key-skip-words.csv", ("word",), lambda row: row["word"])
FOLDING = load("ascii-folding.csv", ("char", "ascii"), lambda row: row)


def record(title: str, *names: str, year: str = "2025") -> Record:
    credits = tuple(Credit(name) for name in names)
    stated = Stated("preprint")
    return Record(title, "2509.26193", credits=credits, published=f"{year}-01-02T00:00:00Z", stated=stated)


@pytest.mark.parametrize(
    ("title", "names", "year", "key"),
    [
        # the first three as Better BibTeX's own issue tracker states them (#3059)
        (
            "End-to-end training of deep visuomotor policies",
            ["Sergey Levine"],
            "2016",
            "levineEndtoendTrainingDeep2016",
        ),
        (
            "On-Line Q-Learning Using Connectionist Systems",
            ["G. A. Rummery"],
            "1994",
            "rummeryOnLineQLearningUsing1994",
        ),
        (
            "Soft Actor-Critic: Off-Policy Maximum Entropy Deep Reinforcement Learning",
            ["Tuomas Haarnoja"],
            "2018",
            "haarnojaSoftActorCriticOffPolicy2018",
        ),
        (
            "Attention Is All You Need",
            ["Ashish Vaswani", "Noam Shazeer"],
            "2017",
            "vaswaniAttentionAllYou2017",
        ),
        # the particle belongs to the name, white space and apostrophes go, hyphens in names stay
        ("Über die Größe", ["Eyal de Lara"], "2025", "delaraUberGrosse2025"),
        ("A Thing", ["P. García-Lario"], "2025", "garcia-larioThing2025"),
        ("A Thing", ["D. T. O'Dea"], "2025", "odeaThing2025"),
        ("A Thing", ["Jürgen Müller"], "2025", "mullerThing2025"),
        ("A Thing", ["Lech Wałęsa"], "2025", "walesaThing2025"),
        ("A Thing", ["for the ATLAS Collaboration"], "2025", "atlascollaborationThing2025"),
        # slashes and colons part words, hyphens do not, long dashes do; one letter is no word, one digit is
        ("CPU/GPU: Vision–Language x 5 pre-training", ["A Li"], "2020", "liCPUGPUVision2020"),
        ("Vision–Language 5 pre-training", ["A Li"], "2020", "liVisionLanguage52020"),
        ("pre-training (of) LLMs' don'ts", ["A Li"], "2020", "liPretrainingLLMsDonts2020"),
        # what TeX cannot take in a key
        (r"The $\alpha_s$ & <i>more</i>", ["A Li"], "2020", "lialpha_sMore2020"),
        ("Привет, мир", ["Иван Петров"], "2020", "petrovPrivetMir2020"),
        ("…", [], "2020", "2020"),
    ],
)
def test_default_keys(title: str, names: list[str], year: str, key: str) -> None:
    assert make_key(record(title, *names, year=year)) == key


def test_a_key_is_never_empty() -> None:
    nameless = Record("…", doi="10.1063/1.48251", stated=Stated("preprint"))
    assert make_key(nameless) == "doi:10.1063/1.48251"


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("auth", "deLara"),
        ("auth(3)", "de"),
        ("auth(0,2).upper", "YUAN"),
        ("auth(0,9) + year", "2025"),
        ("authors", "deLaraYuanLi"),
        ("authors(2)", "deLaraYuanEtAl"),
        ("authorsn(3)", "deLaraYuanLi"),
        ("authEtAl.lower + '_' + year", "delaraetal_2025"),
        ("authetal + year", "deLaraEtAl2025"),
        ("shorttitle", "fastLLMServing"),
        ("shorttitle(2,1)", "FastLLM"),
        ("veryshorttitle + shortyear", "fast25"),
        ("veryshorttitle(2).upper", "FASTLLM"),
        ("title.lower", "fastllmservingedge"),
        ("title.capitalize", "FastLLMServingEdge"),
        ("title.condense('-')", "fast-LLM-Serving-edge"),
        ("title.abbr", "fLSe"),
        ("title.abbr(2).lower", "fallseed"),
        ("title.substring(2,3)", "ast"),
        ("title.substring(6).nopunct.alphanum", "LLMServingedge"),
        ("arxiv", "2509.26193"),
        ("'key:' + arxiv", "key:2509.26193"),
        ('"a\\"b" + year', "ab2025"),
        ("auth(0,9).prefix('x') + auth(0,2).prefix('y').postfix('z')", "yYuanz"),
        ("auth.fold.transliterate", "deLara"),
    ],
)
def test_patterns(pattern: str, key: str) -> None:
    work = record("The fast LLM Serving at the edge", "Eyal de Lara", "C. -P. Yuan", "Wei Li")
    assert make_key(work, pattern) == key


def test_two_authors_are_both_named() -> None:
    assert make_key(record("T", "A Li", "B Wu"), "authEtAl") == "LiWu"


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("foo", "'foo'"),
        ("auth.bar", "'bar'"),
        ("auth(", "'auth'"),
        ("auth(1", "'auth'"),
        ("auth('x')", "'x'"),
        ("auth(1,2,3)", "'auth'"),
        ("auth.prefix", "'prefix'"),
        ("auth.prefix(2)", "2"),
        ("auth +", "ends"),
        ("", "ends"),
        ("auth..lower", "filter"),
        ("year year", "'year'"),
        ("auth | year", "'| year'"),
        ("+", "'+'"),
        ("'open", "'open"),
    ],
)
def test_a_wrong_pattern_is_refused_by_name(pattern: str, named: str) -> None:
    with pytest.raises(UsageError) as caught:
        make_key(record("T", "A Li"), pattern)
    assert named in caught.value.detail


def test_clashes_get_letters() -> None:
    works = [record("Foo", "A Li")] * 28
    keys = unique_keys(works)
    assert keys[:3] == ["liFoo2025", "liFoo2025a", "liFoo2025b"]
    assert keys[-3:] == ["liFoo2025y", "liFoo2025z", "liFoo2025aa"]


def test_clashes_know_no_case() -> None:
    works = [record("FOO", "A Li"), record("Foo", "A LI"), record("foo", "A Li")]
    assert unique_keys(works) == ["liFOO2025", "liFoo2025a", "liFoo2025b"]
    assert unique_keys(works[:1], None, {"lifoo2025", "lifoo2025a"}) == ["liFOO2025b"]
    assert unique_keys(works[:1], "auth", ["Li"]) == ["Lia"]


def test_a_postfix_may_be_taken_by_a_bare_key() -> None:
    works = [record("Foo", "A Li"), record("Foo", "A Li"), record("Foo", "A Li")]
    assert unique_keys(works, None, {"liFoo2025a"}) == ["liFoo2025", "liFoo2025b", "liFoo2025c"]


def test_the_year_is_the_venues_once_there_is_one() -> None:
    preprint = record("T", "A Li")
    assert work_year(preprint) == "2025"
    venue = Venue("accepted", "ICML", None, "conference", 2027)
    accepted = Record("T", "1", published="2025-01-01", stated=Stated("conferencePaper", venue))
    assert work_year(accepted) == "2027"
    pinned = Record(
        "T", "1", 2, True, published="2024-01-01", updated="2025-01-01", stated=Stated("preprint")
    )
    assert work_year(pinned) == "2025"
    assert work_year(Record("T", stated=Stated("preprint"))) is None


@pytest.mark.parametrize("word", SKIP_WORDS)
def test_every_skip_word(word: str) -> None:
    assert list(title_words(f"Alpha {word.upper()} beta-{word}")) == ["Alpha", f"beta{word}"]


@pytest.mark.parametrize("row", FOLDING, ids=lambda row: row["char"])
def test_every_folding(row: Row) -> None:
    assert fold_ascii(f"a{row['char']}b") == f"a{row['ascii']}b"


@given(st.text(), st.lists(st.text(), max_size=3))
def test_a_key_is_always_safe(title: str, names: list[str]) -> None:
    authors = tuple(Author(family=name) for name in names)
    key = make_key(Record(title, "2509.26193", credits=authors, stated=Stated("preprint")), DEFAULT_PATTERN)
    assert re.fullmatch(r"[A-Za-z0-9_.:+/*!?;-]+", key)


def test_a_key_that_the_source_has_is_kept_unless_a_pattern_is_asked_for() -> None:
    made = Record("On graphs", credits=(Author("A", "Li"),), published="2020")
    stated = Record("Else", credits=(Author("B", "Wu"),), fields={"citationKey": "liGraphs2020"})
    odd = Record("Odd", fields={"citationKey": "my key, {2020}"})
    assert unique_keys([made, stated, odd]) == ["liGraphs2020a", "liGraphs2020", "mykey2020"]
    assert unique_keys([stated], "year + auth") != ["liGraphs2020"]
    assert unique_keys([stated], taken={"ligraphs2020"}) == ["liGraphs2020a"]
