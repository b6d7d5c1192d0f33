"""What a person decided beforehand about conflicts, and a plan that goes by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from bridge.plan import Plan
    from bridge.record import Record

EVERY = "*:"  # before a field that is accepted in every conflict


class Decisions(NamedTuple):
    """What the person said beforehand.

    `theirs`: the record wins every conflict. `accept` holds KEY (the record wins that entry's conflicts) and
    KEY:FIELD (it wins that field, even one that only the person changed or deleted), and *:FIELD until it is
    spelt out. `restore`: what was deleted comes back. `keep` holds KEY, KEY:FIELD and *:FIELD: what stands
    there wins, and is a conflict again only when the record tells something else.
    """

    theirs: bool = False
    accept: frozenset[str] = frozenset()
    restore: bool = False
    keep: frozenset[str] = frozenset()

    def keeps(self, key: str, field: str) -> bool:
        """Whether the person settled a conflict for their own side."""
        return not self.keep.isdisjoint((key, f"{key}:{field}", f"{EVERY}{field}"))

    def takes(self, key: str, field: str) -> bool:
        """Whether the record wins a conflict over a field: what is said of the field itself counts before
        what is said of the entry, and that before what is said of all."""
        if f"{key}:{field}" in self.accept:
            return True
        if not self.keep.isdisjoint((f"{key}:{field}", f"{EVERY}{field}")):
            return False
        return key in self.accept or (self.theirs and key not in self.keep)

    def spelt_out(self, plan: Plan) -> Decisions:
        """The same with *:FIELD as KEY:FIELD for each conflict of `plan` in that field."""
        every = {name for name in self.accept if name.startswith(EVERY)}
        meant = {
            f"{action.key}:{conflict.field}"
            for action in plan.actions
            for conflict in action.conflicts
            if action.kind != "skip" and f"{EVERY}{conflict.field}" in every
        }
        return self._replace(accept=(self.accept - every) | meant) if every else self


class Planner(Protocol):
    """A target, as far as it makes plans."""

    def plan(self, records: Sequence[Record], decisions: Decisions, today: str) -> Plan: ...


def planned(target: Planner, records: Sequence[Record], decisions: Decisions, today: str) -> Plan:
    """The target's plan; what is accepted in every conflict is told from a first one."""
    plan = target.plan(records, decisions, today)
    spelt_out = decisions.spelt_out(plan)
    return plan if spelt_out == decisions else target.plan(records, spelt_out, today)
