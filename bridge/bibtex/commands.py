"""The TeX commands that a field may carry: everything else loses its backslash on the way out.

An allow-list, because a list of dangerous commands is never complete. The commands are
mappings/tex-commands.csv.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from bridge.tables import Row, load

Mode = Literal["text", "both", "math", "declaration", "drop"]
_MODES = ("text", "both", "math", "declaration", "drop")
_ARGUMENTS = ("", "1", "2", "t", "o1", "d", "i")


class Command(NamedTuple):
    r"""One command (`name` without its backslash).

    `arguments`: "1" and "2" mandatory ones, "o1" one after an optional one, "t" one that holds running text,
    "d" a delimiter, "i" an infix like \over. `unicode` is what it prints, where that is a character;
    `needs` the package that defines it, empty for plain LaTeX.
    """

    name: str
    mode: Mode
    arguments: str
    unicode: str
    needs: str


class Commands(NamedTuple):
    """The commands by where they may stand, and the other way about, by the character that they print."""

    text: dict[str, Command]
    math: dict[str, Command]
    declarations: frozenset[str]
    dropped: frozenset[str]
    text_symbols: dict[str, Command]
    math_symbols: dict[str, Command]


@cache
def commands() -> Commands:
    text: dict[str, Command] = {}
    math: dict[str, Command] = {}
    declarations: set[str] = set()
    dropped: set[str] = set()
    text_symbols: dict[str, Command] = {}
    math_symbols: dict[str, Command] = {}

    def build(row: Row) -> Command:
        mode, arguments = row["mode"], row["arguments"]
        if mode not in _MODES or arguments not in _ARGUMENTS:
            raise row.wrong(f"no such mode or arguments: {mode!r}, {arguments!r}")
        if not (row["command"].isascii() and row["command"].isalpha()):
            raise row.wrong("a command is named by its letters, without the backslash")
        return Command(row["command"], mode, arguments, row["unicode"], row["needs"])  # type: ignore[arg-type]

    for command in load("tex-commands.csv", ("command", "mode", "arguments", "unicode", "needs"), build):
        if command.mode == "declaration":
            declarations.add(command.name)
        elif command.mode == "drop":
            dropped.add(command.name)
        if command.mode in ("text", "both"):
            text[command.name] = command
        if command.mode in ("math", "both"):
            math[command.name] = command
        if len(command.unicode) == 1 and not command.unicode.isascii() and not command.arguments:
            if command.mode in ("text", "both"):
                _prefer(text_symbols, command)
            if command.mode in ("math", "both"):
                _prefer(math_symbols, command)
    return Commands(text, math, frozenset(declarations), frozenset(dropped), text_symbols, math_symbols)


def _prefer(symbols: dict[str, Command], command: Command) -> None:
    r"""Of several commands for one character: plain LaTeX before packages, then the longer name (`\leq`)."""
    if command.needs == "latexsym":
        return  # plain LaTeX defines it to be an error, which no @preamble can mend
    known = symbols.get(command.unicode)
    if known is None or (not command.needs, len(command.name)) > (not known.needs, len(known.name)):
        symbols[command.unicode] = command
