"""Records and entries as the merge sees them: `Wanted` out of a record, `Present` out of an entry of a file.

A wanted field may stand in an entry under biblatex's or BibTeX's other name for it (`journal` and
`journaltitle`); it then is that field. Names are lower-case here. "type" is the entry type; the field that
BibTeX calls `type` (of a thesis) goes by `TYPE_FIELD`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from bridge.bibtex.blocks import Entry
from bridge.bibtex.compare import field_meaning
from bridge.bibtex.document import Document
from bridge.bibtex.grammar import Field
from bridge.bibtex.keywords import members
from bridge.bibtex.markup import carried
from bridge.bibtex.otherwords import PREPRINT_TYPES, in_other_words
from bridge.bibtex.venuefields import (
    ALIASES,
    CONTAINERS,
    DATE_FIELDS,
    DATES,
    OF_THE_VENUE,
    OUTLIVING,
    SETS,
    TYPE,
    TYPE_FIELD,
    contested_fields,
    is_elsewhere,
    keeps_type,
    left_over,
)
from bridge.decisions import Decisions
from bridge.identifiers import InvalidId, parse_arxiv_id
from bridge.merge import BRIEF, PINNED
from bridge.plaintext import normalised
from bridge.plan import Base, Present, Value, Wanted, digest
from bridge.record import Record

_ONLY_ID = re.compile(r"arXiv:\S+(?: \[\S+\])?")
_ONE_MONTH = re.compile(r"[A-Za-z]{3,9}\.?|\d{1,2}")
_VERSIONED = frozenset(("eprint", "url", "note"))
# a library says the same there again and again
_COMMON = frozenset((TYPE, "year", "month", "archiveprefix", "primaryclass", "eprinttype", "eprintclass"))


class Proposal(NamedTuple):
    """A record rendered for this target: its wanted values, and how each field's name is spelt."""

    record: Record
    wanted: Wanted
    spelling: Mapping[str, str]

    def under(self, key: str) -> Wanted:
        """What the record asks as a new entry of that key."""
        asked = self.wanted
        return Wanted(
            asked.identity,
            key,
            asked.fields,
            asked.sets,
            asked.retired,
            asked.label,
            asked.version,
            listed=asked.listed,
        )


class Standing(NamedTuple):
    """An entry as the merge sees it, and where in the file each of those fields stands."""

    entry: Entry
    present: Present
    slots: Mapping[str, Field] = MappingProxyType({})


def proposal(record: Record, type: str, fields: Sequence[tuple[str, str]]) -> Proposal:
    """What a record asks of the file; the key is proposed later, when it is known to be needed."""
    values = {TYPE: _value(TYPE, type)}
    sets: dict[str, dict[str, str]] = {}
    spelling = _spelling(tuple([written for written, _ in fields]))
    for name, (_, text) in zip(spelling, fields, strict=True):
        if name in SETS:
            sets[name] = members(text)
        else:
            values[name] = _value(name, text)
    wanted = Wanted(
        record.identity, "", values, sets, label=record.title, version=record.version, listed=record.as_of
    )
    return Proposal(record, wanted, spelling)


@lru_cache(maxsize=1024)
def _spelling(written: tuple[str, ...]) -> Mapping[str, str]:
    """Each field's name for the merge → as it is written; the entries of a large run share a few of these."""
    return {inner_name(name): name for name in written}


def still_of(document: Document, entry: Entry, base: Base | None, proposal: Proposal | None) -> bool:
    """Whether an entry that names no identifier says the title or the authors that bibbridge knows of it."""
    if base is None:
        return True
    told = False
    for name in ("title", "author"):
        field = entry.field(name)
        if field is None:
            continue
        told = True
        said = field_meaning(name, document.value(field))
        wanted = proposal.wanted.fields.get(name) if proposal is not None else None
        if digest(said) == base.fields.get(name) or (wanted is not None and digest(said) == wanted.digest):
            return True
        if wanted is not None and normalised(said) == normalised(field_meaning(name, wanted.text)):
            return True
    return not told


