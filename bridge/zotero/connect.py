"""From a library as the user named it, and a key, to a `Library` that answers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bridge import credentials
from bridge.errors import UsageError
from bridge.patience import Patience
from bridge.zotero import access as rights
from bridge.zotero import local
from bridge.zotero.access import Access, LibraryName
from bridge.zotero.library import Library, make_client, read_json

WEB_URL = "https://api.zotero.org"
LOCAL_URL = "http://127.0.0.1:23119/api"


@dataclass(slots=True)
class Settings:
    """How a library is reached. `patience` is the command's budget of seconds for retries and waiting."""

    patience: Patience = field(default_factory=Patience)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    offline: bool = False
    use_cache: bool = True

    def url(self, default: str = WEB_URL) -> str:
        """The API's address: BIBBRIDGE_ZOTERO_URL names another than Zotero's own."""
        return self.environ.get("BIBBRIDGE_ZOTERO_URL", "").strip().rstrip("/") or default


def connect(spec: str | None, *, settings: Settings) -> Library:
    """Reach a library: `user`, `user:ID`, `group:ID`, `local`; None takes it from the environment.

    Checks the key first (`/keys/current`). Raises UsageError for a library that cannot be meant or a missing
    key, RemoteError for a key that is unknown or may not read, and for a Zotero that does not answer.
    """
    name = LibraryName.parse(spec, settings.environ)
    if settings.offline:
        raise UsageError("a Zotero library cannot be reached --offline")
    started = (settings.patience.stats.requests, settings.patience.stats.seconds_waited)
    if name.kind == "local":
        zotero = make_client("0", "user", settings.url(LOCAL_URL), settings.patience, local=True)
        local.greet(zotero)
        return Library(zotero, name, None, settings.patience, started)
    key = credentials.find(credentials.WEB, settings.environ)
    if key is None:
        raise rights.missing_key()
    _refuse_malformed(key)
    zotero = make_client("0", "user", settings.url(), settings.patience, key=key)
    service = urlsplit(settings.url()).hostname or settings.url()
    access = Access.from_json(read_json(zotero, "/keys/current", service))
    if name.kind == "user" and name.id is None:
        name = LibraryName("user", access.user_id)
    rights.refuse_unreadable(service, access, name)
    zotero.library_id, zotero.library_type = str(name.id), f"{name.kind}s"
    return Library(zotero, name, access, settings.patience, started)


def login(key: str, *, settings: Settings) -> tuple[Access, str]:
    """Check a key and keep it: what it may do, and the words for where it is kept. Raises RemoteError."""
    key = key.strip()
    _refuse_malformed(key)
    zotero = make_client("0", "user", settings.url(), settings.patience, key=key)
    service = urlsplit(settings.url()).hostname or settings.url()
    access = Access.from_json(read_json(zotero, "/keys/current", service))
    return access, credentials.store(credentials.WEB, key)


def _refuse_malformed(key: str) -> None:
    """What cannot stand in a header would be shown by the error that it causes there."""
    if not (key.isascii() and key.isalnum()):
        raise UsageError("that is no Zotero API key", "a key is 24 letters and digits")
