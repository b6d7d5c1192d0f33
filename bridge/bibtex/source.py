"""A .bib file as a source: the arXiv papers that its entries are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bridge.bibtex.blocks import Broken, Entry
from bridge.bibtex.document import Document
from bridge.bibtex.encoding import decode
from bridge.bibtex.entryids import entry_ids
from bridge.errors import Problem
from bridge.identifiers import ArxivId, InvalidId, find_arxiv_ids, parse_arxiv_id

_EPRINT = re.compile(r"\beprint\s*=\s*[{\"]?\s*([^\s{}\",]+)", re.IGNORECASE)


def bib_ids(data: bytes, name: str, report: Callable[[Problem], None]) -> Iterator[ArxivId]:
    """The arXiv papers of a .bib file, each once, in the order of its entries.

    An entry that names a version asks for that version. Broken entries and a foreign encoding are reported;
    of a broken entry the ids that can be seen in it are taken. Raises InputError for bytes that cannot be
    decoded.
    """
    text, _, problems = decode(data, name)
    document = Document(text, name)
    for problem in problems:
        report(problem)
    seen: set[ArxivId] = set()
    for block in document.blocks:
        found: list[ArxivId] = []
        if isinstance(block, Entry):
            own = entry_ids(document, block).arxiv
            found = [own] if own is not None else []
        elif isinstance(block, Broken):
            found = _ids_in(text[block.start : block.end])
            report(_cannot_be_read(document, block, found))
        for paper in found:
            if paper not in seen:
                seen.add(paper)
                yield paper


def _ids_in(text: str) -> list[ArxivId]:
    ids = {one.start: one.id for one in find_arxiv_ids(text)}
    for match in _EPRINT.finditer(text):
        try:
            ids[match.start(1)] = parse_arxiv_id(match[1])
        except InvalidId:
            continue
    return [ids[at] for at in sorted(ids)]


def _cannot_be_read(document: Document, block: Broken, found: list[ArxivId]) -> Problem:
    ids = ", ".join(dict.fromkeys(map(str, found)))
    taken = f"of it, only the arXiv id is taken ({ids})" if ids else "no arXiv id can be seen in it"
    return Problem(
        document.place(block.at, block.key or None),
        "broken-source",
        f"{block.reason}; {taken}",
        lost=False,
        advice="repair it, and run again",
    )
