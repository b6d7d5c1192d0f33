"""What can go wrong, as values. cli.py alone turns these into advice for a person.

Two kinds: an exception stops the thing at hand (a file, a service), a `Problem` reports one damaged
piece while everything else goes on ("bad input never costs good input").
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where something was found: a source's name as the user gave it, 1-based line and column, an entry."""

    source: str
    line: int | None = None
    column: int | None = None
    entry: str | None = None

    def __str__(self) -> str:
        text = self.source
        if self.line is not None:
            text += f":{self.line}"
            if self.column is not None:
                text += f":{self.column}"
        if self.entry:
            text += f" ({self.entry})"
        return text


class Problem(NamedTuple):
    """One piece that could not be used as it is.

    `code` is a stable word for tests and programs, `detail` a sentence without a trailing stop.
    `lost` says whether the piece is missing from the result (exit code 5, or 3 if nothing else came)
    or only worth a warning. `advice` says what a person can do, where that is not plain.
    """

    place: Place
    code: str
    detail: str
    lost: bool = True
    advice: str | None = None


class BibbridgeError(Exception):
    """The base of everything that bibbridge raises on purpose."""

    exit_code = 1


class UsageError(BibbridgeError):
    """The request itself makes no sense (exit code 2)."""

    exit_code = 2

    def __init__(self, detail: str, advice: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.advice = advice


class InputError(BibbridgeError):
    """An input cannot be read at all (exit code 3): file, line and reason."""

    exit_code = 3

    def __init__(self, place: Place, reason: str, advice: str | None = None) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason
        self.advice = advice


class RemoteError(BibbridgeError):
    """A remote service refused or failed after retries (exit code 4).

    `service` is a host name; `status` the last HTTP status, None when no answer came at all;
    `retry_after` the seconds that the service asks to wait, None when it does not say.
    """

    exit_code = 4

    def __init__(
        self,
        service: str,
        reason: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.advice = advice
