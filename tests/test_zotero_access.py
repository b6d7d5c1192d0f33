"""Which library, which key, and a Zotero that runs on this machine."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from zoterohelp import TODAY, library, record
from zoteroserver import ZoteroServer

from bridge import credentials
from bridge.decisions import Decisions
from bridge.errors import InputError, RemoteError, UsageError
from bridge.zotero.access import LibraryName
from bridge.zotero.connect import Settings, connect, login
from bridge.zotero.target import ZoteroTarget


@pytest.fixture
def server() -> Iterator[ZoteroServer]:
    with ZoteroServer() as running:
        yield running


@pytest.mark.parametrize(
    ("spec", "environ", "expected"),
    [
        ("user", {}, LibraryName("user")),
        (None, {}, LibraryName("user")),
        ("user:12", {}, LibraryName("user", 12)),
        ("users/12", {}, LibraryName("user", 12)),
        ("group:5", {}, LibraryName("group", 5)),
        ("local", {"ZOTERO_LIBRARY_ID": "7"}, LibraryName("local")),
        (None, {"ZOTERO_LIBRARY_TYPE": "group", "ZOTERO_LIBRARY_ID": "5"}, LibraryName("group", 5)),
        ("user", {"ZOTERO_LIBRARY_ID": "7"}, LibraryName("user", 7)),
        ("user", {"ZOTERO_LIBRARY_TYPE": "group", "ZOTERO_LIBRARY_ID": "5"}, LibraryName("user")),
        ("group", {"ZOTERO_LIBRARY_TYPE": "groups", "ZOTERO_LIBRARY_ID": "5"}, LibraryName("group", 5)),
    ],
)
def test_a_library_is_named(spec: str | None, environ: dict[str, str], expected: LibraryName) -> None:
    assert LibraryName.parse(spec, environ) == expected


@pytest.mark.parametrize("spec", ["group", "nobody", "user:x", "group:"])
def test_what_names_no_library(spec: str) -> None:
    with pytest.raises(UsageError):
        LibraryName.parse(spec, {})


def test_another_users_library_cannot_be_written(server: ZoteroServer) -> None:
    other = library(server.url, server.KEY, "user:2")
    with pytest.raises(RemoteError, match="user 1"):
        other.require_write()


def test_no_key_says_where_to_get_one() -> None:
    with pytest.raises(UsageError) as caught:
        connect("user", settings=Settings(environ={}))
    assert "zotero.org/settings/keys" in str(caught.value.advice)


def test_what_cannot_be_a_key_is_not_shown(server: ZoteroServer) -> None:
    environ = {"ZOTERO_API_KEY": "secret\nsecret", "BIBBRIDGE_ZOTERO_URL": server.url}
    with pytest.raises(UsageError) as caught:
        connect("user", settings=Settings(environ=environ))
    assert "secret" not in f"{caught.value!r} {caught.value.advice}"
    assert server.requests == 0


def test_offline_reaches_no_library() -> None:
    with pytest.raises(UsageError):
        connect("user", settings=Settings(environ={"ZOTERO_API_KEY": "x"}, offline=True))


# -- keys ----------------------------------------------------------------------------------------------------


class Memory(KeyringBackend):
    """A keyring that lives as long as a test."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Locked(Memory):
    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked

    def delete_password(self, service: str, username: str) -> None:
        raise keyring.errors.KeyringLocked


@pytest.fixture
def use_keyring() -> Iterator[Any]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_a_key_goes_into_the_systems_keyring(use_keyring: Any, server: ZoteroServer) -> None:
    backend = Memory()
    use_keyring(backend)
    access, where = login(server.KEY, settings=Settings(environ={"BIBBRIDGE_ZOTERO_URL": server.url}))
    assert "keyring" in where
    assert not credentials.key_file().exists()
    assert credentials.find(credentials.WEB, {}) == server.KEY
    assert access.summary() == "your library: read and write; all groups: read and write"
    assert credentials.find(credentials.WEB, {"ZOTERO_API_KEY": "other"}) == "other"
    credentials.forget(credentials.WEB)
    assert credentials.find(credentials.WEB, {}) is None


