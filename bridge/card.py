"""A record as a card for a person to read: pure text, no colours but the ones asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from bridge.record import Record, Venue
from bridge.withdrawal import withdrawal

WIDTH = 100  # columns; a card is read, not scrolled sideways
MAX_AUTHORS = 12

Paint = Callable[[str, str], str]  # (text, role) → text; roles: id, title, venue, warning, dim


def plain(text: str, role: str) -> str:  # the signature is Paint's
    return text


def card(record: Record, paint: Paint = plain) -> str:
    """What a person wants to know of a record, the venue hint with its evidence; no trailing newline."""
    lines = [_head(record, paint)]
    lines += _wrapped(record.title, paint, "title")
    names = [author.display for author in record.authors]
    if len(names) > MAX_AUTHORS:
        names = [*names[:MAX_AUTHORS], f"and {len(names) - MAX_AUTHORS} more"]
    if names:
        lines += _wrapped(", ".join(names), paint, "")
    lines += _venue(record, paint)
    if record.doi:
        lines.append(f"  DOI {record.doi}")
    if record.journal_ref:
        lines += _wrapped(f"journal reference: {record.journal_ref}", paint, "dim")
    if record.comment:
        lines += _wrapped(f"comment: {record.comment}", paint, "dim")
    for related in record.comment_facts.related:
        version = f"v{related.version}" if related.version else ""
        lines.append(f"  {related.relation}: arXiv:{related.arxiv_id}{version}")
    if record.url:
        lines.append(f"  {record.url}")
    return "\n".join(lines)


def _head(record: Record, paint: Paint) -> str:
    name = f"arXiv:{record.versioned_id}" if record.arxiv_id else record.identity
    head = paint(name, "id")
    if record.categories:
        head += f"  [{' '.join(record.categories)}]"
    if record.published:
        head += f"  {record.published[:10]}"
        if record.updated and record.updated[:10] != record.published[:10]:
            head += f" (this version {record.updated[:10]})"
    return head


def _venue(record: Record, paint: Paint) -> list[str]:
    venue = record.venue
    if venue.status == "none" and venue.kind is None:
        return []
    role = "warning" if venue.status == "withdrawn" else "venue"
    said = withdrawal(record) if venue.status == "withdrawn" else describe_venue(venue)
    lines = [f"  {paint(said, role)}  (confidence {venue.confidence:.2f})"]
    lines += [f"    {evidence.field}: “{evidence.text}”" for evidence in venue.evidence]
    return lines


def describe_venue(venue: Venue) -> str:
    """A venue in a few words: "accepted by NeurIPS 2025 (conference)", "WITHDRAWN", "thesis, UCSD"."""
    if venue.status == "withdrawn":
        return "WITHDRAWN"
    name = " ".join(str(part) for part in (venue.name, venue.year) if part is not None)
    if venue.kind == "thesis":
        return f"thesis, {name}" if name else "thesis"
    verb = {"published": "published in", "accepted": "accepted by", "submitted": "submitted to"}.get(
        venue.status
    )
    if verb is None:
        return "no venue"
    if not name:
        return venue.status
    kind = f" ({venue.kind})" if venue.kind else ""
    full = f", {venue.full_name}" if venue.full_name and venue.full_name != venue.name else ""
    return f"{verb} {name}{kind}{full}"


def _wrapped(text: str, paint: Paint, role: str) -> list[str]:
    lines = textwrap.wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return [f"  {paint(line, role) if role else line}" for line in lines]
