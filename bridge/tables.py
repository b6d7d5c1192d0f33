"""Loads the rows of mappings/ (and of a user's own files of the same form) into checked, typed tables.

A table is a UTF-8 CSV file with a header line and one row a line; a line that starts with `#` is a remark.
Every loader checks its rows and names file, line and reason when one is wrong, so that a user who adds a row
without touching code learns at once what is the matter with it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from pkgutil import get_data
from typing import TypeVar

from bridge.errors import InputError, Place

T = TypeVar("T")


@dataclass(slots=True)
class Row:
    """One line of a table: its values by column name (stripped, never None) and where it stands."""

    values: dict[str, str]
    source: str
    number: int

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def listed(self, column: str) -> tuple[str, ...]:
        """The members of a cell that holds several, written `a | b | c`; an empty cell has none."""
        return tuple(part for part in (part.strip() for part in self.values[column].split("|")) if part)

    @property
    def place(self) -> Place:
        return Place(self.source, self.number)

    def wrong(self, reason: str) -> InputError:
        return InputError(self.place, reason)


def builtin_text(name: str) -> str:
    """The text of mappings/`name`, from a wheel, a checkout or an editable install alike."""
    data = get_data("bridge.mappings", name)
    if data is None:  # run in a checkout, which an installed bibbridge does not look into
        data = (Path(__file__).parent.parent / "mappings" / name).read_bytes()
    return data.decode("utf-8")


def cells_of(line: str) -> list[str]:
    """The cells of one row, as they are written. Raises csv.Error for quotes that do not match."""
    return line.split(",") if '"' not in line else next(csv.reader((line,), strict=True))


def read_rows(text: str, source: str, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a CSV text whose header must be exactly `columns`.

    Raises InputError for a wrong header and for a row with too many or too few cells.
    """
    wanted = list(columns)
    headed = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        try:
            cells = cells_of(line)
        except csv.Error as error:
            raise InputError(Place(source, number), str(error)) from error
        if not headed:
            if cells != wanted:
                raise InputError(Place(source, number), f"the header must read {','.join(columns)}")
            headed = True
            continue
        if len(cells) != len(wanted):
            reason = f"{len(cells)} cells where the header names {len(wanted)}"
            raise InputError(Place(source, number), reason)
        yield Row(dict(zip(wanted, map(str.strip, cells), strict=True)), source, number)


def load(name: str, columns: Sequence[str], build: Callable[[Row], T]) -> list[T]:
    """The built-in table mappings/`name`, each row made a value by `build` (which may raise `row.wrong`)."""
    return [build(row) for row in read_rows(builtin_text(name), f"mappings/{name}", columns)]


def load_words(name: str, column: str) -> list[str]:
    """The built-in table mappings/`name` of one `column`, in a tenth of the time: for tables of thousands."""
    lines = [line for line in builtin_text(name).splitlines() if line and line[0] != "#"]
    if not lines or lines[0] != column:
        raise InputError(Place(f"mappings/{name}", 1), f"the header must read {column}")
    return lines[1:]


def load_file(path: Path, columns: Sequence[str], build: Callable[[Row], T]) -> list[T]:
    """The same for a user's own file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Place(str(path)), str(error)) from error
    return [build(row) for row in read_rows(text, str(path), columns)]
