"""The venues of mappings/conferences.csv and journals.csv, the DOI patterns, and the user's own rows.

Looking up follows how people write: dots, blanks and hyphens between the parts of an abbreviation make no
difference, neither do case (except in an acronym of one word), `&` for "and", a leading "The", the little
words that abbreviations leave out, and the usual short forms of words (mappings/word-forms.csv). Ordinary
words and short ambiguous acronyms (column cue_aliases) are told apart: `Found.sure` is False for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import get_args

from bridge.record import Kind, Status
from bridge.tables import Row, load, load_file
from bridge.words import LEFT_OUT, Trie, Words, plain_words, word_forms

COLUMNS = ("name", "full_name", "kind", "aliases", "cue_aliases", "years", "publisher", "series")
DOI_COLUMNS = ("pattern", "venue", "status", "example", "example_year")
KINDS = frozenset(get_args(Kind)) - {"thesis"}

# "IEEE International Conference on X" is as often written without its sponsor.
_SPONSORED = re.compile(
    r"(?:(?:IEEE|ACM|SIAM|AAAI|RSJ|CVF|IFIP|IAPR|USENIX|EURASIP|EATCS|ASME|AIAA|IET|SPIE|IFAC|IMA|MPS|SIG[A-Z]+)"
    r"(?:\s*[/&-]\s*|\s+(?:and\s+)?))+(?=(?:International|Annual|Conference|Symposium|Workshop|European|Asian|Winter)\b)"
)
_SPACED = re.compile(r"[\s.]+(?=.)")


@dataclass(frozen=True, slots=True)
class VenueRow:
    """One venue: names, kind, and what a bibliography style may want of it."""

    name: str
    full_name: str
    kind: Kind
    publisher: str | None
    series: str | None
    years: tuple[int | None, int | None]
    aliases: tuple[str, ...]
    cue_aliases: tuple[str, ...]

    @property
    def is_series(self) -> bool:
        """Whether proceedings of many events appear in it, so that the event says more."""
        return self.kind in ("conference", "book") and bool(_SERIES.search(self.full_name))


_SERIES = re.compile(
    r"\b(?:Series|Lecture Notes|Leibniz|Electronic Proceedings|Proceedings of Science|Conference Proceedings"
    r"|Conf\. Proc|Electronic Notes|Proceedings Supplement|Communications in Computer and Information Science"
    r"|Advances in Intelligent Systems|CEUR|Proceedings of Machine Learning Research)\b"
)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a venue: `letters` is its spelling without blanks; `lone` an acronym of one word."""

    row: VenueRow
    letters: str
    lone: bool
    needs_cue: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A venue named at `words[start:end]`; `sure` if these words can mean nothing else."""

    row: VenueRow
    start: int
    end: int
    sure: bool


@dataclass(frozen=True, slots=True)
class DoiPattern:
    """What DOIs of one shape tell."""

    pattern: re.Pattern[str]
    venue: str | None
    status: Status


def _build_venue(row: Row) -> VenueRow:
    name, kind = row["name"], row["kind"]
    if not name or not row["full_name"]:
        raise row.wrong("a venue needs a name and a full_name")
    if kind not in KINDS:
        raise row.wrong(f"kind {kind!r} is none of {', '.join(sorted(KINDS))}")
    years: tuple[int | None, int | None] = (None, None)
    if row["years"]:
        span = re.fullmatch(r"(\d{4})?-(\d{4})?", row["years"])
        if not span:
            raise row.wrong(f"years {row['years']!r} must read 1991-2004, -2004 or 1991-")
        years = (int(span[1]) if span[1] else None, int(span[2]) if span[2] else None)
    return VenueRow(
        name,
        row["full_name"],
        kind,  # type: ignore[arg-type]  # checked above
        row["publisher"] or None,
        row["series"] or None,
        years,
        row.listed("aliases"),
        row.listed("cue_aliases"),
    )


def look_up_words(text: str) -> list[str]:
    """The words that a name is filed under: short forms, without the little words."""
    words = plain_words(text)
    if not _SPACED.search(text):
        return words
    forms = word_forms()
    kept = [forms.get(word, word) for word in words if word not in LEFT_OUT]
    return kept or words


class VenueTable:
    """All venues, by name and by every way they are written."""

    def __init__(self, rows: Sequence[VenueRow]) -> None:
        self.rows: dict[str, VenueRow] = {}
        self._trie: Trie[Form] = Trie()
        for row in rows:
            self.rows.pop(row.name, None)  # a user's row replaces the built-in one of that name
            self.rows[row.name] = row
        for row in self.rows.values():
            demoted = set(row.cue_aliases)
            for alias in {row.name: None, row.full_name: None} | dict.fromkeys(row.aliases):
                if alias not in demoted:
                    self._file(row, alias, needs_cue=False)
            for alias in row.cue_aliases:
                self._file(row, alias, needs_cue=True)

    def _file(self, row: VenueRow, alias: str, *, needs_cue: bool) -> None:
        if alias.startswith("The "):
            alias = alias[4:]
        sponsored = _SPONSORED.match(alias)
        if sponsored and not needs_cue:
            self._file(row, alias[sponsored.end() :], needs_cue=False)
        lone = not _SPACED.search(alias)
        letters = "".join(re.findall(r"[^\W_]+|&", alias))
        self._trie.add(look_up_words(alias), Form(row, letters, lone, needs_cue))

    def at(self, words: Words, forms: list[str], i: int) -> Found | None:
        """The venue with the longest name that begins at word i, if any. `forms`: the words' short forms."""
        hit = self._trie.longest(forms, i, LEFT_OUT)
        if hit is None:
            return None
        end, candidates = hit
        for k in range(i + 1, end):
            gap = words.gap(k)
            if len(gap) > 6 or ";" in gap:
                return None
        letters = "".join(words.raw(k) for k in range(i, end))
        folded = letters.lower()
        best: Form | None = None
        for form in candidates:
            if form.letters == letters:
                best = form
                break
            if form.lone:
                if form.letters.lower() != folded:
                    continue
            elif best is not None and not best.lone and form.letters.lower() != folded:
                continue
            best = form
        if best is None:
            return None
        sure = not best.needs_cue and (
            best.letters == letters
            or (not best.lone and letters[0].isupper())
            or (best.lone and letters.isupper() and len(letters) > 3)
        )
        return Found(best.row, i, end, sure)

    def named(self, text: str) -> VenueRow | None:
        """The venue that `text` is a name of, as a whole."""
        words = Words(text)
        if not len(words):
            return None
        first = 1 if words.lower[0] == "the" and len(words) > 1 else 0
        found = self.at(words, filed_forms(words), first)
        return found.row if found and found.end == len(words) else None


