"""A Zotero web API on loopback that behaves as the real server was observed to.

    with ZoteroServer() as server:
        server.library("users/1").write_item({...})      # what a person did before
        ... BIBBRIDGE_ZOTERO_URL=server.url, ZOTERO_API_KEY=server.KEY ...
        server.log                                        # what was asked

Faults are laid at single requests (`server.faults[n]`, counting from 1), and `server.before` may do what a
person does meanwhile. Nothing sleeps unless a fault says so.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import zoterostate
from zoterostate import LibraryState, Refused

SCHEMA_VERSION = 41
MAX_OBJECTS = 50
MAX_PAGE = 100


@dataclass
class Asked:
    """One request as it came, and the status that it was answered with (None: no answer)."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    status: int | None = None

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def objects(self) -> list[dict[str, Any]]:
        return json.loads(self.body)


@dataclass
class Fault:
    """What goes wrong at a request: "drop-before" and "drop-after" close the connection (the second once the
    request was carried out), "hang-before" and "hang-after" answer nothing for `seconds`; a number is a
    status, sent instead of carrying the request out. `then` runs when the fault strikes (a kill, say)."""

    kind: str | int
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    then: Callable[[], None] | None = None


_EARLY = frozenset({"Invalid key", "Write token already used", "POST data not provided"})
_HTML = {"Content-Type": "text/html; charset=UTF-8"}
_REASONS = {
    429: "Request rate limit exceeded",
    503: "Server updates in progress. Please try again in a few minutes.",
    500: "An error occurred",
}


