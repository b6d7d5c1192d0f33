"""The names that are known in any title.

Names are words ("Markov"), several words ("Milky Way": both in mappings/proper-names.csv), or ordinary words
before certain others ("Hall" of "Hall effect": mappings/names-before.csv).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from bridge.bibtex.latex import to_latex
from bridge.tables import load, load_words

_CAPITALISED = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]+")
# the same in ASCII, where most titles stay
_CAPITALISED_IN_ASCII = re.compile("[A-Z][a-z]+")
_WORD_WITH_CAPITAL = re.compile(r"[A-Z][^ -]*")


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


def brace_known_companies(title: str, capitalised: list[str]) -> str:
    """`title` with braces around the words of known names of several words, and around names that are
    ordinary words but for what follows. `capitalised`: its `capitalised_words`."""
    companies = _companies()
    heads = tuple([word for word in capitalised if word in companies])
    return _companies_from(heads).sub(_braced, title) if heads else title


def _braced(match: re.Match[str]) -> str:
    """The match with braces around its words with a capital."""
    name = match[0]
    before = match.string[: match.start()]
    if before.count("{") != before.count("}") or before.count("$") % 2 or before.count("\\(") % 2:
        return match[0]
    # a style leaves the first letter as it is
    at = 1 if not before or before.endswith(": ") else 0
    return name[:at] + _WORD_WITH_CAPITAL.sub(r"{\g<0>}", name[at:])


@cache
def _names() -> list[str]:
    return load_words("proper-names.csv", "name")


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
