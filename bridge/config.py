"""bibbridge.toml: what a project says once for every run.

    mappings = ["my-venues.csv"]    # venue rows of one's own, in the form that mappings/README.md tells

The file is the one that BIBBRIDGE_CONFIG names, else bibbridge.toml in the working folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from bridge.errors import InputError, Place

NAME = "bibbridge.toml"


class Config(NamedTuple):
    """What the file says; without a file, nothing. Paths are taken from the file's own folder."""

    mappings: tuple[Path, ...] = ()


def load_config() -> Config:
    """Read the configuration. Raises InputError for a file that cannot be read or makes no sense."""
    named = os.environ.get("BIBBRIDGE_CONFIG")
    path = Path(named).expanduser() if named else Path(NAME)
    if not named and not path.is_file():
        return Config()
    import tomllib

    place = Place(str(path))
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(place, error.strerror or "it cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(place, f"this is no TOML ({error})") from error
    unknown = sorted(values.keys() - {"mappings"})
    if unknown:
        raise InputError(place, f"unknown setting {unknown[0]!r}", "known is mappings, a list of files")
    mappings = values.get("mappings", [])
    if not isinstance(mappings, list) or not all(isinstance(name, str) for name in mappings):
        raise InputError(place, "mappings must be a list of file names")
    return Config(tuple(path.parent / name for name in mappings))
