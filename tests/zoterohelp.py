"""What the Zotero tests share: records, a push against the test double, and what a library comes to."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from arxivserver import VirtualClock
from zoteroserver import Fault, ZoteroServer
from zoterostate import LibraryState

from bridge.decisions import Decisions
from bridge.patience import Patience
from bridge.plan import Plan
from bridge.record import Author, Record
from bridge.zotero.connect import Settings, connect
from bridge.zotero.library import Library
from bridge.zotero.outcome import Outcome
from bridge.zotero.target import ZoteroTarget

TODAY = "2026-11-23"


def record(number: int, **changes: Any) -> Record:
    """A preprint of cs.DC; every third has a comment."""
    fields: dict[str, Any] = {
        "title": f"On the number {number}",
        "arxiv_id": f"2601.{number:05}",
        "version": 1,
        "credits": (
            Author("Ada", "Lovelace"),
            Author("Eyal", "de Lara"),
            Author(literal="ATLAS Collaboration"),
        ),
        "abstract": f"We study {number} & <more>.",
        "published": "2026-01-05T10:00:00Z",
        "updated": "2026-01-06T10:00:00Z",
        "primary_category": "cs.DC",
        "categories": ("cs.DC", "cs.LG"),
        "comment": f"{number} pages, 2 figures" if number % 3 == 0 else None,
    }
    return Record(**(fields | changes))


def library(url: str, key: str, spec: str = "user", patience: Patience | None = None) -> Library:
    environ = {"ZOTERO_API_KEY": key, "BIBBRIDGE_ZOTERO_URL": url}
    patience = patience or Patience(clock=VirtualClock())
    return connect(spec, settings=Settings(patience, environ))


def push(
    url: str,
    key: str,
    records: Sequence[Record],
    *,
    spec: str = "user",
    collections: Sequence[str] = ("Paper X/Related",),
    decisions: Decisions | None = None,
    patience: Patience | None = None,
    lock_path: Path | None = None,
    today: str = TODAY,
    venue_policy: str = "upgrade",
) -> tuple[Plan, Outcome]:
    """Plan and carry out; the time that the client waits is virtual."""
    target = ZoteroTarget(
        library(url, key, spec, patience),
        collection_paths=collections,
        lock_path=lock_path,
        venue_policy=venue_policy,
    )
    try:
        plan = target.plan(records, decisions or Decisions(), today)
        return plan, target.apply(plan)
    finally:
        target.close()


def content(state: LibraryState) -> dict[str, Any]:
    """Everything in a library but versions and times."""
    volatile = ("version", "dateAdded", "dateModified", "accessDate")

    def stable(data: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in data.items() if name not in volatile}
        return kept | {"collections": sorted(kept.get("collections", ()))}

    return {
        "items": {key: stable(item.data) for key, item in state.items.items()},
        "collections": {key: stable(one.data) for key, one in state.collections.items()},
    }


def scenario(new: int, changed: int) -> tuple[list[Record], list[Record]]:
    """What was pushed before, and what is pushed now: some records changed, some new."""
    before = [record(number) for number in range(1, changed + 1)]
    after = [
        record(
            number,
            title=f"A better title for {number}",
            comment="Accepted at NeurIPS 2026" if number % 4 == 0 else f"v2: {number} pages",
            categories=("cs.DC", "cs.PF"),
        )
        for number in range(1, changed + 1)
    ]
    return before, after + [record(number) for number in range(changed + 1, changed + new + 1)]


EDITED = "A person's own title"


class Stage:
    """A library whose papers a person has edited, the client's folders beside it, and a way back to that.

    `portion` is how many objects a write takes.
    """

    def __init__(self, server: ZoteroServer, folder: Path, new: int, changed: int, portion: int) -> None:
        self.server = server
        self.folder = folder
        self.size = (new, changed, portion)
        self.environ = {
            "BIBBRIDGE_CACHE_DIR": str(folder / "cache"),
            "BIBBRIDGE_STATE_DIR": str(folder / "state"),
        }
        before, self.records = scenario(new, changed)
        self.push(60, before)
        state = server.library()
        first, second = sorted(key for key, item in state.items.items() if "title" in item.data)[:2]
        state.write_item({"key": first, "version": state.items[first].version, "title": EDITED})
        extra = state.items[second].data["extra"]
        tags = [*state.items[second].data["tags"], {"tag": "to read"}]
        version = state.items[second].version
        state.write_item({"key": second, "version": version, "extra": f"mine\n{extra}", "tags": tags})
        self.edited, self.annotated = first, second
        self._kept = copy.deepcopy(state)
        shutil.copytree(folder, folder.with_name("kept"))
        server.forget()
        self.push(60)
        self.requests = server.requests
        self.expected = content(state)

    def rewind(self) -> LibraryState:
        self.server.libraries["users/1"] = copy.deepcopy(self._kept)
        shutil.rmtree(self.folder)
        shutil.copytree(self.folder.with_name("kept"), self.folder)
        self.server.forget()
        return self.server.library()

    def push(self, seconds: float, records: Sequence[Record] | None = None) -> Outcome:
        """A push that gives up after so many (virtual) seconds of trying again."""
        patience = Patience(seconds, clock=VirtualClock())
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environ.items():
                patch.setenv(name, value)
            # an attempt may fail sooner than a person would let it
            patch.setattr("bridge.transport._LEAST_ATTEMPT", 0.15)
            patch.setattr("bridge.zotero.library.MOST_OBJECTS", self.size[2])
            return push(self.server.url, self.server.KEY, records or self.records, patience=patience)[1]

    def push_and_be_killed(self, place: int, moment: str) -> None:
        """A push in a process of its own, killed (-9) when request `place` arrives or is carried out."""
        victim: list[subprocess.Popen[bytes]] = []
        self.server.faults[place] = Fault(f"drop-{moment}", then=lambda: victim[0].kill())
        command = [sys.executable, __file__, self.server.url, self.server.KEY, *map(str, self.size)]
        victim.append(subprocess.Popen(command, env={**os.environ, **self.environ}))
        assert victim[0].wait() == -9
        assert self.server.requests == place

    def check(self) -> None:
        """The library is what an undisturbed push makes it, and nothing is left to do."""
        assert content(self.server.library()) == self.expected
        self.server.forget()
        outcome = self.push(60)
        assert (outcome.created, outcome.updated, outcome.failed) == (0, 0, [])
        assert self.server.writes() == []
        assert self.server.requests <= 2


def main(url: str, key: str, new: str, changed: str, portion: str) -> None:
    """One push in a process of its own, to be killed."""
    from bridge.zotero import library as module

    module.MOST_OBJECTS = int(portion)
    push(url, key, scenario(int(new), int(changed))[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
