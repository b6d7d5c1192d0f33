"""What the commands print: results on standard output, everything a person is told on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bridge.errors import BibbridgeError, Problem
    from bridge.pipeline import Gathered
    from bridge.plan import Action, Conflict, Plan


def open_closed_streams() -> None:
    """Stand in for a standard stream that the caller has closed, so that no file is opened in its place: what
    is read from it is empty, what is told to it is lost."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, stream)
            if name == "stdout":
                _closed.add(name)


_closed: set[str] = set()


def tell(line: str) -> None:
    """A line for a person; lost where nobody reads any more (`2>&1 | head`), which stops no work."""
    with _unread_stderr():
        click.echo(line, err=True)


def tell_usage(error: click.ClickException) -> None:
    """What is wrong with the command line."""
    with _unread_stderr():
        error.show()


@contextmanager
def _unread_stderr() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def tell_error(error: BibbridgeError) -> None:
    from bridge.messages import error_lines

    for line in error_lines(error):
        tell(line)


def tell_problems(problems: Iterable[Problem], options: dict[str, Any]) -> None:
    """The problems that the user wants to hear of: all of them (-v), some of each kind, only losses (-q)."""
    from bridge.messages import MOST, problem_lines

    heard = [problem for problem in problems if problem.lost or not options["quiet"]]
    for line in problem_lines(heard, sys.maxsize if options["verbose"] else MOST):
        tell(line)


def write(text: str) -> None:
    """Text to standard output as UTF-8, whatever the locale: it is data for a file or a program."""
    if _closed:
        raise click.UsageError("standard output is closed, so that the result would be lost; see -o")
    try:
        sys.stdout.flush()
        stream = sys.stdout.buffer
        stream.write(text.encode("utf-8", "surrogatepass"))
        stream.flush()
    except BrokenPipeError as error:
        # the reader has gone away (`| head`): that is no failure, and closing must not be reported at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(0) from error


def write_json(value: object, *, indent: int | None = None) -> None:
    import json

    write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")


def gather_and_tell(sources: Sequence[str], options: dict[str, Any], *, abstracts: bool = True) -> Gathered:
    """Read the sources and say what came of them; without `abstracts` none are kept."""
    from bridge.cli_options import progress, settings
    from bridge.messages import gathered_lines
    from bridge.pipeline import gather

    gathered = gather(sources, settings(options, abstracts=abstracts), progress(options))
    for error in gathered.errors:
        tell_error(error)
    tell_problems(gathered.problems, options)
    if not options["quiet"]:
        for line in gathered_lines(gathered, len(sources)):
            tell(line)
    return gathered


def tell_withdrawn(gathered: Gathered, options: dict[str, Any], plan: Plan | None = None) -> None:
    """Every paper among the records that is withdrawn, but for those that the plan leaves aside."""
    from bridge.messages import withdrawn_lines

    unchanged = plan.of_kind("unchanged") if plan is not None else []
    aside = {action.identity for action in unchanged if action.reason}
    if not options["quiet"]:
        for line in withdrawn_lines([one for one in gathered.records if one.identity not in aside]):
            tell(line)


def tell_conflicts(conflicts: Sequence[Conflict], skipped: Collection[str] = ()) -> None:
    """Every conflict in three columns (base date, yours, arXiv's), and how to decide it; why those of the
    `skipped` entries are left, and what to do about them, is told elsewhere."""
    if not conflicts:
        return
    import shutil

    from bridge.messages import conflict_advice
    from bridge.worddiff import conflict_table

    width = shutil.get_terminal_size((100, 24)).columns
    for line in conflict_table(conflicts, width=width, colour=sys.stderr.isatty()):
        tell(line)
    to_decide = [conflict for conflict in conflicts if conflict.key not in skipped]
    if to_decide:
        tell(conflict_advice(to_decide))


