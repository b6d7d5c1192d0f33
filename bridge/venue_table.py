"""The venues of mappings/conferences.csv and journals.csv, the DOI patterns, and the user's own rows.

Looking up follows how people write: dots, blanks and hyphens between the parts of an abbreviation make no
difference, neither do case (except in an acronym of one word), `&` for "and", a leading "The", the little
words that abbreviations leave out, and the usual short forms of words (mappings/word-forms.csv). Ordinary
words and short ambiguous acronyms (column cue_aliases) are told apart: `Found.sure` is False for them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple, get_args

from bridge.errors import InputError, Place
from bridge.record import Kind, Status
from bridge.tables import Row, builtin_text, cells_of, load, load_file
from bridge.words import LEFT_OUT, Trie, Words, plain_words, word_forms

COLUMNS = ("name", "full_name", "kind", "aliases", "cue_aliases", "years", "publisher", "series")
DOI_COLUMNS = ("pattern", "venue", "status", "example", "example_year")
KINDS = frozenset(get_args(Kind)) - {"thesis"}

# "IEEE International Conference on X" is as often written without its sponsor.
_SPONSORED = re.compile(
    r"(?:(?:IEEE|ACM|SIAM|AAAI|RSJ|CVF|IFIP|IAPR|USENIX|EURASIP|EATCS|ASME|AIAA|IET|SPIE|IFAC|IMA|MPS|SIG[A-Z]+)"
    r"(?:\s*[/&-]\s*|\s+(?:and\s+)?))+(?=(?:International|Annual|Conference|Symposium|Workshop|European|Asian|Winter)\b)"
)
_SPONSORS = (
    "IEEE",
    "ACM",
    "SIAM",
    "AAAI",
    "IFIP",
    "IAPR",
    "USENIX",
    "EURASIP",
    "EATCS",
    "IET",
    "SPIE",
    "SIG",
)
_LETTERS = re.compile(r"[^\W_]+|&")
_CLOSING = ('"', "”", "'")
_SPACED = re.compile(r"[\s.]+(?=.)")


class VenueRow(NamedTuple):
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
        return self.kind in ("conference", "book") and is_series_name(self.full_name)


_OF_A_SOCIETY = re.compile(r"(\S+) ([A-Z]{3})")
_SERIES = re.compile(
    r"\b(?:Series|Lecture Notes|Leibniz|Electronic Proceedings|Proceedings of Science|Conference Proceedings"
    r"|Web of Conferences|Conf\. Proc|Electronic Notes|Electronic Communications of the EASST"
    r"|Special Publications|Proceedings Supplement"
    r"|Communications in Computer and Information Science"
    r"|Advances in Intelligent Systems|CEUR|Proceedings of Machine Learning Research"
    r"|ESO Astrophysics Symposia|EPTCS|LNCS|LNAI|LIPIcs|ENTCS|PMLR|CCIS)\b"
)


@lru_cache(maxsize=4096)
def is_series_name(name: str) -> bool:
    """Whether a name is that of a series in which the proceedings of many events are printed."""
    return bool(_SERIES.search(name))


@dataclass(slots=True)
class Form:
    """One way to write a venue (the `number`-th row): `letters` is its spelling without blanks, `lone` tells
    an acronym of one word."""

    number: int
    letters: str
    lone: bool
    needs_cue: bool


@dataclass(slots=True)
class Found:
    """A venue named at `words[start:end]`; `sure` if these words can mean nothing else."""

    row: VenueRow
    start: int
    end: int
    sure: bool


class DoiPattern(NamedTuple):
    """What DOIs of one shape tell."""

    pattern: re.Pattern[str]
    venue: str | None
    status: Status


def _build_venue(row: Row) -> VenueRow:
    name, kind = row["name"], row["kind"]
    if not name or not row["full_name"]:
        raise row.wrong("a venue needs a name and a full_name")
    for form in (name, row["full_name"], *row.listed("aliases"), *row.listed("cue_aliases")):
        if not plain_words(form):
            raise row.wrong(f"{form!r} holds no word to know a venue by")
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


def _without_sponsor(alias: str) -> str | None:
    """An alias that begins with its sponsor as it is written without it."""
    sponsored = _SPONSORED.match(alias)
    # not "Conference" for "SIGCOMM Conference"
    return alias[sponsored.end() :] if sponsored and " " in alias[sponsored.end() :] else None


def _first_word(alias: str, forms: dict[str, str]) -> str:
    """The word that an alias is filed under: the first of `look_up_words(alias)`, found fast."""
    head, blank, _ = alias.partition(" ")
    first = head[:-1].lower() if head[-1:] == "." else head.lower()
    if not first.isalpha() or first in LEFT_OUT or len(head) == len(alias) > len(first):
        return look_up_words(alias)[0]
    return forms.get(first, first) if blank else first


class VenueTable:
    """All venues, by name and by every way they are written.

    Loading only files the names by their first word; rows are built and checked, and the names under a first
    word taken apart, when a text with that word comes along.
    """

    def __init__(self, tables: Sequence[tuple[str, str]]) -> None:
        """`tables`: texts of venue tables and their names; a later row replaces an earlier namesake."""
        self._lines: list[tuple[str, int, str]] = []
        self._by_name: dict[str, int] = {}
        self._rows: dict[int, VenueRow] = {}
        self._filed: dict[str, list[tuple[int, str, bool]]] = {}
        # those of one first word by their second ("" for names of one word)
        self._seconds: dict[str, dict[str, list[tuple[int, str, bool]]]] = {}
        self._tries: dict[str, dict[str, Trie[Form]]] = {}  # by first word, then second
        header = ",".join(COLUMNS)
        for text, source in tables:
            for number, line in enumerate(text.splitlines(), 1):
                if line and line[0] != "#" and line != header:
                    name = line[: line.find(",")] if line[0] != '"' else cells_of(line)[0]
                    self._by_name[name] = len(self._lines)
                    self._lines.append((source, number, line))
        forms, filed = word_forms(), self._filed
        for index in self._by_name.values():
            cells = cells_of(self._lines[index][2])
            demoted = cells[4].split(" | ") if cells[4] else ()
            aliases = [cells[0], cells[1], *cells[3].split(" | ")] if cells[3] else cells[:2]
            for alias in aliases:
                if demoted and alias in demoted:
                    continue
                written = alias.removeprefix("The ")
                filed.setdefault(_first_word(written, forms), []).append((index, written, False))
                if written.startswith(_SPONSORS) and (bare := _without_sponsor(written)) is not None:
                    filed.setdefault(_first_word(bare, forms), []).append((index, bare, False))
            for alias in demoted:
                filed.setdefault(_first_word(alias, forms), []).append((index, alias, True))
        # the words, as they are written, that a name can begin with
        self.first_words = frozenset(filed) | {word for word, form in forms.items() if form in filed}

    def _row_at(self, index: int) -> VenueRow:
        row = self._rows.get(index)
        if row is None:
            source, number, line = self._lines[index]
            cells = cells_of(line)
            if len(cells) != len(COLUMNS):
                reason = f"{len(cells)} cells where the header names {len(COLUMNS)}"
                raise InputError(Place(source, number), reason)
            values = {column: cell.strip() for column, cell in zip(COLUMNS, cells, strict=True)}
            row = self._rows[index] = _build_venue(Row(values, source, number))
        return row

    def row(self, name: str) -> VenueRow | None:
        """The row of a canonical name."""
        index = self._by_name.get(name)
        return self._row_at(index) if index is not None else None

    def _trie(self, first: str, second: str) -> Trie[Form] | None:
        """The names that begin with the words `first` and `second`, or are `first` alone."""
        seconds = self._seconds.get(first)
        if seconds is None:
            if first not in self._filed:
                return None
            seconds = self._seconds[first] = self._by_second_word(first)
            self._tries[first] = {}
        tries = self._tries[first]
        trie = tries.get(second if second in seconds else "")
        if trie is None:
            second = second if second in seconds else ""
            trie = tries[second] = Trie()
            for index, alias, needs_cue in (*seconds.get("", ()), *(seconds[second] if second else ())):
                letters = "".join(_LETTERS.findall(alias))
                trie.add(look_up_words(alias), Form(index, letters, not _SPACED.search(alias), needs_cue))
        return trie

    def _by_second_word(self, first: str) -> dict[str, list[tuple[int, str, bool]]]:
        """The names filed under `first` by their second word: a thousand begin with "journal", and to take
        all apart for one text would be most of what reading it takes."""
        grouped: defaultdict[str, list[tuple[int, str, bool]]] = defaultdict(list)
        forms = word_forms()
        for filed in self._filed[first]:
            tokens = filed[1].lower().split(" ")
            second = ""
            if tokens[0].rstrip(".").isalpha() and tokens[0] not in LEFT_OUT:
                for token in tokens[1:]:
                    second = token.rstrip(".,")
                    if second not in LEFT_OUT:
                        break
                else:
                    second = ""
            if not second.isalpha():
                second = next((word for word in look_up_words(filed[1])[1:] if word not in LEFT_OUT), "")
            grouped[forms.get(second, second)].append(filed)
            society = _OF_A_SOCIETY.fullmatch(filed[1])
            if society is not None:  # "Proc. AMS" is written "Proc. A.M.S." too
                dotted = f"{society[1]} {'.'.join(society[2])}."
                grouped[society[2][0].lower()].append((filed[0], dotted, filed[2]))
        return dict(grouped)

    def at(self, words: Words, forms: list[str], i: int) -> Found | None:
        """The venue with the longest name that begins at word i, if any. `forms`: the words' short forms."""
        found = self._at(words, forms, i)
        if found is None and words.lower[i] != forms[i] and words.lower[i] in self._filed:
            found = self._at(words, words.lower, i)  # a name of one word is filed as it is written: "Science"
        return found

    def _at(self, words: Words, forms: list[str], i: int) -> Found | None:
        first, count = forms[i], len(forms)
        k = i + 1
        while k < count and forms[k] in LEFT_OUT:
            k += 1
        second = forms[k] if k < count else ""
        tries = self._tries.get(first)
        trie = tries.get(second) if tries is not None else None
        if trie is None and tries is not None and second not in self._seconds[first]:
            trie = tries.get("")
        if trie is None:
            trie = self._trie(first, second)
        node = trie.root.get(first) if trie is not None else None
        if node is None or trie is None:
            return None
        if "" not in node and k == i + 1 and second not in node:
            return None
        hit = trie.longest(forms, i, LEFT_OUT)
        if hit is None:
            return None
        end, candidates = hit
        for k in range(i + 1, end):
            gap = words.gaps[k]
            if gap == " ":
                continue
            if len(gap) > 6 or ";" in gap:
                hit = trie.longest(forms[:k], i, LEFT_OUT)  # "J Phys A; Math & Theor"
                if hit is None:
                    return None
                end, candidates = hit
                break
            if ('"' in gap or "“" in gap or "``" in gap) and words.gaps[end].strip()[:1] not in _CLOSING:
                return None  # the quoted title goes on
        letters = "".join(words.raws[i:end])
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
        row = self._row_at(best.number)
        prints = row.kind == "journal" and "for" in words.lower[i:end]
        if prints and "for" not in f"{best.letters} {row.full_name}".lower():
            return None  # "a review for Physical Review D" names no "Reviews in Physics"
        return Found(row, i, end, sure)

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
    lower = words.lower
    filed = [forms.get(word, word) for word in lower]
    if "l" in lower:
        for k in range(1, len(lower)):
            if lower[k] == "l" and lower[k - 1] in _SHORTENED:
                filed[k] = "of"  # says nothing more
    return filed