def adapted(
    proposal: Proposal, document: Document, entry: Entry, base: Base | None, decisions: Decisions
) -> tuple[Wanted, Standing]:
    """What a record asks of one entry, and the entry, field by field under the record's names.

    What the entry says in its own way is not asked for a second time: a date in the other notation, a DOI of
    the publisher where the record knows arXiv's only. Where the person's entry type stays, nothing is filled
    in or taken away that goes with the record's type.
    """
    there: dict[str, Field] = {}
    for fld in entry.fields:
        there.setdefault(inner_name(fld.name), fld)
    ours = base.fields if base is not None else {}
    wanted = dict(proposal.wanted.fields)
    slots: dict[str, Field] = {}
    renamed: set[str] = set()
    for name in (*wanted, *ours, *proposal.wanted.sets):
        alias = ALIASES.get(name)
        if name in there:
            slots[name] = there[name]
        elif name in wanted and name not in ours and alias in there:
            if _value(alias, document.value(there[alias])).digest == ours.get(alias):
                renamed.add(alias)  # bibbridge's own, in the other dialect
            else:
                slots[name] = there[alias]
    fields = {TYPE: _value(TYPE, entry.type)}
    sets: dict[str, dict[str, str]] = {}
    wanted_sets = dict(proposal.wanted.sets)
    taken = decisions.theirs or entry.key in decisions.accept  # all that the record says
    for name, fld in slots.items():
        text = document.value(fld)
        if name in SETS:
            sets[name] = members(text)
            if document.literal(fld) is None:
                wanted_sets.pop(name, None)  # put together by a person: not a list to write in
        else:
            # shown to a person, never written
            shown = printable(text)
            fields[name] = Value(shown, _mine(name, text, proposal.record.pinned, ours.get(name)))
            theirs = wanted.get(name)
            news = fields[name].digest == ours.get(name) != (theirs.digest if theirs else None)
            if not (news or taken or f"{entry.key}:{name}" in decisions.accept):
                continue
            literal = document.literal(fld)
            says_a_day = name == "month" and literal is not None and not _ONE_MONTH.fullmatch(literal)
            if news and (literal is None or (theirs is None and says_a_day)):
                # put together by a person's @string or #: neither news nor its end is ours to put in
                fields[name] = Value(shown, digest(document.text[fld.start : fld.end]))
            elif literal is not None and theirs is not None and theirs.digest != fields[name].digest:
                # a person's braces are no part of what news, or a decision against their words, replaces
                wanted[name] = Value(carried(name, literal, theirs.text), theirs.digest)
    told = _told_otherwise(proposal.record, base, fields, wanted, entry.key, decisions)
    said = dict(fields)
    for name in told:
        if name != TYPE:
            fields[name] = Value(fields[name].text, wanted[name].digest)
    _drop_doubled(wanted, there, document, proposal.record)
    own_type = TYPE in told or keeps_type(
        entry.key, fields[TYPE].digest, wanted[TYPE].digest, ours.get(TYPE), decisions
    )
    inherits = "crossref" in there or "xdata" in there
    if own_type or inherits:
        undated = wanted[TYPE].text in PREPRINT_TYPES and not inherits and not DATE_FIELDS & set(there)
        stays = DATE_FIELDS if undated else frozenset()  # a preprint's own date goes with any type
        if proposal.record.venue.status == "withdrawn":
            stays |= {"note"}  # said whatever the entry is
        for name in (OF_THE_VENUE & set(wanted)) - set(slots) - set(ours) - stays:
            del wanted[name]
    contested = frozenset[str]()
    if not own_type and base is not None:
        contested = contested_fields(entry.key, base, fields, there, wanted, decisions)
        if contested:
            # the record names another place, or none: beside what a person wrote of the old one the news
            # would be half of a reference, so all of it waits
            own_type = True
            for name in (OF_THE_VENUE & set(wanted)) - set(slots) - contested:
                del wanted[name]
    if TYPE in ours:
        waits = own_type and ours[TYPE] != wanted[TYPE].digest
    else:
        waits = own_type and wanted[TYPE].text not in PREPRINT_TYPES
    if not own_type and is_elsewhere(entry.key, fields, wanted, ours, decisions):
        # a volume or a year beside another container would be half of a reference
        waits = own_type = True
        for name in (OF_THE_VENUE & set(wanted)) - set(slots):
            del wanted[name]
    if waits or contested:
        # type or container are in conflict: what goes with them waits for the decision
        for name in (OF_THE_VENUE & set(wanted) & set(fields)) - contested:
            if fields[name].digest == ours.get(name):
                del wanted[name]
    new_year = decisions.theirs or not decisions.accept.isdisjoint((entry.key, f"{entry.key}:year"))
    own_way = _leave_own_way(wanted, there, ours, said, new_year, base.agreed if base else frozenset())
    # details that a person wrote go with the place they are of, not because the record does not tell them
    moved = any(
        name in wanted and name in fields and wanted[name].digest != fields[name].digest
        for name in (TYPE, *CONTAINERS)
    )
    persons = base.agreed & OUTLIVING if base is not None and not moved else frozenset()
    later = "year" in wanted and "year" in fields and wanted["year"].digest != fields["year"].digest
    if later and fields["year"].digest == ours.get("year"):
        persons -= {"month"}  # of another year
    # a field that only has another name in the other dialect does apply
    retired = (
        frozenset(
            name
            for name in ours
            if not own_type
            and name in OF_THE_VENUE - persons
            and name not in wanted
            and ALIASES.get(name) not in wanted
        ).union(renamed)
        - own_way
    )
    if "note" in retired and "note" in there and not proposal.record.pinned:
        note = document.value(there["note"])
        if field_meaning("note", note) != field_meaning("note", note, versions=False):
            retired -= {"note"}  # only a person names a version there
    aside = _aside(proposal.record, base, fields)
    if aside is None:
        aside = _pinned_by_hand(proposal.record, base, document, there)
    if aside is None and base is not None and proposal.record.brief:
        aside = BRIEF.format(id=proposal.record.arxiv_id) if proposal.record.version != base.version else ""
    dropped = left_over(document, there, wanted, proposal.record) if taken and not own_type else {}
    slots |= dropped
    fields |= {name: _value(name, document.value(field)) for name, field in dropped.items()}
    if TYPE in told:
        fields[TYPE] = Value(fields[TYPE].text, wanted[TYPE].digest)
    asked = proposal.wanted._replace(
        key=entry.key,
        fields=wanted,
        sets=wanted_sets,
        retired=retired - set(dropped),
        dropped=frozenset(dropped),
        aside=aside,
        contested=contested,
    )
    return asked, Standing(entry, Present(entry.key, fields, sets), slots)


