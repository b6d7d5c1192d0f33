"""A loopback stand-in for arXiv (query API, OAI-PMH, daily feeds) that can be told to misbehave, and a clock.

The feeds are written here, in the element order that the real server has had since 2026. A `Fault` changes
one answer: `server.faults.append(...)` for the next request, `server.always = ...` for all of them.
"""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape


class VirtualClock:
    """A clock on which sleeping takes no time. `naps` is what was slept."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now
        self.naps: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


@dataclass(frozen=True)
class Paper:
    """A paper on the stand-in server. Version N was posted in the Nth month of 2026."""

    id: str
    versions: int = 1
    title: str = "On stand-ins"
    authors: tuple[str, ...] = ("Ada Lovelace", "Eyal de Lara")
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    categories: tuple[str, ...] = ("cs.DC", "cs.LG")

    def entry(self, version: int) -> str:
        """The Atom entry of one version."""
        optional = {"comment": self.comment, "journal_ref": self.journal_ref}
        lines = [
            "  <entry>",
            f"    <id>http://arxiv.org/abs/{self.id}v{version}</id>",
            f"    <title>{escape(self.title)}</title>",
            f"    <updated>{self.date(version)}</updated>",
            f'    <link href="https://arxiv.org/abs/{self.id}v{version}" rel="alternate" type="text/html"/>',
            f"    <summary>About {self.id}, version {version}.</summary>",
            *(f'    <category term="{c}" scheme="http://arxiv.org/schemas/atom"/>' for c in self.categories),
            f"    <published>{self.date(1)}</published>",
            *(
                f"    <arxiv:{name}>{escape(text)}</arxiv:{name}>"
                for name, text in optional.items()
                if text is not None
            ),
            f'    <arxiv:primary_category term="{self.categories[0]}"/>',
            *(f"    <author><name>{escape(name)}</name></author>" for name in self.authors),
        ]
        if self.doi is not None:
            lines.append(f"    <arxiv:doi>{escape(self.doi)}</arxiv:doi>")
        return "\n".join([*lines, "  </entry>"])

    def date(self, version: int) -> str:
        return f"2026-{version:02d}-03T10:20:30Z"

    def raw(self) -> str:
        """The arXivRaw record."""
        months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
        optional = {"comments": self.comment, "journal-ref": self.journal_ref, "doi": self.doi}
        return "\n".join(
            [
                '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">',
                f"<id>{self.id}</id><submitter>Ada Lovelace</submitter>",
                *(
                    f'<version version="v{n}"><date>Sat, 03 {months[n - 1]} 2026 10:20:30 GMT</date>'
                    f"<size>{n}00kb</size><source_type>D</source_type></version>"
                    for n in range(1, self.versions + 1)
                ),
                f"<title>{escape(self.title)}</title>",
                f"<authors>{escape(' and '.join(self.authors))}</authors>",
                f"<categories>{' '.join(self.categories)}</categories>",
                *(f"<{name}>{escape(text)}</{name}>" for name, text in optional.items() if text is not None),
                f"<abstract>  About {self.id}, version {self.versions}.</abstract>",
                "</arXivRaw>",
            ]
        )


def feed(entries: Iterable[str], total: int, start: int = 0, per_page: int = 10) -> bytes:
    return "\n".join(
        [
            "<?xml version='1.0' encoding='UTF-8'?>",
            (
                '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
                ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">'
            ),
            "  <id>https://arxiv.org/api/stand-in</id>",
            "  <title>arXiv Query</title>",
            "  <updated>2026-11-01T00:00:00Z</updated>",
            f"  <opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>",
            f"  <opensearch:totalResults>{total}</opensearch:totalResults>",
            f"  <opensearch:startIndex>{start}</opensearch:startIndex>",
            *entries,
            "</feed>",
        ]
    ).encode()


def error_feed(reason: str) -> bytes:
    anchor = reason.replace(" ", "_")
    return feed(
        [
            (
                f"  <entry><id>https://arxiv.org/api/errors#{anchor}</id><title>Error</title>"
                f"<updated>2026-11-01T00:00:00Z</updated><summary>{escape(reason)}</summary>"
                "<author><name>arXiv api core</name></author></entry>"
            )
        ],
        total=1,
        per_page=1,
    )


@dataclass(frozen=True)
class Reply:
    """What the server is about to send. `cut`: close the connection after so many bytes of the body, with a
    reset; `pause`: hold the body back for so many seconds (or until the server closes)."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int | None = None
    pause: float = 0.0


