"""Publishers (mappings/publishers.csv): the one named behind a book's title, and since when a venue has had
the one it has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bridge.tables import Row, load
from bridge.words import plain_words

_REACH = 40  # words behind a title; its editors stand between
_COMMA = re.compile(r",\s*")
_LONGEST = 6  # words of a form


class _Publisher(NamedTuple):
    name: str
    forms: tuple[tuple[str, ...], ...]  # their words, in lower case
    since: int | None  # the first year in which it printed what is known as its
    registrant: str  # of its DOIs, "" where several publishers share one


@lru_cache(maxsize=1)
def _publishers() -> list[_Publisher]:
    def build(row: Row) -> _Publisher:
        if not row["publisher"] or not row.listed("forms"):
            raise row.wrong("a publisher needs a name and a form")
        if row["since"] and not (row["since"].isdecimal() and len(row["since"]) == 4):
            raise row.wrong(f"since {row['since']!r} is no year")
        forms = tuple(tuple(plain_words(form)) for form in row.listed("forms"))
        since = int(row["since"]) if row["since"] else None
        return _Publisher(row["publisher"], forms, since, row["registrant"])

    return load("publishers.csv", ("publisher", "forms", "since", "registrant"), build)


@lru_cache(maxsize=1)
def _forms() -> dict[tuple[str, ...], str]:
    return {form: one.name for one in _publishers() for form in one.forms}


@lru_cache(maxsize=1)
def _first_years() -> dict[str, int]:
    return {one.name: one.since for one in _publishers() if one.since is not None}


def publisher_then(publisher: str | None, year: int | None) -> str | None:
    """The publisher that a venue has today, if it had it in that year: NeurIPS was MIT Press's until 2007."""
    if publisher is None or year is None:
        return publisher
    return publisher if year >= _first_years().get(publisher, year) else None


@lru_cache(maxsize=1)
def _by_registrant() -> dict[str, str]:
    return {one.registrant: one.name for one in _publishers() if one.registrant}


def publisher_of_doi(doi: str) -> str | None:
    """The publisher to which a DOI ("10.1109/SISAP.2008.12") was given, None for one that the table lacks."""
    return _by_registrant().get(doi.partition("/")[0].strip())


def without_publisher(name: str) -> str:
    """A name without the publisher behind a comma and what follows it: "Foo Conference, IEEE Press, Rome"."""
    for comma in _COMMA.finditer(name):
        if _leads(plain_words(name[comma.end() :])[:_LONGEST]) is not None:
            return name[: comma.start()].rstrip() or name
    return name


def _leads(words: Sequence[str]) -> str | None:
    """The publisher whose form, the longest there is, begins `words`."""
    found = publisher_at(words, 0)
    return found[0] if found else None


def publisher_at(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The publisher whose form, the longest there is, begins at word `at`, and where the form ends."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        name = _forms().get(tuple(words[at : at + length]))
        if name is not None:
            return name, at + length
    return None


def publisher_in(text: str) -> str | None:
    """The first publisher that `text` names within its first words, None if there is none."""
    words = plain_words(text)[:_REACH]
    found = (_leads(words[k : k + _LONGEST]) for k in range(len(words)))
    return next(filter(None, found), None)
