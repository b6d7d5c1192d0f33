"""Zotero's `extra` field: free text in which single lines mean something.

A line of ours is found by its label and changed where it stands; every other line keeps its place and its
letters. Labels are those that Zotero's own importers and citation processor use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ARXIV = "arXiv"
VERSION = "version"
STATUS = "status"
CITATION_KEY = "Citation Key"
DOI = "DOI"
JOURNAL_REF = "Journal reference"
# the citation processor's name for an article number
NUMBER = "number"

# "arXiv:2606.03498 [cs.DC]" is how Zotero's own arXiv importer writes it, without a space
_GLUED = frozenset({ARXIV})
_SPELLINGS = {CITATION_KEY: r"citation[ -]?key|bibtex", VERSION: r"version", STATUS: r"status"}


def _pattern(label: str) -> re.Pattern[str]:
    words = _SPELLINGS.get(label, re.escape(label))
    return re.compile(rf"[ \t]*(?:{words})[ \t]*:[ \t]*(?P<value>.*?)\s*", re.IGNORECASE)


def read_line(extra: str, label: str) -> str | None:
    """What the first line with this label says; None without such a line or with an empty one."""
    pattern = _pattern(label)
    for line in extra.split("\n"):
        if match := pattern.fullmatch(line):
            return match["value"] or None
    return None


def lines_labelled(extra: str, label: str) -> Iterable[str]:
    """What every line with this label says."""
    pattern = _pattern(label)
    return (match["value"] for line in extra.split("\n") if (match := pattern.fullmatch(line)))


def write_line(extra: str, label: str, value: str | None) -> str:
    """`extra` with the label's line saying `value`: changed in place, else added last; None removes it."""
    pattern = _pattern(label)
    lines = extra.split("\n") if extra else []
    at = next((n for n, line in enumerate(lines) if pattern.fullmatch(line)), None)
    if value is None:
        if at is not None:
            del lines[at]
        return "\n".join(lines)
    line = f"{label}:{value}" if label in _GLUED else f"{label}: {value}"
    if at is None:
        while lines and not lines[-1].strip():
            lines.pop()
        lines.append(line)
    else:
        lines[at] = line
    return "\n".join(lines)
