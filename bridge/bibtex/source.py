"""A .bib file as a source: the arXiv papers that its entries are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bridge.bibtex.document import Document
from bridge.bibtex.encoding import decode
from bridge.bibtex.match import entry_ids
from bridge.errors import Problem
from bridge.identifiers import ArxivId


def bib_ids(data: bytes, name: str, report: Callable[[Problem], None]) -> Iterator[ArxivId]:
    """The arXiv papers of a .bib file, each once, in the order of its entries.

    An entry that names a version asks for that version. Broken entries and a foreign encoding are reported.
    Raises InputError for bytes that cannot be decoded.
    """
    text, _, problems = decode(data, name)
    document = Document(text, name)
    for problem in (*problems, *document.problems()):
        report(problem)
    seen: set[ArxivId] = set()
    for entry in document.entries:
        found = entry_ids(document, entry).arxiv
        if found is not None and found not in seen:
            seen.add(found)
            yield found
