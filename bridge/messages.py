"""What cli.py tells a person on standard error: problems, errors and summaries as lines of text.

Every message says what happened, where, and what can be done about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bridge.dedupe import Merge, Suspicion
from bridge.errors import BibbridgeError, InputError, Problem, RemoteError, UsageError
from bridge.pipeline import Gathered
from bridge.plan import Conflict, Plan
from bridge.record import Record
from bridge.withdrawal import withdrawal

MOST = 20  # lines of one kind before the rest is only counted


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 entry`, `2 entries`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {plural or noun + 's'}"


def error_lines(error: BibbridgeError) -> Iterator[str]:
    advice = getattr(error, "advice", None)
    if isinstance(error, InputError):
        yield f"error: {error.place}: {error.reason}"
    elif isinstance(error, RemoteError):
        status = f" (HTTP {error.status})" if error.status else ""
        yield f"error: {error.service}: {error.reason}{status}"
        if error.retry_after:
            yield f"  it asks to wait {error.retry_after:.0f} s before the next try"
    elif isinstance(error, UsageError):
        yield f"error: {error.detail}"
    else:
        yield f"error: {error}"
    if advice:
        yield f"  {advice}"


def problem_lines(problems: Sequence[Problem], most: int = MOST) -> Iterator[str]:
    """The problems, of each code the first `most` whole and the rest counted.

    What happened to many entries of one source in the same way is one line that names them.
    """
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        own = problem.place.line is not None or problem.place.entry is None
        where = str(problem.place) if own else problem.place.source
        groups.setdefault((problem.code, where, problem.detail), []).append(problem)
    seen: Counter[str] = Counter()
    for (code, _, detail), group in groups.items():
        seen[code] += 1
        if seen[code] > most:
            continue
        first = group[0]
        place = str(first.place)
        if len(group) > 1:
            named = [problem.place.entry or "" for problem in group[:most]]
            more = f" and {len(group) - most:,} more" if len(group) > most else ""
            place = f"{first.place.source} ({len(group):,}: {', '.join(named)}{more})"
        yield f"{'error' if first.lost else 'note'}: {place}: {detail}"
        if first.advice:
            yield f"  {first.advice}"
    for code, number in seen.items():
        if number > most:
            yield f"note: {number - most:,} more of this kind ({code}); -v lists them"


def gathered_lines(gathered: Gathered, sources: int) -> Iterator[str]:
    """How many entries came, what was merged and why, what looks alike; nothing where only errors came."""
    if gathered.errors and not gathered.entries:
        return
    entries = count(gathered.entries, "entry", "entries")
    line = f"{entries} from {count(sources, 'source')}"
    merges = gathered.deduplicated.merges
    if merges:
        line += f", {count(len(gathered.records), 'record')} after merging"
    yield line
    yield from _merge_lines(merges)
    yield from _suspicion_lines(gathered.deduplicated.suspicions)


def _merge_lines(merges: Sequence[Merge]) -> Iterator[str]:
    for merge in merges[:MOST]:
        if merge.reason == "same version":
            yield f"  {merge.identity}: came {merge.dropped + 1} times, merged field by field"
        else:
            left_out = count(merge.dropped, "other version")
            yield f"  {merge.identity}: {left_out} left out (--versions all keeps them)"
    if len(merges) > MOST:
        yield f"  … and {len(merges) - MOST:,} more merges"


def _suspicion_lines(suspicions: Sequence[Suspicion]) -> Iterator[str]:
    for suspicion in suspicions[:MOST]:
        names = " and ".join(suspicion.identities[:5])
        if len(suspicion.identities) > 5:
            names += f" and {len(suspicion.identities) - 5:,} more"
        yield f"note: {names} share a {suspicion.shared} ({suspicion.value}): perhaps one work; both are kept"
    if len(suspicions) > MOST:
        yield f"note: {len(suspicions) - MOST:,} more look-alikes"


def plan_line(plan: Plan, target: str, *, done: bool) -> str:
    """One line: what was done to the target, or would be."""
    counts = [
        (len(plan.of_kind("add")), "added"),
        (len(plan.of_kind("update")), "updated"),
        (len(plan.of_kind("unchanged", "conflict")), "unchanged"),
        (len(plan.of_kind("skip")), "skipped"),
    ]
    text = ", ".join(f"{number:,} {word}" for number, word in counts if number) or "nothing to do"
    if plan.conflicts:
        text += f"; {count(len(plan.conflicts), 'conflict')}, yours kept"
    if settled := sum(action.settled for action in plan.actions):
        text += f"; settled for yours in {count(settled, 'entry', 'entries')}"
    return f"{target}: would be {text}" if plan.news and not done else f"{target}: {text}"


def update_lines(plan: Plan, most: int = MOST) -> Iterator[str]:
    """What is new in each entry or item that changes: its type, if that does, and the names of the fields."""
    updates = plan.of_kind("update")
    for action in updates[:most]:
        told = [f"{one.old} → {one.new}" for one in action.changes if one.field == "type" and one.old]
        names = [one.field for one in action.changes if one.field != "type" or not one.old]
        names += [one.name for one in action.set_changes]
        if names:
            told.append(", ".join(names))
        if told:
            yield f"  {action.key} ({action.identity}): {'; '.join(told)}"
    if len(updates) > most:
        yield f"  … and {len(updates) - most:,} more (-v lists them)"


def skip_lines(plan: Plan) -> Iterator[str]:
    skipped = [action for action in plan.actions if action.reason]
    for action in skipped[:MOST]:
        yield f"  {action.key} ({action.identity}): {action.reason}"
    if len(skipped) > MOST:
        yield f"  … and {len(skipped) - MOST:,} more"


def withdrawn_lines(records: Sequence[Record]) -> Iterator[str]:
    """A warning for every record that is withdrawn: it is cited all the same, which a person must know."""
    gone = [record for record in records if record.venue.status == "withdrawn"]
    for record in gone[:MOST]:
        yield f"warning: {record.identity} is {withdrawal(record)}: {record.title}"
    if len(gone) > MOST:
        yield f"  … and {len(gone) - MOST:,} more withdrawn"


def conflict_advice(conflicts: Sequence[Conflict]) -> str:
    """How to decide them, by the example of the first."""
    key, field = conflicts[0].key, conflicts[0].field
    text = f"to take arXiv's side: --accept {key}:{field} (one), --accept {key} (entry)"
    if sum(conflict.field == field for conflict in conflicts) > 1:
        text += f", --accept '*:{field}' (every {field})"
    return f"{text}, --theirs (all); to settle it for yours: --keep {key}:{field}"