def tell_plan(plan: Plan, target: str, options: dict[str, Any], *, done: bool) -> None:
    """What was done to the target or would be, and every conflict."""
    from bridge import messages

    tell_conflicts(plan.conflicts, {action.key for action in plan.of_kind("skip")})
    if not options["quiet"]:
        tell(messages.plan_line(plan, target, done=done))
        for line in messages.update_lines(plan, sys.maxsize if options["verbose"] else messages.MOST):
            tell(line)
        for line in messages.skip_lines(plan):
            tell(line)


def tell_otherwise_cited(plan: Plan, cited: Mapping[str, str], options: dict[str, Any]) -> None:
    """Papers that a LaTeX source cites by their arXiv id and that have another key in the .bib."""
    if options["quiet"]:
        return
    for action in plan.actions:
        key = cited.get(action.identity)
        # what is skipped has no entry that could be cited, and its line says why
        if key is not None and action.key and key != action.key and action.kind != "skip":
            tell(f"note: {key} is cited, and has the key {action.key} here: cite that")


def tell_idle_decisions(
    plan: Plan, options: dict[str, Any], waits_for: Callable[[Action, str], str | None]
) -> None:
    """Every --accept or --keep that meets no entry of the plan, or no field: most likely a slip of the pen.
    `waits_for` names the conflict that a field without news waits for."""
    from bridge.decisions import EVERY

    actions = {action.key: action for action in plan.actions}
    for option in ("keep", "accept"):
        for name in options[option]:
            said = f"note: --{option} {name}"
            key, _, field = name.rpartition(":")
            field = field.lower()
            if name in actions:
                continue
            if name.startswith(EVERY):
                if option == "accept" and not any(
                    change.field == field for action in plan.actions for change in action.changes
                ):
                    tell(f"{said}: there is no conflict in that field")
                elif not any(_writes(action, field) for action in plan.actions):
                    tell(f"{said}: bibbridge writes no field {field!r} there")
                continue
            action = actions.get(key)
            if action is None:
                tell(f"{said}: none of the entries asked for has that key")
            elif _brings(action, field) or (option == "keep" and action.settled):
                continue
            elif first := waits_for(action, field):
                tell(f"{said}: goes with the {first}, and waits for --{option} {key}:{first}")
            elif not _writes(action, field):
                tell(f"{said}: bibbridge writes no field {field!r} there")


def _brings(action: Action, field: str) -> bool:
    """Whether the action changes the field, or tells of a conflict in it."""
    news = {change.field for change in action.changes} | {change.name for change in action.set_changes}
    return field in news or any(conflict.field == field for conflict in action.conflicts)


def _writes(action: Action, field: str) -> bool:
    """Whether bibbridge wrote the field, or would, as far as anybody knows."""
    if action.base is None or not action.base.fields:
        return True
    return field in action.base.fields or field in action.base.sets or _brings(action, field)


def with_advice(error: BibbridgeError) -> str:
    """What happened and what to do, in a line, for a program that shows it to a person."""
    advice = getattr(error, "advice", None)
    return f"{error}; {advice}" if advice else str(error)


def summary(
    plan: Plan | None,
    gathered: Gathered,
    *,
    failed: Sequence[tuple[str, str]] = (),
    requests: int = 0,
    seconds_waited: float = 0.0,
    with_plan: bool = False,
) -> dict[str, Any]:
    """contract.md's machine-readable summary; `failed` holds (id, reason) of what the target refused."""
    from bridge.plan import Plan

    plan = plan or Plan(())
    lost = [{"id": p.place.entry or str(p.place), "reason": p.detail} for p in gathered.problems if p.lost]
    errors = [
        {
            "id": str(getattr(error, "place", "") or getattr(error, "service", "")),
            "reason": with_advice(error),
        }
        for error in gathered.errors
    ]
    result = plan.summary()
    result["failed"] = errors + lost + [{"id": name, "reason": reason} for name, reason in failed]
    result["requests"] = gathered.requests + requests
    result["seconds_waited"] = round(gathered.seconds_waited + seconds_waited, 3)
    if with_plan:
        result["plan"] = plan.listing()
    return result