Fault = Callable[[Reply], Reply]


def status(code: int, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Reply(code, named, b"Rate exceeded.")


def with_headers(**headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda reply: replace(reply, headers={**reply.headers, **named})


def same_body(code: int) -> Fault:
    return lambda reply: replace(reply, status=code)


def body(content: bytes, code: int = 200, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Reply(code, named, content)


def reset_mid_body(reply: Reply) -> Reply:
    return replace(reply, cut=len(reply.body) // 2)


def slow(seconds: float) -> Fault:
    return lambda reply: replace(reply, pause=seconds)


def truncated(reply: Reply) -> Reply:
    return replace(reply, body=reply.body[: len(reply.body) * 2 // 3])


def gzipped(reply: Reply) -> Reply:
    return replace(
        reply, body=gzip.compress(reply.body), headers={**reply.headers, "Content-Encoding": "gzip"}
    )


def html_page(_: Reply) -> Reply:
    page = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body><p>Back soon</body></html>"
    return Reply(200, {"Content-Type": "text/html"}, page)


def redirect(to: str) -> Fault:
    return lambda _: Reply(302, {"Location": to}, b"")


@dataclass
class Seen:
    """One request as the server saw it; `end` is the moment before the answer's last bytes left."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    target_length: int
    start: float
    end: float
    status: int

    @property
    def ids(self) -> list[str]:
        return [text for text in self.query.get("id_list", "").split(",") if text]


class ArxivServer:
    """The stand-in, listening while the `with` block lasts. URLs: `url`, `oai_url`, `rss_url`."""

    def __init__(self, papers: Iterable[Paper] = (), *, most: int = 2000, reachable: int = 30_000) -> None:
        self.papers = {paper.id: paper for paper in papers}
        self.faults: deque[Fault | None] = deque()
        self.always: Fault | None = None
        self.malformed: set[str] = set()
        self.arrange: Callable[[list[str]], list[str]] = lambda entries: entries
        self.total: Callable[[int], int] = lambda count: count
        self.announced: list[str] = []
        self.seen: list[Seen] = []
        self._most = most
        self._reachable = reachable
        self._closing = threading.Event()
        self._http: ThreadingHTTPServer

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # head and body leave in two writes; waiting for an acknowledgement between them costs 40 ms
            disable_nagle_algorithm = True

            def do_GET(self) -> None:  # the name that http.server looks for
                outer._serve(self)

            do_POST = do_PATCH = do_GET  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """A connection that a fault has reset is no news."""

        self._http = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.origin}/api/query"

    @property
    def oai_url(self) -> str:
        return f"{self.origin}/oai"

    @property
    def rss_url(self) -> str:
        return f"{self.origin}/rss-host"

    def asked(self, path: str = "/api/query") -> list[Seen]:
        return [seen for seen in self.seen if seen.path == path]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        start = monotonic()
        length = int(handler.headers.get("Content-Length") or 0)
        if length:
            handler.rfile.read(length)
        parts = urlsplit(handler.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        fault = self.faults.popleft() if self.faults else self.always
        reply = self._answer(parts.path, query)
        if fault is not None:
            reply = fault(reply)
        seen = Seen(
            parts.path,
            query,
            {name.lower(): value for name, value in handler.headers.items()},
            len(handler.path),
            start,
            start,
            reply.status,
        )
        # noted before the answer leaves, so that a client that has it finds its request here
        self.seen.append(seen)
        try:
            self._send(handler, reply, seen)
        except OSError:
            # the client hung up first, as a client does that has a time-out
            handler.close_connection = True

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply, seen: Seen) -> None:
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        if reply.pause:
            handler.wfile.flush()
            self._closing.wait(reply.pause)
        seen.end = monotonic()
        handler.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
        handler.wfile.flush()
        if reply.cut is not None:
            # linger 0: the close sends a reset instead of a proper end
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
            handler.close_connection = True

    def _answer(self, path: str, query: dict[str, str]) -> Reply:
        atom = {"Content-Type": "application/atom+xml; charset=utf-8"}
        if path == "/api/query":
            code, content = self._query(query)
            return Reply(code, atom, content)
        if path == "/oai":
            return Reply(200, {"Content-Type": "text/xml"}, self._oai(query))
        if path.startswith("/rss-host/"):
            return Reply(200, atom, self._daily())
        return Reply(404, {}, b"no such page")

    def _query(self, query: dict[str, str]) -> tuple[int, bytes]:
        start, most = int(query.get("start", "0")), int(query.get("max_results", "10"))
        if most > self._most or start + most > self._reachable:
            return 400, error_feed(f"max_results must be less than {self._most}")
        if query.get("id_list"):
            found: list[str] = []
            for text in query["id_list"].split(","):
                if text in self.malformed:
                    return 400, error_feed(f"incorrect id format for {text}")
                name, _, version = text.rpartition("v")
                paper = self.papers.get(name) if version.isdecimal() and name else self.papers.get(text)
                wanted = int(version) if version.isdecimal() and name else paper.versions if paper else 0
                if paper is not None and 1 <= wanted <= paper.versions:
                    found.append(paper.entry(wanted))
        else:
            found = self._search(query)
        total = self.total(len(found))
        return 200, feed(self.arrange(found[start : start + most]), total, start, most)

    def _search(self, query: dict[str, str]) -> list[str]:
        """Every paper, newest first; the id's number is the minute of submission when windows are asked."""
        papers = sorted(self.papers.values(), key=lambda paper: paper.id)
        if query.get("sortOrder") != "ascending":
            papers.reverse()
        if "submittedDate:[" in query.get("search_query", ""):
            window = query["search_query"].split("submittedDate:[")[1].rstrip("]")
            low, high = window.split(" TO ")
            papers = [paper for paper in papers if low <= submitted(paper) <= high]
        return [paper.entry(paper.versions) for paper in papers]

    def _oai(self, query: dict[str, str]) -> bytes:
        paper = self.papers.get(query.get("identifier", "").removeprefix("oai:arXiv.org:"))
        inner = (
            f"<GetRecord><record><header><identifier>oai:arXiv.org:{paper.id}</identifier></header>"
            f"<metadata>{paper.raw()}</metadata></record></GetRecord>"
            if paper is not None
            else '<error code="idDoesNotExist">Nothing found</error>'
        )
        return (
            f"<?xml version='1.0' encoding='UTF-8'?><OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\">"
            f"<responseDate>2026-11-01T00:00:00Z</responseDate>{inner}</OAI-PMH>"
        ).encode()

    def _daily(self) -> bytes:
        entries = (
            f"<entry><id>oai:arXiv.org:{text}</id><title>On stand-ins</title>"
            f"<summary>arXiv:{text} Announce Type: new\nAbstract: About it.</summary>"
            "<arxiv:announce_type>new</arxiv:announce_type></entry>"
            for text in self.announced
        )
        return feed(entries, len(self.announced))


def submitted(paper: Paper) -> str:
    """The minute (YYYYMMDDHHMM) at which the stand-in server counts a new-style paper as submitted: papers
    of one month spread over its days by their number."""
    year, month, number = "20" + paper.id[:2], paper.id[2:4], int(paper.id.split(".")[1])
    minute = number % (28 * 24 * 60)
    return f"{year}{month}{minute // 1440 + 1:02d}{minute // 60 % 24:02d}{minute % 60:02d}"
