"""Replacing a file: by one run at a time, and so that a kill at any moment leaves the old or the new one."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import InputError, Place

if TYPE_CHECKING:
    from filelock import FileLock

_AT_ONCE = 1 << 18  # bytes
_NEW = ".new"
_TOKEN = re.compile("[0-9a-f]{12,}")
_PATIENCE = 60.0  # seconds to wait for another run to finish writing


def replace_atomically(path: Path, data: bytes, unchanged: Callable[[], bool] = lambda: True) -> bool:
    """Make `data` the content of `path`: a temporary file beside it, flushed to the disk, then renamed.

    Just before the renaming `unchanged` is asked; where it says no, nothing is replaced, and False returned.
    Raises InputError as `prepared` does.
    """
    with prepared(path, data) as put:
        if not unchanged():
            return False
        put()
        return True


@contextlib.contextmanager
def prepared(path: Path, data: bytes, token: str | None = None) -> Iterator[Callable[[], None]]:
    """A new content of `path` in a file beside it, flushed to the disk; the function given puts it in place.

    What was not put in place is gone afterwards, unless the process is killed: `left_overs` finds it then, by
    its `token`. A symbolic link stays a link (the file it points to is replaced) and an existing file keeps
    its mode. Raises InputError when the folder or the file may not be written.
    """
    target = Path(os.path.realpath(path))
    try:
        status = target.stat()
        mode: int | None = stat.S_IMODE(status.st_mode)
    except FileNotFoundError:
        mode = None
    else:
        if not stat.S_ISREG(status.st_mode):
            raise InputError(Place(str(path)), "this is no ordinary file, and will not be replaced by one")
    if mode is not None and not os.access(target, os.W_OK):
        # renaming over it would work, but a person who made the file read-only meant something by it
        raise InputError(Place(str(path)), "the file is read-only", "make it writable, or name another file")
    beside = _beside(target, token or os.urandom(6).hex())
    if token is not None:
        with contextlib.suppress(OSError):
            beside.unlink()  # of a run that was killed
    try:
        file = beside.open("xb")
    except OSError as error:
        raise InputError(
            Place(str(path)),
            f"nothing can be written in the folder {str(target.parent)!r} ({error.strerror})",
            "check that the folder exists and is writable",
        ) from error

    def put() -> None:
        try:
            beside.replace(target)
        except OSError as error:
            raise _unwritable(path, error) from error
        _sync_folder(target.parent)

    try:
        try:
            with file:
                file.write(data)
                file.flush()
                if mode is not None:
                    beside.chmod(mode)
                os.fsync(file.fileno())
        except OSError as error:
            raise _unwritable(path, error) from error
        yield put
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def left_overs(path: Path) -> dict[str, Path]:
    """What runs that were killed had `prepared` for `path` and did not put in place, by its token."""
    target = Path(os.path.realpath(path))
    start = f".{target.name}."
    try:
        names = [beside.name for beside in target.parent.iterdir()]
    except OSError:
        return {}
    tokens = (
        name[len(start) : -len(_NEW)] for name in names if name.startswith(start) and name.endswith(_NEW)
    )
    return {token: _beside(target, token) for token in tokens if _TOKEN.fullmatch(token)}


def sweep(path: Path) -> None:
    """Remove what is left over, but for what another run may still be about to put in place."""
    before = time.time() - _PATIENCE
    for beside in left_overs(path).values():
        with contextlib.suppress(OSError):
            if beside.stat().st_mtime < before:
                beside.unlink()


def _beside(target: Path, token: str) -> Path:
    return target.with_name(f".{target.name}.{token}{_NEW}")


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(Place(str(path)), f"it cannot be written ({error.strerror})")


def holds(path: Path, data: bytes | None) -> bool:
    """Whether the content of `path` is `data`; None stands for no file.

    Raises InputError where it cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            if data is None or os.fstat(file.fileno()).st_size != len(data):
                return False
            # piece by piece: a library is large, and a copy of it would be made for nothing
            there, expected, at = bytearray(_AT_ONCE), memoryview(data), 0
            while got := file.readinto(there):
                if there[:got] != expected[at : at + got]:
                    return False
                at += got
            return at == len(data)
    except FileNotFoundError:
        return data is None
    except OSError as error:
        raise InputError(Place(str(path)), f"it cannot be read ({error.strerror})") from error


def _sync_folder(folder: Path) -> None:
    # the rename itself reaches the disk only with its folder; where a folder cannot be opened (Windows)
    # the system sees to it
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def sole_writer(path: Path) -> Iterator[None]:
    """Keep other bibbridge runs of this user from writing `path` meanwhile.

    The lock lies in the state folder, not beside a person's file; where that cannot be written, in the
    system's folder for temporary files. Raises InputError when another run holds it for a minute.
    """
    from filelock import Timeout

    name = blake2b(os.fsencode(os.path.realpath(path)), digest_size=12).hexdigest()
    lock = _lock_file(f"{name}.lock")
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout as error:
        reason = "another bibbridge run has been writing it for a minute"
        raise InputError(Place(str(path)), reason, "wait for that run to end, or end it") from error
    try:
        yield
    finally:
        lock.release()


def _lock_file(name: str) -> FileLock:
    from filelock import FileLock

    from bridge.places import state_dir

    folder = state_dir() / "writing"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return FileLock(folder / name)
    except OSError:
        pass
    import tempfile

    return FileLock(Path(tempfile.gettempdir(), f"bibbridge-{name}"))
