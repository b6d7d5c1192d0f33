"""Which work an item stands for: the arXiv id and DOI that it names, in every place importers put them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.identifiers import ArxivId, InvalidId, arxiv_id_of_doi, clean_doi, is_arxiv_doi, parse_arxiv_id
from bridge.record import Record
from bridge.zotero import extra as extra_lines

# The labels under which exporters and plug-ins keep an id in `extra`.
_EXTRA_LABELS = ("arXiv", "arXiv ID", "arXiv e-print", "eprint", "tex.eprint", "archiveID")
# "arXiv:1706.03762 [cs]" is what older importers made the journal; "arXiv preprint arXiv:…" is Scholar's
_IN_JOURNAL = re.compile(r"^arxiv(?:\s+(?:preprint|e-?prints?))?\s*[:,]?\s*(?=\S)", re.IGNORECASE)
_NOT_CITED = frozenset({"attachment", "note", "annotation"})


@dataclass(frozen=True, slots=True)
class Named:
    """The identifiers that an item names. `version` only where somebody pinned it with an `extra` line."""

    arxiv_id: str | None = None
    version: int | None = None
    doi: str | None = None
    title: str = ""


def is_work(data: Mapping[str, Any]) -> bool:
    """Whether an item is something to cite: no attachment, note or annotation."""
    return data.get("itemType") not in _NOT_CITED


def identify(data: Mapping[str, Any]) -> Named:
    """What an item names; `doi` is a publisher's, never arXiv's."""
    if not is_work(data):
        return Named()
    extra = data.get("extra", "")
    stated_dois = (data.get("DOI", ""), *extra_lines.lines_labelled(extra, "DOI"))
    dois = [doi for doi in map(clean_doi, stated_dois) if doi]
    found = next(_arxiv_ids(data, extra, dois), None)
    stated = extra_lines.read_line(extra, extra_lines.VERSION)
    pinned = int(stated) if found and stated and stated.isascii() and stated.isdigit() else None
    publisher = next((doi.lower() for doi in dois if not is_arxiv_doi(doi)), None)
    return Named(found.id if found else None, pinned, publisher, work_title(data.get("title", "")))


def _arxiv_ids(data: Mapping[str, Any], extra: str, dois: list[str]) -> Iterator[ArxivId]:
    """The ids, the surest place first."""
    if data.get("archiveID"):
        yield from _parsed(data["archiveID"])
    for doi in dois:
        if found := arxiv_id_of_doi(doi):
            yield ArxivId(found)
    if "/" in data.get("url", ""):
        yield from _parsed(data["url"])
    for label in _EXTRA_LABELS:
        for line in extra_lines.lines_labelled(extra, label):
            yield from _parsed(line)
    if str(data.get("archive", "")).lower() == "arxiv" and data.get("archiveLocation"):
        yield from _parsed(data["archiveLocation"])
    for name in ("reportNumber", "number", "callNumber"):
        if "arxiv" in str(data.get(name, "")).lower():
            yield from _parsed(data[name])
    for name in ("publicationTitle", "proceedingsTitle", "journalAbbreviation"):
        text = data.get(name, "")
        if match := _IN_JOURNAL.match(text):
            yield from _parsed(text[match.end() :])


def _parsed(text: str) -> Iterator[ArxivId]:
    # a line may go on after the id ("1706.03762 [cs.CL], 2017")
    for candidate in (text, text.split(" ", 1)[0]):
        try:
            yield parse_arxiv_id(candidate)
        except InvalidId:
            continue
        return


def work_title(title: str) -> str:
    """A title for comparison: letters and digits of any script, in lower case."""
    return "".join(c for c in re.sub(r"<[^<>]*>", "", title).lower() if c.isalnum())


def same_work(record: Record, named: Named) -> bool:
    """Whether an item that bears a record's derived key is that record's: it names the same arXiv id (and no
    other version), or none, but the DOI or title; its own person may have taken the id out."""
    if record.arxiv_id is not None and named.arxiv_id is not None:
        return record.arxiv_id == named.arxiv_id and _versions_agree(record, named)
    if record.doi and named.doi:
        return record.doi.lower() == named.doi
    return bool(named.title) and work_title(record.title) == named.title


def _versions_agree(record: Record, named: Named) -> bool:
    return not (record.pinned and named.version is not None) or record.version == named.version
