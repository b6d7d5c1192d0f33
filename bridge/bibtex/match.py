"""Which entry of a .bib file a record is: by the lock, the arXiv id, then the DOI.

A miss is better than a wrong merge: two entries that name different arXiv papers are two papers whatever
their DOI says, and an id that is only mentioned counts where title and first author agree.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bridge.bibtex.blocks import Broken, Entry
from bridge.bibtex.document import Document
from bridge.bibtex.entryids import EntryIds, entry_ids, parsed_id
from bridge.identifiers import ArxivId, clean_doi

# of an entry and a record: the same title and first author; another title, other people and another year or
# DOI; anything between
Likeness = Literal["same", "unlike", "unclear"]


class Sought(NamedTuple):
    """What is known of one record. `arxiv_id` has no version; `version` is set for a pinned record only,
    `latest` for the others."""

    identity: str
    arxiv_id: str | None = None
    version: int | None = None
    doi: str | None = None
    latest: int | None = None


@dataclass(slots=True)
class Matches:
    """Record identity → its entry, or what stands in the file instead of one."""

    entries: dict[str, Entry] = field(default_factory=dict)
    broken: dict[str, Broken] = field(default_factory=dict)
    # entries that name the record's arXiv id and are plainly another work
    strangers: dict[str, Entry] = field(default_factory=dict)
    # other entries of the same paper, which are left as they are
    doubles: dict[str, list[Entry]] = field(default_factory=dict)


# -- which entries may be which records --

# Every place that could hold an id: cheap to find, checked by entry_ids where it is a wanted one. Each
# pattern begins with a literal, which is what makes the search fast.
_NEW_STYLE = re.compile(r"\.(?<=\d{4}\.)(?<!\d{5}\.)\d{4,5}(?!\d)")
_SPLIT = re.compile(r"eprint\s*=\s*[{\"]?\s*(\d{7})(?!\d)", re.IGNORECASE)
_OLD_STYLE = re.compile(r"/\d{7}(?!\d)")
_ANY_DOI = re.compile(r"(10\.\d{4,9}(?:\.\d+)*)/[^\s\",]+")
# "math.GT" before "/0309136"; in arXiv's own DOIs "arXiv.math"
_ARCHIVE_BEFORE = re.compile(r"(?:(?i:arxiv)\.)?([A-Za-z-]+)(?:\.[A-Za-z-]{2,})?\Z")


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
    matching.by_another_version()
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
        return [record for record in self.records if record.identity not in self.matches.entries]

    def claim(self, record: Sought, entry: Entry) -> None:
        self.matches.strangers.pop(record.identity, None)
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
        seen: set[tuple[str, int]] = set()
        for at, name in places:
            number = bisect_right(starts, at) - 1
            if number < 0 or at >= blocks[number].end:
                continue
            if (name, number) not in seen:
                seen.add((name, number))
                found.setdefault(name, []).append(blocks[number])
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
        # the version asked for; for a record that asks for none, an entry without one or of its own
        for latest in (False, True):
            for record in self.open():
                self._by_version(record, (record.latest if latest else record.version,))

    def by_another_version(self) -> None:
        """An entry that leaves the version open, or, for a record that does, one of any version."""
        for record in self.open():
            self._by_version(record, None if record.version is None else (None,))

    def _by_version(self, record: Sought, versions: tuple[int | None, ...] | None) -> None:
        """Match by arXiv id and one of the `versions`; None stands for any."""
        if record.arxiv_id is None:
            return
        for entry in self._unclaimed(self.papers.get(record.arxiv_id, ())):
            arxiv = self.ids(entry).arxiv
            if arxiv is None or arxiv.id != record.arxiv_id:
                continue
            if versions is not None and arxiv.version not in versions:
                continue
            if record.identity not in self.lock_keys and self.likeness(record.identity, entry) == "unlike":
                # reference managers and pasted lines leave the ids of other papers behind
                self.matches.strangers.setdefault(record.identity, entry)
                continue
            self.claim(record, entry)
            return

    def by_doi(self) -> None:
        # papers may share a DOI (two parts, a paper and its supplement): who has the title comes first
        for likenesses in (("same",), ("same", "unclear")):
            for record in self.open():
                if record.doi is None:
                    continue
                doi = record.doi.lower()
                for entry in self._unclaimed(self.dois.get(doi, ())):
                    ids = self.ids(entry)
                    if (
                        ids.doi == doi
                        and self._may_be(record, entry, own=False)
                        and self.likeness(record.identity, entry) in likenesses
                    ):
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
            own = self.matches.entries[record.identity].key
            doi = (record.doi or "").lower()
            twins = [
                entry
                for entry in self._unclaimed([*self.papers.get(record.arxiv_id, ()), *self.dois.get(doi, ())])
                if (entry.key not in known or entry.key == own) and self._is_twin(record, entry)
            ]
            if twins:
                self.matches.doubles[record.identity] = list({entry.start: entry for entry in twins}.values())

    def _is_twin(self, record: Sought, entry: Entry) -> bool:
        """Whether an entry beside a record's own names the same paper: by its id, or by the publisher's DOI
        alone, as what was pasted from another place does."""
        arxiv, doi = self.ids(entry)
        if arxiv is not None:
            return record.arxiv_id is not None and arxiv == ArxivId(record.arxiv_id)
        same_doi = doi is not None and record.doi is not None and doi == record.doi.lower()
        return same_doi and self.likeness(record.identity, entry) != "unlike"

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
    found = parsed_id(archive[1].lower() + token)
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
