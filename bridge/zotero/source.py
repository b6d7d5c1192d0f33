"""A Zotero collection as a source: `zotero:group/123/Collection/Sub`, and what `pull` reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from bridge.errors import Place, Problem, UsageError
from bridge.patience import DEFAULT_SECONDS, Patience
from bridge.progress import Progress, Silent
from bridge.record import Record
from bridge.zotero.collections import existing, with_children
from bridge.zotero.connect import Settings, connect
from bridge.zotero.items import Json
from bridge.zotero.library import Library
from bridge.zotero.pulled import records_of

_SOURCE = re.compile(
    r"(?P<library>local|(?:user|group)s?(?:[:/]\d+)?)(?:/(?P<path>.*))?", re.IGNORECASE | re.DOTALL
)


class RunSettings(Protocol):
    """What of the run's settings matters here (pipeline.Settings)."""

    @property
    def offline(self) -> bool: ...
    @property
    def use_cache(self) -> bool: ...
    @property
    def timeout(self) -> float | None: ...


def read_source(
    text: str,
    run: RunSettings,
    report: Callable[[Problem], None],
    progress: Progress | None = None,
) -> list[Record]:
    """The records of `group/123/Collection/Sub`, `user/Collection`, `local/…`; without a path, all of it.

    Raises UsageError for what names no library or collection, RemoteError.
    """
    match = _SOURCE.fullmatch(text.strip())
    if not match:
        raise UsageError(
            f"zotero:{text} names no Zotero library",
            "write zotero:user/Collection, zotero:group/123/Collection or zotero:local/Collection",
        )
    seconds = DEFAULT_SECONDS if run.timeout is None else run.timeout
    settings = Settings(Patience(seconds, progress=progress), offline=run.offline, use_cache=run.use_cache)
    library = connect(match["library"].replace("/", ":"), settings=settings)
    path = (match["path"] or "").strip("/")
    records = pull(library, [path] if path else [], progress)
    if not records:
        report(Problem(Place(f"zotero:{text}"), "empty-feed", "the collection is empty", lost=False))
    return records


def pull(library: Library, collections: Sequence[str] = (), progress: Progress | None = None) -> list[Record]:
    """The works in some collections and those within them, each once; without any, the whole library.

    Raises UsageError for a collection that does not exist or may be several, RemoteError.
    """
    progress = progress or Silent()
    items: dict[str, Json] = {}

    def seen(count: int) -> None:
        progress.update(len(items) + count, None, "items read from Zotero")

    if not collections:
        items = {one["key"]: one for one in library.all_items(seen)}
    else:
        known = {one["key"]: one["data"] for one in library.collections() if not one["data"].get("deleted")}
        keys = [key for path in collections for key in with_children(known, existing(known, path))]
        for key in dict.fromkeys(keys):
            items = {one["key"]: one for one in library.collection_items(key, seen)} | items
    progress.close()
    return records_of(list(items.values()))
