"""bibbridge.lock: what bibbridge wrote last, a line a record, for every target beside it.

The file is text, sorted, one JSON object a line, so that git merges it and a person can read it; it is meant
to be committed. Several targets share one lock: each line names its own. What cannot be read (a git conflict
left in it, a line of another program) is reported and costs the base of those records only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from bridge import files
from bridge.errors import InputError, Place, Problem
from bridge.files import left_overs, replace_atomically
from bridge.plan import Base

NAME = "bibbridge.lock"
FORMAT = 1
_MARKER = re.compile(r"# bibbridge lock, format (\d+)\b")
_FIRST_LINE = (
    f"# bibbridge lock, format {FORMAT}: what bibbridge wrote last. "
    "Commit it with the files that it stands for; do not edit it."
)
# made once: json.dumps would make an encoder for every line
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_CONFLICT_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


class Lock(NamedTuple):
    """All that one lock file holds: target name → identity → base. `problems` is what could not be read."""

    targets: Mapping[str, Mapping[str, Base]] = MappingProxyType({})
    problems: tuple[Problem, ...] = ()

    @property
    def disputed(self) -> bool:
        """Whether git left both sides of a merge in it, so that it should be written anew."""
        return any(problem.code in ("lock-conflict", "lock-double") for problem in self.problems)

    def bases(self, target: str) -> dict[str, Base]:
        """The bases of one target, by identity; empty for a target that the lock does not know."""
        return dict(self.targets.get(target, {}))

    def with_bases(self, target: str, bases: Mapping[str, Base]) -> Lock:
        """The lock with `bases` as all that it holds of `target`."""
        return Lock({**self.targets, target: dict(bases)}, self.problems)

    def to_bytes(self) -> bytes:
        """The file's content: UTF-8, LF, sorted by target and identity."""
        lines = [_FIRST_LINE]
        for target in sorted(self.targets):
            bases = self.targets[target]
            lines += [_line(target, bases[identity]) for identity in sorted(bases)]
        return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")


def load(path: Path) -> Lock:
    """Read a lock; one that does not exist is empty.

    Raises InputError for a file that cannot be read or that a newer bibbridge wrote.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Lock()
    except OSError as error:
        raise InputError(Place(str(path)), f"the lock cannot be read ({error.strerror})") from error
    return parse(data, str(path))


def parse(data: bytes, name: str) -> Lock:
    """A lock out of its bytes; `name` is what messages call the file."""
    targets: dict[str, dict[str, Base]] = {}
    problems: list[Problem] = []
    text = data.decode("utf-8-sig", "surrogateescape")
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line:
            continue
        if line.startswith("#"):
            marker = _MARKER.match(line)
            if marker and int(marker[1]) > FORMAT:
                raise InputError(
                    Place(name, number),
                    f"a newer bibbridge wrote this lock (format {marker[1]}, this one reads {FORMAT})",
                    "upgrade bibbridge",
                )
            continue
        try:
            target, base = _read_line(line)
        except (ValueError, KeyError, TypeError, AttributeError):
            problems.append(_unreadable(name, number, line))
            continue
        known = targets.setdefault(target, {})
        if base.identity in known:
            both = _common(known[base.identity], base)
            if both != base:
                problems.append(
                    Problem(
                        Place(name, number, entry=base.identity),
                        "lock-double",
                        "the lock holds two lines for one record; only what both say is used",
                        lost=False,
                    )
                )
            base = both
        known[base.identity] = base
    return Lock(targets, tuple(problems))


def save(path: Path, lock: Lock) -> bool:
    """Write the lock atomically, only where its content changes (returned).

    A lock that holds nothing is not created. Raises InputError where it cannot be written.
    """
    data = _new_content(path, lock)
    return data is not None and replace_atomically(path, data)


@contextmanager
def prepared(path: Path, lock: Lock, target: str, content: bytes) -> Iterator[Callable[[], bool]]:
    """The lock that goes with a new `content` of `target`, ready to be put in place once that stands there.

    The function given does so, and returns whether the lock changes. Where the run is killed before,
    `interrupted` finds the lock. Raises InputError where it cannot be written.
    """
    data = _new_content(path, lock)
    if data is None:
        yield lambda: False
        return
    with files.prepared(path, data, _token(target, content)) as put:

        def put_in_place() -> bool:
            put()
            return True

        yield put_in_place


def interrupted(path: Path, target: str, content: bytes) -> Path | None:
    """The lock that goes with what stands in `target`, where a run was killed between the two."""
    there = left_overs(path)
    return there.get(_token(target, content)) if there else None


def _token(target: str, content: bytes) -> str:
    # a library is large, and processors compute this one themselves
    made = sha256(target.encode("utf-8", "surrogateescape") + b"\0")
    made.update(content)
    return made.hexdigest()[:24]


def _new_content(path: Path, lock: Lock) -> bytes | None:
    """The bytes to write; None where they stand there, or there is nothing to remember."""
    data = lock.to_bytes()
    try:
        before: bytes | None = path.read_bytes()
    except FileNotFoundError:
        before = None
    except OSError as error:
        raise InputError(Place(str(path)), f"the lock cannot be read ({error.strerror})") from error
    return None if before == data or (before is None and not any(lock.targets.values())) else data


def _line(target: str, base: Base) -> str:
    entry: dict[str, Any] = {
        "target": target,
        "id": base.identity,
        "key": base.key,
        "date": base.date,
        "version": base.version,
        "fields": dict(sorted(base.fields.items())),
    }
    if base.sets:
        entry["sets"] = {name: sorted(base.sets[name]) for name in sorted(base.sets)}
    if base.agreed:
        entry["agreed"] = sorted(base.agreed)
    if base.listed is not None:
        entry["listed"] = base.listed
    return _encode(entry)


def _read_line(line: str) -> tuple[str, Base]:
    entry = json.loads(line)
    version = entry.get("version")
    texts = [entry[name] for name in ("target", "id", "key", "date")]
    fields, sets = entry["fields"], entry.get("sets", {})
    if not all(isinstance(text, str) for text in (*texts, *fields.values())) or not (
        version is None or isinstance(version, int)
    ):
        raise ValueError("a value of the wrong kind")
    target, identity, key, date = texts
    return target, Base(
        identity,
        key,
        date,
        fields,
        {name: frozenset(map(str, members)) for name, members in sets.items()},
        version,
        frozenset(map(str, entry.get("agreed", ()))),
        str(listed) if (listed := entry.get("listed")) is not None else None,
    )


def _common(one: Base, other: Base) -> Base:
    """What two lines of one record agree on. Where they do not, the base is as good as unknown."""
    sets = {name: one.sets[name] & other.sets[name] for name in one.sets if name in other.sets}
    return Base(
        one.identity,
        other.key,
        min(one.date, other.date),
        {name: value for name, value in one.fields.items() if other.fields.get(name) == value},
        {name: members for name, members in sets.items() if members},
        one.version if one.version == other.version else None,
        one.agreed | other.agreed,
        max(one.listed or "", other.listed or "") or None,
    )


def _unreadable(name: str, number: int, line: str) -> Problem:
    if line.startswith(_CONFLICT_MARKS):
        return Problem(
            Place(name, number),
            "lock-conflict",
            "a git conflict was left in the lock; of its lines, what both sides say is used",
            lost=False,
            advice="nothing need be done: a run that writes puts it in order",
        )
    return Problem(
        Place(name, number), "lock-line", "this line of the lock cannot be read and is left out", lost=False
    )
