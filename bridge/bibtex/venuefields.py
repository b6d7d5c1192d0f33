"""Where a paper appeared, among an entry's fields: which of them go with it, and which wait for a person.

Fields of one reference belong together: a volume beside another journal would be half of a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bridge.bibtex.compare import field_meaning
from bridge.bibtex.document import Document
from bridge.bibtex.grammar import Field
from bridge.bibtex.otherwords import PREPRINT_TYPES, only_arxiv
from bridge.decisions import Decisions
from bridge.plan import Action, Base, Value
from bridge.record import Record

TYPE = "type"
TYPE_FIELD = "type-field"
SETS = frozenset(("keywords",))

# the same field in biblatex and in BibTeX
_OTHER_NAMES = (
    ("journaltitle", "journal"),
    ("eprinttype", "archiveprefix"),
    ("eprintclass", "primaryclass"),
    ("institution", "school"),
    ("location", "address"),
)
ALIASES = {name: other for pair in _OTHER_NAMES for name, other in (pair, pair[::-1])}
DATES = ({"date"}, {"year", "month"})
DATE_FIELDS = frozenset(("date", "year", "month"))
# what depends on where a paper appeared, and so goes when it appears elsewhere. The eprint stays.
OF_THE_VENUE = frozenset(
    (
        *("booktitle", "journal", "journaltitle", "series", "volume", "number", "pages", "eid", "articleno"),
        *(
            "publisher",
            "school",
            "institution",
            "organization",
            "address",
            "location",
            "editor",
            "isbn",
            "issn",
        ),
        *("howpublished", "note", "pubstate", "date", "year", "month", TYPE_FIELD),
    )
)
CONTAINERS = ("journal", "journaltitle", "booktitle")
# what a reference begins with, and the rest of it goes with
HEADS = (TYPE, *CONTAINERS)
# what names the place of a printed work
PLACES = (*CONTAINERS, "publisher", "school", "institution")
# what belongs to one place of publication and to no other
DETAILS = frozenset(
    (
        *(*CONTAINERS, "volume", "number", "pages", "eid", "articleno", "series", "editor", "month"),
        *("address", "location", "organization", "isbn", "issn"),
    )
)
# what outlives a record that only stops telling it, where a person wrote it
OUTLIVING = DETAILS | {"publisher", "school", "institution"}


def contested_fields(
    key: str,
    base: Base,
    mine: Mapping[str, Value],
    told: Callable[[], Mapping[str, str]],
    theirs: Mapping[str, Value],
    decisions: Decisions,
) -> frozenset[str]:
    """Type or container, where the record has another now and a person wrote details of the one that stands.

    `told` gives the text of all fields of the entry that tell more than that arXiv has it. What a person
    wrote is what bibbridge never did: it is not in the base, or only agreed to, or another value is.
    """
    if mine[TYPE].text not in PREPRINT_TYPES:
        details = OUTLIVING
    else:
        # what a preprint's entry says besides goes with any place, but for the name of another one
        details = frozenset(
            name for name in CONTAINERS if name not in theirs and ALIASES.get(name) not in theirs
        )
    moved = {
        name
        for name in HEADS
        if name in mine
        and name in base.fields
        and mine[name].digest == base.fields[name]
        and name in theirs
        and theirs[name].digest != base.fields[name]
    }
    if TYPE in moved:
        moved = {TYPE}
    moved = {name for name in moved if not decisions.takes(key, name)}
    persons = moved and {
        name
        for name in {_as_written(name, base) for name in details & told().keys()}
        if not (name in theirs and f"{key}:{name}" in decisions.accept)
        and not (name in theirs and name in mine and mine[name].digest == theirs[name].digest)
        and (
            name not in base.fields
            or name in base.agreed
            or (name in mine and mine[name].digest != base.fields[name])
        )
    }
    if not persons:
        return frozenset()
    return frozenset(moved)


def _as_written(name: str, base: Base) -> str:
    """The name under which bibbridge knows what an entry tells in the field `name`: its own or its other."""
    other = ALIASES.get(name, name)
    return other if name not in base.fields and other in base.fields else name


def of_the_preprint(
    document: Document, there: Mapping[str, Field], wanted: Mapping[str, Value], record: Record
) -> dict[str, str]:
    """What an entry of a preprint says of it in fields that bibbridge does not write, as Zotero exports it:
    `number = {arXiv:2301.00001}`, `publisher = {arXiv}`, `pubstate = {prepublished}`."""
    said = {
        name: document.value(there[name])
        for name in _BESIDE_PREPRINTS
        if name in there and name not in wanted and ALIASES.get(name) not in wanted
    }
    return {
        name: text
        for name, text in said.items()
        if (text.lower() == _PREPUBLISHED if name == "pubstate" else only_arxiv(text, record.arxiv_id))
    }


def waits_for(action: Action, field: str) -> str | None:
    """The conflict of the entry that must be decided before `field` can take news, None if there is none."""
    told = {conflict.field for conflict in action.conflicts}
    return next((held for held in HEADS if held in told and field in OF_THE_VENUE), None)


def elsewhere(
    key: str,
    mine: Mapping[str, Value],
    theirs: Mapping[str, Value],
    ours: Mapping[str, str],
    decisions: Decisions,
) -> frozenset[str]:
    """Where the entry says of the journal or book what the record does not, and that stays so."""
    return frozenset(
        name
        for name in CONTAINERS
        if name in mine
        and name in theirs
        and mine[name].digest not in ("", theirs[name].digest, ours.get(name))
        and f"{key}:{name}" not in decisions.accept
        # news of the container itself is a conflict that the merge decides
        and (theirs[name].digest == ours.get(name) or not decisions.takes(key, name))
    )


def moves(mine: Mapping[str, Value], theirs: Mapping[str, Value], ours: Mapping[str, str]) -> bool:
    """Whether news puts another container into the place of one that bibbridge wrote."""
    return any(
        name in mine and name in theirs and mine[name].digest == ours.get(name) != theirs[name].digest
        for name in CONTAINERS
    )


def is_there(mine: Mapping[str, Value], theirs: Mapping[str, Value]) -> bool:
    """Whether the entry names the journal or book that the record does."""
    return any(
        name in mine and name in theirs and mine[name].digest == theirs[name].digest != ""
        for name in CONTAINERS
    )


def told_of_place(document: Document, there: Mapping[str, Field], record: Record) -> dict[str, str]:
    """The fields of the venue that tell something, and more than that arXiv has the paper."""
    said = {name: document.value(field) for name, field in there.items() if name in OF_THE_VENUE}
    return {
        name: text for name, text in said.items() if text.strip() and not only_arxiv(text, record.arxiv_id)
    }


def is_printed(document: Document, there: Mapping[str, Field], record: Record) -> bool:
    """Whether the entry says where a paper was printed, and more than that arXiv has it."""
    return not told_of_place(document, there, record).keys().isdisjoint(PLACES)


def keeps_type(key: str, mine: str, theirs: str, ours: str | None, decisions: Decisions) -> bool:
    """Whether the merge will leave the entry a type that is not the record's."""
    if theirs in (mine, "") or mine == ours:
        return False
    return not (f"{key}:{TYPE}" in decisions.accept or (theirs != ours and decisions.takes(key, TYPE)))


