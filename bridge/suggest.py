"""Works that may be one: the same or nearly the same title, and the same first author.

Only ever a suggestion for a person. Comparing every new title with every known one would take most of a run,
so candidates are found by blocking: the same normalised title first; then the titles of the same first
author, and where these are many, those with two of their rarest words in common. Only what is left is
compared letter by letter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from bridge.plaintext import normalised

# so alike (0 to 100) that a person should look
ALIKE = 90.0
# how many of a title's rarest words are paired; a slip of the pen in one or two leaves a pair in common
_RAREST = 6
# up to so many titles of one author are all compared
_FEW = 300


class Titled(NamedTuple):
    """A work as far as this goes: its title's words and its first author, both as `titled` makes them."""

    title: str
    author: str


def titled(title: str, family: str) -> Titled:
    """Of a title and a first author's family name, plain text."""
    return Titled(normalised(title), author_key(family))


def alike(new: Sequence[Titled], known: Sequence[Titled]) -> list[tuple[int, int]]:
    """Index pairs (new, known) that may be one work, at most one for each new one, the likest first known."""
    same: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(known):
        if one.title:
            same[one.title].append(number)
    found: list[tuple[int, int]] = []
    rest: list[tuple[int, str, str]] = []
    for number, (title, author) in enumerate(new):
        exact = [k for k in same.get(title, ()) if not author or known[k].author in ("", author)]
        if exact:
            found.append((number, exact[0]))
        elif author and title:
            rest.append((number, title, author))
    found += _nearly(rest, [one.title for one in known], [one.author for one in known])
    return sorted(found)


def _nearly(
    new: Sequence[tuple[int, str, str]], titles: Sequence[str], authors: Sequence[str]
) -> list[tuple[int, int]]:
    of_author: dict[str, list[int]] = defaultdict(list)
    for number, author in enumerate(authors):
        if author:
            of_author[author].append(number)
    new = [one for one in new if one[2] in of_author]
    if not new:
        return []
    many = {author for _, _, author in new if len(of_author[author]) > _FEW}
    words = {number: set(titles[number].split()) for author in many for number in of_author[author]}
    new_words = {number: set(title.split()) for number, title, author in new if author in many}
    # a word that only one side has, a slip of the pen say, can bring nothing together
    both = set().union(*words.values()) & set().union(*new_words.values())
    frequency = Counter(word for one in (*words.values(), *new_words.values()) for word in one & both)
    blocks: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, own in words.items():
        for one, other in _pairs(own, frequency):
            blocks[authors[number], one, other].append(number)
    found: list[tuple[int, int]] = []
    for number, title, author in new:
        if author in many:
            pairs = _pairs(new_words[number], frequency)
            candidates = {k for one, other in pairs for k in blocks.get((author, one, other), ())}
        else:
            candidates = set(of_author[author])
        best = _likest(title, sorted(candidates), titles)
        if best is not None:
            found.append((number, best))
    return found


def _pairs(words: set[str], frequency: Counter[str]) -> list[tuple[str, str]]:
    """The pairs of a title's rarest words; its two rarest alone, for titles that share but one."""
    known = sorted(words & frequency.keys(), key=lambda word: (frequency[word], word))[:_RAREST]
    return [*combinations(sorted(known), 2), *((word, word) for word in known[:2])]


def _likest(title: str, candidates: Sequence[int], titles: Sequence[str]) -> int | None:
    if not candidates:
        return None
    score, best = max((likeness(title, titles[k]), -k) for k in candidates)
    return -best if score >= ALIKE else None


def likeness(one: str, other: str) -> float:
    """How alike two normalised titles are, 0 to 100, in their order of words or in any; 0 below ALIKE."""
    from rapidfuzz.fuzz import ratio, token_sort_ratio

    return max(ratio(one, other, score_cutoff=ALIKE), token_sort_ratio(one, other, score_cutoff=ALIKE))


def author_key(family: str) -> str:
    """By what first authors are told apart: the last word of the family name, normalised."""
    words = normalised(family).split()
    return words[-1] if words else ""
