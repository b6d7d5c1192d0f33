"""A person's or an organisation's name as BibTeX parses it back: the same family, given name and suffix.

BibTeX reads "von Last, Jr, First" and counts leading lower-case words as the "von" part, which belongs to
the family name here ("de Lara, Eyal"). Everything it would read otherwise is put in braces.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bridge.bibtex.latex import to_latex, to_utf8
from bridge.record import Author

_SPLITTERS = re.compile(r",|(?i:\b(?:and|others)\b)")
_SIMPLE = re.compile(r"[A-Z][A-Za-z]*")
_FIRST_LETTER = re.compile(r"(?:\\(?:[A-Za-z]+(?![A-Za-z])|.)|[\W\d_])*+([^\W\d_])")


# REVTeX's styles put all authors into one string of the .bbl, and BibTeX cuts a string off at 20,000
# characters, in the middle of a command: with some 600 authors the whole bibliography is lost
MOST_AUTHORS = 400


def format_authors(authors: tuple[Author, ...], *, ascii_only: bool) -> str:
    """The value of an `author` field; "" if there is nobody to name. For classic BibTeX (`ascii_only`), a
    list of more than MOST_AUTHORS ends in "and others" there; biber takes any number."""
    shown = authors[:MOST_AUTHORS] if ascii_only else authors
    names = [_format(a.given, a.family, a.suffix, a.literal, ascii_only) for a in shown]
    if len(shown) < len(authors):
        names.append("others")
    return " and ".join(name for name in names if name)


@lru_cache(maxsize=65536)
def _format(
    given: str | None, family: str | None, suffix: str | None, literal: str | None, ascii_only: bool
) -> str:
    write = to_latex if ascii_only else to_utf8
    if literal is not None:
        text = write(literal, context="name")
        return f"{{{text}}}" if text else ""
    last, first, junior = (
        _part(write(part, context="name")) if part else "" for part in (family, given, suffix)
    )
    if not last:
        last, first = first, ""
    if not (first or junior):
        # without a comma, BibTeX would take the last word for the family name
        return f"{{{last}}}" if " " in last and not last.startswith("{") else last
    if not first:
        return f"{{{last} {junior}}}"
    last = _family(last)
    return f"{last}, {junior}, {first}" if junior else f"{last}, {first}"


def _part(text: str) -> str:
    """`text` in braces if it holds what separates names or their parts; "" if it holds nothing else than
    what BibTeX skips between names."""
    if _SPLITTERS.search(text):
        return f"{{{text}}}"
    return text if text.strip("~- ") else ""


def _family(text: str) -> str:
    """`text` in braces if a lower-case word stands behind a capital one ("Ramón y Cajal", "Van den Oord"):
    BibTeX would take everything up to that word for the von part, which biber may print last."""
    if _SIMPLE.fullmatch(text) or (text.startswith("{") and not text.startswith("{\\")):
        return text
    capital = False
    for word in text.split(" ")[:-1]:
        if _starts_lower(word):
            if capital:
                return f"{{{text}}}"
        else:
            capital = True
    return text


def _starts_lower(word: str) -> bool:
    """The case of the word's first letter as BibTeX sees it, an accent's own name left out."""
    letter = _FIRST_LETTER.match(word)
    return letter is not None and letter[1].islower()


def family_name(name: str) -> str:
    """The family name, particles included, of one name as a .bib writes it ("Eyal de Lara", "Li, Wei").

    Where a name has lower-case words, BibTeX's own rule decides which of them belong to it; bibtexparser
    knows that rule.
    """
    family, comma, _ = name.partition(",")
    if comma:
        return family.strip()
    words = name.split()
    if not any(word[:1].islower() for word in words[1:-1]):
        return words[-1] if words else ""
    from bibtexparser.customization import splitname

    parts = splitname(name, strict_mode=False)
    return " ".join([*parts["von"], *parts["last"]])