def _told_otherwise(
    record: Record,
    base: Base | None,
    mine: Mapping[str, Value],
    theirs: Mapping[str, Value],
    key: str,
    decisions: Decisions,
) -> list[str]:
    """The fields, never written by bibbridge, in which an entry tells in other words what the record does."""
    ours = base.fields if base is not None else {}
    agreed = base.agreed if base is not None else frozenset()
    return [
        name
        for name, value in mine.items()
        if name in theirs
        # what agreed to the letter takes news like anything else
        and (name not in ours or (name in agreed and value.digest != ours[name]))
        and (name != TYPE or name not in ours or ours[name] == theirs[name].digest)
        and value.digest not in ("", theirs[name].digest)
        and f"{key}:{name}" not in decisions.accept
        and in_other_words(name, value.text, theirs[name].text, record)
    ]


def _drop_doubled(
    wanted: dict[str, Value], there: Mapping[str, Field], document: Document, record: Record
) -> None:
    """Take out of `wanted` what the entry shows in another place, so that a style would print it twice."""
    if "eprint" in there and document.value(there["eprint"]).lower().startswith("arxiv:"):
        wanted.pop("archiveprefix", None)
        wanted.pop("eprinttype", None)
    if "note" in wanted and "note" not in there and _ONLY_ID.fullmatch(wanted["note"].text):
        shown = [document.value(there[name]) for name in ("howpublished", "journal") if name in there]
        if record.arxiv_id is not None and any(record.arxiv_id in text for text in shown):
            del wanted["note"]


