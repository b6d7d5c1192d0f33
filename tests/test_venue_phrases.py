"""Every phrase and every word of the tables that the venue hints are read by."""

from __future__ import annotations

import pytest

from bridge.phrases import CUES, RELATIONS, cue_phrases, relation_phrases, word_set
from bridge.tables import Row, builtin_text, read_rows
from bridge.venue_table import look_up_words
from bridge.words import Trie, Words, plain_words, word_forms


def rows(name: str, *columns: str) -> list[Row]:
    return list(read_rows(builtin_text(name), name, columns))


@pytest.mark.parametrize(
    ("name", "trie", "roles"),
    [("phrases.csv", cue_phrases, CUES), ("relations.csv", relation_phrases, RELATIONS)],
)
def test_every_phrase_is_found_with_its_role(name: str, trie: object, roles: frozenset[str]) -> None:
    found: Trie[str] = trie()  # type: ignore[operator]
    seen: set[str] = set()
    for row in rows(name, "role", "phrases"):
        for phrase in row.listed("phrases"):
            assert phrase not in seen, f"{phrase!r} stands twice in {name}"
            seen.add(phrase)
            words = plain_words(phrase)
            assert " ".join(words) == phrase
            assert found.longest([*words, "qqq"], 0) == (len(words), [row["role"]])
    assert {row["role"] for row in rows(name, "role", "phrases")} == roles


def test_every_word_form_brings_a_name_and_its_abbreviation_together() -> None:
    forms = word_forms()
    for row in rows("word-forms.csv", "word", "form"):
        assert forms[row["word"]] == row["form"] == forms[row["form"]]
        assert look_up_words(f"{row['word']} Qqq") == look_up_words(f"{row['form']}. Qqq")


def test_every_word_set_is_read() -> None:
    for row in rows("word-sets.csv", "set", "words"):
        assert word_set(row["set"]) == set(row["words"].split())
        assert len(word_set(row["set"])) == len(row["words"].split())


def test_words_keep_their_places() -> None:
    words = Words("See https://a.b/c, Poincar{\\'e} & ICML'19")
    assert words.lower == ["see", "poincaré", "and", "icml", "19"]
    assert words.span(1, 2) == "Poincar{\\'e}"
    assert words.name(1, 2) == "Poincaré"
    assert words.gaps[4] == "'"


def test_the_longest_phrase_wins() -> None:
    trie: Trie[str] = Trie()
    trie.add(["to", "appear"], "short")
    trie.add(["to", "appear", "in"], "long")
    assert trie.longest(["to", "appear", "in", "x"], 0) == (3, ["long"])
    assert trie.longest(["to", "appear", "x"], 0) == (2, ["short"])
    assert trie.longest(["to", "x"], 0) is None
    trie.add(["ann", "probab"], "left out")
    assert trie.longest(["ann", "of", "probab"], 0, frozenset({"of"})) == (3, ["left out"])