# where an entry says of a preprint that it is one
_BESIDE_PREPRINTS = (
    *("volume", "number", "pages", "eid", "howpublished", "publisher", "institution"),
    "pubstate",
)
_PREPRINT_PLACES = frozenset((*CONTAINERS, *_BESIDE_PREPRINTS))
_PREPUBLISHED = "prepublished"  # biblatex's manual, 2.3.1


def left_over(
    document: Document, there: Mapping[str, Field], wanted: Mapping[str, Value], record: Record
) -> dict[str, Field]:
    """What an entry of a preprint says of it that is no longer so, once a person takes the record's word that
    it has appeared: "CoRR", "abs/2301.00001" as its volume, the month of another year."""
    if wanted[TYPE].text in PREPRINT_TYPES:
        return {}
    left = {
        name: field
        for name, field in there.items()
        if name in _PREPRINT_PLACES
        and name not in wanted
        and ALIASES.get(name) not in wanted
        and (
            only_arxiv(document.value(field), record.arxiv_id)
            or document.value(field).lower() == _PREPUBLISHED
        )
    }
    moved = "year" in wanted and "year" in there and "month" not in wanted and "month" in there
    if moved and field_meaning("year", document.value(there["year"])) != wanted["year"].text:
        left["month"] = there["month"]
    return left
