"""Progress on a terminal and on none; patience; and where the folders are."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from arxivserver import VirtualClock

from bridge.patience import Patience
from bridge.places import cache_dir, file_name, state_dir
from bridge.progress import Silent, Terminal, progress_for


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_told_and_left_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    progress = progress_for(quiet=False)
    assert isinstance(progress, Terminal)
    progress.update(40, 200, "papers")
    progress.waiting(3, "arXiv asks for 3 s between requests")
    progress.close()
    told = screen.getvalue()
    assert "papers" in told
    assert "40/200" in told
    assert "arXiv asks for 3 s between requests (3 s)" in told
    progress.close()


def test_nothing_is_drawn_before_there_is_something_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    progress_for(quiet=False).close()
    assert screen.getvalue() == ""


def test_no_bars_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(progress_for(quiet=True), Silent)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert isinstance(progress_for(quiet=False), Silent)


def test_a_wait_is_told_about_once_a_second() -> None:
    told: list[float] = []

    class Told(Silent):
        def waiting(self, seconds: float, why: str) -> None:
            told.append(seconds)

    clock = VirtualClock()
    patience = Patience(10, clock=clock, progress=Told())
    patience.wait(2.5, "because")
    assert told == [2.5, 1.5, 0.5]
    assert sum(clock.naps) == 2.5
    assert (patience.spent, patience.remaining, patience.stats.seconds_waited) == (2.5, 7.5, 2.5)
    patience.wait(3, "everybody has to", charged=False)
    assert (patience.remaining, patience.stats.seconds_waited) == (7.5, 5.5)


def test_part_of_the_budget_can_be_held_back() -> None:
    patience = Patience(9, clock=VirtualClock())
    with patience.reserving(3):
        assert patience.remaining == 6
        patience.spend(6)
        assert patience.exhausted
    assert patience.remaining == 3
    assert not patience.exhausted


def test_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BIBBRIDGE_CACHE_DIR", str(tmp_path / "c"))
    monkeypatch.setenv("BIBBRIDGE_STATE_DIR", "~/s")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert cache_dir() == tmp_path / "c"
    assert state_dir() == tmp_path / "s"
    # naming a folder does not make it
    assert not (tmp_path / "c").exists()
    monkeypatch.delenv("BIBBRIDGE_CACHE_DIR")
    monkeypatch.setenv("BIBBRIDGE_STATE_DIR", "")
    assert "bibbridge" in str(cache_dir())
    assert "bibbridge" in str(state_dir())
    assert cache_dir() != state_dir()


@pytest.mark.parametrize(
    ("service", "name"), [("arXiv", "arxiv"), ("127.0.0.1:8080", "127.0.0.1_8080"), ("[::1]/..", "___1__..")]
)
def test_services_as_file_names(service: str, name: str) -> None:
    assert file_name(service) == name
