"""A .bib and its lock as they stand at one moment, and whether they still do.

What must not be written into is refused on reading: a file that is no .bib, one in which git left a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bridge import lockfile
from bridge.bibtex.document import Document
from bridge.bibtex.encoding import Encoding, decode
from bridge.errors import InputError, Place, Problem
from bridge.files import holds
from bridge.plan import Base

_BIB_NAMES = frozenset((".bib", ".bibtex", ".biblatex"))
_OTHER_FILES = ("<?xml", "<feed", "<!DOCTYPE", "%PDF-", "\\documentclass", "\x89PNG", "\x1f\x8b")


class Snapshot(NamedTuple):
    """What was read; `data` is None for a file that does not exist, `bases` what the lock knows of it."""

    data: bytes | None
    document: Document
    encoding: Encoding
    lock: lockfile.Lock
    bases: Mapping[str, Base]
    problems: tuple[Problem, ...]
    # where the bases are from, if a run was killed before it came to write them into the lock
    resumed: Path | None

    def is_outdated(self, path: Path, lock_path: Path | None) -> bool:
        """Whether the file, or what the lock knows of it, is another by now."""
        if not holds(path, self.data):
            return True
        if lock_path is None or self.data is None:
            return False
        return _bases(path, lock_path, lockfile.load(lock_path), self.data, self.document)[0] != self.bases


def read_snapshot(path: Path, lock_path: Path | None) -> Snapshot:
    """Read the .bib at `path`, and the lock unless it is None.

    Raises InputError when either cannot be read, or the file must not be written into.
    """
    name = str(path)
    data = _bytes(path)
    text, encoding, problems = decode(data or b"", name)
    document = Document(text, name)
    if path.name == lockfile.NAME or not _may_be_bib(document, path):
        # an argument in the wrong place must not cost a manuscript
        reason = "this is no .bib file, and nothing will be written into it"
        raise InputError(Place(name), reason, "name a .bib file behind -o")
    if (conflict := document.git_conflict()) is not None:
        reason = "a git conflict was left in the file, and nothing will be written into it"
        raise InputError(conflict, reason, "settle the merge first, and run again")
    lock = lockfile.load(lock_path) if lock_path is not None else lockfile.Lock()
    bases, resumed = _bases(path, lock_path, lock, data, document)
    told = (*problems, *document.problems(), *lock.problems)
    return Snapshot(data, document, encoding, lock, bases, told, resumed)


def _may_be_bib(document: Document, path: Path) -> bool:
    """Whether a file may be added to: a .bib is whatever it holds (but what a program wrote for another use),
    any other only where BibTeX would find nothing in it but entries and remarks."""
    if path.suffix.lower() in _BIB_NAMES:
        return not document.text.lstrip().startswith(_OTHER_FILES)
    text = "".join(
        document.text[block.start : block.end] for block in document.blocks if block.kind == "text"
    )
    return all(not line.strip() or line.lstrip().startswith("%") for line in text.splitlines())


def _bases(
    path: Path, lock_path: Path | None, lock: lockfile.Lock, data: bytes | None, document: Document
) -> tuple[Mapping[str, Base], Path | None]:
    """What is known of this file; and where from, if a run was killed before it came to write the lock.

    Where the lock knows nothing of it: what it knows of the entries that stand here by now and stood in a
    file that is gone: this one, before it was renamed.
    """
    if data is None or lock_path is None:
        return {}, None  # a file that is not there is none of deleted entries: it begins anew
    if (ready := lockfile.interrupted(lock_path, path.name, data)) is not None:
        return lockfile.load(ready).bases(path.name), ready
    if bases := lock.bases(path.name):
        return bases, None
    gone = [other for other in lock.targets if not (path.parent / other).exists()]
    known = [one for other in gone for one in lock.targets[other].values()]
    return {
        base.identity: base
        for base in sorted(known, key=lambda base: base.date)
        if base.key.lower() in document.keys
    }, None


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(Place(str(path)), f"it cannot be read ({error.strerror})") from error