def _aside(record: Record, base: Base | None, mine: Mapping[str, Value]) -> str | None:
    """Why a record brings no news to an entry that is pinned to a version, and still says so itself."""
    if base is None or base.version is None or record.pinned:
        return None
    pinned = base.identity == f"{record.identity}v{base.version}"
    if not pinned or "eprint" not in mine or mine["eprint"].digest != base.fields.get("eprint"):
        return None
    return PINNED.format(version=base.version) if record.version != base.version else ""


def _pinned_by_hand(
    record: Record, base: Base | None, document: Document, there: Mapping[str, Field]
) -> str | None:
    """Why a record brings no news to an entry in whose eprint a person has written another version."""
    if record.pinned or "eprint" not in there:
        return None
    text = document.value(there["eprint"])
    bare = digest(field_meaning("eprint", text, versions=False))
    known = base.fields.get("eprint", bare) if base is not None else bare
    if bare != known or digest(field_meaning("eprint", text)) == bare:
        return None
    try:
        version = parse_arxiv_id(text).version
    except InvalidId:
        return None
    return PINNED.format(version=version) if version not in (None, record.version) else None


def _leave_own_way(
    wanted: dict[str, Value],
    there: Mapping[str, Field],
    ours: Mapping[str, str],
    mine: Mapping[str, Value],
    new_year: bool,
    agreed: frozenset[str],
) -> frozenset[str]:
    """Take out of `wanted` what the entry says in its own way; the names by which it says so.

    `new_year`: the year is taken from the record whatever stands there.
    """
    own_way: set[str] = set()
    for one, other in (DATES, DATES[::-1]):
        if one.isdisjoint(wanted):
            continue  # the record dates it as the entry does
        edited = any(name in mine and mine[name].digest != ours[name] for name in other & set(ours))
        if not one & set(there) and other & set(there) and (edited or not other & set(ours)):
            own_way |= other
            for name in one:
                wanted.pop(name, None)
    if "month" in wanted and "month" not in there and "year" in wanted and "year" in mine:
        year = mine["year"].digest
        if not new_year and year not in ("", wanted["year"].digest, ours.get("year")):
            # the month of the preprint says nothing about another year
            del wanted["month"]
    # arXiv's DOI is only what stands in where no publisher's is known
    doi, own = wanted.get("doi"), mine.get("doi")
    if doi is not None and own is not None and own.digest and ("doi" not in ours or "doi" in agreed):
        stands_in = _is_arxiv_doi(doi.text) and not _is_arxiv_doi(own.text)
        if stands_in:
            del wanted["doi"]
    return frozenset(own_way)


def printable(text: str) -> str:
    """Text of a damaged file as a terminal can show it: stray bytes as U+FFFD."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def inner_name(written: str) -> str:
    """A field's name as the merge knows it."""
    name = written.lower()
    return TYPE_FIELD if name == "type" else name


def _value(name: str, text: str) -> Value:
    return _common_value(name, text) if name in _COMMON else Value(text, digest(field_meaning(name, text)))


@lru_cache(maxsize=2048)
def _common_value(name: str, text: str) -> Value:
    return Value(text, digest(field_meaning(name, text)))


def _mine(name: str, text: str, pinned: bool, ours: str | None) -> str:
    """The digest of what stands in the entry. A version that a person put behind an id makes no difference,
    unless the record is pinned to one or bibbridge wrote it."""
    exact = digest(field_meaning(name, text))
    if name not in _VERSIONED or pinned or exact == ours:
        return exact
    return digest(field_meaning(name, text, versions=False))


def _is_arxiv_doi(text: str) -> bool:
    return "10.48550/" in text.lower()
