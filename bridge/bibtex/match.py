"""Which entry of a .bib file a record is: by the lock, the arXiv id in any shape people use, then the DOI.

Shapes of an arXiv id: those that arXiv, Google Scholar, Semantic Scholar, DBLP, ADS, INSPIRE, Zotero, Better
BibTeX, JabRef and Mendeley write. A miss is better than a wrong merge: an id that an entry only mentions (in
its abstract, in a note among other words) is not its own, and two entries that name different arXiv papers
are two papers whatever their DOI says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bridge.bibtex.blocks import Broken, Entry
from bridge.bibtex.document import Document
from bridge.identifiers import (
    ArxivId,
    InvalidId,
    arxiv_id_of_doi,
    clean_doi,
    find_arxiv_ids,
    parse_arxiv_id,
)
from bridge.latepattern import LatePattern


class EntryIds(NamedTuple):
    """What an entry says it is: its arXiv paper (with a version where it names one), its publisher's DOI."""

    arxiv: ArxivId | None = None
    doi: str | None = None


# of an entry and a record: the same title and first author; another title, other people and another year or
# DOI; anything between
Likeness = Literal["same", "unlike", "unclear"]


class Sought(NamedTuple):
    """What is known of one record. `arxiv_id` has no version; `version` is set for a pinned record only."""

    identity: str
    arxiv_id: str | None = None
    version: int | None = None
    doi: str | None = None


@dataclass(slots=True)
class Matches:
    """Record identity → its entry, or what stands in the file instead of one."""

    entries: dict[str, Entry] = field(default_factory=dict)
    broken: dict[str, Broken] = field(default_factory=dict)
    # entries that name the record's arXiv id and are plainly another work
    strangers: dict[str, Entry] = field(default_factory=dict)
    # other entries of the same paper, which are left as they are
    doubles: dict[str, list[Entry]] = field(default_factory=dict)


# -- what one entry is --

