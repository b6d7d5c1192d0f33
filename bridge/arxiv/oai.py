"""OAI-PMH's arXivRaw: one paper's record and the dates of its versions, from another service than the API.

The record is that of the latest version; what an older version said is not to be had here. Authors come as
one printed line, affiliations in brackets, as the submitter typed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree

from bridge.arxiv.feeds import split_creators
from bridge.arxiv.services import Connections
from bridge.errors import RemoteError
from bridge.identifiers import ArxivId
from bridge.normalise import Entry

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
# the identifier is well-formed and arXiv has no such paper (OAI-PMH 2.0, 3.6)
_NO_SUCH_PAPER = "idDoesNotExist"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper: `date` as `YYYY-MM-DDTHH:MM:SSZ`, `size` as arXiv prints it ("12kb")."""

    version: int
    date: str | None = None
    size: str | None = None


@dataclass(frozen=True, slots=True)
class RawRecord:
    """What arXivRaw says of a paper: the entry of its latest version, and its versions, oldest first."""

    entry: Entry
    versions: tuple[Version, ...]

    @property
    def latest(self) -> int:
        return self.versions[-1].version


def get_record(connections: Connections, url: str, arxiv_id: str) -> RawRecord | None:
    """The record of the paper `arxiv_id` (no version) from the OAI-PMH service at `url`; None if unknown.

    Raises RemoteError when the service refuses, or answers with something else.
    """
    response = connections.get(
        url,
        {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{arxiv_id}", "metadataPrefix": "arXivRaw"},
        accept="text/xml",
    )
    host = response.url.host
    if response.status_code != 200:
        raise RemoteError(host, f"answers {response.status_code}", status=response.status_code)
    return read_record(response.content, host, arxiv_id)


def read_record(data: bytes, source: str, arxiv_id: str) -> RawRecord | None:
    """The same from the bytes of an answer. `source` is the host that sent it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise RemoteError(source, f"sends what is no XML ({error.msg})", status=200) from error
    if root.tag != _OAI + "OAI-PMH" or root.getroottree().docinfo.internalDTD is not None:
        raise RemoteError(source, "sends something else than an OAI-PMH answer", status=200)
    refusal = root.find(_OAI + "error")
    if refusal is not None:
        if refusal.get("code") == _NO_SUCH_PAPER:
            return None
        raise RemoteError(
            source, f"answers {refusal.get('code')}: {(refusal.text or '').strip()}", status=200
        )
    raw = root.find(f"{_OAI}GetRecord/{_OAI}record/{_OAI}metadata/{_RAW}arXivRaw")
    if raw is None or _text(raw, "id") != arxiv_id:
        raise RemoteError(source, f"sends no arXivRaw record of {arxiv_id}", status=200)
    versions = tuple(sorted(_versions(raw), key=lambda version: version.version))
    if not versions:
        raise RemoteError(source, f"names no version of {arxiv_id}", status=200)
    categories = (_text(raw, "categories") or "").split()
    entry = Entry(
        source,
        id=f"https://arxiv.org/abs/{ArxivId(arxiv_id, versions[-1].version)}",
        title=_text(raw, "title"),
        summary=_text(raw, "abstract"),
        published=versions[0].date,
        updated=versions[-1].date,
        comment=_text(raw, "comments"),
        journal_ref=_text(raw, "journal-ref"),
        doi=_text(raw, "doi"),
        primary_category=categories[0] if categories else None,
        categories=categories + _codes(raw),
        authors=split_author_line(_text(raw, "authors") or ""),
        as_of=_text(root, "responseDate", _OAI),
    )
    return RawRecord(entry, versions)


def entry_for(record: RawRecord, asked: ArxivId) -> Entry | None:
    """The entry that answers `asked`; None for a version that is not the latest: it is not to be had."""
    if asked.version not in (None, record.latest):
        return None
    return replace(record.entry)


def _text(element: Any, name: str, namespace: str = _RAW) -> str | None:
    text = element.findtext(namespace + name)
    return text.strip() or None if text else None


def _codes(raw: Any) -> list[str]:
    """MSC and ACM codes, which the query API mixes in with the categories."""
    return [code for name in ("msc-class", "acm-class") if (code := _text(raw, name)) is not None]


def _versions(raw: Any) -> list[Version]:
    found = []
    for element in raw.iterfind(_RAW + "version"):
        number = re.fullmatch(r"v([1-9]\d*)", element.get("version", ""), re.ASCII)
        if number:
            found.append(Version(int(number[1]), _iso(_text(element, "date")), _text(element, "size")))
    return found


def _iso(text: str | None) -> str | None:
    """An RFC 2822 date ("Mon, 2 Apr 2007 19:18:42 GMT") as arXiv's Atom writes it."""
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_AND = re.compile(r",?\s+and\s+(?![^()]*\))")
# "A. Bee (1), C. Dee (1 and 2) ((1) Here, (2) There)": the places stand at the end, under marks
_MARKED_PLACES = re.compile(r"\(\s*(\(\s*\w{1,3}\s*\).*)\)\s*$", re.DOTALL)
_MARK = re.compile(r"\(\s*(\w{1,3})\s*\)\s*([^()]+?)\s*[,;]?\s*(?=\(\s*\w{1,3}\s*\)|$)", re.DOTALL)


def split_author_line(line: str) -> list[tuple[str, tuple[str, ...]]]:
    """arXiv's author line as (name, affiliations): commas and "and" part names, brackets hold affiliations.

    Form: arXiv help, "To prepare metadata", authors.
    """
    line = " ".join(line.split())
    places: dict[str, str] = {}
    marked = _MARKED_PLACES.search(line)
    if marked:
        places = dict(_MARK.findall(marked[1]))
        line = line[: marked.start()]
    return [
        (name, tuple(place for text in affiliations for place in _places(text, places)))
        for name, affiliations in split_creators(_AND.sub(", ", line))
    ]


def _places(text: str, places: dict[str, str]) -> list[str]:
    marks = re.split(r"\s*(?:,|;|&|\band\b)\s*", text)
    if places and all(mark in places for mark in marks):
        return [places[mark] for mark in marks]
    return [text]
