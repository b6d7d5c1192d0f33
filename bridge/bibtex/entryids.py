"""What an entry says it is: its arXiv paper and its DOI, wherever people keep them.

Shapes of an arXiv id: those that arXiv, Google Scholar, Semantic Scholar, DBLP, ADS, INSPIRE, Zotero, Better
BibTeX, JabRef and Mendeley write. An id that an entry only mentions (in its abstract, in a note among other
words) is not its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from bridge.bibtex.blocks import Entry
from bridge.bibtex.document import Document
from bridge.identifiers import (
    ArxivId,
    InvalidId,
    arxiv_id_of_doi,
    clean_doi,
    find_arxiv_ids,
    is_arxiv_doi,
    parse_arxiv_id,
)
from bridge.latepattern import LatePattern


class EntryIds(NamedTuple):
    """What an entry says it is: its arXiv paper (with a version where it names one), its publisher's DOI."""

    arxiv: ArxivId | None = None
    doi: str | None = None


_NUMBER = re.compile(r"\d{7}(?:v\d+)?\Z")
_COMMANDS = re.compile(r"\\(?:url|href|path|texttt|tt|emph|textit|textrm|em|it|allowbreak)\b")
_ARXIV_COMMAND = re.compile(r"\\arxiv\s*\{", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([_%#&$~])")
_ARXIV_JOURNAL = re.compile(r"\s*(?:arxiv|corr|computing research repository)\b", re.IGNORECASE)
_DOI_URL = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/", re.IGNORECASE)
_CLASS = re.compile(r"\s*[\[(][A-Za-z-]+(?:\.[A-Za-z-]+)?[\])]\s*$")
# a note that says nothing but where the preprint is
_ONLY_AN_ID = LatePattern(
    r"(?:\[[\w.\s-]+\]|\([a-z-]+(?:\.[a-z-]+)?\)|[\W_]|\barxiv(?:\.org)?\b|\be-?prints?\b|\bpreprints?\b|\bavailable\b|\bonline\b|\bat\b|\bfrom\b|\bon\b|\bas\b"
    r"|\burl\b|\bhttps?\b|\bwww\b|\babs\b|\bpdf\b|\bversion\b|\bid\b|\bidentifier\b|\bcorr\b|\bdoi\b"
    r"|\balso\b|\bin press\b|\bto appear\b|\bunder review\b|\b(?:workshop|conference) paper\b|\bcitation\b"
    r")*+",
    re.IGNORECASE,
)


def entry_ids(document: Document, entry: Entry) -> EntryIds:
    """Read an entry's own identifiers out of the fields where people keep them."""
    values: dict[str, str] = {}
    for fld in entry.fields:
        name = fld.name.lower()
        if name in _READ and name not in values:
            values[name] = _bare(document.value(fld))
    return EntryIds(_arxiv_id(values), _doi(values))


_LABELLED = ("number", "pages", "eid", "volume", "journal", "journaltitle", "booktitle")
_NOTES = ("howpublished", "note", "annote", "comment", "archive", "publisher", "type", "slaccitation")
_LINKS = ("url", "ee", "link", "pdf", "html", "adsurl", "bdsk-url-1")
# where "arXiv" makes a bare number behind it an id
_HOUSES = ("journal", "journaltitle", "booktitle", "type", "publisher", "institution")
_EPRINTS = ("eprint", "arxivid", "arxiv")
_CLASSES = ("primaryclass", "eprintclass")
_READ = frozenset(
    (*_LABELLED, *_NOTES, *_LINKS, *_HOUSES, *_EPRINTS, *_CLASSES, "doi", "archiveprefix", "eprinttype")
)


def _arxiv_id(values: Mapping[str, str]) -> ArxivId | None:
    prefix = values.get("archiveprefix") or values.get("eprinttype") or "arxiv"
    for name in _EPRINTS:
        if name in values and ("arxiv" in prefix.lower() or "arxiv" in name):
            text = _CLASS.sub("", values[name])
            found = parsed_id(text)
            if found is None and _NUMBER.match(text):  # eprint = 9901001, primaryClass = hep-th
                archive = next((values[one] for one in _CLASSES if one in values), "").partition(".")[0]
                found = parsed_id(f"{archive}/{text}")
            if found:
                return found
    doi = clean_doi(values.get("doi", ""))
    of_doi = arxiv_id_of_doi(doi) if doi else None
    if of_doi:
        return ArxivId(of_doi)
    for name in _LINKS:
        found = parsed_id(values[name]) if name in values else None
        if found:
            return found
    on_arxiv = any(_ARXIV_JOURNAL.match(values.get(name, "")) for name in _HOUSES)
    for name in _LABELLED:
        text = values.get(name, "")
        if not text:
            continue
        if on_arxiv or "arxiv" in text.lower() or text.startswith("abs/"):
            found = parsed_id(_CLASS.sub("", text)) or _only(text)
            if found:
                return found
    for name in _NOTES:
        found = _only(values[name]) if name in values else None
        if found:
            return found
    return None


def parsed_id(text: str) -> ArxivId | None:
    """An arXiv id in any shape, None for anything else."""
    try:
        return parse_arxiv_id(text)
    except InvalidId:
        return None


def _only(text: str) -> ArxivId | None:
    """The one id that a text consists of, but for words like "arXiv preprint"."""
    found = find_arxiv_ids(text)
    if len({one.id.id for one in found}) != 1:
        return None
    rest, at = [], 0
    for one in found:
        rest.append(text[at : one.start])
        at = one.end
    rest.append(text[at:])
    # a link may say its id a second time
    return found[0].id if _ONLY_AN_ID.fullmatch(" ".join(rest).replace(found[0].id.id, " ")) else None


def _doi(values: Mapping[str, str]) -> str | None:
    candidates = [values.get("doi", "")]
    candidates += [values[name] for name in _LINKS if _DOI_URL.match(values.get(name, ""))]
    for text in candidates:
        doi = clean_doi(text)
        if doi and not is_arxiv_doi(doi):
            return doi.lower()
    return None


def _bare(text: str) -> str:
    """A value without TeX around its characters, enough for an identifier."""
    if "\\" in text or "{" in text or "$" in text:
        text = _ARXIV_COMMAND.sub("arXiv:{", text)
        text = _ESCAPED.sub(r"\1", _COMMANDS.sub("", text))
        text = text.replace("}{", " ").replace("{", "").replace("}", "").replace("$", "")
    return text.replace("~", " ").strip() if "://" not in text else text.strip()
