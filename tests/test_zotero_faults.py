"""Whatever breaks off a push, wherever: after running again the library is what an undisturbed push makes it.

Every kind of fault strikes at every request of a small push here; `python benchmarks/zotero_faults.py` does
the same to one of 120 new and 40 changed records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from zoterohelp import EDITED, Stage
from zoteroserver import Fault, ZoteroServer

from bridge.errors import RemoteError
from bridge.zotero.outcome import Outcome

KINDS: dict[str, Callable[[], Fault]] = {
    "dropped before": lambda: Fault("drop-before"),
    "dropped after": lambda: Fault("drop-after"),
    "429": lambda: Fault(429, {"Retry-After": "10"}),
    "503": lambda: Fault(503),
    "500": lambda: Fault(500),
    "timed out before": lambda: Fault("hang-before", seconds=0.3),
    "timed out after": lambda: Fault("hang-after", seconds=0.3),
}
REQUESTS = 8
NEW, CHANGED, PORTION = 5, 3, 4


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with ZoteroServer() as server:
        made = Stage(server, tmp_path_factory.mktemp("zotero") / "home", NEW, CHANGED, PORTION)
        assert made.requests == REQUESTS
        yield made


def test_the_undisturbed_push_keeps_what_the_person_wrote(stage: Stage) -> None:
    items = stage.expected["items"]
    assert len([data for data in items.values() if data["itemType"] != "note"]) == NEW + CHANGED
    assert items[stage.edited]["title"] == EDITED
    assert items[stage.annotated]["extra"].startswith("mine\narXiv:")
    assert {"tag": "to read"} in items[stage.annotated]["tags"]
    stage.rewind()
    assert stage.push(60).created == NEW
    stage.check()


WAITS = [kind for kind in KINDS if "timed out" in kind]
CASES = [(kind, True) for kind in KINDS if kind not in WAITS] + [("dropped after", False)]
CASES += [pytest.param(kind, True, marks=pytest.mark.slow) for kind in WAITS]
CASES_TOO = [(kind, False) for kind in KINDS if kind != "dropped after"]


@pytest.mark.slow
@pytest.mark.parametrize("place", range(1, REQUESTS + 1))
@pytest.mark.parametrize(("kind", "patient"), CASES_TOO)
def test_a_fault_that_ends_the_push(stage: Stage, kind: str, patient: bool, place: int) -> None:
    test_a_fault_at_a_request(stage, kind, patient, place)


@pytest.mark.parametrize("place", range(1, REQUESTS + 1))
@pytest.mark.parametrize(("kind", "patient"), CASES)
def test_a_fault_at_a_request(stage: Stage, kind: str, patient: bool, place: int) -> None:
    stage.rewind()
    stage.server.faults[place] = KINDS[kind]()
    slow = "timed out" in kind
    seconds = 0.0 if not patient else (0.2 if slow else 60.0)
    outcome: Any
    try:
        outcome = stage.push(seconds)
    except RemoteError as error:
        outcome = error
    if patient and not slow:
        assert isinstance(outcome, Outcome)
        assert outcome.failed == []
        assert outcome.created == NEW
    stage.server.faults.clear()
    stage.push(60)
    stage.check()


@pytest.mark.parametrize(("place", "moment"), [(6, "before"), (7, "after")])
def test_a_client_killed_at_a_request(stage: Stage, place: int, moment: str) -> None:
    stage.rewind()
    stage.push_and_be_killed(place, moment)
    stage.server.forget()
    stage.push(60)
    stage.check()
