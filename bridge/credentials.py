"""Zotero API keys: where one is found, and where `bibbridge login` puts one. A key is never shown or logged.

Order: the environment (ZOTERO_API_KEY), the system's keyring, a file that only its owner can read.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from bridge.errors import InputError, Place
from bridge.places import state_dir

WEB = "zotero web"
"""The name under which the key for zotero.org is kept; a local Zotero's has its own (`local_name`)."""

_SERVICE = "bibbridge"
_FILE = "keys.json"


def local_name(server_id: str) -> str:
    """The name of the key that one running Zotero gave out: it is worth nothing to another one."""
    return f"zotero local {server_id}"


def find(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """The key kept under `name`, or None.

    Raises InputError for a key file that others could read, or that is damaged.
    """
    if name == WEB and (key := environ.get("ZOTERO_API_KEY", "").strip()):
        return key
    return _from_keyring(name) or _from_file().get(name)


def store(name: str, key: str) -> str:
    """Keep a key; the words that tell a person where ("the system's keyring", or a file's path)."""
    if _into_keyring(name, key):
        return "the system's keyring"
    path = key_file()
    _write_file(path, _from_file() | {name: key})
    return str(path)


def forget(name: str) -> None:
    """Take a key out of the keyring and the file, wherever it is."""
    import keyring
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError):
        keyring.delete_password(_SERVICE, name)
    kept = _from_file()
    if kept.pop(name, None) is not None:
        _write_file(key_file(), kept)


def key_file() -> Path:
    return state_dir() / _FILE


def _from_keyring(name: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, name)
    except KeyringError:
        # no keyring on this machine, or one that stays locked: the file is asked instead
        return None


def _into_keyring(name: str, key: str) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, name, key)
    except KeyringError:
        return False
    # a keyring that keeps nothing (keyring's own null backend) says nothing either
    return _from_keyring(name) == key


def _from_file() -> dict[str, str]:
    path = key_file()
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(Place(str(path)), f"the key file cannot be read ({error.strerror})") from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise InputError(
            Place(str(path)), "others can read the key file", f"run: chmod 600 {path}, and make a new key"
        )
    try:
        kept = json.loads(text)
    except ValueError:
        kept = None
    if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
        raise InputError(
            Place(str(path)), "the key file is damaged", "delete it and run bibbridge login again"
        )
    return kept


def _write_file(path: Path, kept: Mapping[str, str]) -> None:
    """Written anew beside the old one: a file that is open to others must never hold a key for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    with contextlib.suppress(FileNotFoundError):
        beside.unlink()
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(dict(kept), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise InputError(Place(str(path)), f"the key file cannot be written ({error.strerror})") from error
