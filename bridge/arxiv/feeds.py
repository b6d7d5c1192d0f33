"""Daily feeds and foreign feeds → entries: the one place that imports feedparser.

rss.arxiv.org's Atom and RSS and the RSS 1.0 of before 2024 carry one comma-joined author string, an
announcement line before the abstract and no comment; any other feed is taken for the arXiv papers that its
links name. Either gives ids first of all: the query API completes the records.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from bridge.errors import InputError, Place, Problem
from bridge.identifiers import ArxivId, InvalidId, find_arxiv_ids, parse_arxiv_id
from bridge.names import parse_name
from bridge.normalise import Entry, Report

_ANNOUNCEMENT = re.compile(
    r"\s*arXiv:\S+\s+Announce Type:\s*(?P<type>[a-z-]+)\s*(?:Abstract:\s*)?", re.IGNORECASE
)
_OLD_TITLE = re.compile(r"\s*\(arXiv:(?P<id>\S+)\s+\[(?P<primary>[\w.-]+)\](?:\s+\w+)*\)\s*$")
_TAG = re.compile(r"<[^<>]*>")


def read_feed_entries(data: bytes, source: str, report: Report) -> Iterator[Entry]:
    """The entries of a daily or foreign feed (Atom, RSS 2.0, RSS 1.0).

    Raises InputError when feedparser makes nothing of the data. An entry that names no arXiv paper is
    reported and left out.
    """
    import feedparser

    parsed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version") and not parsed.entries:
        raise InputError(Place(source, 1), "this is not a feed that can be read")
    as_of = _updated(parsed.feed) or parsed.feed.get("published")
    for number, item in enumerate(parsed.entries, 1):
        entry = _entry(item, source, as_of)
        if entry is None:
            label = " ".join(str(item.get("title", "")).split())[:60]
            name = f"entry {number}" + (f", {label!r}" if label else "")
            report(Problem(Place(source, entry=name), "no-id", "the entry names no arXiv paper"))
        else:
            yield entry
    if parsed.bozo and not isinstance(parsed.bozo_exception, feedparser.CharacterEncodingOverride):
        line = getattr(parsed.bozo_exception, "getLineNumber", lambda: None)()
        report(
            Problem(
                Place(source, line),
                "damaged-feed",
                f"the feed is damaged here ({_reason(parsed.bozo_exception)})",
            )
        )


def _reason(error: Exception) -> str:
    get_message = getattr(error, "getMessage", None)
    return str(get_message() if get_message else error) or type(error).__name__


def _id_of(item: Any) -> ArxivId | None:
    for candidate in (
        item.get("id"),
        item.get("link"),
        *(link.get("href") for link in item.get("links", ())),
    ):
        if candidate:
            try:
                return parse_arxiv_id(str(candidate))
            except InvalidId:
                continue
    for field in ("title", "summary"):
        found = find_arxiv_ids(str(item.get(field, "")))
        if found:
            return found[0].id
    return None


def _updated(item: Any) -> str | None:
    # feedparser's own look-up would answer `published` where there is no `updated`, with a warning
    value: str | None = dict.get(item, "updated")
    return value


def _entry(item: Any, source: str, as_of: str | None) -> Entry | None:
    arxiv_id = _id_of(item)
    if arxiv_id is None:
        return None
    title = str(item.get("title", ""))
    summary = str(item.get("summary", ""))
    categories = [str(tag.term) for tag in item.get("tags", ()) if tag.get("term")]
    primary = categories[0] if categories else None
    announce_type = item.get("arxiv_announce_type")
    old_title = _OLD_TITLE.search(title)
    if old_title:
        title = title[: old_title.start()].rstrip().removesuffix(".")
        primary = old_title["primary"]
        with contextlib.suppress(InvalidId):
            arxiv_id = parse_arxiv_id(old_title["id"])
    announcement = _ANNOUNCEMENT.match(summary)
    if announcement:
        summary = summary[announcement.end() :]
        announce_type = announce_type or announcement["type"].lower()
    date = item.get("published") or _updated(item)
    # only what is announced as new was first submitted about then; of a replacement's v1 the day says nothing
    is_first = arxiv_id.version in (None, 1) and announce_type in (None, "new", "cross")
    comment = item.get("arxiv_comment")
    journal_ref = item.get("arxiv_journal_reference") or item.get("arxiv_journal_ref")
    doi = item.get("arxiv_doi")
    return Entry(
        source,
        id=str(arxiv_id),
        title=unescape(_TAG.sub("", title)) if old_title else title,
        summary=unescape(_TAG.sub("", summary)) if "<p>" in summary else summary,
        published=date if is_first else None,
        updated=_updated(item) or date,
        comment=comment,
        journal_ref=journal_ref,
        doi=doi,
        brief=not (comment or journal_ref or doi),
        primary_category=primary,
        categories=categories or ([primary] if primary else []),
        authors=_authors(item),
        as_of=as_of,
    )


def _authors(item: Any) -> list[tuple[str, tuple[str, ...]]]:
    names = [str(author.get("name", "")) for author in item.get("authors", ()) if author.get("name")]
    if len(names) > 1:
        return [author for name in names for author in split_creators(name)]
    return split_creators(names[0] if names else str(item.get("author", "")))


def split_creators(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The authors of one comma-joined string ("A. B. Cee, D. Eff Jr (Lab, Town), and G. Hah").

    Commas in brackets belong to an affiliation, a suffix behind a comma to the name before it.
    """
    text = unescape(_TAG.sub("", text))
    parts: list[str] = []
    depth = 0
    current = ""
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            parts.append(current)
            current = ""
        else:
            current += character
    parts.append(current)
    authors: list[tuple[str, tuple[str, ...]]] = []
    for part in (" ".join(part.split()).removeprefix("and ") for part in parts):
        name = re.sub(r"\s*\(.*\)\s*$", "", part)
        if not name:
            continue
        if authors and parse_name(f"{authors[-1][0]} {name}").suffix is not None and " " not in name:
            authors[-1] = (f"{authors[-1][0]} {name}", authors[-1][1])
            continue
        inside = re.search(r"\((.*)\)\s*$", part)
        authors.append((name, (inside[1].strip(),) if inside and inside[1].strip() else ()))
    return authors
