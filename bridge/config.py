"""bibbridge.toml: what a project says once for every run.

    mappings = ["my-venues.csv"]    # venue rows of one's own, in the form that mappings/README.md tells

    [bib]                           # what the options of these names say where they are not given
    dialect = "biblatex"
    venue = "note"
    fields = ["abstract", "-note"]
    key-pattern = "auth.lower + year"

The file is the one that BIBBRIDGE_CONFIG names, else bibbridge.toml in the working folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from bridge.errors import InputError, Place

Dialect = Literal["bibtex", "biblatex"]
VenuePolicy = Literal["upgrade", "note", "off"]
NAME = "bibbridge.toml"


class BibConfig(NamedTuple):
    """How a project writes its .bib; None and () where it does not say."""

    dialect: Dialect | None = None
    venue: VenuePolicy | None = None
    fields: tuple[str, ...] = ()
    key_pattern: str | None = None


class Config(NamedTuple):
    """What the file says; without a file, nothing. Paths are taken from the file's own folder."""

    mappings: tuple[Path, ...] = ()
    bib: BibConfig = BibConfig()


_CHOICES = {"dialect": get_args(Dialect), "venue": get_args(VenuePolicy)}
_OF_BIB = (*_CHOICES, "fields", "key-pattern")


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
    unknown = sorted(values.keys() - {"mappings", "bib"})
    if unknown:
        advice = "known are mappings, a list of files, and the table [bib]"
        raise InputError(place, f"unknown setting {unknown[0]!r}", advice)
    mappings = values.get("mappings", [])
    if not isinstance(mappings, list) or not all(isinstance(name, str) for name in mappings):
        raise InputError(place, "mappings must be a list of file names")
    return Config(tuple(path.parent / name for name in mappings), _bib(values.get("bib", {}), place))


def _bib(values: object, place: Place) -> BibConfig:
    if not isinstance(values, dict):
        raise InputError(place, "bib must be a table: [bib]")
    unknown = sorted(values.keys() - set(_OF_BIB))
    if unknown:
        raise InputError(place, f"unknown setting {unknown[0]!r} in [bib]", f"known are {', '.join(_OF_BIB)}")
    for name, choices in _CHOICES.items():
        if name in values and values[name] not in choices:
            raise InputError(place, f"{name} in [bib] must be one of {', '.join(choices)}")
    fields, pattern = values.get("fields", []), values.get("key-pattern")
    if not isinstance(fields, list) or not all(isinstance(name, str) for name in fields):
        raise InputError(place, "fields in [bib] must be a list of names")
    if pattern is not None and not isinstance(pattern, str):
        raise InputError(place, "key-pattern in [bib] must be a text")
    return BibConfig(values.get("dialect"), values.get("venue"), tuple(map(str.lower, fields)), pattern)
