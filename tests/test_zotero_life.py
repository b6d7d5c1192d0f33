"""A library over time: people edit, arXiv has news, pushes come and break off, in any order."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from arxivserver import VirtualClock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zoterohelp import push, record
from zoteroserver import Fault, ZoteroServer

from bridge.errors import RemoteError
from bridge.patience import Patience
from bridge.record import Record
from bridge.zotero.keys import derive
from bridge.zotero.outcome import Outcome
from bridge.zotero.recognise import identify

PAPERS = (1, 2, 3)
COMMENTS = (None, "7 pages", "Accepted at NeurIPS 2026", "v3: typos")


class Life:
    """One library, its people and its papers; what a person wrote is remembered and must stay."""

    def __init__(self, server: ZoteroServer, home: Path) -> None:
        self.server = server
        self.home = home
        self.records: dict[int, Record] = {number: record(number) for number in PAPERS}
        self.written: dict[tuple[int, str], Any] = {}
        self.gone: set[int] = set()

    def data(self, number: int) -> dict[str, Any] | None:
        item = self.server.library().items.get(derive("item", f"arXiv:2601.{number:05}"))
        return item.data if item is not None else None

    def write(self, number: int, **changes: Any) -> None:
        data = self.data(number)
        if data is not None:
            self.server.library().write_item({"key": data["key"], "version": data["version"], **changes})

    # what may happen

    def edit(self, number: int, name: str, text: str) -> None:
        if (data := self.data(number)) is None:
            return
        if name == "extra":
            text = f"{text}\n{data['extra']}"
            self.written[number, name] = text.split("\n")[0]
        else:
            self.written[number, name] = text
        self.write(number, **{name: text})

    def tag(self, number: int, tag: str) -> None:
        if (data := self.data(number)) is not None:
            self.write(number, tags=[*data["tags"], {"tag": tag}])
            self.written[number, f"tag {tag}"] = tag

    def trash(self, number: int) -> None:
        if self.data(number) is not None:
            self.write(number, deleted=1)
            self.gone.add(number)

    def delete(self, number: int) -> None:
        if (data := self.data(number)) is not None:
            self.server.library().erase("items", data["key"])
            self.gone.add(number)

    def news(self, number: int, title: str, comment: str | None) -> None:
        self.records[number] = record(number, title=title, comment=comment)

    def push(self) -> Outcome:
        self.server.forget()
        outcome = self._push(60)
        self.check()
        self.server.forget()
        again = self._push(60)
        assert (again.created, again.updated, again.failed) == (0, 0, [])
        assert self.server.writes() == []
        return outcome

    def break_off(self, place: int, kind: str) -> None:
        self.server.forget()
        self.server.faults[place] = Fault(kind)
        with contextlib.suppress(RemoteError):
            self._push(0)
        self.server.faults.clear()
        self.check()

    def move_to_another_machine(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)

    def _push(self, seconds: float) -> Outcome:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BIBBRIDGE_CACHE_DIR", str(self.home / "cache"))
            patch.setenv("BIBBRIDGE_STATE_DIR", str(self.home / "state"))
            patience = Patience(seconds, clock=VirtualClock())
            return push(self.server.url, self.server.KEY, list(self.records.values()), patience=patience)[1]

    def check(self) -> None:
        items = self.server.library().items
        found = [identify(item.data).arxiv_id for item in items.values() if not item.data.get("deleted")]
        named = [arxiv_id for arxiv_id in found if arxiv_id is not None]
        assert len(named) == len(set(named))
        for (number, name), text in self.written.items():
            data = self.data(number)
            if data is None:
                assert number in self.gone
            elif name.startswith("tag "):
                assert {"tag": text} in data["tags"]
            elif name == "extra":
                assert text in data["extra"].split("\n")
            else:
                assert data[name] == text
        for number in self.gone:
            data = self.data(number)
            assert data is None or data.get("deleted") == 1
        for number in PAPERS:
            if (data := self.data(number)) is not None:
                assert f"arXiv:2601.{number:05}" in data["extra"]


WORDS = st.sampled_from(["mine", "yours", "ours"])
STEP = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from(PAPERS), st.sampled_from(["title", "place", "extra"]), WORDS),
    st.tuples(st.just("tag"), st.sampled_from(PAPERS), WORDS),
    st.tuples(st.just("trash"), st.sampled_from(PAPERS)),
    st.tuples(st.just("delete"), st.sampled_from(PAPERS)),
    st.tuples(
        st.just("news"), st.sampled_from(PAPERS), st.sampled_from(["One", "Two"]), st.sampled_from(COMMENTS)
    ),
    st.tuples(st.just("push")),
    st.tuples(st.just("break_off"), st.integers(1, 8), st.sampled_from(["drop-before", "drop-after"])),
    st.tuples(st.just("move_to_another_machine")),
)


@pytest.fixture(scope="module")
def running() -> Iterator[ZoteroServer]:
    with ZoteroServer() as server:
        yield server


@pytest.mark.slow
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEP, min_size=3, max_size=14))
def test_nothing_is_doubled_and_nobodys_edit_is_lost(running: ZoteroServer, steps: list[Any]) -> None:
    running.libraries.clear()
    running.forget()
    with tempfile.TemporaryDirectory() as home:
        life = Life(running, Path(home) / "home")
        life.push()
        for name, *arguments in steps:
            getattr(life, name)(*arguments)
        life.push()
