"""Records and entries as the merge sees them: `Wanted` out of a record, `Present` out of an entry of a file.

A wanted field may stand in an entry under biblatex's or BibTeX's other name for it (`journal` and
`journaltitle`); it then is that field. Names are lower-case here. "type" is the entry type; the field that
BibTeX calls `type` (of a thesis) goes by `TYPE_FIELD`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from bridge.bibtex.blocks import Entry
from bridge.bibtex.compare import field_meaning
from bridge.bibtex.document import Document
from bridge.bibtex.grammar import Field
from bridge.bibtex.keywords import members
from bridge.bibtex.venuefields import SETS, TYPE, TYPE_FIELD
from bridge.plaintext import normalised
from bridge.plan import Base, Present, Value, Wanted, digest
from bridge.record import Record

# a library says the same there again and again
_COMMON = frozenset((TYPE, "year", "month", "archiveprefix", "primaryclass", "eprinttype", "eprintclass"))


class Proposal(NamedTuple):
    """A record rendered for this target: its wanted values, and how each field's name is spelt."""

    record: Record
    wanted: Wanted
    spelling: Mapping[str, str]

    def under(self, key: str) -> Wanted:
        """What the record asks as a new entry of that key."""
        asked = self.wanted
        return Wanted(
            asked.identity,
            key,
            asked.fields,
            asked.sets,
            asked.retired,
            asked.label,
            asked.version,
            listed=asked.listed,
        )


class Standing(NamedTuple):
    """An entry as the merge sees it, and where in the file each of those fields stands."""

    entry: Entry
    present: Present
    slots: Mapping[str, Field] = MappingProxyType({})


def proposal(record: Record, type: str, fields: Sequence[tuple[str, str]]) -> Proposal:
    """What a record asks of the file; the key is proposed later, when it is known to be needed."""
    values = {TYPE: value_of(TYPE, type)}
    sets: dict[str, dict[str, str]] = {}
    spelling = _spelling(tuple([written for written, _ in fields]))
    for name, (_, text) in zip(spelling, fields, strict=True):
        if name in SETS:
            sets[name] = members(text)
        else:
            values[name] = value_of(name, text)
    wanted = Wanted(
        record.identity, "", values, sets, label=record.title, version=record.version, listed=record.as_of
    )
    return Proposal(record, wanted, spelling)


@lru_cache(maxsize=1024)
def _spelling(written: tuple[str, ...]) -> Mapping[str, str]:
    """Each field's name for the merge → as it is written; the entries of a large run share a few of these."""
    return {inner_name(name): name for name in written}


def still_of(document: Document, entry: Entry, base: Base | None, proposal: Proposal | None) -> bool:
    """Whether an entry that names no identifier says the title or the authors that bibbridge knows of it."""
    if base is None:
        return True
    told = False
    for name in ("title", "author"):
        field = entry.field(name)
        if field is None:
            continue
        told = True
        said = field_meaning(name, document.value(field))
        wanted = proposal.wanted.fields.get(name) if proposal is not None else None
        if digest(said) == base.fields.get(name) or (wanted is not None and digest(said) == wanted.digest):
            return True
        if wanted is not None and normalised(said) == normalised(field_meaning(name, wanted.text)):
            return True
    return not told


def printable(text: str) -> str:
    """Text of a damaged file as a terminal can show it: stray bytes as U+FFFD."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def inner_name(written: str) -> str:
    """A field's name as the merge knows it."""
    name = written.lower()
    return TYPE_FIELD if name == "type" else name


def value_of(name: str, text: str) -> Value:
    """A field's text (no delimiters, `name` lower-case) with the digest of what it means."""
    return _common_value(name, text) if name in _COMMON else Value(text, digest(field_meaning(name, text)))


@lru_cache(maxsize=2048)
def _common_value(name: str, text: str) -> Value:
    return Value(text, digest(field_meaning(name, text)))