class ZoteroServer:
    """The double. Libraries come into being when they are first named; `keys` says who may do what."""

    KEY = "aaaabbbbccccddddeeeeffff"
    READ_ONLY = "rrrrbbbbccccddddeeeeffff"
    NO_NOTES = "nnnnbbbbccccddddeeeeffff"

    def __init__(self) -> None:
        self.libraries: dict[str, LibraryState] = {}
        self.groups: dict[int, dict[str, Any]] = {5: self.group(5)}
        everything = {"library": True, "write": True}
        self.keys: dict[str, dict[str, Any]] = {
            self.KEY: {
                "userID": 1,
                "access": {
                    "user": {**everything, "notes": True, "files": True},
                    "groups": {"all": everything},
                },
            },
            self.READ_ONLY: {
                "userID": 1,
                "access": {"user": {"library": True, "notes": True, "files": True}, "groups": {}},
            },
            self.NO_NOTES: {"userID": 1, "access": {"user": {**everything, "files": True}}},
        }
        self.log: list[Asked] = []
        self.faults: dict[int, Fault] = {}
        self.before: Callable[[Asked, int], None] | None = None
        self.answer_headers: dict[str, str] = {}
        self.rate_limit: int | None = None
        # the local API of a running Zotero: a server id, and the keys that its dialog gave out
        self.server_id: str | None = None
        self.local_keys: dict[str, bool] = {}
        self.local_answer: tuple[str, bool] | None = ("local-key", True)
        self.lock = threading.RLock()
        self._tokens: set[str] = set()
        server = self

        class Handler(_Handler):
            double = server

        self._http = _Quiet(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @staticmethod
    def group(number: int, *, editing: str = "members", role: str = "member") -> dict[str, Any]:
        """A group's own data; user 1 is its member, admin, owner, or nobody ("stranger")."""
        return {
            "id": number,
            "name": f"Group {number}",
            "owner": 1 if role == "owner" else 99,
            "type": "Private",
            "libraryEditing": editing,
            "libraryReading": "members",
            "fileEditing": "members",
            "admins": [1] if role == "admin" else [],
            "members": [1] if role == "member" else [],
        }

    @property
    def port(self) -> int:
        return self._http.server_address[1]

    @property
    def url(self) -> str:
        prefix = "/api" if self.server_id else ""
        return f"http://127.0.0.1:{self.port}{prefix}"

    def library(self, name: str = "users/1") -> LibraryState:
        kind, number = name.split("/")
        return self.libraries.setdefault(name, LibraryState(kind.removesuffix("s"), int(number)))

    def __enter__(self) -> ZoteroServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    # -- what the tests ask --------------------------------------------------------------------------------

    @property
    def requests(self) -> int:
        return len(self.log)

    def writes(self) -> list[Asked]:
        return [asked for asked in self.log if asked.writes]

    def forget(self) -> None:
        """Empty the log, so that fault and request numbers count from here."""
        with self.lock:
            self.log.clear()
            self.faults.clear()

    # -- one request ---------------------------------------------------------------------------------------

    def arrive(self, asked: Asked) -> int:
        with self.lock:
            self.log.append(asked)
            number = len(self.log)
        if self.before is not None:
            self.before(asked, number)
        return number

    def answer(self, asked: Asked) -> _Answer:
        """Carry a request out. One at a time: the real server's transactions are no looser."""
        with self.lock:
            try:
                return self._route(asked)
            except Refused as refusal:
                return _Answer(refusal.code, html.escape(refusal.message).encode(), _HTML)

    def _route(self, asked: Asked) -> _Answer:
        path = asked.path
        if self.server_id:
            if not path.startswith("/api/"):
                raise Refused(404, "Not found")
            path = path.removeprefix("/api")
            if (sent := asked.headers.get("zotero-server-id")) and sent != self.server_id:
                raise Refused(412, "Zotero-Server-ID does not match")
            if path == "/":
                return _Answer.json({})
            if path == "/local/authorize":
                return self._authorize(asked)
        if path == "/items/new":
            return _Answer.json(zoterostate.template(asked.query["itemType"]))
        if path.startswith(("/itemType", "/itemFields", "/creatorFields")):
            return self._schema(path, asked.query)
        access = self._access(asked)
        if path == "/keys/current":
            if access is None:
                raise Refused(403, "Invalid key")
            key = _bearer(asked)
            return _Answer.json({"key": key, "username": "double", **access})
        if match := re.fullmatch(r"/groups/(\d+)", path):
            return self._group(int(match[1]))
        match = re.fullmatch(r"/(users|groups)/(\d+)(/.*)", path)
        if not match:
            raise Refused(404, "Not found")
        name = f"{match[1]}/{match[2]}"
        self._permit(access, match[1], int(match[2]), asked)
        # a key without the right to notes does not see that there are any (read in the server's code)
        rights = (access or {}).get("access", {}).get("user", {})
        notes = match[1] == "groups" or bool(self.server_id) or bool(rights.get("notes"))
        return self._library_request(self.library(name), match[3].rstrip("/"), asked, notes)

    def _access(self, asked: Asked) -> dict[str, Any] | None:
        if self.server_id:
            return {"userID": 0, "access": {}}
        key = _bearer(asked)
        if key is None:
            return None
        if key not in self.keys:
            raise Refused(403, "Invalid key")
        return self.keys[key]

    def _permit(self, access: dict[str, Any] | None, kind: str, number: int, asked: Asked) -> None:
        if self.server_id:
            if asked.writes:
                self._local_write(asked)
            return
        if access is None:
            raise Refused(403, "An API key is required for write requests." if asked.writes else "Forbidden")
        rights = access.get("access", {})
        if kind == "users":
            may = rights.get("user", {}) if access["userID"] == number else {}
        else:
            may = rights.get("groups", {})
            may = may.get(str(number), may.get("all", {}))
            may = self._group_rights(may, number, access["userID"])
        if not may.get("library"):
            raise Refused(403, "Forbidden")
        if asked.writes and not may.get("write"):
            raise Refused(403, "Write access denied")

    def _group_rights(self, may: dict[str, Any], number: int, user: int) -> dict[str, Any]:
        group = self.groups.get(number)
        if group is None:
            raise Refused(404, "Group not found")
        is_admin = user == group["owner"] or user in group["admins"]
        if not is_admin and user not in group["members"]:
            return {}
        if group["libraryEditing"] == "admins" and not is_admin:
            return {**may, "write": False}
        return may

    def _group(self, number: int) -> _Answer:
        if number not in self.groups:
            raise Refused(404, "Group not found")
        return _Answer.json(
            {"id": number, "version": 1, "links": {}, "meta": {}, "data": self.groups[number]}
        )

    def _schema(self, path: str, query: dict[str, str]) -> _Answer:
        kind = query.get("itemType", "")
        lacking = next(iter(self.libraries.values())).lacking if self.libraries else frozenset()
        if path == "/itemTypes":
            found = [{"itemType": name, "localized": name} for name in zoterostate.item_types()]
        elif kind and kind not in zoterostate.item_types():
            raise Refused(400, f"Invalid item type '{kind}'")
        elif path == "/itemTypeCreatorTypes":
            found = [{"creatorType": name, "localized": name} for name in zoterostate.creator_types_of(kind)]
        else:
            names = zoterostate.fields_of(kind, lacking) if kind else zoterostate.all_fields()
            found = [{"field": name, "localized": name} for name in names]
        return _Answer.json(found)

    # -- the local API -------------------------------------------------------------------------------------

    def _authorize(self, asked: Asked) -> _Answer:
        if self.local_answer is None:
            raise Refused(403, "Denied")
        key, remember = self.local_answer
        self.local_keys[key] = remember
        return _Answer.json({"key": key, "remember": remember})

    def _local_write(self, asked: Asked) -> None:
        if "zotero-server-id" not in asked.headers:
            raise Refused(428, "Zotero-Server-ID not provided")
        key = asked.headers.get("zotero-api-key")
        if key is None:
            raise Refused(401, "API key required")
        if key not in self.local_keys:
            raise Refused(401, "Invalid or expired API key")
        if not self.local_keys[key]:
            del self.local_keys[key]

    # -- one library ---------------------------------------------------------------------------------------

    def _library_request(self, state: LibraryState, path: str, asked: Asked, notes: bool) -> _Answer:
        since = asked.headers.get("if-modified-since-version")
        if since is not None and int(since) >= state.version:
            return _Answer(304, b"", {})
        if path == "/deleted":
            if "since" not in asked.query:
                raise Refused(400, "'since' parameter must be provided")
            return _Answer.json(state.deletions(int(asked.query["since"])), state.version)
        if path in ("/items", "/collections"):
            kind = path[1:]
            if asked.method == "POST":
                return self._post(state, kind, asked)
            if asked.method == "DELETE":
                for key in asked.query[f"{kind.removesuffix('s')}Key"].split(","):
                    if key in getattr(state, kind):
                        state.erase(kind, key)
                return _Answer(204, b"", {"Last-Modified-Version": str(state.version)})
            if asked.method == "GET":
                return self._list(state, kind, asked, notes=notes)
            return _Answer(405, b"", {"Allow": "HEAD, GET, POST, DELETE"})
        if path == "/items/top":
            return self._list(state, "items", asked, lambda data: "parentItem" not in data, notes)
        if match := re.fullmatch(r"/collections/(\w{8})/items(/top)?", path):
            if match[1] not in state.collections:
                raise Refused(404, "Collection not found")
            return self._list(state, "items", asked, _in_collection(state, match[1], bool(match[2])), notes)
        if match := re.fullmatch(r"/items/(\w{8})/children", path):
            return self._list(state, "items", asked, lambda data: data.get("parentItem") == match[1], notes)
        if match := re.fullmatch(r"/(items|collections)/(\w{8})", path):
            return self._single(state, match[1], match[2], asked)
        raise Refused(404, "Not found")

    def _list(
        self,
        state: LibraryState,
        kind: str,
        asked: Asked,
        wanted: Callable[[dict[str, Any]], bool] = lambda data: True,
        notes: bool = True,
    ) -> _Answer:
        query = asked.query
        since = int(query.get("since", "0"))
        trashed = query.get("includeTrashed", "0") not in ("", "0")
        if kind == "items":
            found = state.visible(trashed=trashed, since=since, notes=notes)
        else:
            found = [c for c in state.collections.values() if c.version > since]
            found = [c for c in found if trashed or not c.data.get("deleted")]
        found = [stored for stored in found if wanted(stored.data)]
        limit = min(int(query.get("limit", "25")), MAX_PAGE)
        if keys := query.get(f"{kind.removesuffix('s')}Key"):
            asked_for = keys.split(",")
            found = [stored for stored in found if stored.data["key"] in asked_for]
            limit = MAX_PAGE
        total = {"Total-Results": str(len(found))}
        shape = query.get("format", "json")
        if shape == "versions":
            return _Answer.json({s.data["key"]: s.version for s in found}, state.version, total)
        if shape == "keys":
            return _Answer(200, "\n".join(s.data["key"] for s in found).encode(), total)
        start = int(query.get("start", "0"))
        page = found[start : start + limit]
        links = []
        if start + limit < len(found):
            following = urlencode({**query, "start": start + limit})
            links.append(f'<{self.url}{asked.path}?{following}>; rel="next"')
        links.append(f'<{self.url}{asked.path}>; rel="alternate"')
        listed = [state.as_json(stored, kind) for stored in page]
        return _Answer.json(listed, state.version, total | {"Link": ", ".join(links)})

    def _post(self, state: LibraryState, kind: str, asked: Asked) -> _Answer:
        token = asked.headers.get("zotero-write-token")
        if token is not None:
            if not 5 <= len(token) <= 32:
                raise Refused(400, "Write token must be 5-32 characters in length")
            if token in self._tokens:
                raise Refused(412, "Write token already used")
        if not asked.body:
            raise Refused(400, "POST data not provided")
        try:
            objects = json.loads(asked.body)
        except ValueError:
            raise Refused(400, "JSON Error: Syntax error, malformed JSON") from None
        if not isinstance(objects, list):
            raise Refused(400, "Uploaded data must be a JSON array")
        if len(objects) > MAX_OBJECTS:
            raise Refused(413, f"Cannot add more than {MAX_OBJECTS} {kind} at a time")
        precondition = asked.headers.get("if-unmodified-since-version")
        if precondition is not None and int(precondition) < state.version:
            raise Refused(
                412,
                "Library has been modified since specified version "
                f"(expected {precondition}, found {state.version})",
            )
        report: dict[str, dict[str, Any]] = {n: {} for n in ("successful", "success", "unchanged", "failed")}
        write = state.write_item if kind == "items" else state.write_collection
        if objects:
            state.begin_write()
        failed = False
        for index, sent in enumerate(objects):
            failed = False
            try:
                key, changed = write(sent, precondition is not None)
            except Refused as refusal:
                report["failed"][str(index)] = refusal.as_json()
                failed = True
                continue
            if changed:
                report["success"][str(index)] = key
                report["successful"][str(index)] = state.as_json(getattr(state, kind)[key], kind)
            else:
                report["unchanged"][str(index)] = key
        # observed: a token is not remembered when the last object of its batch failed
        if token is not None and not failed:
            self._tokens.add(token)
        return _Answer.json(report, state.version)

    def _single(self, state: LibraryState, kind: str, key: str, asked: Asked) -> _Answer:
        shelf = getattr(state, kind)
        known = shelf.get(key)
        if asked.method == "GET":
            if known is None:
                raise Refused(404, "Item does not exist" if kind == "items" else "Collection not found")
            return _Answer.json(state.as_json(known, kind), known.version)
        stated = asked.headers.get("if-unmodified-since-version")
        if asked.method == "DELETE":
            if stated is None:
                raise Refused(428, "If-Unmodified-Since-Version not provided")
            if known is None:
                raise Refused(404, "Not found")
            if int(stated) < known.version:
                return _modified(int(stated), known.version)
            state.erase(kind, key)
            return _Answer(204, b"", {"Last-Modified-Version": str(state.version)})
        sent = json.loads(asked.body)
        if stated is not None and sent.get("version", int(stated)) != int(stated):
            raise Refused(400, "Version does not match If-Unmodified-Since-Version")
        if stated is not None:
            sent["version"] = int(stated)
        if known is None and sent.get("version") != 0:
            if "version" in sent:
                raise Refused(412, f"Item doesn't exist (expected version {sent['version']}; use 0 instead)")
            raise Refused(404, "Item does not exist")
        if known is not None and sent.get("version", known.version) < known.version:
            return _modified(sent["version"], known.version)
        state.begin_write()
        write = state.write_item if kind == "items" else state.write_collection
        write({**sent, "key": key}, False)
        return _Answer(204, b"", {"Last-Modified-Version": str(shelf[key].version)})


def _modified(expected: int, found: int) -> _Answer:
    """One object's 412, the only one that tells a version."""
    sentence = f"Item has been modified since specified version (expected {expected}, found {found})"
    return _Answer(412, sentence.encode(), {**_HTML, "Last-Modified-Version": str(found)})


def _in_collection(state: LibraryState, key: str, top: bool) -> Callable[[dict[str, Any]], bool]:
    def held(data: dict[str, Any]) -> bool:
        if key in data.get("collections", []):
            return True
        parent = state.items.get(data.get("parentItem", ""))
        return not top and parent is not None and key in parent.data.get("collections", [])

    return held


def _bearer(asked: Asked) -> str | None:
    sent = asked.headers.get("authorization", "")
    return sent.removeprefix("Bearer ") if sent.startswith("Bearer ") else None


@dataclass
class _Answer:
    status: int
    body: bytes
    headers: dict[str, str]

    @classmethod
    def json(cls, value: Any, version: int | None = None, headers: dict[str, str] | None = None) -> _Answer:
        extra = {"Content-Type": "application/json"}
        if version is not None:
            extra["Last-Modified-Version"] = str(version)
        return cls(200, json.dumps(value).encode(), extra | (headers or {}))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # headers and body leave together, or each answer waits 40 ms for the other side's acknowledgement
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    double: ZoteroServer

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _handle(self) -> None:
        split = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(
            self.command,
            split.path,
            {name: values[-1] for name, values in parse_qs(split.query, keep_blank_values=True).items()},
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length) if length else b"",
        )
        double = self.double
        number = double.arrive(asked)
        fault = double.faults.get(number)
        if fault is not None and isinstance(fault.kind, int):
            self._strike(fault)
            text = _REASONS.get(fault.kind, "An error occurred").encode()
            self._send(
                asked,
                _Answer(fault.kind, text, {"Content-Type": "text/html; charset=UTF-8", **fault.headers}),
            )
            return
        if fault is not None and str(fault.kind).endswith("before"):
            self._strike(fault)
            self._hang_up(fault)
            return
        if double.rate_limit is not None and number > double.rate_limit:
            text = b"Request rate limit exceeded"
            self._send(asked, _Answer(429, text, {"Retry-After": "10", "Content-Type": "text/html"}))
            return
        answer = double.answer(asked)
        if fault is not None:
            asked.status = answer.status
            self._strike(fault)
            self._hang_up(fault)
            return
        self._send(asked, answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815  # the names that http.server calls

    def _strike(self, fault: Fault) -> None:
        if fault.then is not None:
            fault.then()

    def _hang_up(self, fault: Fault) -> None:
        if fault.seconds:
            time.sleep(fault.seconds)
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, asked: Asked, answer: _Answer) -> None:
        asked.status = answer.status
        self.send_response(answer.status)
        # what is refused before it is looked at carries nothing of the API's
        early = answer.status in (429, 503) or answer.body.decode("utf-8", "replace") in _EARLY
        headers = {} if early else {"Zotero-API-Version": "3", "Zotero-Schema-Version": str(SCHEMA_VERSION)}
        headers |= answer.headers | self.double.answer_headers
        if self.double.server_id:
            headers |= {"Zotero-Server-ID": self.double.server_id, "X-Zotero-Version": "10.0"}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        # a client that was killed or timed out leaves a broken pipe behind; that is what the tests are about
        pass
