"""How far a long run has come, and what it is waiting for: told to a terminal, or to nobody."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


class Progress(Protocol):
    """What a source or target tells while it works. Calls come often and must cost next to nothing."""

    def update(self, done: int, total: int | None, what: str) -> None:
        """`done` of `total` pieces of `what` ("papers") are through; `total` None while nobody knows it."""

    def waiting(self, seconds: float, why: str) -> None:
        """Nothing happens for the next `seconds`, because of `why`; told again about once a second."""

    def close(self) -> None:
        """The work is over, well or not."""


class Silent:
    """Tells nobody: output that is no terminal, `-q`, and the tests."""

    def update(self, done: int, total: int | None, what: str) -> None:
        pass

    def waiting(self, seconds: float, why: str) -> None:
        pass

    def close(self) -> None:
        pass


class Terminal:
    """One line on standard error that is gone when the work is over."""

    def __init__(self) -> None:
        self._bars: Bars | None = None
        self._task: TaskID | None = None
        self._what = ""

    def _line(self) -> tuple[Bars, TaskID]:
        if self._bars is None or self._task is None:
            # a command that is done at once never pays for the import
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
            from rich.progress import Progress as Bars

            self._bars = Bars(
                TextColumn("{task.fields[what]}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[why]}"),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bars.add_task("", total=None, what=self._what, why="")
            self._bars.start()
        return self._bars, self._task

    def update(self, done: int, total: int | None, what: str) -> None:
        self._what = what
        bars, task = self._line()
        bars.update(task, completed=done, total=total, what=what, why="")

    def waiting(self, seconds: float, why: str) -> None:
        bars, task = self._line()
        bars.update(task, why=f"{why} ({seconds:.0f} s)")

    def close(self) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = self._task = None


def progress_for(*, quiet: bool) -> Progress:
    """The progress that fits standard error: a line on a terminal, else none."""
    return Terminal() if not quiet and sys.stderr.isatty() else Silent()
