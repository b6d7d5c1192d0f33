"""What a title's capitals stand for: the names known in any title, and the words that are none in any.

Names are words ("Markov"), several words ("Milky Way": both in mappings/proper-names.csv), or ordinary words
before certain others ("Hall" of "Hall effect": mappings/names-before.csv). The ordinary words of
mappings/ordinary-words.csv are no names even where the rest of a title is in small letters ("the Dynamics of
vortices"), but some at the end of a thing's name make one of all the words before them ("the Foo Survey").
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from bridge.bibtex.latex import to_latex
from bridge.latepattern import LatePattern
from bridge.phrases import word_set
from bridge.tables import load, load_words

_CAPITALISED = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]+")
# the same in ASCII, where most titles stay
_CAPITALISED_IN_ASCII = re.compile("[A-Z][a-z]+")
_WORD_WITH_CAPITAL = re.compile(r"[A-Z][^ -]*")
_RUN = LatePattern(r"(?<=[\w,)] )[A-Z][A-Za-z]*(?:[ -][A-Z][A-Za-z]*)+")
# letters that an ending must have before it, so that "Clement" and "Hering" are no ordinary words
_STEM = 4


def capitalised_words(title: str) -> list[str]:
    """The runs of letters that begin with a capital and have no other."""
    return (_CAPITALISED_IN_ASCII if title.isascii() else _CAPITALISED).findall(title)


@cache
def proper_names() -> frozenset[str]:
    """The names of one word that are one in any title: "Bayesian", "Markov"."""
    return frozenset(name for name in _names() if " " not in name and "-" not in name)


@cache
def triggers() -> frozenset[str]:
    """A word of each name, alone or in company: a title without any of them has no known name."""
    return proper_names().union(_companies())


@lru_cache(maxsize=32768)
def is_ordinary(word: str) -> bool:
    """Whether `word` (letters alone, with a capital) says nothing by its capital."""
    words, endings = _ordinary_words()
    small = word.lower()
    return word not in proper_names() and (
        small in words
        or (small.endswith("s") and small[:-1] in words)
        or (small.endswith(endings) and any(small.endswith(end, _STEM) for end in endings))
    )


def brace_known_companies(title: str, capitalised: list[str]) -> str:
    """`title` with braces around the words of known names of several words, and around names that are
    ordinary words but for what follows. `capitalised`: its `capitalised_words`."""
    companies = _companies()
    heads = tuple([word for word in capitalised if word in companies])
    return _companies_from(heads).sub(_braced, title) if heads else title


def brace_named_things(title: str, capitalised: list[str]) -> str:
    """The title, written like a sentence, with braces around the words of names that end with such a word as
    "Survey" ("Telescope", "Belt": the set "named things" of mappings/word-sets.csv)."""
    return title if _things().isdisjoint(capitalised) else _RUN.sub(_braced_thing, title)


def _braced_thing(match: re.Match[str]) -> str:
    ends = [word.end() for word in _CAPITALISED.finditer(match[0]) if word[0] in _things()]
    return _braced(match, match[0][: ends[-1]]) if ends else match[0]


def _braced(match: re.Match[str], name: str | None = None) -> str:
    """The match with braces around the words with a capital of `name`, with which it begins."""
    name = match[0] if name is None else name
    before = match.string[: match.start()]
    if before.count("{") != before.count("}") or before.count("$") % 2 or before.count("\\(") % 2:
        return match[0]
    # a style leaves the first letter as it is
    at = 1 if not before or before.endswith(": ") else 0
    return name[:at] + _WORD_WITH_CAPITAL.sub(r"{\g<0>}", name[at:]) + match[0][len(name) :]


@cache
def _names() -> list[str]:
    return load_words("proper-names.csv", "name")


@cache
def _ordinary_words() -> tuple[frozenset[str], tuple[str, ...]]:
    words = load_words("ordinary-words.csv", "word")
    return frozenset(words), tuple(word[1:] for word in words if word[0] == "-")


@cache
def _things() -> frozenset[str]:
    return frozenset(word.capitalize() for word in word_set("named things"))


@cache
def _companies() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """The names in company (and what they stand before, if that matters) by their first ASCII word."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    before = load("names-before.csv", ("name", "before"), lambda row: (row["name"], row.listed("before")))
    for name, words in [*before, *((name, ()) for name in _names() if " " in name or "-" in name)]:
        head = next(word for word in capitalised_words(name) if word.isascii())
        found.setdefault(head, []).append((name, words))
    return found


@lru_cache(maxsize=1024)
def _companies_from(heads: tuple[str, ...]) -> re.Pattern[str]:
    forms: set[str] = set()
    for name, words in (company for head in heads for company in _companies()[head]):
        behind = rf"(?=(?:'s|s')?[ -](?i:{'|'.join(words)})s?\b)" if words else r"(?!\w)"
        forms |= {re.escape(form) + behind for form in (name, to_latex(name, context="text"))}
    return re.compile(rf"(?<![\w}}])(?:{'|'.join(sorted(forms, key=len, reverse=True))})")
