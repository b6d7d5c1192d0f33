"""How a person wants records written as BibTeX, and records written that way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from bridge.bibtex.document import Document
from bridge.bibtex.engines import ENGINES, shown
from bridge.bibtex.entry import Entry as Rendered
from bridge.bibtex.entry import entry_fields, format_entry
from bridge.bibtex.grammar import balanced
from bridge.bibtex.letters import other_scripts, unprintable
from bridge.citekey import unique_keys
from bridge.config import Dialect, VenuePolicy
from bridge.errors import Place, Problem
from bridge.plan import Base
from bridge.record import Record, Stated


class BibStyle(NamedTuple):
    """Dialect, what to make of a venue hint, fields beyond the usual ones, the citation-key pattern, and the
    date (YYYY-MM-DD, "" for none) on which entries are written."""

    dialect: Dialect = "bibtex"
    venue_policy: VenuePolicy = "upgrade"
    extra_fields: tuple[str, ...] = ()
    key_pattern: str | None = None
    today: str = ""

    def rendered(self, record: Record) -> tuple[Rendered, list[Problem]]:
        """The record as an entry, without the values that would damage a file (reported)."""
        whole = entry_fields(
            record,
            dialect=self.dialect,
            venue_policy=self.venue_policy,
            extra_fields=self.extra_fields,
            today=self.today,
        )
        unsound = [name for name, text in whole.fields if ("{" in text or "}" in text) and not balanced(text)]
        told = [] if self.dialect == "biblatex" else _beyond_ascii(record)
        lost = [(name, found) for name, text in told if (found := unprintable(text))]
        foreign = [(name, found) for name, text in told if (found := other_scripts(text))]
        if not unsound and not lost and not foreign:
            return whole, []
        place = Place(record.source or "arXiv", entry=record.identity)
        problems = [
            Problem(
                place,
                "unprintable",
                f"its {name} has {character!r} (U+{ord(character):04X}), which LaTeX cannot print: left out",
                lost=False,
                advice="write it into the entry as you want it, or use --dialect biblatex",
            )
            for name, characters in lost
            for character in characters
        ]
        problems += [
            Problem(
                place,
                "needs-engine",
                f"its {name} has letters that pdflatex cannot print ({shown(characters)}): {ENGINES}",
                lost=False,
            )
            for name, characters in foreign
        ]
        problems += [
            Problem(place, "unbalanced-braces", f"its {name} has unbalanced braces and is left out")
            for name in unsound
        ]
        kept = tuple((name, text) for name, text in whole.fields if name not in unsound)
        return Rendered(whole.type, kept), problems

    def keys(self, records: Sequence[Record], taken: Collection[str]) -> list[str]:
        """Keys for new entries, none of them in `taken` (lower-case) or twice, whatever the case."""
        if self.venue_policy != "upgrade":
            # a key names the year that the entry tells
            records = [replace(one, stated=Stated("preprint")) if one.arxiv_id else one for one in records]
        return unique_keys(records, self.key_pattern, taken)


def _beyond_ascii(record: Record) -> list[tuple[str, str]]:
    """(field, text) of the title and the names, where they have more than ASCII."""
    told = [] if record.title.isascii() else [("title", record.title)]
    names = "".join([f"{one.given}{one.family}{one.literal}" for one in record.authors])
    return told if names.isascii() else [*told, ("author list", names)]


_BIBLATEX = frozenset(("date", "journaltitle", "eprinttype", "eprintclass", "location"))
_BIBTEX = frozenset(("year", "journal", "archiveprefix", "primaryclass", "address"))
# so many entries, spread over the file, tell what it is written for
_SAMPLE = 120


def dialect_of(document: Document, bases: Iterable[Base] = ()) -> Dialect:
    """What a .bib is written for, by the words that only one of the two has; bibtex where none tell.

    Where `bases` tell what bibbridge wrote into it, it stays so, whatever else was pasted in since; unless
    those entries were all written anew for the other, as a program does that converts a file.
    """
    written = _Votes()
    keys = set()
    for base in bases:
        keys.add(base.key)
        written.count(base.fields.keys() - base.agreed)
    entries = [entry for entry in document.entries if entry.key in keys] if keys else document.entries
    standing = _Votes()
    for entry in entries[:: max(len(entries) // _SAMPLE, 1)]:
        standing.count({field.name.lower() for field in entry.fields}, entry.type)
    if written.said is not None and standing.undisputed in (None, written.said):
        return written.said
    return standing.said or "bibtex"


class _Votes:
    """Words counted that only one dialect has."""

    def __init__(self) -> None:
        self.biblatex = self.bibtex = 0

    def count(self, names: Set[str], type: str = "") -> None:
        self.biblatex += len(names & _BIBLATEX) + (type.lower() == "online")
        self.bibtex += len(names & _BIBTEX)

    @property
    def said(self) -> Dialect | None:
        if self.biblatex == self.bibtex:
            return None
        return "biblatex" if self.biblatex > self.bibtex else "bibtex"

    @property
    def undisputed(self) -> Dialect | None:
        """What all words say; None where some say the other."""
        return self.said if not (self.biblatex and self.bibtex) else None


def formatted(type: str, fields: Sequence[tuple[str, str]], key: str) -> str:
    """An entry as bibbridge lays it out where no file says otherwise, with a line end behind it."""
    return format_entry(Rendered(type, tuple(fields)), key)