def filed_forms(words: Words) -> list[str]:
    """The short forms of all words, to look venues up by."""
    forms = word_forms()
    return [forms.get(word, word) for word in words.lower]


_user_files: tuple[Path, ...] = ()


def use_tables(extra: Sequence[Path]) -> None:
    """Let the rows of the user's own venue files stand beside (and before) the built-in ones.

    Raises InputError when one of them is no venue table.
    """
    global _user_files
    _user_files = tuple(extra)
    venue_table.cache_clear()
    if _user_files:
        venue_table()


@lru_cache(maxsize=1)
def venue_table() -> VenueTable:
    """All venues; loaded when first asked for."""
    rows = [row for name in ("conferences.csv", "journals.csv") for row in load(name, COLUMNS, _build_venue)]
    rows += [row for path in _user_files for row in load_file(path, COLUMNS, _build_venue)]
    return VenueTable(rows)


_REGISTRANT = re.compile(r"10\\?\.(\d{4,9})")


@lru_cache(maxsize=1)
def _doi_rows() -> dict[str, list[tuple[str, str, str]]]:
    """The patterns by the registrant that they begin with; compiled only when a DOI of it comes along."""

    def build(row: Row) -> tuple[str, tuple[str, str, str]]:
        registrant = _REGISTRANT.match(row["pattern"])
        if not registrant:
            raise row.wrong("a pattern must begin with a literal registrant such as 10\\.1103/")
        if row["status"] not in ("", *get_args(Status)):
            raise row.wrong(f"{row['status']!r} is no status")
        return registrant[1], (row["pattern"], row["venue"], row["status"])

    grouped: dict[str, list[tuple[str, str, str]]] = {}
    for registrant, value in load("doi-patterns.csv", DOI_COLUMNS, build):
        grouped.setdefault(registrant, []).append(value)
    return grouped


@lru_cache(maxsize=None)
def doi_patterns(registrant: str) -> tuple[DoiPattern, ...]:
    """The patterns of a registrant ("1103"), in the table's order."""
    return tuple(
        DoiPattern(re.compile(pattern, re.IGNORECASE), venue or None, status or "published")  # type: ignore[arg-type]
        for pattern, venue, status in _doi_rows().get(registrant, ())
    )
