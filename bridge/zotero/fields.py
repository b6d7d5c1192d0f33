"""Which Zotero field holds what, by item type: mappings/zotero-fields.csv and zotero-types.csv, checked.

Which fields a type really has is the server's to say (its schema is read live); these tables only say what
they mean to a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast, get_args

from bridge.record import Kind
from bridge.tables import Row, load

HOLDS = (
    "title",
    "abstract",
    "date",
    "doi",
    "url",
    "catalog",
    "volume",
    "number",
    "pages",
    "publisher",
    "series",
    "repository",
    "archive_id",
    "venue_full",
    "venue_name",
    "venue_short",
)
"""What a field may hold for a record; `venue_short` only where it differs from the full name."""

OF_THE_VENUE = frozenset(HOLDS[HOLDS.index("volume") :])
"""What stops applying when a paper changes from preprint to published, or from one venue to another."""


@dataclass(frozen=True, slots=True)
class TypeRow:
    """An item type that LaTeX users cite: the kind of its venue, and what Zotero calls its first creators."""

    item_type: str
    kind: Kind | None
    author: str


@lru_cache(maxsize=1)
def types() -> Mapping[str, TypeRow]:
    def build(row: Row) -> TypeRow:
        if row["kind"] and row["kind"] not in get_args(Kind):
            raise row.wrong(f"the kind {row['kind']!r} is none of {', '.join(get_args(Kind))}")
        if not row["author"]:
            raise row.wrong("the author column is empty")
        return TypeRow(row["item_type"], cast(Kind, row["kind"]) if row["kind"] else None, row["author"])

    rows = load("zotero-types.csv", ("item_type", "kind", "author"), build)
    return {row.item_type: row for row in rows}


@dataclass(frozen=True, slots=True)
class FieldTable:
    """One item type's fields: field → what it holds, and field → the base field that it is a kind of."""

    holds: Mapping[str, str]
    bases: Mapping[str, str]

    def of_base(self, base: str) -> str:
        """The field that this type has for a base field ("publisher" of a preprint is `repository`)."""
        return next((name for name, its in self.bases.items() if its == base), base)


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, str, str, str], ...]:
    def build(row: Row) -> tuple[str, str, str, str]:
        if row["holds"] and row["holds"] not in HOLDS:
            raise row.wrong(f"{row['holds']!r} is none of {', '.join(HOLDS)}")
        if row["item_type"] != "*" and row["item_type"] not in types():
            raise row.wrong(f"the type {row['item_type']!r} is missing from zotero-types.csv")
        return row["item_type"], row["field"], row["base"], row["holds"]

    return tuple(load("zotero-fields.csv", ("item_type", "field", "base", "holds"), build))


@lru_cache(maxsize=64)
def table(item_type: str) -> FieldTable:
    """The fields of one type. A row of its own takes the place of the general one for the same content."""
    own = [row for row in _rows() if row[0] == item_type]
    taken = {holds for *_, holds in own}
    general = [row for row in _rows() if row[0] == "*" and row[3] not in taken]
    return FieldTable(
        {name: holds for _, name, _, holds in (*general, *own) if holds},
        {name: base for _, name, base, _ in own if base},
    )


@lru_cache(maxsize=1)
def category_tags() -> Mapping[str, str]:
    """Category term → the tag that Zotero's own arXiv importer gives it ("Computer Science - Databases")."""
    from bridge.normalise import taxonomy

    def build(row: Row) -> tuple[str, str]:
        return row["archive"], row["name"]

    archives = dict(load("archives.csv", ("archive", "name", "category"), build))
    tags = {}
    for term, category in taxonomy().items():
        archive, _, rest = term.partition(".")
        tags[term] = f"{archives[archive]} - {category.name}" if rest else category.name
    return tags


@lru_cache(maxsize=1)
def tag_categories() -> Mapping[str, str]:
    """The same the other way round; an archive's own name goes before that of one it took over."""
    return {tag: term for term, tag in reversed(list(category_tags().items()))}
