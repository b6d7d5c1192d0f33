"""How comments say things: phrases (mappings/phrases.csv, relations.csv) and word sets (word-sets.csv)."""

from __future__ import annotations

from functools import lru_cache

from bridge.tables import Row, load
from bridge.words import Trie

# What a cue phrase says. The first six are a status; the rest say whose venue is meant, or what is no venue.
CUES = frozenset(
    {
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
        "erratum",  # what is said next is said of an erratum to this paper
    }
)
# What the words before an arXiv id make of that paper.
RELATIONS = frozenset({"successor", "predecessor", "companion"})


def _load(name: str, roles: frozenset[str]) -> Trie[str]:
    trie: Trie[str] = Trie()

    def build(row: Row) -> None:
        role = row["role"]
        if role not in roles:
            raise row.wrong(f"{role!r} is none of {', '.join(sorted(roles))}")
        phrases = row.listed("phrases")
        if not phrases:
            raise row.wrong("a row needs at least one phrase")
        for phrase in phrases:
            words = phrase.split()
            if not all(map(str.isalpha, words)) or phrase != phrase.lower():
                raise row.wrong(f"{phrase!r}: a phrase is written as plain words in lower case")
            trie.add(words, role)

    load(name, ("role", "phrases"), build)
    return trie


@lru_cache(maxsize=1)
def cue_phrases() -> Trie[str]:
    return _load("phrases.csv", CUES)


@lru_cache(maxsize=1)
def relation_phrases() -> Trie[str]:
    return _load("relations.csv", RELATIONS)


@lru_cache(maxsize=1)
def _word_sets() -> dict[str, frozenset[str]]:
    def build(row: Row) -> tuple[str, frozenset[str]]:
        words = frozenset(row["words"].split())
        if not words or row["words"] != row["words"].lower():
            raise row.wrong("a set holds words in lower case, with blanks between them")
        return row["set"], words

    return dict(load("word-sets.csv", ("set", "words"), build))


def word_set(name: str) -> frozenset[str]:
    """A set of mappings/word-sets.csv, by its name there. Raises KeyError if there is none."""
    return _word_sets()[name]
