"""The whole flow:

    sources → entries → records → deduplicate → plan → target
              normalise                          ↑ what stands there, and the lock

    gather(["listing.atom", "2606.03498", "refs.bib"])      classify → read files, ask for ids, in one go
        | record_from_entry                                 ids, names, DOIs; venue hints when asked for
        | deduplicate                                       one record a work; look-alikes reported
    target.plan(records)                                    add, update, unchanged, conflict, skip: pure
    target.apply(plan)                                      the only place that writes

Sources and targets do the input and output; everything between is values in, values out. A source that
cannot be read, or a piece of one, is a `Problem` in the result and costs nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from bridge.config import load_config
from bridge.dedupe import Deduplicated, Versions, deduplicate
from bridge.errors import BibbridgeError, InputError, Place, Problem, RemoteError, UsageError
from bridge.identifiers import ArxivId, InvalidId, clean_doi, parse_arxiv_id
from bridge.normalise import Entry, record_from_entry
from bridge.progress import Progress, Silent
from bridge.record import Record

if TYPE_CHECKING:
    from bridge.arxiv.api import ArxivClient

CHUNK = 1 << 18  # bytes read from a file at a time

SourceKind = Literal["id", "feed", "ids", "bib", "tex", "aux", "query", "daily", "zotero", "malformed"]

# The registry of file kinds, by ending. A file of another ending is told by its first bytes.
_ENDINGS: dict[str, SourceKind] = {
    ".atom": "feed",
    ".xml": "feed",
    ".rss": "feed",
    ".rdf": "feed",
    ".txt": "ids",
    ".bib": "bib",
    ".tex": "tex",
    ".ltx": "tex",
    ".aux": "aux",
}
_HEAD = 4096  # bytes: what tells the kind of a file
_PREFIXES: dict[str, SourceKind] = {"query:": "query", "daily:": "daily", "zotero:": "zotero"}


class Source(NamedTuple):
    """One source as the user named it. `text` is what follows a prefix; `id` is set for a single paper."""

    name: str
    kind: SourceKind
    text: str
    id: ArxivId | None = None
    data: bytes | None = None  # what standard input delivered


class Settings(NamedTuple):
    """What the user asked of the run as a whole. `timeout` is in seconds, None for each service's default.

    Without `abstracts` they are let go while reading: a target that does not write them need not hold what
    is half of a large listing's memory.
    """

    versions: Versions = "latest"
    offline: bool = False
    use_cache: bool = True
    timeout: float | None = None
    max_results: int | None = None
    sort: str | None = None
    abstracts: bool = True


@dataclass(slots=True)
class Gathered:
    """What came of the sources: records in the order of the sources, and everything that did not work."""

    records: tuple[Record, ...] = ()
    deduplicated: Deduplicated = field(default_factory=lambda: Deduplicated((), (), ()))
    problems: list[Problem] = field(default_factory=list)
    errors: list[BibbridgeError] = field(default_factory=list)
    entries: int = 0
    requests: int = 0
    seconds_waited: float = 0.0
    # identity → the key by which a LaTeX source cites the paper, where that is an arXiv id
    cited: dict[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """4: a service refused; 3: an input is unreadable; 5: pieces are missing; 2: no source at all."""
        codes = {error.exit_code for error in self.errors}
        if any(problem.code in ("damaged-feed", "arxiv-error") and problem.lost for problem in self.problems):
            codes.add(3)
        for code in (4, 3):
            if code in codes:
                return code
        lost = [problem.code for problem in self.problems if problem.lost]
        if lost and not codes and not self.records and set(lost) == {"bad-id"}:
            return 3  # a file of anything but ids
        if lost or codes:
            return 2 if codes == {2} and not self.records else 5
        return 0


def classify(name: str) -> Source:
    """What kind of source `name` is (contract.md, "Sources"). Raises UsageError if it can be none."""
    if name == "-":
        return Source("standard input", "feed", name)
    for prefix, kind in _PREFIXES.items():
        if name.lower().startswith(prefix):
            text = name[len(prefix) :].strip()
            if not text:
                raise UsageError(f"{name!r} names nothing after the colon")
            return Source(name, kind, text)
    ending = Path(name).suffix.lower()
    looks_like_link = "://" in name
    if not looks_like_link and ending in _ENDINGS:
        return Source(name, _ENDINGS[ending], name)
    try:
        return Source(name, "id", name, parse_arxiv_id(name))
    except InvalidId as error:
        if not looks_like_link and Path(name).is_file():
            return Source(name, _kind_by_content(Path(name)), name)
        if not looks_like_link and Path(name).is_dir():
            return Source(name, "feed", name)  # opening it will say so
        if clean_doi(name) is not None:
            raise UsageError(
                f"{name!r} is a publisher's DOI, which arXiv cannot be asked for",
                "name the arXiv id, a link to arXiv, or arXiv's own DOI (10.48550/arXiv.…)",
            ) from error
        if not looks_like_link and ("/" in name or ending[1:].isalpha()) and not name[:4].isdecimal():
            return Source(name, "feed", name)  # a path that does not exist: opening it will say so
        raise UsageError(
            f"{name!r} is neither a file nor an arXiv id: {error.reason}",
            "give a saved feed, an id such as 2606.03498 or math/0309136, an arXiv link, or query:…",
        ) from error


def _kind_by_content(path: Path) -> SourceKind:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as error:
        raise InputError(Place(str(path)), error.strerror or "it cannot be read") from error
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> SourceKind:
    if head.startswith(b"<"):
        return "feed"
    if head.startswith(b"\\relax"):
        return "aux"
    if head.startswith((b"@", b"%")):
        return "bib" if b"@" in head else "tex"
    return "ids"


def gather(names: Sequence[str], settings: Settings, progress: Progress | None = None) -> Gathered:
    """Read every source, normalise, deduplicate. Never raises for a source: what failed is in the result.

    Raises InputError when the configuration, or a table that it names, is wrong.
    """
    config = load_config()
    if config.mappings:
        from bridge.venue_table import use_tables

        use_tables(config.mappings)
    gathered = Gathered()
    progress = progress or Silent()
    reading = _Reading(settings, gathered, progress)
    try:
        parts = [reading.read(name) for name in names]
        reading.fetch_ids(parts)
    finally:
        reading.close()
    records = [record for part in parts for record in part.records]
    gathered.entries = len(records)
    gathered.deduplicated = deduplicate(records, settings.versions)
    gathered.records = gathered.deduplicated.records
    return gathered


def keyed_as_cited(gathered: Gathered) -> tuple[Record, ...]:
    """The records, those that a LaTeX source cites by their arXiv id with that key as their citation key."""
    return tuple(
        replace(record, fields={"citationKey": gathered.cited[record.identity], **record.fields})
        if record.identity in gathered.cited
        else record
        for record in gathered.records
    )


@dataclass(slots=True)
class _Part:
    """What one source came to: records at once, or ids that wait for the one joint request."""

    source: str
    records: list[Record] = field(default_factory=list)
    ids: list[ArxivId] = field(default_factory=list)


class _Reading:
    """One run over the sources; the arXiv client is made when the first id asks for it."""

    def __init__(self, settings: Settings, gathered: Gathered, progress: Progress) -> None:
        self._settings = settings
        self._gathered = gathered
        self._progress = progress
        self._client: ArxivClient | None = None
        self._readers: dict[SourceKind, Callable[[Source], _Part]] = {
            "id": lambda source: _Part(source.name, ids=[source.id] if source.id else []),
            "feed": self._feed,
            "ids": self._ids_in_file,
            "bib": self._ids_in_file,
            "tex": self._ids_in_file,
            "aux": self._ids_in_file,
            "query": self._query,
            "daily": self._daily,
            "zotero": self._zotero,
        }

    def report(self, problem: Problem) -> None:
        self._gathered.problems.append(problem)

    def read(self, name: str) -> _Part:
        try:
            source = _with_input(classify(name))
            return self._readers[source.kind](source)
        except BibbridgeError as error:
            self._gathered.errors.append(error)
            return _Part(name)

    def close(self) -> None:
        if self._client is not None:
            self._gathered.requests += self._client.stats.requests
            self._gathered.seconds_waited += self._client.stats.seconds_waited
            self._client.close()
        self._progress.close()

    @property
    def client(self) -> ArxivClient:
        if self._client is None:
            from bridge.arxiv.api import ArxivClient

            self._client = ArxivClient.from_environment(
                offline=self._settings.offline,
                use_cache=self._settings.use_cache,
                timeout=self._settings.timeout,
                progress=self._progress,
                report=self.report,
            )
        return self._client

    def _records(self, entries: Iterable[Entry]) -> Iterator[Record]:
        for entry in entries:
            if not self._settings.abstracts:
                entry.summary = None
            record = record_from_entry(entry, self.report)
            if record is not None:
                yield record

    def _feed(self, source: Source) -> _Part:
        from bridge.arxiv.saved import read_saved

        part = _Part(source.name)
        before = len(self._gathered.problems)
        try:
            part.records.extend(self._records(read_saved(_opener(source), source.name, self.report)))
        except OSError as error:
            raise InputError(Place(source.name), error.strerror or "it cannot be read") from error
        if not part.records and len(self._gathered.problems) == before:
            self.report(Problem(Place(source.name), "empty-feed", "the feed has no entries", lost=False))
        return part

    def _ids_in_file(self, source: Source) -> _Part:
        from bridge.bibtex.source import bib_ids
        from bridge.texfiles import aux_ids, cited_keys, listed_ids, tex_ids, with_parts

        readers = {"ids": listed_ids, "bib": bib_ids, "tex": tex_ids, "aux": aux_ids}
        try:
            data = Path(source.text).read_bytes() if source.data is None else source.data
        except OSError as error:
            raise InputError(Place(source.name), error.strerror or "it cannot be read") from error
        if source.kind == "ids" and _kind_of_text(data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")) == "feed":
            return self._feed(source)  # a saved feed, whatever its name
        if source.kind in ("tex", "aux") and source.data is None:
            data = with_parts(data, Path(source.text), self.report)
        before = len(self._gathered.problems)
        ids = list(readers[source.kind](data, source.name, self.report))
        if not ids and len(self._gathered.problems) == before:
            self.report(Problem(Place(source.name), "no-ids", "the file names no arXiv paper", lost=False))
        if source.kind in ("tex", "aux"):
            for paper, key in cited_keys(data, source.name).items():
                self._gathered.cited.setdefault(f"arXiv:{paper}", key)
        return _Part(source.name, ids=ids)

    def _query(self, source: Source) -> _Part:
        part = _Part(source.name)
        before = len(self._gathered.problems)
        entries = self.client.query(
            source.text, max_results=self._settings.max_results, sort=self._settings.sort
        )
        try:
            for record in self._records(entries):
                part.records.append(record)
        except RemoteError as error:
            # what has arrived is kept
            self._gathered.errors.append(error)
        if not part.records and not self._gathered.errors and len(self._gathered.problems) == before:
            self.report(Problem(Place(source.name), "empty-feed", "the query found nothing", lost=False))
        return part

    def _daily(self, source: Source) -> _Part:
        before = len(self._gathered.problems)
        part = _Part(source.name, ids=list(self.client.daily(source.text)))
        if not part.ids and len(self._gathered.problems) == before:
            self.report(
                Problem(
                    Place(source.name), "empty-feed", "nothing was announced (weekends are empty)", lost=False
                )
            )
        return part

    def _zotero(self, source: Source) -> _Part:
        from bridge.zotero.source import read_source

        return _Part(
            source.name, records=list(read_source(source.text, self._settings, self.report, self._progress))
        )

    def fetch_ids(self, parts: Sequence[_Part]) -> None:
        """Ask arXiv for the ids of all sources at once, and give each source its own."""
        asked = list(dict.fromkeys(arxiv_id for part in parts for arxiv_id in part.ids))
        if not asked:
            return
        try:
            result = self.client.fetch(asked, all_versions=self._settings.versions == "all")
        except BibbridgeError as error:
            self._gathered.errors.append(error)
            return
        by_id: dict[ArxivId, list[Record]] = {}
        for arxiv_id, entries in result.delivered.items():
            by_id[arxiv_id] = [
                replace(record, pinned=True) if arxiv_id.version is not None else record
                for record in self._records(entries)
            ]
        # a source that has the very version that another names
        told = {
            ArxivId(record.arxiv_id, record.version): record
            for part in parts
            for record in part.records
            if record.arxiv_id is not None and record.version is not None
        }
        pinned: set[str | None] = set()
        for part in parts:
            for arxiv_id in part.ids:
                if arxiv_id not in by_id and (version := told.get(arxiv_id)):
                    by_id[arxiv_id] = [replace(version, pinned=True)]
                    pinned.add(str(arxiv_id))
                part.records += by_id.get(arxiv_id, [])
        elsewhere = pinned | {record.arxiv_id for part in parts for record in part.records}
        for problem in result.problems:
            if problem.place.entry in elsewhere:
                detail = f"{problem.detail}; what another source says of it is taken"
                problem = problem._replace(lost=False, detail=detail)
            self.report(problem)
        if result.error is not None:
            self._gathered.errors.append(result.error)


def _with_input(source: Source) -> Source:
    """What standard input delivers: a feed, or whatever else begins as a source does: ids, a .bib, LaTeX."""
    if source.text != "-":
        return source
    data = sys.stdin.buffer.read()
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    kind = _kind_of_text(head)
    lines = head.splitlines()
    if kind == "ids" and not any(_is_id(line) for line in (lines[:-1] if len(data) > _HEAD else lines)):
        kind = "feed"  # its reader will say that it is none
    return source._replace(kind=kind, data=data)


def _is_id(line: bytes) -> bool:
    try:
        parse_arxiv_id(line.decode("utf-8", "replace").partition("#")[0].strip())
    except InvalidId:
        return False
    return True


def _opener(source: Source) -> Callable[[], Iterator[bytes]]:
    """The document in chunks, from its start at each call."""
    if (kept := source.data) is not None:
        return lambda: (kept[i : i + CHUNK] for i in range(0, len(kept), CHUNK))

    def chunks() -> Iterator[bytes]:
        with Path(source.text).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    return chunks


def read_feed(data: bytes) -> Iterator[Record]:
    """The records of a query-API feed, as they are parsed.

    Raises InputError when `data` is no feed. A damaged entry is left out, and the first loss of that kind
    is raised as InputError once everything readable has been given.
    """
    from bridge.arxiv.saved import read_saved

    problems: list[Problem] = []
    chunks = lambda: (data[i : i + CHUNK] for i in range(0, len(data), CHUNK))  # noqa: E731
    for entry in read_saved(chunks, "feed", problems.append):
        record = record_from_entry(entry, problems.append)
        if record is not None:
            yield record
    lost = next((problem for problem in problems if problem.lost), None)
    if lost is not None:
        raise InputError(lost.place, lost.detail, lost.advice)
