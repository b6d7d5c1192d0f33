"""The command line: options in, messages and exit codes out (contract.md).

The rest of the package is imported inside the commands, so that `--help` is instant.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge import cli_options as shared
from bridge._version import __version__
from bridge.cli_output import (
    gather_and_tell,
    open_closed_streams,
    summary,
    tell,
    tell_error,
    tell_idle_decisions,
    tell_otherwise_cited,
    tell_plan,
    tell_problems,
    tell_usage,
    tell_withdrawn,
    with_advice,
    write,
    write_json,
)
from bridge.cli_zotero import login, pull, push

if TYPE_CHECKING:
    from bridge.errors import Problem
    from bridge.pipeline import Gathered

EXIT_CHANGES = 1
EXIT_INPUT = 3
EXIT_INTERRUPTED = 130
EXIT_BUG = 70  # sysexits.h, EX_SOFTWARE


def run() -> int:
    """Run the command line; the return value is the exit code. Nothing escapes as a traceback."""
    open_closed_streams()
    try:
        return main(standalone_mode=False) or 0
    except click.ClickException as error:
        tell_usage(error)
        return error.exit_code
    except click.Abort:
        return EXIT_INTERRUPTED
    except KeyboardInterrupt:
        tell("interrupted; a re-run continues")
        return EXIT_INTERRUPTED
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    from bridge.errors import BibbridgeError

    if isinstance(error, BibbridgeError):
        tell_error(error)
        return error.exit_code
    if isinstance(error, OSError):
        tell(f"error: {error.filename or 'output'}: {error.strerror or error}")
        return EXIT_INPUT
    if os.environ.get("BIBBRIDGE_DEBUG"):
        raise error
    tell(f"error: this is a bug in bibbridge: {type(error).__name__}: {error}")
    tell("  please report it; with BIBBRIDGE_DEBUG=1 the same command shows where it happened")
    return EXIT_BUG


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="bibbridge %(version)s")
def main() -> None:
    """arXiv in, bibliography out.

    A SOURCE is a saved feed, an arXiv id or link, a list of ids (.txt), a .bib, .tex or .aux file, a
    search (query:…), today's announcements (daily:cs.DC+cs.LG), a Zotero collection (zotero:…), or - for
    standard input.
    """


@main.command()
@shared.sources
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of records.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON record a line.")
@shared.reading
@shared.common
def show(sources: tuple[str, ...], as_json: bool, as_jsonl: bool, **options: Any) -> int:
    """Show the records of SOURCEs, for a person or for a program."""
    if as_json and as_jsonl:
        raise click.UsageError("--json and --jsonl exclude each other")
    gathered = gather_and_tell(sources, options)
    if as_jsonl:
        for record in gathered.records:
            write_json(record.to_json())
    elif as_json:
        write_json([record.to_json() for record in gathered.records], indent=1)
    else:
        from bridge.card import card, plain

        paint = _paint if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else plain
        for record in gathered.records:
            write(card(record, paint) + "\n\n")
    return gathered.exit_code


_COLOURS = {"id": "cyan", "venue": "green", "warning": "red"}


def _paint(text: str, role: str) -> str:
    # None leaves a quality alone; False would switch off what another has just switched on
    bold, dim = role in ("title", "warning") or None, role == "dim" or None
    return click.style(text, fg=_COLOURS.get(role), bold=bold, dim=dim)


@main.command()
@shared.sources
@shared.output(required=False)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@shared.bib_style
@shared.merging
@shared.reading
@shared.common
def bib(sources: tuple[str, ...], output: Path | None, **options: Any) -> int:
    """Write or update a .bib file from SOURCEs.

    In a .bib that exists every byte that a person wrote stays; what arXiv says anew arrives where nobody
    edited, and conflicts are reported.
    """
    if output is not None and (str(output) == "-" or _is_stream(output)):
        # a device or pipe takes a new .bib like standard output: there is nothing to merge with
        stream, output = (None if str(output) == "-" else output), None
    else:
        stream = None
    if output is None:
        for name in ("json", "dry_run", "check", "theirs", "accept", "keep", "restore"):
            if options["as_json" if name == "json" else name]:
                raise click.UsageError(f"--{name.replace('_', '-')} needs -o FILE")
    style = shared.style(options)  # what is wrong with it is told before anybody is asked
    if style["extra_fields"]:
        from bridge.bibtex.entry import check_extra_fields

        by_option = options["fields"] is not None
        check_extra_fields(style["extra_fields"], "--fields" if by_option else "[bib] of bibbridge.toml")
    gathered = gather_and_tell(sources, options, abstracts="abstract" in style["extra_fields"])
    if output is None:
        from bridge.bibtex.target import new_bib_text
        from bridge.pipeline import keyed_as_cited

        told: list[Problem] = []
        if stream is not None:
            style["name"] = str(stream)
        text = new_bib_text(keyed_as_cited(gathered), today=shared.today(), report=told.append, **style)
        tell_problems(told, options)
        tell_withdrawn(gathered, options)
        if stream is None:
            write(text)
        else:
            stream.write_text(text, encoding="utf-8")
        return gathered.exit_code
    return update_bib(gathered, output, options)


def _is_stream(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()


def update_bib(gathered: Gathered, output: Path, options: dict[str, Any]) -> int:
    """Plan the .bib, then show, check or carry out the plan; the exit code."""
    from bridge.bibtex.target import BibTarget
    from bridge.bibtex.venuefields import waits_for
    from bridge.errors import InputError
    from bridge.pipeline import keyed_as_cited

    only_look = options["dry_run"] or options["check"]
    target = BibTarget(output, use_lock=not options["no_lock"], **shared.style(options))
    try:
        plan = shared.plan_for(target, keyed_as_cited(gathered), options)
        if not only_look:
            plan = target.apply(plan).plan
        else:
            target.rehearse(plan)
    except InputError as error:
        if options["as_json"]:
            write_json(
                summary(None, gathered, failed=[(str(output), with_advice(error))], with_plan=only_look)
            )
        raise
    if only_look and not options["as_json"]:
        write(target.diff(plan))
    tell_problems(target.problems, options)
    tell_otherwise_cited(plan, gathered.cited, options)
    tell_withdrawn(gathered, options, plan)
    if gathered.records or not gathered.errors:  # a refusal is no "nothing to do"
        tell_plan(plan, str(output), options, done=not only_look)
    tell_idle_decisions(plan, options, waits_for)
    if options["as_json"]:
        write_json(summary(plan, gathered, with_plan=only_look))
    if options["check"] and plan.news:
        return EXIT_CHANGES
    return gathered.exit_code


for command in (push, pull, login):
    main.add_command(command)
