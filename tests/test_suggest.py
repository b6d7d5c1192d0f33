"""Look-alikes are found without comparing everything with everything."""

from __future__ import annotations

import random
import string
import sys

import pytest

from bridge.plaintext import normalised
from bridge.suggest import ALIKE, alike, likeness, titled


def pairs(new: list[tuple[str, str]], known: list[tuple[str, str]]) -> list[tuple[int, int]]:
    return alike([titled(*one) for one in new], [titled(*one) for one in known])


@pytest.mark.parametrize(
    ("new", "known", "found"),
    [
        (("Attention Is All You Need", "Vaswani"), ("attention is all you need", "Vaswani"), True),
        (("Attention is all you need.", "Vaswani"), ("Attention is all you need", "Vaswani"), True),
        (("Über die Größe", "Müller"), ("Uber die Grosse", "Muller"), True),
        (("Attention Is All You Need", "Vaswani"), ("Attention Is All You Ned", "Vaswani"), True),
        (("All You Need Is Attention", "Vaswani"), ("Attention Is All You Need", "Vaswani"), True),
        (("Attention Is All You Need", "Vaswani"), ("Attention Is All You Need", "Smith"), False),
        (("Attention Is All You Need", "Vaswani"), ("Attention Is All You Need", ""), True),
        (("Attention Is All You Need", "Vaswani"), ("Memory Is All You Lack Today", "Vaswani"), False),
        (("Attention Is All You Need", "de Lara"), ("Attention Is All You Need", "Lara"), True),
        (("", "Vaswani"), ("", "Vaswani"), False),
    ],
)
def test_pairs(new: tuple[str, str], known: tuple[str, str], found: bool) -> None:
    assert pairs([new], [("Something else entirely", "Vaswani"), known]) == ([(0, 1)] if found else [])


def test_each_new_one_has_one_answer_in_order() -> None:
    known = [("A study of x", "A"), ("A study of y", "B"), ("A study of x", "A")]
    assert pairs([("A study of y", "B"), ("nothing", "C"), ("A study of x", "A")], known) == [(0, 1), (2, 0)]


def test_normalised() -> None:
    assert normalised("  The $O(n^2)$-Problem: É_x ") == "the o n 2 problem e x"
    assert normalised("Łukasz Đào, Ærø & Straße, Œuvre, Kıraç; 王 µ") == (
        "lukasz dao aero strasse oeuvre kirac 王 μ"
    )


def test_the_fuzzy_library_is_loaded_only_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    monkeypatch.setitem(sys.modules, "rapidfuzz.fuzz", None)
    assert pairs([("Same title here", "A")], [("same title here", "A")]) == [(0, 0)]


# one author has so many titles that only some of them are compared
@pytest.mark.slow
@pytest.mark.parametrize(
    ("families", "recall"), [(["Wang", "Smith", "Müller", "Li"], 0.995), (["Wang"], 0.97)]
)
def test_blocking_finds_what_comparing_all_finds(families: list[str], recall: float) -> None:
    chance = random.Random(7)
    words = ["".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 9))) for _ in range(600)]
    known = [
        (" ".join(chance.choices(words, k=chance.randint(4, 12))), chance.choice(families))
        for _ in range(600)
    ]
    new = []
    for title, family in chance.sample(known, 250):
        letters = list(title)
        for _ in range(chance.randint(0, 3)):
            letters[chance.randrange(len(letters))] = chance.choice(string.ascii_lowercase)
        new.append(("".join(letters), family))
    every = {
        number
        for number, (title, family) in enumerate(new)
        for other, author in known
        if author == family and likeness(normalised(title), normalised(other)) >= ALIKE
    }
    found = {number for number, _ in pairs(new, known)}
    assert len(every) > 200
    assert len(found & every) >= recall * len(every)