@pytest.mark.parametrize("backend", [Locked, None], ids=["locked", "keeps nothing"])
def test_without_a_keyring_a_key_goes_into_a_file_of_mode_600(use_keyring: Any, backend: Any) -> None:
    if backend is not None:
        use_keyring(backend())
    else:
        from keyring.backends.null import Keyring

        use_keyring(Keyring())
    where = credentials.store(credentials.WEB, "abcdef")
    path = Path(where)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert credentials.find(credentials.WEB, {}) == "abcdef"
    credentials.store("another", "x")
    assert credentials.find(credentials.WEB, {}) == "abcdef"
    credentials.forget(credentials.WEB)
    assert credentials.find(credentials.WEB, {}) is None
    path.chmod(0o644)
    with pytest.raises(InputError, match="others can read"):
        credentials.find("another", {})
    path.chmod(0o600)
    path.write_text("no JSON")
    with pytest.raises(InputError, match="damaged"):
        credentials.find("another", {})


def test_a_key_that_zotero_does_not_know_is_not_kept(server: ZoteroServer) -> None:
    environ = {"BIBBRIDGE_ZOTERO_URL": server.url}
    with pytest.raises(RemoteError):
        login("wrongwrongwrongwrongwron", settings=Settings(environ=environ))
    with pytest.raises(UsageError):
        login("no key at all", settings=Settings(environ=environ))
    assert credentials.find(credentials.WEB, {}) is None


# -- a Zotero on this machine --------------------------------------------------------------------------------


@pytest.fixture
def local(server: ZoteroServer) -> ZoteroServer:
    server.server_id = "SERVER-A"
    return server


def local_push(server: ZoteroServer, *numbers: int) -> Any:
    environ = {"BIBBRIDGE_ZOTERO_URL": server.url}
    server.forget()
    target = ZoteroTarget(connect("local", settings=Settings(environ=environ)), collection_paths=["A"])
    try:
        return target.apply(target.plan([record(n) for n in numbers], Decisions(), TODAY))
    finally:
        target.close()


def test_a_running_zotero_is_read_without_a_key_and_written_with_consent(local: ZoteroServer) -> None:
    assert local_push(local, *range(1, 61)).created == 60
    asked = [a for a in local.log if a.path.endswith("/local/authorize")]
    assert len(asked) == 1
    assert local_push(local, *range(1, 61)).unchanged == 60
    assert local.writes() == []
    # "Always Allow" is remembered
    assert local_push(local, 61).created == 1
    assert not [a for a in local.log if a.path.endswith("/local/authorize")]


def test_consent_for_one_write_is_asked_again_for_each(local: ZoteroServer) -> None:
    local.local_answer = ("once", False)
    assert local_push(local, 1, 3).created == 2
    asked = [a for a in local.log if a.path.endswith("/local/authorize")]
    assert len(asked) == 3  # collection, items, note
    assert credentials.find(credentials.local_name("SERVER-A"), {}) is None


def test_a_declined_dialog_is_told(local: ZoteroServer) -> None:
    local.local_answer = None
    with pytest.raises(RemoteError, match="declined") as caught:
        local_push(local, 1)
    assert caught.value.exit_code == 4
    assert local.library("users/0").items == {}


def test_another_zotero_has_another_index_and_key(local: ZoteroServer) -> None:
    local_push(local, 1)
    local.server_id = "SERVER-B"
    local.libraries.clear()
    assert local_push(local, 1).created == 1


def test_no_zotero_running_says_so() -> None:
    with pytest.raises(RemoteError, match="does not answer") as caught:
        connect("local", settings=Settings(environ={"BIBBRIDGE_ZOTERO_URL": "http://127.0.0.1:9/api"}))
    assert "start Zotero" in str(caught.value.advice)


def test_a_zotero_that_is_too_old_says_so(server: ZoteroServer) -> None:
    with pytest.raises(RemoteError, match="too old") as caught:
        connect("local", settings=Settings(environ={"BIBBRIDGE_ZOTERO_URL": server.url}))
    assert "Zotero 10" in str(caught.value.advice)
