"""A saved listing → entries: what the bytes are, which reader takes them, and what damage leaves of them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from lxml import etree

from bridge.arxiv.atom import ARXIV, ATOM, AtomFeed, DamagedFeed
from bridge.errors import InputError, Place, Problem
from bridge.latepattern import LatePattern
from bridge.normalise import Entry, Report

Chunks = Callable[[], Iterable[bytes]]

HEAD = 4096  # bytes: more than the longest preamble before a feed's root element
_NO_FEED = "save the answer of the query API (or a feed of rss.arxiv.org) and try again"


def read_saved(chunks: Chunks, source: str, report: Report) -> Iterator[Entry]:
    """The entries of a saved feed of any kind.

    `chunks` gives the document from its start each time it is called (a damaged feed is read twice).
    Raises InputError when it is no feed at all.
    """
    head = _head(chunks())
    kind = _kind(head, source)
    if kind == "atom":
        yield from _read_atom(chunks, source, report)
        return
    from bridge.arxiv.feeds import read_feed_entries

    data = b"".join(chunks())
    _refuse_entities(data, source)
    yield from read_feed_entries(data, source, report)


def _refuse_entities(data: bytes, source: str) -> None:
    if b"<!ENTITY" in data:
        reason = "the document declares entities of its own, which no feed does; refused"
        raise InputError(Place(source, 1), reason)


def _head(chunks: Iterable[bytes]) -> bytes:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head[:HEAD]


def _kind(head: bytes, source: str) -> str:
    """`atom` for the query API's own feeds, `feed` for every other feed; raises InputError for the rest."""
    place = Place(source, 1)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise InputError(place, "the file is empty", _NO_FEED)
    if re.match(rb"[\xef\xbb\xbf\s]*<(?:!doctype\s+html|html)", head, re.IGNORECASE):
        raise InputError(place, "this is an HTML page, not a feed", _NO_FEED)
    parser = etree.XMLPullParser(events=("start",), recover=True, resolve_entities=False, no_network=True)
    parser.feed(head)
    _, root = next(parser.read_events(), (None, None))
    if root is None:
        start = head.lstrip()[:1]
        reason = (
            "the XML ends before its first element" if start == b"<" else "this is not XML, so not a feed"
        )
        raise InputError(place, reason, _NO_FEED)
    name = etree.QName(root)
    if name.localname.lower() == "html":
        raise InputError(place, "this is an HTML page, not a feed", _NO_FEED)
    if name.localname.lower() not in ("feed", "rss", "rdf"):
        raise InputError(
            place, f"the XML's first element is <{name.localname}>, so it is not a feed", _NO_FEED
        )
    # arXiv's daily Atom shares the root with the query API's; its ids and its own host tell them apart
    daily = b"oai:arXiv.org:" in head or b"rss.arxiv.org" in head
    return "atom" if root.tag == ATOM + "feed" and not daily else "feed"


def _read_atom(chunks: Chunks, source: str, report: Report) -> Iterator[Entry]:
    try:
        yield from AtomFeed(chunks(), source, report)
        return
    except DamagedFeed as error:
        damage = error
    data = b"".join(chunks())
    _refuse_entities(data, source)
    text = _repaired(data)
    read, lost = damage.delivered, 0
    for piece in _pieces(text, damage.delivered):
        entry = _piece_entry(piece, source, report)
        if entry is None:
            lost += 1
        else:
            read += 1
            yield entry
    whole = not lost and read == text.count("</entry") > 0 and text.rstrip().endswith("</feed>")
    report(
        Problem(
            damage.place,
            "damaged-feed",
            f"{damage.reason}; " + ("mended" if whole else f"{read} entries could be read"),
            lost=not whole,
            advice=None if whole else "fetch the feed again: it is cut off or damaged",
        )
    )


class _Piece(NamedTuple):
    """One entry's text, wrapped into a feed of its own; `line` is where it stands in the document."""

    feed: bytes
    line: int


_ROOT = re.compile(r"<feed\b[^>]*>")
_ENTRY = re.compile(r"<entry\b.*?(?:</entry\s*>|(?=<entry\b)|\Z)", re.DOTALL)


def _pieces(text: str, skip: int) -> Iterator[_Piece]:
    """The entries one by one, so that what is broken in one swallows no other."""
    root = _ROOT.search(text)
    opening = root[0] if root else f'<feed xmlns="{ATOM[1:-1]}" xmlns:arxiv="{ARXIV[1:-1]}">'
    line, counted = 1, 0
    for match in islice(_ENTRY.finditer(text), skip, None):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        yield _Piece(f"{opening}{match[0]}</feed>".encode(), line)


def _piece_entry(piece: _Piece, source: str, report: Report) -> Entry | None:
    try:
        entry = next(iter(AtomFeed([piece.feed], source, report)), None)
    except DamagedFeed as error:
        line = piece.line + (error.place.line or 1) - 1
        report(Problem(Place(source, line), "damaged-entry", f"the entry is left out: {error.reason}"))
        return None
    if entry is not None:
        entry.line = piece.line
    return entry


def _windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8, as windows-1252: what a stray é in a feed nearly always is."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error("bibbridge-windows-1252", _windows)

_NOT_XML = LatePattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcBC]|[eE]|1[0-9a-fA-F]));"
)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


def _repaired(data: bytes) -> str:
    """The document with the three damages mended that exports really have: bytes of another encoding, control
    characters, and ampersands that nobody escaped."""
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "bibbridge-windows-1252")
    return _BARE_AMPERSAND.sub("&amp;", _NOT_XML.sub("", text))
