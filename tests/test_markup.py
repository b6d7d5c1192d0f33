r"""A person's braces, commands and name order, carried over into a value that changed upstream."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.bibtex.compare import field_meaning
from bridge.bibtex.markup import carried

CASES = [
    # field, what a person made of the old value, the new value, what stands there then
    ("title", "{Bayesian} Nets", "Bayesian Nets, Revisited", "{Bayesian} Nets, Revisited"),
    ("title", "{{Bayesian Nets}}", "More Bayesian Nets", "{More {Bayesian Nets}}"),
    ("title", "{Bayesian Nets}", "More Bayesian Nets", "{More Bayesian Nets}"),
    ("title", "A {Deep Net} for All", "On a {Deep Net} for {NLP}", "On a {Deep Net} for {NLP}"),
    ("title", "The {Deep Net} of Foo", "The Deep Net of Bar", "The {Deep Net} of Bar"),
    ("title", "The {Deep Net} of Foo", "The Deep Sea of Foo", "The Deep Sea of Foo"),
    ("title", "An \\emph{Old} Hat", "An Old {TeX} Hat", "An \\emph{Old} {TeX} Hat"),
    ("title", "Fig.~3 of\n    Foo", "Fig. 3 of Foo and Bar", "Fig.~3 of\n    Foo and Bar"),
    ("title", "On $a  b$ and {C}", "On $a  b$ and C too", "On $a  b$ and {C} too"),
    ("title", "Größe", 'Gr{\\"o}{\\ss}e und Zahl', "Größe und Zahl"),
    ("title", "GPT and all", "{GPT} and {BERT}", "GPT and {BERT}"),
    (
        "title",
        "Learning {B}ayesian nets",
        "Learning Bayesian: nets (of {MIT})",
        "Learning {B}ayesian: nets (of {MIT})",
    ),
    ("title", "{B}ayes for {M}arkov", "Markov for Bayes", "{M}arkov for {B}ayes"),
    (
        "author",
        "Bob Stone and {Erd\\H{o}s}, Paul",
        "Erd{\\H{o}}s, Paul and Stone, Bob",
        "{Erd\\H{o}s}, Paul and Bob Stone",
    ),
    ("author", "Anna Meier and Bo Lee", "Meier, Anna and Zulu, Zed", "Anna Meier and Zulu, Zed"),
    ("author", "Anna~Meier", "Zulu, Zed and Meier, Anna", "Zulu, Zed and Anna~Meier"),
    (
        "title",
        "Attention --- a survey",
        "Attention --- a state-of-the-art survey",
        "Attention --- a state-of-the-art survey",
    ),
    (
        "title",
        "Bose--Einstein gas",
        "Bose--Einstein gas in spin-orbit systems",
        "Bose--Einstein gas in spin-orbit systems",
    ),
    (
        "title",
        "State-of-the-art methods",
        "State-of-the-art methods -- a survey",
        "State-of-the-art methods -- a survey",
    ),
    ("title", "Foo - bar", "Foo --- baz", "Foo --- baz"),
    (
        "title",
        "Deep maps {---} why",
        "Deep maps of end-to-end learning",
        "Deep maps of end-to-end learning",
    ),
    ("title", "Ramsey--Turan theory", "Ramsey-Turan theory again", "Ramsey--Turan theory again"),
    (
        "title",
        "On {Kolmogorov-Arnold} nets",
        "On Kolmogorov-Arnold nets revisited",
        "On {Kolmogorov-Arnold} nets revisited",
    ),
    ("title", "{\\it E. coli} growth", "{E}. coli growth revisited", "{\\it E. coli} growth revisited"),
    ("title", "The {U.S.} case", "The {U}.{S}. case again", "The {U.S.} case again"),
    ("title", "A {$B^0_s$-meson} decay", "A {$B^0_s$}-meson decay again", "A {$B^0_s$-meson} decay again"),
    (
        "title",
        "About $n$ {\\textasciitilde} {$m$} scaling",
        "About new $n$ {\\textasciitilde} $m$ scaling",
        "About new $n$ {\\textasciitilde} {$m$} scaling",
    ),
    ("title", "At $s=13$~TeV", "At $s=13.6$ TeV", "At $s=13.6$~TeV"),
    ("note", "arXiv:2401.00001", "To appear", "To appear"),
    ("doi", "{10.1145/1}", "10.1145/2", "10.1145/2"),
    ("year", "{2024}", "2025", "2025"),
]


@pytest.mark.parametrize(("name", "old", "new", "then"), CASES)
def test_what_is_said_in_the_same_words_stays_as_it_was_written(
    name: str, old: str, new: str, then: str
) -> None:
    assert carried(name, old, new) == then


PIECES = st.sampled_from(
    [
        "alpha",
        "{Beta}",
        "{G}amma",
        "\\emph{delta}",
        "$a + b$",
        "{two words}",
        '\\"Ost',
        "É",
        "x:",
        "{",
        "}",
        "$",
    ]
)
VALUES = st.lists(PIECES, max_size=6).flatmap(
    lambda words: st.sampled_from([" ", "~", "\n  "]).map(lambda gap: gap.join(words))
)


@given(st.sampled_from(["title", "author", "booktitle", "note"]), VALUES, VALUES)
def test_the_meaning_is_always_that_of_the_new_value(name: str, old: str, new: str) -> None:
    then = carried(name, old, new)
    assert field_meaning(name, then) == field_meaning(name, new)


WORDS = st.lists(
    st.sampled_from([f"word{letter}" for letter in "abcdefgh"]), min_size=1, max_size=6, unique=True
)


@given(WORDS, st.data())
def test_a_protected_word_stays_so_wherever_it_goes(words: list[str], data: st.DataObject) -> None:
    protected = {word: f"{{W}}{word[1:]}" for word in words if data.draw(st.booleans())}
    plain = {word: word.replace("w", "W", 1) for word in words}
    old = " ".join(protected.get(word, plain[word]) for word in words)
    after = data.draw(st.permutations([*words, "new", "words"]))
    stops = [data.draw(st.sampled_from(["", ",", ":", ")"])) for _ in after]
    new = " ".join(plain.get(word, word) + stop for word, stop in zip(after, stops, strict=True))
    then = carried("title", old, new)
    assert then.replace("{", "").replace("}", "") == new
    assert [word for word in after if f"{{W}}{word[1:]}" in then] == [w for w in after if w in protected]


@given(st.lists(PIECES.filter(lambda piece: piece not in "{}$"), min_size=1, max_size=6))
def test_a_value_is_carried_over_into_itself_as_it_stands(words: list[str]) -> None:
    value = "~".join(words)
    assert carried("title", value, value) == value


DASHED = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=1, max_size=8).flatmap(
    lambda words: st.lists(
        st.sampled_from([" ", "-", "--", " --- ", " -- "]), min_size=len(words) - 1, max_size=len(words) - 1
    ).map(lambda gaps: words[0] + "".join(gap + word for gap, word in zip(gaps, words[1:], strict=True)))
)


@given(DASHED, DASHED)
def test_a_dash_stands_between_the_words_where_one_of_the_two_values_has_it(old: str, new: str) -> None:
    joints = {found for text in (old, new) for found in re.findall(r"(?=\b(\w+[- ]+\w+))", text)}
    for joint in re.findall(r"(?=\b(\w+[- ]+\w+))", carried("title", old, new)):
        assert joint in joints or "-" not in joint
