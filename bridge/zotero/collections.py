"""Collections named by a path ("Paper X/Related"): found, or made with derived keys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bridge.errors import RemoteError, UsageError
from bridge.zotero.index import Index
from bridge.zotero.items import Json, sendable
from bridge.zotero.keys import derived, is_key
from bridge.zotero.library import Library

_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Missing:
    """A collection that a path names and nobody has made yet."""

    name: str
    parent: str | None
    key: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a path leads: the collection's key, and what must be made first, outermost first."""

    path: str
    key: str
    missing: tuple[Missing, ...] = ()


def split_path(path: str) -> list[str]:
    r"""The names of a path, as the server stores them; `\/` is a slash within a name.

    Raises UsageError for an empty name, and for what is no text.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in path):
        raise UsageError(f"the collection path {path!r} is no UTF-8")
    names = [sendable(part.replace("\\/", "/")) for part in re.split(r"(?<!\\)/", path.strip().strip("/"))]
    if not all(names):
        raise UsageError(f"the collection path {path!r} has an empty name")
    return names


def find(collections: Mapping[str, Json], path: str) -> list[str]:
    """The keys of all collections that a path may mean; a collection's own key is a path too."""
    if path.strip() in collections:
        return [path.strip()]
    return [key for key, rest in _walk(collections, split_path(path)) if key is not None and not rest]


def resolve(collections: Mapping[str, Json], path: str) -> Shelf:
    """Where a path leads. Raises UsageError for one that may mean several collections, naming them."""
    found = find(collections, path)
    if len(found) > 1:
        raise _ambiguous(collections, path, found)
    if found:
        return Shelf(path, found[0])
    reached = _walk(collections, split_path(path))
    shortest = min((len(rest) for _, rest in reached), default=0)
    deepest = [(key, rest) for key, rest in reached if len(rest) == shortest]
    if len(deepest) > 1:
        raise _ambiguous(collections, path, [key for key, _ in deepest if key is not None])
    parent, names = deepest[0] if deepest else (None, split_path(path))
    missing: list[Missing] = []
    for name in names:
        key = next(key for key in derived("collection", _seed(parent, name)) if key not in collections)
        missing.append(Missing(name, parent, key))
        parent = key
    assert parent is not None
    return Shelf(path, parent, tuple(missing))


def existing(collections: Mapping[str, Json], path: str) -> str:
    """The one collection that a path means. Raises UsageError when there is none, or more than one."""
    found = find(collections, path)
    if len(found) > 1:
        raise _ambiguous(collections, path, found)
    if not found:
        near = sorted(full_path(collections, key) for key in collections)
        known = "; ".join(near[:10]) + ("; …" if len(near) > 10 else "")
        raise UsageError(
            f"there is no collection {path!r}", f"there are: {known}" if near else "there are none yet"
        )
    return found[0]


def make(library: Library, index: Index, paths: Sequence[str]) -> list[Shelf]:
    """The shelves of `paths`, made where they are missing: one request a level.

    Raises RemoteError when the server refuses one.
    """
    for _ in range(_ROUNDS):
        shelves = [resolve(index.collections(), path) for path in paths]
        level = {shelf.missing[0].key: shelf.missing[0] for shelf in shelves if shelf.missing}
        if not level:
            return shelves
        _make_level(library, index, list(level.values()))
    raise RemoteError(library.service, f"does not keep the collections {', '.join(paths)}")


def _make_level(library: Library, index: Index, level: Sequence[Missing]) -> None:
    objects = [
        {"key": one.key, "version": 0, "name": one.name, "parentCollection": one.parent or False}
        for one in level
    ]
    report = library.write_collections(objects)
    index.enter_collections(report)
    taken = []
    for place, failure in report.failed.items():
        if failure.code != 412:
            raise RemoteError(
                library.service,
                f"does not make the collection {level[place].name!r}: {failure.message}",
                status=failure.code,
            )
        taken.append(level[place])
    if taken:
        # Somebody made it a moment ago (we see it now), or the key belongs to one that has another name by
        # now: then the next key is tried.
        for one in library.collections():
            index.put_collection(one)
        refuse_trashed(library, index, taken)
        if lost := [one for one in taken if one.key not in index.collections()]:
            raise RemoteError(library.service, f"neither makes nor shows the collection {lost[0].name!r}")


def refuse_trashed(library: Library, index: Index, missing: Iterable[Missing]) -> None:
    """Raise RemoteError for a collection that would be made anew while it lies in the trash."""
    trashed = index.trashed_collections()
    for one in missing:
        if one.key in trashed:
            raise RemoteError(
                library.service,
                f"the collection {one.name!r} lies in the trash",
                status=412,
                advice="restore it in Zotero, or empty the trash, and run bibbridge again",
            )


def full_path(collections: Mapping[str, Json], key: str) -> str:
    """A collection's path as a person would write it."""
    names: list[str] = []
    at: str | None = key
    while at is not None and at in collections and len(names) < 100:
        data = collections[at]
        names.append(data["name"].replace("/", "\\/"))
        at = data.get("parentCollection") or None
    return "/".join(reversed(names))


def with_children(collections: Mapping[str, Json], key: str) -> list[str]:
    """A collection's key and those of all that lie in it, outermost first."""
    found = [key]
    for at in found:
        found += sorted(
            child
            for child, data in collections.items()
            if data.get("parentCollection") == at and child not in found
        )
    return found


def _walk(collections: Mapping[str, Json], names: list[str]) -> list[tuple[str | None, list[str]]]:
    """Every way down the path: the collection reached and the names left over. Unescaped slashes may also
    belong to a name ("TCP/IP")."""
    reached: list[tuple[str | None, list[str]]] = [(None, names)]
    ends: list[tuple[str | None, list[str]]] = []
    while reached:
        parent, rest = reached.pop()
        further = [
            (key, rest[taken:])
            for taken in range(1, len(rest) + 1)
            for key in _children(collections, parent, "/".join(rest[:taken]))
        ]
        reached += further
        if not further:
            ends.append((parent, rest))
    return ends


def _children(collections: Mapping[str, Json], parent: str | None, name: str) -> Iterable[str]:
    wanted = unicodedata.normalize("NFC", name)
    for key, data in sorted(collections.items()):
        here = (data.get("parentCollection") or None) == parent
        if here and unicodedata.normalize("NFC", sendable(data["name"])) == wanted:
            yield key


def _seed(parent: str | None, name: str) -> str:
    return f"{parent or ''}/{unicodedata.normalize('NFC', name)}"


def _ambiguous(collections: Mapping[str, Json], path: str, keys: Sequence[str]) -> UsageError:
    named = "; ".join(f"{key} ({full_path(collections, key)})" for key in sorted(keys) if is_key(key))
    return UsageError(
        f"{path!r} may mean {len(keys)} collections: {named}", "give the key of the one you mean instead"
    )
