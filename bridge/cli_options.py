"""The options that several commands share, and the values that they stand for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bridge.config import VenuePolicy
    from bridge.decisions import Decisions, Planner
    from bridge.pipeline import Settings
    from bridge.plan import Plan
    from bridge.progress import Progress
    from bridge.record import Record

F = TypeVar("F", bound=Callable[..., Any])


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


sources = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
common = together(
    click.option("--offline", is_flag=True, help="Use the cache and files only; name what is missing."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        help="Total time to spend on retries and waiting.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors and conflicts."),
    click.option("-v", "--verbose", is_flag=True, help="List every note, however many."),
)


def _keys(context: click.Context, option: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    if not all(name.rpartition(":")[0] if ":" in name else name.strip() for name in names):
        raise click.BadParameter("it names no entry", context, option)
    return names


reading = together(
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
        metavar="ORDER",
        help="The order of a query:'s results: relevance, submittedDate, lastUpdatedDate, with :ascending.",
    ),
)
merging = together(
    click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing."),
    click.option("--theirs", is_flag=True, help="Take arXiv's side in every conflict."),
    click.option(
        "--accept",
        multiple=True,
        metavar="KEY[:FIELD]",
        callback=_keys,
        help="Take arXiv's side here ('*:FIELD': in every conflict of a field); may be repeated.",
    ),
    click.option(
        "--keep",
        multiple=True,
        metavar="KEY[:FIELD]",
        callback=_keys,
        help="Keep your side here, and hear of it again only when arXiv tells something else.",
    ),
    click.option("--restore", is_flag=True, help="Bring back the entries and fields that you deleted."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON summary on standard output."),
)
key_pattern = click.option(
    "--key-pattern",
    metavar="PATTERN",
    help="A Better BibTeX formula for citation keys.  [default: auth.lower + shorttitle(3,3) + year]",
)
venue = click.option(
    "--venue",
    type=click.Choice(["upgrade", "note", "off"]),
    help="What an accepted or published venue does: change the entry's type, add a note, nothing."
    "  [default: upgrade]",
)
bib_style = together(
    click.option(
        "--dialect",
        type=click.Choice(["bibtex", "biblatex"]),
        help="Classic BibTeX, or biblatex with biber.  [default: the file's own, else bibtex]",
    ),
    key_pattern,
    venue,
    click.option(
        "--fields",
        metavar="NAMES",
        help="Further fields to write, comma-separated, such as abstract,keywords; -note leaves out the arXiv"
        " id in notes.",
    ),
    click.option("--no-lock", is_flag=True, help="Neither read nor write bibbridge.lock."),
)
library = click.option(
    "--library",
    metavar="LIBRARY",
    help="user, user:ID, group:ID or local.  [default: $ZOTERO_LIBRARY_TYPE and $ZOTERO_LIBRARY_ID]",
)
collection = click.option(
    "--collection",
    "collections",
    multiple=True,
    metavar="PATH",
    help='A collection, such as "Paper X/Related"; may be repeated.',
)


def output(*, required: bool) -> Callable[[F], F]:
    """-o FILE."""
    default = "" if required else "  [default: a new .bib on standard output]"
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        required=required,
        metavar="FILE",
        callback=_named,
        help=f"The .bib to write or update.{default}",
    )


def _named(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    if path == Path():
        raise click.BadParameter("it names no file", context, option)
    return path


def settings(options: dict[str, Any], *, abstracts: bool = True) -> Settings:
    from bridge.pipeline import Settings

    return Settings(
        versions=options.get("versions", "latest"),
        offline=options["offline"],
        use_cache=not options["no_cache"],
        timeout=options["timeout"],
        max_results=options.get("max_results"),
        sort=options.get("sort"),
        abstracts=abstracts,
    )


def decisions(options: dict[str, Any]) -> Decisions:
    from bridge.decisions import Decisions

    # a field may be named as the file spells it; a key has capitals of its own
    accept, keep = (
        frozenset(name for given in options[side] for name in (given, _with_small_field(given)))
        for side in ("accept", "keep")
    )
    return Decisions(theirs=options["theirs"], accept=accept, restore=options["restore"], keep=keep)


def _with_small_field(name: str) -> str:
    key, colon, field = name.rpartition(":")
    return f"{key}{colon}{field.lower()}"


def plan_for(target: Planner, records: Sequence[Record], options: dict[str, Any]) -> Plan:
    from bridge.decisions import planned

    return planned(target, records, decisions(options), today())


def progress(options: dict[str, Any]) -> Progress:
    from bridge.progress import progress_for

    return progress_for(quiet=options["quiet"])


_LONGEST_EPOCH = 11  # digits; the year 5138


def today() -> str:
    """The date, YYYY-MM-DD: that of SOURCE_DATE_EPOCH (reproducible-builds.org) where it is set."""
    from datetime import UTC, datetime

    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    sound = fixed.isdecimal() and len(fixed) <= _LONGEST_EPOCH
    now = datetime.fromtimestamp(int(fixed), UTC) if sound else datetime.now(UTC)
    return now.strftime("%Y-%m-%d")


def style(options: dict[str, Any]) -> dict[str, Any]:
    """How entries are to be written: the arguments of the .bib target. Raises UsageError for a key pattern
    that is not understood."""
    from bridge.config import load_config

    chosen: dict[str, Any] = {
        "dialect": options["dialect"] or load_config().bib.dialect,
        "venue_policy": venue_policy(options),
        "extra_fields": extra_fields(options),
    }
    pattern = chosen_key_pattern(options)
    if pattern is not None:
        chosen["key_pattern"] = pattern
    return chosen


def venue_policy(options: dict[str, Any]) -> VenuePolicy:
    """What --venue or the project's configuration says of venues."""
    from bridge.config import load_config

    said: VenuePolicy | None = options["venue"] or load_config().bib.venue
    return said or "upgrade"


def chosen_key_pattern(options: dict[str, Any]) -> str | None:
    """The key pattern that is given. Raises UsageError for one that is not understood: now, and not on the
    day when a new paper needs a key."""
    from bridge.config import load_config

    given: str | None = options["key_pattern"]
    pattern = load_config().bib.key_pattern if given is None else given
    if pattern is not None:
        from bridge.citekey import check_pattern

        check_pattern(pattern)
    return pattern


def extra_fields(options: dict[str, Any]) -> tuple[str, ...]:
    """The names in --fields, else those in the project's configuration."""
    from bridge.config import load_config

    if options["fields"] is None:
        return load_config().bib.fields
    names = [name.strip().lower() for name in options["fields"].split(",")]
    return tuple(name for name in names if name)
