"""The publisher that a comment or a journal_ref names behind the title of a book (publishers.csv)."""

from __future__ import annotations

from functools import lru_cache

from bridge.tables import Row, load
from bridge.words import plain_words

_REACH = 40  # words behind a title; its editors stand between
_LONGEST = 4  # words of a form


@lru_cache(maxsize=1)
def publishers() -> dict[tuple[str, ...], str]:
    """The words of each form, in lower case → the publisher's name."""

    def build(row: Row) -> list[tuple[tuple[str, ...], str]]:
        if not row["publisher"] or not row.listed("forms"):
            raise row.wrong("a publisher needs a name and a form")
        return [(tuple(plain_words(form)), row["publisher"]) for form in row.listed("forms")]

    return {
        form: name for forms in load("publishers.csv", ("publisher", "forms"), build) for form, name in forms
    }


def publisher_in(text: str) -> str | None:
    """The first publisher that `text` names within its first words, None if there is none."""
    words, table = plain_words(text)[:_REACH], publishers()
    for k in range(len(words)):
        for length in range(min(_LONGEST, len(words) - k), 0, -1):
            name = table.get(tuple(words[k : k + length]))
            if name is not None:
                return name
    return None
