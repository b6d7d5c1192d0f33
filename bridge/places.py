"""Where bibbridge keeps what it may lose (cache) and what it must not (state), on each system."""

from __future__ import annotations

import os
import re
from pathlib import Path


def cache_dir() -> Path:
    """The folder of the answer cache and of the lock that paces requests; BIBBRIDGE_CACHE_DIR names another.

    Not created here: a run that never writes leaves no trace.
    """
    return _own("BIBBRIDGE_CACHE_DIR") or _platform("user_cache_path")


def state_dir() -> Path:
    """The folder of what bibbridge wrote last to libraries, outside a project.

    BIBBRIDGE_STATE_DIR names another.
    """
    return _own("BIBBRIDGE_STATE_DIR") or _platform("user_state_path")


def _own(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value).expanduser() if value else None


def _platform(kind: str) -> Path:
    from platformdirs import PlatformDirs

    path: Path = getattr(PlatformDirs("bibbridge", appauthor=False), kind)
    return path


def file_name(service: str) -> str:
    """A service's name ("arXiv", "127.0.0.1:8080") as part of a file name on any system."""
    return re.sub(r"[^a-z0-9.-]", "_", service.lower())
