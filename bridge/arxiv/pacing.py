"""One request every three seconds, one at a time, over all bibbridge processes of the machine.

That is what arXiv's terms of use ask, summed over everything that one user runs. The turn is an operating
system's lock on a file in the cache folder, so that a process that dies lets go of it; the time of the last
request stands in a file beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from bridge.errors import Place, Problem, RemoteError
from bridge.normalise import Report
from bridge.patience import Patience
from bridge.places import file_name

ARXIV_DELAY = 3.0
"""Seconds between two requests to arXiv (its API's terms of use)."""

# how often a process looks whether another one's request is over
_LOOK_AGAIN = 0.1


class Pace:
    """Turns at one service, `delay` seconds between the end of a request and the start of the next.

    `service` names the lock: processes with the same service and the same `folder` share the turns. Where
    the folder cannot be written, turns are kept within this process, and that is reported once.
    """

    def __init__(self, service: str, folder: Path, delay: float, report: Report) -> None:
        self._service = service
        self._delay = delay
        self._folder = folder
        self._report = report
        name = file_name(service)
        self._lock: FileLock | None = FileLock(folder / f"pace-{name}.lock")
        self._stamp = folder / f"pace-{name}.time"
        self._own_stamp: float | None = None

    @contextmanager
    def turn(self, patience: Patience) -> Iterator[None]:
        """Wait for a turn and hold it while the block runs.

        The pause between two requests is not charged to `patience`; what other processes take beyond it
        is, and RemoteError is raised when that uses it up.
        """
        self._enter(patience)
        try:
            paused = False
            while (pause := self._due_in(patience)) > 0:
                # the lock is given back for the pause: whoever wakes first goes first, so that a long
                # listing does not keep a short one waiting to its end
                self._release()
                why = f"{self._service} asks for {self._delay:g} s between requests"
                patience.wait(pause, why, charged=paused)
                paused = True
                self._enter(patience)
            # noted before as well: a process that is killed meanwhile has asked all the same
            self._note(patience)
            try:
                yield
            finally:
                self._note(patience)
        finally:
            self._release()

    def _enter(self, patience: Patience) -> None:
        while not self._acquire():
            if patience.exhausted:
                raise RemoteError(
                    self._service,
                    "not asked: other bibbridge runs on this machine have been asking all the time",
                    advice="try again when they are done",
                )
            patience.wait(_LOOK_AGAIN, f"another bibbridge is asking {self._service}")

    def _acquire(self) -> bool:
        if self._lock is None:
            return True
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:
            self._alone(error)
        return True

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()

    def _alone(self, error: Exception) -> None:
        self._lock = None
        self._report(
            Problem(
                Place(str(self._folder)),
                "not-shared",
                f"requests are paced within this process only: the folder cannot be used ({error})",
                lost=False,
                advice="name a folder that can be written with BIBBRIDGE_CACHE_DIR",
            )
        )

    def _due_in(self, patience: Patience) -> float:
        """Seconds until the next request may start; 0 or less: now."""
        last = self._own_stamp
        if self._lock is not None:
            with suppress(OSError, ValueError):
                last = float(self._stamp.read_text(encoding="ascii"))
        if last is None:
            return 0.0
        now = patience.clock.wall()
        if last > now:
            # the clock was set back since: count from here, else the pause would last as long as that
            self._note(patience)
            last = now
        return last + self._delay - now

    def _note(self, patience: Patience) -> None:
        self._own_stamp = patience.clock.wall()
        if self._lock is not None:
            with suppress(OSError):
                self._stamp.write_text(repr(self._own_stamp), encoding="ascii")
