"""The command line: options in, messages and exit codes out (contract.md).

Results go to standard output, everything a person is told to standard error. The rest of the package is
imported inside the commands, so that `--help` is instant.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bridge._version import __version__

if TYPE_CHECKING:
    from bridge.errors import BibbridgeError
    from bridge.pipeline import Gathered, Settings
    from bridge.plan import Conflict, Decisions, Plan
    from bridge.progress import Progress

F = TypeVar("F", bound=Callable[..., Any])

EXIT_CHANGES = 1
EXIT_INPUT = 3
EXIT_INTERRUPTED = 130
EXIT_BUG = 70  # sysexits.h, EX_SOFTWARE


def run() -> int:
    """Run the command line; the return value is the exit code. Nothing escapes as a traceback."""
    try:
        return main(standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # the reader of our output has gone away (`| head`); its closing must not be reported at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _tell("interrupted; a re-run continues")
        return EXIT_INTERRUPTED
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    from bridge.errors import BibbridgeError

    if isinstance(error, BibbridgeError):
        _tell_error(error)
        return error.exit_code
    if os.environ.get("BIBBRIDGE_DEBUG"):
        raise error
    _tell(f"error: this is a bug in bibbridge: {type(error).__name__}: {error}")
    _tell("  please report it; with BIBBRIDGE_DEBUG=1 the same command shows where it happened")
    return EXIT_BUG


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _tell_error(error: BibbridgeError) -> None:
    from bridge.messages import error_lines

    for line in error_lines(error):
        _tell(line)


def _write(text: str) -> None:
    """Text to standard output as UTF-8, whatever the locale: it is data for a file or a program."""
    sys.stdout.flush()
    stream = sys.stdout.buffer
    stream.write(text.encode("utf-8", "surrogatepass"))
    stream.flush()


def _write_json(value: object, *, indent: int | None = None) -> None:
    import json

    _write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")


# -- options that several commands share --


def _options(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_sources = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
_common = _options(
    click.option("--offline", is_flag=True, help="Use the cache and files only; name what is missing."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        help="Total time to spend on retries and waiting.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
    click.option("-v", "--verbose", is_flag=True, help="List every note, however many."),
)
_reading = _options(
    click.option(
        "--versions",
        type=click.Choice(["latest", "all"]),
        default="latest",
        show_default=True,
        help="Which versions of a paper to keep.",
    ),
    click.option(
        "--max-results", type=click.IntRange(min=1), metavar="N", help="The most that a query: may deliver."
    ),
    click.option(
        "--sort",
        type=click.Choice(["relevance", "updated", "submitted"]),
        help="The order in which a query: delivers.",
    ),
)
_merging = _options(
    click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing."),
    click.option("--theirs", is_flag=True, help="Take arXiv's side in every conflict."),
    click.option(
        "--accept", multiple=True, metavar="KEY[:FIELD]", help="Take arXiv's side here; may be repeated."
    ),
    click.option("--restore", is_flag=True, help="Bring back what you deleted."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON summary on standard output."),
)
_bib_writing = _options(
    click.option(
        "--dialect",
        type=click.Choice(["bibtex", "biblatex"]),
        default="bibtex",
        show_default=True,
        help="What the .bib is for: classic BibTeX, or biblatex with biber.",
    ),
    click.option(
        "--key-pattern",
        metavar="PATTERN",
        help="A Better BibTeX formula for citation keys.  [default: auth.lower + shorttitle(3,3) + year]",
    ),
    click.option(
        "--venue",
        type=click.Choice(["upgrade", "note", "off"]),
        default="upgrade",
        show_default=True,
        help="What an accepted or published venue does: change the entry's type, add a note, nothing.",
    ),
    click.option(
        "--fields",
        metavar="NAMES",
        help="Further fields to write, comma-separated, such as abstract,keywords.",
    ),
    click.option("--no-lock", is_flag=True, help="Neither read nor write bibbridge.lock."),
)
_library = _options(
    click.option(
        "--library",
        metavar="LIBRARY",
        help="user, user:ID, group:ID or local.  [default: $ZOTERO_LIBRARY_TYPE and _ID]",
    ),
)


def _settings(options: dict[str, Any]) -> Settings:
    from bridge.pipeline import Settings

    return Settings(
        versions=options.get("versions", "latest"),
        offline=options["offline"],
        use_cache=not options["no_cache"],
        timeout=options["timeout"],
        max_results=options.get("max_results"),
        sort=options.get("sort"),
    )


def _decisions(options: dict[str, Any]) -> Decisions:
    from bridge.plan import Decisions

    return Decisions(
        theirs=options["theirs"], accept=frozenset(options["accept"]), restore=options["restore"]
    )


def _progress(options: dict[str, Any]) -> Progress:
    from bridge.progress import progress_for

    return progress_for(quiet=options["quiet"])


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y-%m-%d")


def _gather(sources: tuple[str, ...], options: dict[str, Any]) -> Gathered:
    """Read the sources and tell what came of them."""
    from bridge import messages
    from bridge.pipeline import gather

    gathered = gather(sources, _settings(options), _progress(options))
    for error in gathered.errors:
        _tell_error(error)
    problems = [p for p in gathered.problems if p.lost or not options["quiet"]]
    most = sys.maxsize if options["verbose"] else messages.MOST
    for line in messages.problem_lines(problems, most):
        _tell(line)
    if not options["quiet"]:
        for line in messages.gathered_lines(gathered, len(sources)):
            _tell(line)
    return gathered


def _tell_plan(plan: Plan, target: str, options: dict[str, Any], *, done: bool) -> None:
    from bridge import messages

    if plan.conflicts:
        _tell_conflicts(plan.conflicts)
    if options["quiet"]:
        return
    _tell(messages.plan_line(plan, target, done=done))
    for line in messages.skip_lines(plan):
        _tell(line)


def _tell_conflicts(conflicts: list[Conflict]) -> None:
    from bridge import messages
    from bridge.worddiff import conflict_table

    width = click.get_terminal_size()[0] if hasattr(click, "get_terminal_size") else 100
    for line in conflict_table(conflicts, width=width, colour=sys.stderr.isatty()):
        _tell(line)
    _tell(messages.conflict_advice(conflicts))


# -- the commands --


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="bibbridge %(version)s")
def main() -> None:
    """arXiv in, bibliography out.

    A SOURCE is a saved feed, an arXiv id or link, a list of ids (.txt), a .bib, .tex or .aux file, a
    search (query:…), today's announcements (daily:cs.DC+cs.LG), a Zotero collection (zotero:…), or - for
    standard input.
    """


@main.command()
@_sources
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of records.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON record a line.")
@_reading
@_common
def show(sources: tuple[str, ...], as_json: bool, as_jsonl: bool, **options: Any) -> int:
    """Show the records of SOURCEs, for a person or for a program."""
    if as_json and as_jsonl:
        raise click.UsageError("--json and --jsonl exclude each other")
    gathered = _gather(sources, options)
    if as_jsonl:
        for record in gathered.records:
            _write_json(record.to_json())
    elif as_json:
        _write_json([record.to_json() for record in gathered.records], indent=1)
    else:
        from bridge.card import card, plain

        paint = _paint if sys.stdout.isatty() else plain
        for record in gathered.records:
            _write(card(record, paint) + "\n\n")
    return gathered.exit_code


_COLOURS = {"id": "cyan", "venue": "green", "warning": "red"}


def _paint(text: str, role: str) -> str:
    return click.style(text, fg=_COLOURS.get(role), bold=role in ("title", "warning"), dim=role == "dim")


@main.command()
@_sources
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The .bib to write or update.  [default: a new .bib on standard output]",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@_bib_writing
@_merging
@_reading
@_common
def bib(sources: tuple[str, ...], output: Path | None, check: bool, **options: Any) -> int:
    """Write or update a .bib file from SOURCEs.

    In a .bib that exists every byte that a person wrote stays; what arXiv says anew arrives where nobody
    edited, and conflicts are reported.
    """
    if output is None:
        for name in ("as_json", "dry_run"):
            if options[name]:
                raise click.UsageError(f"--{name.removeprefix('as_').replace('_', '-')} needs -o FILE")
        if check:
            raise click.UsageError("--check needs -o FILE")
    gathered = _gather(sources, options)
    if output is None:
        from bridge.bibtex.target import new_bib_text

        _write(new_bib_text(gathered.records, **_bib_style(options)))
        return gathered.exit_code
    return _update_bib(gathered, output, check, options)


def _bib_style(options: dict[str, Any]) -> dict[str, Any]:
    names = [name.strip() for name in (options["fields"] or "").split(",")]
    style: dict[str, Any] = {
        "dialect": options["dialect"],
        "venue_policy": options["venue"],
        "extra_fields": tuple(name for name in names if name),
    }
    if options["key_pattern"]:
        style["key_pattern"] = options["key_pattern"]
    return style


def _update_bib(gathered: Gathered, output: Path, check: bool, options: dict[str, Any]) -> int:
    """Plan the .bib, then show, check or carry out the plan; the exit code."""
    from bridge import messages
    from bridge.bibtex.target import BibTarget
    from bridge.errors import InputError, Place

    if not output.parent.is_dir():
        raise InputError(Place(str(output)), f"there is no folder {str(output.parent)!r}")
    target = BibTarget(output, use_lock=not options["no_lock"], **_bib_style(options))
    plan = target.plan(gathered.records, _decisions(options), _today())
    failed: list[dict[str, str]] = []
    if options["dry_run"] or check:
        if options["dry_run"] and not options["as_json"]:
            _write(target.diff(plan))
    else:
        outcome = target.apply(plan)
        plan = outcome.plan
    for line in messages.problem_lines(
        [p for p in target.problems if p.lost or not options["quiet"]], messages.MOST
    ):
        _tell(line)
    _tell_plan(plan, str(output), options, done=not (options["dry_run"] or check))
    if options["as_json"]:
        _write_json(_summary(plan, gathered, failed, with_plan=options["dry_run"]))
    if check and plan.news:
        return EXIT_CHANGES
    return gathered.exit_code


def _summary(
    plan: Plan, gathered: Gathered, failed: Iterable[dict[str, str]], *, with_plan: bool
) -> dict[str, Any]:
    """contract.md's machine-readable summary."""
    lost = [{"id": p.place.entry or str(p.place), "reason": p.detail} for p in gathered.problems if p.lost]
    errors = [
        {"id": str(getattr(e, "place", "") or getattr(e, "service", "")), "reason": str(e)}
        for e in gathered.errors
    ]
    summary = plan.summary()
    summary["failed"] = [*errors, *lost, *failed]
    summary["requests"] = gathered.requests
    summary["seconds_waited"] = round(gathered.seconds_waited, 3)
    if with_plan:
        summary["plan"] = plan.listing()
    return summary
