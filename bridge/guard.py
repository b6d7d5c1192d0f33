"""One bibbridge run at a time: a file that several runs of a user may write is guarded while it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from bridge.errors import InputError, Place
from bridge.places import state_dir

_PATIENCE = 60.0  # seconds


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Keep other runs of this user from writing `path` meanwhile, under a lock in the state folder.

    Raises InputError after a minute, or when no lock can be made.
    """
    from filelock import FileLock, Timeout

    name = blake2b(os.fsencode(os.path.realpath(path)), digest_size=12).hexdigest()
    folder = state_dir() / "writing"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{name}.lock", timeout=_PATIENCE)
        lock.acquire()
    except Timeout as error:
        reason = "another bibbridge run has been writing it for a minute"
        raise InputError(Place(str(path)), reason, "wait for that run to end, or end it") from error
    except OSError as error:
        reason = f"no lock can be made in {str(folder)!r} ({error.strerror})"
        raise InputError(Place(str(path)), reason, "set BIBBRIDGE_STATE_DIR to a writable folder") from error
    try:
        yield
    finally:
        lock.release()
