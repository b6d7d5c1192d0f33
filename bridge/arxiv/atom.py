"""Query-API feeds: bytes → entries, as a stream.

The query API's Atom is read by lxml's pull parser rather than feedparser: on such feeds feedparser takes some
twenty times as long, keeps only the last affiliation of an author, and gives an arXiv error out as a paper.
The element order does not matter (it changed between 2025 and 2026). Entities are never expanded, the network
is never asked, and a document type that declares entities is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from bridge.errors import InputError, Place, Problem
from bridge.normalise import Entry, Report

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

_ENTRY = ATOM + "entry"
_AUTHOR = ATOM + "author"
_NAME = ATOM + "name"
_CATEGORY = ATOM + "category"
_AFFILIATION = ARXIV + "affiliation"
_PRIMARY = ARXIV + "primary_category"
_TEXT_SLOTS = {
    ATOM + "id": "id",
    ATOM + "title": "title",
    ATOM + "summary": "summary",
    ATOM + "published": "published",
    ATOM + "updated": "updated",
    ARXIV + "comment": "comment",
    ARXIV + "journal_ref": "journal_ref",
    ARXIV + "doi": "doi",
}
_TOTAL = OPENSEARCH + "totalResults"


class DamagedFeed(InputError):
    """The feed stops being XML at `place`; `delivered` entries came before that."""

    def __init__(self, place: Place, reason: str, delivered: int) -> None:
        super().__init__(place, reason)
        self.delivered = delivered


class AtomFeed:
    """One feed, read by iterating over it once; `total_results` is there when the iteration ends.

    `chunks` is the document in pieces of any size, `source` its name for messages.
    Iterating raises DamagedFeed where the text stops being XML, InputError when it is something else than an
    Atom feed or declares entities. An arXiv error feed yields nothing and is reported
    with code `arxiv-error` and arXiv's own reason.
    """

    def __init__(self, chunks: Iterable[bytes], source: str, report: Report) -> None:
        self._chunks = chunks
        self._source = source
        self._report = report
        self.total_results: int | None = None
        self._as_of: str | None = None

    def __iter__(self) -> Iterator[Entry]:
        parser = etree.XMLPullParser(
            events=("end",),
            tag=(_ENTRY, _TOTAL),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        delivered = 0
        began = False
        try:
            for chunk in self._chunks:
                parser.feed(chunk)
                for _, element in parser.read_events():
                    if not began:
                        began = True
                        self._refuse_entities(element)
                        self._as_of = element.getroottree().getroot().findtext(ATOM + "updated")
                    entry = self._take(element)
                    if entry is not None:
                        delivered += 1
                        yield entry
            root = parser.close()
        except etree.XMLSyntaxError as error:
            # entries that were complete before the damage may still wait in the event queue
            for _, element in parser.read_events():
                entry = self._take(element)
                if entry is not None:
                    delivered += 1
                    yield entry
            place = Place(self._source, error.lineno or 1, (error.position or (0, 0))[1] or None)
            raise DamagedFeed(place, _first_sentence(error.msg), delivered) from error
        for _, element in parser.read_events():
            entry = self._take(element)
            if entry is not None:
                yield entry
        if root is None or root.tag != ATOM + "feed":
            name = "nothing" if root is None else f"<{etree.QName(root).localname}>"
            raise InputError(Place(self._source, 1), f"this is {name}, not an Atom feed")
        self._refuse_entities(root)

    def _refuse_entities(self, element: Any) -> None:
        dtd = element.getroottree().docinfo.internalDTD
        if dtd is not None and any(True for _ in dtd.iterentities()):
            raise InputError(
                Place(self._source, 1),
                "the document declares entities of its own, which no arXiv feed does; refused",
            )

    def _take(self, element: Any) -> Entry | None:
        if element.tag != _ENTRY:
            if element.getparent() is not None and element.getparent().tag == ATOM + "feed":
                text = (element.text or "").strip()
                self.total_results = int(text) if text.isdecimal() else None
            return None
        entry: Entry | None = _entry(element, self._source, self._as_of)
        if entry is not None and entry.id is not None and "arxiv.org/api/errors" in entry.id:
            reason = " ".join((entry.summary or "").split()) or "no reason given"
            self._report(
                Problem(
                    Place(self._source, entry.line), "arxiv-error", f"arXiv answered with an error: {reason}"
                )
            )
            entry = None
        parent = element.getparent()
        element.clear()
        if parent is not None:
            # what has been read is let go, so that memory does not grow with the feed
            while element.getprevious() is not None and parent[0].tag == _ENTRY:
                del parent[0]
        return entry


def _entry(element: Any, source: str, as_of: str | None) -> Entry:
    entry = Entry(source, line=element.sourceline, as_of=as_of)
    slots = _TEXT_SLOTS
    categories = entry.categories
    authors = entry.authors
    for child in element:
        tag = child.tag
        slot = slots.get(tag)
        if slot is not None:
            setattr(entry, slot, child.text)
        elif tag == _AUTHOR:
            name = None
            affiliations: tuple[str, ...] = ()
            for part in child:
                if part.tag == _NAME:
                    name = part.text
                elif part.tag == _AFFILIATION and part.text and part.text.strip():
                    affiliations += (" ".join(part.text.split()),)
            if name:
                authors.append((name, affiliations))
        elif tag == _CATEGORY:
            term = child.get("term")
            if term:
                categories.append(term)
        elif tag == _PRIMARY:
            entry.primary_category = child.get("term")
    return entry


def _first_sentence(message: str | None) -> str:
    """libxml2's message without the position that it repeats."""
    text = (message or "not well-formed XML").split(", line ")[0].strip()
    return f"this is not well-formed XML ({text})"