_SHORTENED = frozenset(["int", "nat"])  # "Int'l", "Nat'l"
_user_files: tuple[Path, ...] = ()
_dependent: list[Callable[[], None]] = []


def when_tables_change(forget: Callable[[], None]) -> None:
    """Have `forget` called by `use_tables`: for what is remembered of readings with the former tables."""
    _dependent.append(forget)


def use_tables(extra: Sequence[Path]) -> None:
    """Let the rows of the user's own venue files stand beside (and before) the built-in ones.

    Raises InputError when one of them is no venue table.
    """
    global _user_files
    _user_files = tuple(extra)
    for forget in (venue_table.cache_clear, *_dependent):
        forget()
    if _user_files:
        venue_table()


@lru_cache(maxsize=1)
def venue_table() -> VenueTable:
    """All venues; loaded when first asked for."""
    tables = [(builtin_text(name), f"mappings/{name}") for name in ("conferences.csv", "journals.csv")]
    # a user's file is checked at once, and written as the built-in ones are ("a|b", blanks at an end)
    own = [(_table_of(load_file(path, COLUMNS, _build_venue)), str(path)) for path in _user_files]
    return VenueTable(tables + own)


def _table_of(rows: Sequence[VenueRow]) -> str:
    """The rows as the text of a venue table."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    for row in rows:
        first, last = row.years
        years = f"{first or ''}-{last or ''}" if first or last else ""
        lists = (" | ".join(row.aliases), " | ".join(row.cue_aliases))
        table.writerow([row.name, row.full_name, row.kind, *lists, years, row.publisher, row.series])
    return text.getvalue()


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


@cache
def doi_patterns(registrant: str) -> tuple[DoiPattern, ...]:
    """The patterns of a registrant ("1103"), in the table's order."""
    return tuple(
        DoiPattern(re.compile(pattern, re.IGNORECASE), venue or None, status or "published")  # type: ignore[arg-type]
        for pattern, venue, status in _doi_rows().get(registrant, ())
    )
