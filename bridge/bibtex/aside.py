"""Why a record brings no news to an entry: that is pinned to a version, or the source tells too little."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.bibtex.compare import field_meaning
from bridge.bibtex.document import Document
from bridge.bibtex.grammar import Field
from bridge.identifiers import InvalidId, parse_arxiv_id
from bridge.merge import BRIEF, PINNED
from bridge.plan import Base, Value, digest
from bridge.record import Record


def left_aside(
    record: Record,
    base: Base | None,
    document: Document,
    there: Mapping[str, Field],
    fields: Mapping[str, Value],
) -> str | None:
    """Why, for a person; "" where there would be no news either way, and None where the entry takes it.

    `there` are the entry's fields, and `fields` what is read of them.
    """
    aside = _pinned(record, base, fields)
    if aside is None and "eprint" in there:
        known = base.fields.get("eprint") if base is not None else None
        aside = _pinned_by_hand(record, document.value(there["eprint"]), known)
    if aside is None and base is not None and record.brief:
        aside = BRIEF.format(id=record.arxiv_id) if record.version != base.version else ""
    return aside


def _pinned(record: Record, base: Base | None, fields: Mapping[str, Value]) -> str | None:
    """Of an entry that is pinned to a version, and still says so itself."""
    if base is None or base.version is None or record.pinned:
        return None
    pinned = base.identity == f"{record.identity}v{base.version}"
    says_so = "eprint" in fields and fields["eprint"].digest == base.fields.get("eprint")
    if not pinned or not says_so:
        return None
    return PINNED.format(version=base.version) if record.version != base.version else ""


def _pinned_by_hand(record: Record, eprint: str, known: str | None) -> str | None:
    """Of an entry in whose eprint a person has written another version; `known` is the digest of the eprint
    that bibbridge wrote."""
    if record.pinned:
        return None
    bare = digest(field_meaning("eprint", eprint, versions=False))
    if bare != (known or bare) or digest(field_meaning("eprint", eprint)) == bare:
        return None
    try:
        version = parse_arxiv_id(eprint).version
    except InvalidId:
        return None
    return PINNED.format(version=version) if version not in (None, record.version) else None