_COMMANDS = re.compile(r"\\(?:url|href|path|texttt|tt|emph|textit|textrm|em|it|allowbreak)\b")
_ARXIV_COMMAND = re.compile(r"\\arxiv\s*\{", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([_%#&$~])")
_ARXIV_JOURNAL = re.compile(r"\s*(?:arxiv|corr|computing research repository)\b", re.IGNORECASE)
_DOI_URL = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/", re.IGNORECASE)
_CLASS = re.compile(r"\s*[\[(][A-Za-z-]+(?:\.[A-Za-z-]+)?[\])]\s*$")
# a note that says nothing but where the preprint is
_ONLY_AN_ID = LatePattern(
    r"(?:[\W_]|\barxiv(?:\.org)?\b|\be-?prints?\b|\bpreprints?\b|\bavailable\b|\bonline\b|\bat\b|\bfrom\b|\bon\b|\bas\b"
    r"|\burl\b|\bhttps?\b|\bwww\b|\babs\b|\bpdf\b|\bversion\b|\bid\b|\bidentifier\b|\bcorr\b|\bdoi\b"
    r"|\balso\b|\bin press\b|\bto appear\b|\bunder review\b|\b(?:workshop|conference) paper\b|\bcitation\b"
    r"|\[[\w.\s-]+\]|\([a-z-]+(?:\.[a-z-]+)?\))*",
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
            found = _parsed(text)
            if found is None and _NUMBER.match(text):  # eprint = 9901001, primaryClass = hep-th
                archive = next((values[one] for one in _CLASSES if one in values), "").partition(".")[0]
                found = _parsed(f"{archive}/{text}")
            if found:
                return found
    doi = clean_doi(values.get("doi", ""))
    of_doi = arxiv_id_of_doi(doi) if doi else None
    if of_doi:
        return ArxivId(of_doi)
    for name in _LINKS:
        found = _parsed(values[name]) if name in values else None
        if found:
            return found
    on_arxiv = any(_ARXIV_JOURNAL.match(values.get(name, "")) for name in _HOUSES)
    for name in _LABELLED:
        text = values.get(name, "")
        if not text:
            continue
        if on_arxiv or "arxiv" in text.lower() or text.startswith("abs/"):
            found = _parsed(_CLASS.sub("", text)) or _only(text)
            if found:
                return found
    for name in _NOTES:
        found = _only(values[name]) if name in values else None
        if found:
            return found
    return None


def _parsed(text: str) -> ArxivId | None:
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
        if doi and not doi.startswith("10.48550/"):
            return doi.lower()
    return None


def _bare(text: str) -> str:
    """A value without TeX around its characters, enough for an identifier."""
    if "\\" in text or "{" in text or "$" in text:
        text = _ARXIV_COMMAND.sub("arXiv:{", text)
        text = _ESCAPED.sub(r"\1", _COMMANDS.sub("", text))
        text = text.replace("}{", " ").replace("{", "").replace("}", "").replace("$", "")
    return text.replace("~", " ").strip() if "://" not in text else text.strip()


# -- which entries may be which records --

# Every place that could hold an id: cheap to find, checked by entry_ids where it is a wanted one. Each
# pattern begins with a literal, which is what makes the search fast.
_NEW_STYLE = re.compile(r"\.(?<=\d{4}\.)(?<!\d{5}\.)\d{4,5}(?!\d)")
_NUMBER = re.compile(r"\d{7}(?:v\d+)?\Z")
_SPLIT = re.compile(r"eprint\s*=\s*[{\"]?\s*(\d{7})(?!\d)", re.IGNORECASE)
_OLD_STYLE = re.compile(r"/\d{7}(?!\d)")
_ANY_DOI = re.compile(r"(10\.\d{4,9}(?:\.\d+)*)/[^\s\",]+")
_ARCHIVE_BEFORE = re.compile(r"([A-Za-z-]+)(?:\.[A-Za-z-]{2,})?\Z")


# entries that are no works but what other entries inherit from
_NO_WORKS = frozenset(("xdata", "set", "control"))


def find_matches(
    document: Document,
    records: Sequence[Sought],
    lock_keys: Mapping[str, str],
    agrees: Callable[[str, Entry], bool] = lambda identity, entry: True,
    likeness: Callable[[str, Entry], Likeness] = lambda identity, entry: "unclear",
) -> Matches:
    """Match records to entries, each entry to one record at most, the surest signs first.

    `lock_keys` maps identities to the keys that the lock knows them by; it may hold more than the records'.
    `agrees` tells whether an entry without any identifier still says what the lock knows of an identity;
    `likeness` whether an entry has the title and first author of an identity, or is plainly another work.
    """
    matching = _Matching(document, records, lock_keys, agrees, likeness)
    matching.by_lock()
    matching.by_arxiv_id()
    matching.by_doi()
    matching.by_mention()
    matching.find_doubles()
    matching.among_broken()
    return matching.matches


class _Matching:
    def __init__(
        self,
        document: Document,
        records: Sequence[Sought],
        lock_keys: Mapping[str, str],
        agrees: Callable[[str, Entry], bool],
        likeness: Callable[[str, Entry], Likeness],
    ) -> None:
        self.document = document
        self.records = records
        self.lock_keys = lock_keys
        self.agrees = agrees
        self.likeness = likeness
        self.matches = Matches()
        self.claimed: set[int] = set()
        self._ids: dict[int, EntryIds] = {}
        self.papers, self.dois = self._candidates()

    def ids(self, entry: Entry) -> EntryIds:
        known = self._ids.get(entry.start)
        if known is None:
            known = self._ids[entry.start] = entry_ids(self.document, entry)
        return known

    def open(self) -> list[Sought]:
        known = self.matches.entries.keys() | self.matches.strangers.keys()
        return [record for record in self.records if record.identity not in known]

    def claim(self, record: Sought, entry: Entry) -> None:
        self.matches.entries[record.identity] = entry
        self.claimed.add(entry.start)

    def _candidates(self) -> tuple[dict[str, list[Entry | Broken]], dict[str, list[Entry | Broken]]]:
        """arXiv id, and DOI → blocks in whose text it stands, of those that are wanted."""
        wanted = {record.arxiv_id for record in self.records if record.arxiv_id}
        wanted_dois = {record.doi.lower() for record in self.records if record.doi}
        text = self.document.text
        papers = []
        for match in _NEW_STYLE.finditer(text):
            paper = text[match.start() - 4 : match.end()]
            if paper in wanted:
                papers.append((match.start(), paper))
        if any("/" in paper for paper in wanted):
            for match in _OLD_STYLE.finditer(text):
                old = _old_style(text, match.start(), match[0])
                if old in wanted:
                    papers.append((match.start(), old))
            numbered: dict[str, list[str]] = {}
            for paper in wanted:
                numbered.setdefault(paper.rpartition("/")[2], []).append(paper)
            for match in _SPLIT.finditer(text):
                papers += [(match.start(), paper) for paper in numbered.get(match[1], ())]
        dois = []
        registrants = {doi.partition("/")[0] for doi in wanted_dois}
        if wanted_dois:
            for match in _ANY_DOI.finditer(text):
                if match[1] in registrants:
                    doi = _doi_token(match[0])
                    if doi in wanted_dois:
                        dois.append((match.start(), doi))
        return self._blocks_at(papers), self._blocks_at(dois)

    def _blocks_at(self, places: Sequence[tuple[int, str]]) -> dict[str, list[Entry | Broken]]:
        if not places:
            return {}
        blocks = [
            block
            for block in self.document.blocks
            if isinstance(block, Broken) or (isinstance(block, Entry) and block.type.lower() not in _NO_WORKS)
        ]
        starts = [block.start for block in blocks]
        found: dict[str, list[Entry | Broken]] = {}
        for at, name in places:
            number = bisect_right(starts, at) - 1
            if number < 0 or at >= blocks[number].end:
                continue
            known = found.setdefault(name, [])
            if blocks[number] not in known:
                known.append(blocks[number])
        return found

    def by_lock(self) -> None:
        by_key: dict[str, Entry] = {}
        for entry in self.document.entries:
            if entry.type.lower() not in _NO_WORKS:
                by_key.setdefault(entry.key, entry)
        of_paper: dict[str, list[str]] = {}
        here = {record.identity for record in self.records}
        for identity, key in self.lock_keys.items():
            if identity not in here:
                of_paper.setdefault(_paper(identity), []).append(key)
        for own in (True, False):
            for record in self.open():
                if own:
                    keys = [self.lock_keys[record.identity]] if record.identity in self.lock_keys else []
                elif record.identity in self.lock_keys:
                    continue
                else:
                    keys = of_paper.get(_paper(record.identity), [])
                for key in keys:
                    locked = by_key.get(key)
                    if locked is None or locked.start in self.claimed:
                        continue
                    if self._may_be(record, locked, own):
                        self.claim(record, locked)
                        break

    def _may_be(self, record: Sought, entry: Entry, own: bool) -> bool:
        """Whether what an entry says of itself leaves room for it to be the record."""
        arxiv, doi = self.ids(entry)
        if arxiv is None or record.arxiv_id is None:
            if doi is not None and record.doi is not None:
                return doi == record.doi.lower() or not self._named_elsewhere(record, entry)
            return not self._named_elsewhere(record, entry) and self.agrees(record.identity, entry)
        if arxiv.id != record.arxiv_id:
            return False
        return own or None in (arxiv.version, record.version) or arxiv.version == record.version

    def _named_elsewhere(self, record: Sought, entry: Entry) -> bool:
        """Whether another entry names the record's own arXiv id: a key proves less."""
        return any(
            isinstance(other, Entry)
            and other is not entry
            and (named := self.ids(other).arxiv) is not None
            and named.id == record.arxiv_id
            for other in self.papers.get(record.arxiv_id or "", ())
        )

    def by_arxiv_id(self) -> None:
        # the version asked for, then an entry that leaves it open (or any, for a record that does)
        for exact in (True, False):
            for record in self.open():
                if record.arxiv_id is None:
                    continue
                for entry in self._unclaimed(self.papers.get(record.arxiv_id, ())):
                    arxiv = self.ids(entry).arxiv
                    if arxiv is None or arxiv.id != record.arxiv_id:
                        continue
                    same = arxiv.version == record.version
                    if same or (not exact and None in (arxiv.version, record.version)):
                        known = record.identity in self.lock_keys
                        if not known and self.likeness(record.identity, entry) == "unlike":
                            # reference managers and pasted lines leave the ids of other papers behind
                            self.matches.strangers.setdefault(record.identity, entry)
                            continue
                        self.matches.strangers.pop(record.identity, None)
                        self.claim(record, entry)
                        break

    def by_doi(self) -> None:
        for record in self.open():
            if record.doi is None:
                continue
            doi = record.doi.lower()
            for entry in self._unclaimed(self.dois.get(doi, ())):
                ids = self.ids(entry)
                if ids.doi == doi and self._may_be(record, entry, own=False):
                    self.claim(record, entry)
                    break

    def by_mention(self) -> None:
        """An id among other words ("arXiv:2301.00001. Code: ...") is an entry's own where title and first
        author are the record's, too."""
        for record in self.open():
            for entry in self._unclaimed(self.papers.get(record.arxiv_id or "", ())):
                arxiv, doi = self.ids(entry)
                other_doi = doi is not None and record.doi is not None and doi != record.doi.lower()
                if arxiv is None and not other_doi and self.likeness(record.identity, entry) == "same":
                    self.claim(record, entry)
                    break

    def find_doubles(self) -> None:
        known = set(self.lock_keys.values())  # another version that was asked for is no double
        for record in self.records:
            if record.identity not in self.matches.entries or record.arxiv_id is None:
                continue
            twins = [
                entry
                for entry in self._unclaimed(self.papers.get(record.arxiv_id, ()))
                if entry.key not in known and self.ids(entry).arxiv == ArxivId(record.arxiv_id)
            ]
            if twins:
                self.matches.doubles[record.identity] = twins

    def among_broken(self) -> None:
        by_key = {block.key: block for block in self.document.broken if block.key}
        for record in self.open():
            block = by_key.get(self.lock_keys.get(record.identity, ""))
            places = [
                *self.papers.get(record.arxiv_id or "", ()),
                *self.dois.get((record.doi or "").lower(), ()),
            ]
            found = [place for place in places if isinstance(place, Broken)]
            if block is not None or found:
                self.matches.broken[record.identity] = block or found[0]

    def _unclaimed(self, blocks: Iterable[Entry | Broken]) -> list[Entry]:
        return [block for block in blocks if isinstance(block, Entry) and block.start not in self.claimed]


def _paper(identity: str) -> str:
    return re.sub(r"v\d+$", "", identity) if identity.startswith("arXiv:") else identity


def _old_style(text: str, at: int, token: str) -> str | None:
    """The id that ends with `token` ("/9901001") at `at`, canonical."""
    archive = _ARCHIVE_BEFORE.search(text, max(at - 24, 0), at)
    if not archive:
        return None
    found = _parsed(archive[1].lower() + token)
    return found.id if found else None


def _doi_token(token: str) -> str | None:
    depth = 0
    for at, character in enumerate(token):
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth < 0:
                token = token[:at]
                break
    doi = clean_doi(token.replace("\\", "").replace("{", "").replace("}", ""))
    return doi.lower() if doi else None
