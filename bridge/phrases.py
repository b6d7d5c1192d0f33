"""The cue phrases of mappings/phrases.csv: the words by which a comment says what it says."""

from __future__ import annotations

from functools import lru_cache

from bridge.tables import Row, load
from bridge.words import Trie, plain_words

# What a cue phrase says. The first six are a status; the rest say whose venue is meant, or what is no venue.
CUES = (
    "published",  # counts with a venue only
    "printed",  # "matches the published version": counts without
    "accepted",
    "submitted",
    "rejected",
    "withdrawn",
    "talk",  # presented at: the venue accepted it
    "proceedings",  # "Proceedings of X" standing alone: printed there
    "chapter",  # in a book
    "other",  # what follows in the sentence is about another version of this paper
    "about",  # the venue that follows is that of another paper
    "own",  # what follows is about this paper again
    "aside",  # no venue in this part of the sentence unless a status says so
    "nothing",  # holds words of a cue without being one
    "badge",  # oral, spotlight: accepted
    "thesis",
)
RELATIONS = ("successor", "predecessor", "companion")


def _load(use: str, roles: tuple[str, ...]) -> Trie[str]:
    trie: Trie[str] = Trie()

    def build(row: Row) -> tuple[str, str, str]:
        if row["use"] not in ("cue", "relation"):
            raise row.wrong(f"use {row['use']!r} is neither cue nor relation")
        if row["role"] not in (CUES if row["use"] == "cue" else RELATIONS):
            raise row.wrong(f"{row['role']!r} is no role of a {row['use']}")
        if " ".join(plain_words(row["phrase"])) != row["phrase"]:
            raise row.wrong("a phrase is written as plain words in lower case")
        return row["phrase"], row["use"], row["role"]

    for phrase, row_use, role in load("phrases.csv", ("phrase", "use", "role"), build):
        if row_use == use:
            trie.add(phrase.split(), role)
    return trie


@lru_cache(maxsize=1)
def cue_phrases() -> Trie[str]:
    return _load("cue", CUES)


@lru_cache(maxsize=1)
def relation_phrases() -> Trie[str]:
    return _load("relation", RELATIONS)
