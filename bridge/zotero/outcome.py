"""What a push did: counts, conflicts, and what failed with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bridge.errors import RemoteError
from bridge.plan import Conflict


@dataclass(slots=True)
class Outcome:
    """`skipped` holds (identity, key, reason), and `notes` what is to be told of others; `failed` (identity,
    reason). `stopped` is the error that ended the work before it was through; what was done until then is
    done, and a re-run continues."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    requests: int = 0
    seconds_waited: float = 0.0
    stopped: RemoteError | None = None

    @property
    def exit_code(self) -> int:
        """contract.md: 0 done, 4 the service refused before anything was done, 5 partly done."""
        if self.stopped is not None and not (self.created or self.updated):
            return self.stopped.exit_code
        return 5 if self.failed or self.stopped is not None else 0

    def summary(self) -> dict[str, Any]:
        """contract.md's machine-readable summary."""
        return {
            "added": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "skipped": [
                {"id": identity, "key": key, "reason": reason} for identity, key, reason in self.skipped
            ],
            "conflicts": [
                {"key": c.key, "field": c.field, "yours": c.yours, "theirs": c.theirs} for c in self.conflicts
            ],
            "failed": [{"id": identity, "reason": reason} for identity, reason in self.failed],
            "requests": self.requests,
            "seconds_waited": round(self.seconds_waited, 3),
        }
