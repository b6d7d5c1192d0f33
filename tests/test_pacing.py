"""Turns at a service: on a virtual clock, against files left behind, and with two real processes."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from arxivserver import ArxivServer, Paper, VirtualClock
from filelock import FileLock

from bridge.arxiv.pacing import Pace
from bridge.errors import Problem, RemoteError
from bridge.patience import Patience

ROOT = Path(__file__).parent.parent


def pace(folder: Path, delay: float = 3.0, problems: list[Problem] | None = None) -> Pace:
    return Pace("arXiv", folder, delay, ([] if problems is None else problems).append)


def test_three_seconds_from_the_end_of_one_to_the_start_of_the_next(tmp_path: Path) -> None:
    clock = VirtualClock()
    patience = Patience(clock=clock)
    starts, ends = [], []
    for taken in (0.0, 1.5, 0.2, 10.0):
        # each turn by another process, as it were
        with pace(tmp_path).turn(patience):
            starts.append(clock.now)
            clock.now += taken
            ends.append(clock.now)
    gaps = [start - end for start, end in zip(starts[1:], ends, strict=False)]
    assert gaps == pytest.approx([3, 3, 3])
    assert patience.stats.seconds_waited == pytest.approx(9)
    # the pause that everybody has to make is no trouble to be impatient about
    assert patience.spent == 0


def test_time_that_has_passed_anyway_counts(tmp_path: Path) -> None:
    clock = VirtualClock()
    patience = Patience(clock=clock)
    with pace(tmp_path).turn(patience):
        pass
    clock.now += 2
    with pace(tmp_path).turn(patience):
        pass
    assert patience.stats.seconds_waited == pytest.approx(1)
    clock.now += 100
    with pace(tmp_path).turn(patience):
        pass
    assert patience.stats.seconds_waited == pytest.approx(1)


def test_a_turn_that_fails_was_a_turn(tmp_path: Path) -> None:
    clock = VirtualClock()
    patience = Patience(clock=clock)
    with pytest.raises(RuntimeError), pace(tmp_path).turn(patience):
        raise RuntimeError
    with pace(tmp_path).turn(patience):
        pass
    assert patience.stats.seconds_waited == pytest.approx(3)


def test_services_do_not_wait_for_each_other(tmp_path: Path) -> None:
    patience = Patience(clock=VirtualClock())
    for service in ("arXiv", "127.0.0.1:8000", "127.0.0.1:8001"):
        with Pace(service, tmp_path, 3.0, lambda problem: None).turn(patience):
            pass
    assert patience.stats.seconds_waited == 0


def test_a_clock_that_was_set_back_does_not_block(tmp_path: Path) -> None:
    clock = VirtualClock()
    patience = Patience(clock=clock)
    with pace(tmp_path).turn(patience):
        pass
    clock.now -= 86400
    with pace(tmp_path).turn(patience):
        pass
    assert patience.stats.seconds_waited <= 3


@pytest.mark.parametrize("content", ["", "yesterday", "nan", "\x00\x01"])
def test_a_damaged_time_does_not_block(tmp_path: Path, content: str) -> None:
    (tmp_path / "pace-arxiv.time").write_text(content)
    patience = Patience(clock=VirtualClock())
    with pace(tmp_path).turn(patience):
        pass
    assert patience.stats.seconds_waited <= 3


def test_one_request_at_a_time(tmp_path: Path) -> None:
    clock = VirtualClock()
    patience = Patience(10, clock=clock)
    with (
        pace(tmp_path).turn(Patience(clock=clock)),
        pytest.raises(RemoteError, match="other bibbridge runs"),
        pace(tmp_path).turn(patience),
    ):
        pytest.fail("two turns at once")
    assert patience.stats.seconds_waited >= 10
    with pace(tmp_path).turn(Patience(clock=clock)):
        pass


def test_a_lock_file_that_nobody_holds_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "pace-arxiv.lock").write_text("12345\n")
    patience = Patience(clock=VirtualClock())
    with pace(tmp_path).turn(patience):
        pass
    assert patience.stats.seconds_waited == 0


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    problems: list[Problem] = []
    alone = pace(tmp_path / "file" / "below", problems=problems)
    patience = Patience(clock=VirtualClock())
    for _ in range(3):
        with alone.turn(patience):
            pass
    # still paced, within the process, and said once
    assert patience.stats.seconds_waited == pytest.approx(6)
    assert [problem.code for problem in problems] == ["not-shared"]
    assert not problems[0].lost


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


ASKING = """
    import sys
    from pathlib import Path
    from bridge.arxiv.api import ArxivClient
    from bridge.arxiv.services import Services
    from bridge.identifiers import ArxivId
    from bridge.patience import Patience

    url, folder, first = sys.argv[1:]
    for number in range(int(first), int(first) + 4):
        with ArxivClient(Services(url, None, None, 0.15), Patience(), Path(folder), print) as client:
            assert client.fetch([ArxivId(f"2601.{number:05d}")]).delivered
"""


def test_two_processes_at_once_keep_their_distance(tmp_path: Path) -> None:
    papers = [Paper(f"2601.{number:05d}") for number in range(1, 20)]
    with ArxivServer(papers) as server:
        running = [start(ASKING, server.url, str(tmp_path), first) for first in ("1", "11")]
        assert [process.communicate()[0] for process in running] == ["", ""]
        assert [process.returncode for process in running] == [0, 0]
        seen = sorted(server.seen, key=lambda one: one.start)
    assert len(seen) == 8
    gaps = [after.start - before.end for before, after in itertools.pairwise(seen)]
    # the wall clock that the processes share may be adjusted by a little meanwhile
    assert min(gaps) > 0.149


HOLDING = """
    import sys, time
    from pathlib import Path
    from bridge.arxiv.pacing import Pace
    from bridge.patience import Patience

    with Pace("arXiv", Path(sys.argv[1]), 3.0, print).turn(Patience()):
        print("in", flush=True)
        time.sleep(60)
"""


def test_a_process_that_dies_lets_go(tmp_path: Path) -> None:
    process = start(HOLDING, str(tmp_path))
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    lock = FileLock(tmp_path / "pace-arxiv.lock")
    with pytest.raises(TimeoutError):
        lock.acquire(timeout=0)
    process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.communicate()
    lock.acquire(timeout=1)
    lock.release()
    # its request counts all the same
    clock = VirtualClock(float((tmp_path / "pace-arxiv.time").read_text()))
    patience = Patience(clock=clock)
    with pace(tmp_path).turn(patience):
        pass
    assert patience.stats.seconds_waited == pytest.approx(3)
