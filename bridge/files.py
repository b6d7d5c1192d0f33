"""Replacing a file so that a kill at any moment leaves the old or the new one, never half of either."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from bridge.errors import InputError, Place


def replace_atomically(path: Path, data: bytes) -> None:
    """Make `data` the content of `path`: a temporary file beside it, flushed to the disk, then renamed.

    A symbolic link stays a link (the file it points to is replaced) and an existing file keeps its mode.
    Raises InputError when the folder or the file may not be written.
    """
    target = Path(os.path.realpath(path))
    try:
        mode: int | None = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mode = None
    if mode is not None and not os.access(target, os.W_OK):
        # renaming over it would work, but a person who made the file read-only meant something by it
        raise InputError(Place(str(path)), "the file is read-only", "make it writable, or name another file")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.new")
    try:
        file = beside.open("xb")
    except OSError as error:
        raise InputError(
            Place(str(path)),
            f"nothing can be written in the folder {str(target.parent)!r} ({error.strerror})",
            "check that the folder exists and is writable",
        ) from error
    try:
        with file:
            file.write(data)
            file.flush()
            if mode is not None:
                beside.chmod(mode)
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        if isinstance(error, OSError):
            raise InputError(Place(str(path)), f"it cannot be written ({error.strerror})") from error
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    # the rename itself reaches the disk only with its folder; where a folder cannot be opened (Windows)
    # the system sees to it
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
