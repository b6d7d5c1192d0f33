"""How long a run is ready to wait, on what it waited, and the clock it looks at.

One `Patience` goes through a whole command, so that `--timeout` bounds all its services together.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from bridge.progress import Progress, Silent

DEFAULT_SECONDS = 120.0
"""What `--timeout` means when nobody says: seconds to spend on retries and waiting."""

_TELL_EVERY = 1.0


class Clock(Protocol):
    """Time, so that tests need not pass any."""

    def monotonic(self) -> float:
        """Seconds that only grow; for durations within this process."""

    def wall(self) -> float:
        """Seconds since 1970-01-01 UTC; for what several processes or a server's headers speak of."""

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(slots=True)
class TransportStats:
    """What a run cost its services and its user: requests sent, seconds waited between them."""

    requests: int = 0
    seconds_waited: float = 0.0


class Patience:
    """A budget of seconds for retries and waiting, and the waiting itself.

    Failed attempts, pauses before a retry and other processes' turns are charged to it. Answers that come,
    however slowly, and the pause that a service asks of everybody between requests are not: a long list
    is no trouble.
    """

    def __init__(
        self,
        seconds: float = DEFAULT_SECONDS,
        *,
        clock: Clock | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.progress: Progress = progress or Silent()
        self.stats = TransportStats()
        self.spent = 0.0
        self._limit = seconds

    @property
    def remaining(self) -> float:
        return max(0.0, self._limit - self.spent)

    @property
    def exhausted(self) -> bool:
        """Whether a budget was given and nothing of it is left (a budget of 0 means: one attempt each)."""
        return self.spent > 0 and self.remaining <= 0

    def spend(self, seconds: float) -> None:
        """Charge time that has passed already."""
        self.spent += seconds

    def wait(self, seconds: float, why: str, *, charged: bool = True) -> None:
        """Sleep, telling the progress why about once a second."""
        if charged:
            self.spent += seconds
        self.stats.seconds_waited += seconds
        while seconds > 0:
            self.progress.waiting(seconds, why)
            nap = min(seconds, _TELL_EVERY)
            self.clock.sleep(nap)
            seconds -= nap

    @contextmanager
    def reserving(self, seconds: float) -> Iterator[None]:
        """Hold back part of the budget for what comes after the block (another way to the same answer)."""
        self._limit -= seconds
        try:
            yield
        finally:
            self._limit += seconds
