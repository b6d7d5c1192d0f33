r"""What a .bib asks of the LaTeX that prints it: an engine with Unicode fonts, an encoding, a package.

Classic BibTeX's values are ASCII but for scripts that TeX has no names for, and bring their definitions along
(`letters.preamble`). Those for biblatex are UTF-8: pdfLaTeX prints of that what mappings/pdflatex.csv holds,
and drops the rest with an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from bridge.bibtex.commands import commands
from bridge.errors import Place, Problem
from bridge.tables import Row, load

_MOST = 5  # letters that a note shows
_COMMAND = re.compile(r"\\([A-Za-z]+)")
# fields that no style prints as they are
_NOT_PRINTED = frozenset(("abstract", "keywords", "comment", "file", "annotation"))
ENGINES = "compile with xelatex or lualatex and a font that has them"


class Wants(NamedTuple):
    r"""What one entry asks for: characters that pdfLaTeX lacks, those that it has in T1 only, and commands
    with the package of each, as ("amssymb", "mathbb")."""

    characters: str = ""
    in_t1: str = ""
    commands: tuple[tuple[str, str], ...] = ()


def wants(fields: Iterable[tuple[str, str]]) -> Wants | None:
    """What an entry for biblatex asks for; None for nothing, as of all that is plain ASCII without maths."""
    texts = [
        text
        for name, text in fields
        if ("\\" in text or not text.isascii()) and name.lower() not in _NOT_PRINTED
    ]
    if not texts:
        return None
    known = _printed()
    text = unicodedata.normalize("NFC", "".join(texts))
    beyond = dict.fromkeys(c for c in text if not c.isascii())
    found = Wants(
        "".join(c for c in beyond if c not in known),
        "".join(c for c in beyond if known.get(c)),
        tuple(dict.fromkeys(_packaged(text))) if "\\" in text else (),
    )
    return found if any(found) else None


def _packaged(text: str) -> Iterator[tuple[str, str]]:
    known = commands()
    for name in _COMMAND.findall(text):
        command = known.math.get(name) or known.text.get(name)
        if command is not None and command.needs:
            yield command.needs, name


@cache
def _printed() -> dict[str, str]:
    """mappings/pdflatex.csv: "" or the encoding that it takes, by character."""
    printed: dict[str, str] = {}

    def build(row: Row) -> None:
        for character in row["characters"]:
            if character.isascii() or character in printed or row["needs"] not in ("", "T1"):
                raise row.wrong("a row needs characters beyond ASCII, each once, and nothing or T1")
            printed[character] = row["needs"]

    load("pdflatex.csv", ("characters", "needs"), build)
    return printed


def notes(name: str, wanted: Iterable[Wants]) -> Iterator[Problem]:
    """What a person should hear of a file's entries: one note for each way to print them."""
    wanted = list(wanted)
    place = Place(name)
    if characters := "".join(one.characters for one in wanted):
        detail = f"it has letters that pdflatex cannot print ({shown(characters)}): {ENGINES}"
        yield Problem(place, "needs-engine", detail, lost=False)
    if characters := "".join(one.in_t1 for one in wanted):
        detail = f"it has letters that pdflatex prints with \\usepackage[T1]{{fontenc}} ({shown(characters)})"
        yield Problem(place, "needs-encoding", detail, lost=False)
    by_package: dict[str, dict[str, None]] = {}
    for package, command in [pair for one in wanted for pair in one.commands]:
        by_package.setdefault(package, {})[f"\\{command}"] = None
    for package, names in sorted(by_package.items()):
        detail = f"it has {_some(list(names))}, which LaTeX knows with \\usepackage{{{package}}}"
        yield Problem(place, "needs-package", detail, lost=False)


def shown(characters: str) -> str:
    """A few of the characters, each once: `大, 语, Р …`; what cannot be seen alone by its number."""
    return _some(
        [f"U+{ord(c):04X}" if unicodedata.category(c)[0] in "MZC" else c for c in dict.fromkeys(characters)]
    )


def _some(names: list[str]) -> str:
    return ", ".join(names[:_MOST]) + (" …" if len(names) > _MOST else "")
