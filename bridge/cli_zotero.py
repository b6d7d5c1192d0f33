"""The commands that talk to Zotero."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge import cli_options as shared
from bridge.cli_output import (
    gather_and_tell,
    summary,
    tell,
    tell_plan,
    tell_problems,
    tell_withdrawn,
    write_json,
)

if TYPE_CHECKING:
    from bridge.pipeline import Gathered
    from bridge.plan import Plan
    from bridge.progress import Progress
    from bridge.zotero.connect import Settings
    from bridge.zotero.outcome import Outcome
    from bridge.zotero.target import ZoteroTarget


def _settings(options: dict[str, Any], progress: Progress | None = None) -> Settings:
    from bridge.patience import DEFAULT_SECONDS, Patience
    from bridge.zotero.connect import Settings

    seconds = DEFAULT_SECONDS if options["timeout"] is None else options["timeout"]
    return Settings(
        Patience(seconds, progress=progress), offline=options["offline"], use_cache=not options["no_cache"]
    )


@click.command()
@shared.sources
@shared.library
@shared.collection
@shared.key_pattern
@shared.venue
@shared.merging
@shared.reading
@shared.common
def push(sources: tuple[str, ...], library: str | None, collections: tuple[str, ...], **options: Any) -> int:
    """Push SOURCEs to a Zotero library, into a collection if you name one.

    Repeat it as often as you like: nothing is doubled, and what a person edited, moved or deleted stays so.
    """
    from bridge.zotero.collections import split_path
    from bridge.zotero.connect import connect
    from bridge.zotero.target import ZoteroTarget

    key_pattern = shared.chosen_key_pattern(options)
    for path in collections:
        split_path(path)  # what is wrong with it is told before anybody is asked
    progress = shared.progress(options)
    # the library first: a wrong key is told before arXiv is asked for anything
    reached = connect(library, settings=_settings(options, progress))
    gathered = gather_and_tell(sources, options)
    tell_withdrawn(gathered, options)
    target = ZoteroTarget(
        reached,
        collection_paths=collections,
        key_pattern=key_pattern,
        venue_policy=shared.venue_policy(options),
        use_cache=not options["no_cache"],
        progress=progress,
    )
    try:
        return _push(gathered, target, options)
    finally:
        target.close()
        progress.close()


def _push(gathered: Gathered, target: ZoteroTarget, options: dict[str, Any]) -> int:
    tell_problems(target.lock_problems, options)
    plan = shared.plan_for(target, gathered.records, options)
    name = target.library.target
    if options["dry_run"]:
        _tell_additions(plan, options)
        tell_plan(plan, name, options, done=False)
        if options["as_json"]:
            reached = target.library
            told = summary(
                plan,
                gathered,
                requests=reached.requests,
                seconds_waited=reached.seconds_waited,
                with_plan=True,
            )
            write_json(told)
        return gathered.exit_code
    outcome = target.apply(plan)
    _tell_outcome(outcome, name, options)
    if options["as_json"]:
        read = summary(None, gathered)
        told = outcome.summary()
        told["failed"] = read["failed"] + told["failed"]
        told["requests"] += read["requests"]
        told["seconds_waited"] = round(told["seconds_waited"] + read["seconds_waited"], 3)
        write_json(told)
    return max(gathered.exit_code, outcome.exit_code)


def _tell_additions(plan: Plan, options: dict[str, Any]) -> None:
    if options["quiet"]:
        return
    for action in plan.news:
        fields = "" if action.kind == "add" else ": " + ", ".join(c.field for c in action.changes)
        tell(f"  {action.kind} {action.identity}{fields}  {action.label}")


def _tell_outcome(outcome: Outcome, name: str, options: dict[str, Any]) -> None:
    from bridge.cli_output import tell_conflicts, tell_error
    from bridge.messages import count

    tell_conflicts(outcome.conflicts)
    for identity, reason in outcome.failed:
        tell(f"error: {identity}: {reason}")
    if outcome.stopped is not None:
        tell_error(outcome.stopped)
        tell("  what was done until then is done; run it again to continue")
    if options["quiet"]:
        return
    counts = [
        (outcome.created, "created"),
        (outcome.updated, "updated"),
        (outcome.unchanged, "unchanged"),
        (len(outcome.skipped), "skipped"),
        (len(outcome.failed), "failed"),
    ]
    done = ", ".join(f"{number:,} {word}" for number, word in counts if number) or "nothing to do"
    if outcome.conflicts:
        done += f"; {count(len(outcome.conflicts), 'conflict')}, yours kept"
    waited = f", {outcome.seconds_waited:.0f} s waited" if outcome.seconds_waited >= 1 else ""
    tell(f"{name}: {done} ({count(outcome.requests, 'request')}{waited})")
    for identity, key, reason in (*outcome.skipped, *outcome.notes):
        tell(f"  {key} ({identity}): {reason}")


@click.command()
@shared.library
@shared.collection
@shared.output(required=True)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@shared.bib_style
@shared.merging
@shared.common
def pull(library: str | None, collections: tuple[str, ...], output: Path, **options: Any) -> int:
    """Write or update a .bib file from a Zotero library or its collections.

    Works that are not from arXiv come too; citation keys are those of the library.
    """
    from bridge.cli import update_bib
    from bridge.dedupe import deduplicate
    from bridge.messages import count
    from bridge.pipeline import Gathered
    from bridge.zotero.connect import connect
    from bridge.zotero.source import pull as read_library

    progress = shared.progress(options)
    try:
        reached = connect(library, settings=_settings(options, progress))
        records = read_library(reached, collections, progress)
    finally:
        progress.close()
    gathered = Gathered(
        entries=len(records), requests=reached.requests, seconds_waited=reached.seconds_waited
    )
    gathered.deduplicated = deduplicate(records)
    gathered.records = gathered.deduplicated.records
    if not options["quiet"]:
        tell(f"{count(len(records), 'item')} from {reached.target}")
    return update_bib(gathered, output, options)


@click.command()
@click.option(
    "--timeout", type=click.FloatRange(min=0), metavar="SECONDS", help="Total time to spend on retries."
)
@click.option("--forget", is_flag=True, help="Take the stored key out of the keyring and the file.")
def login(timeout: float | None, forget: bool) -> int:
    """Store a Zotero API key: in the system's keyring, else in a file that only you can read.

    Make a key at https://www.zotero.org/settings/keys. It is asked for, checked with Zotero, and never shown.
    """
    from bridge import credentials
    from bridge.errors import UsageError
    from bridge.zotero.connect import login as keep

    if forget:
        credentials.forget(credentials.WEB)
        tell("no key is stored any more")
        return 0
    if sys.stdin.isatty():
        key = click.prompt("Zotero API key", hide_input=True, err=True)
    else:
        key = sys.stdin.readline().strip()  # bibbridge login < key.txt
    if not key:
        raise UsageError(
            "there is no key on standard input", "run it in a terminal, or give the key as a line"
        )
    settings = _settings({"timeout": timeout, "offline": False, "no_cache": False})
    access, where = keep(key, settings=settings)
    tell(f"welcome, {access.username or access.user_id}: {access.summary()}")
    tell(f"the key is kept in {where}")
    return 0
