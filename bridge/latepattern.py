"""Regular expressions that are compiled when first used: a run that meets no date should not wait for thirty
patterns of dates (they take 10 ms, a fifth of what starting up takes)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any


class LatePattern:
    """`re.compile(pattern, flags)`, put off until one of its methods is asked for."""

    search: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    finditer: Callable[..., Iterator[re.Match[str]]]
    split: Callable[..., list[str]]
    sub: Callable[..., str]
    subn: Callable[..., tuple[str, int]]
    findall: Callable[..., list[Any]]

    _METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")
    __slots__ = ("_flags", "_pattern", *_METHODS)

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # asked only while the slot is empty
        if name not in self._METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._pattern, self._flags)
        for method in self._METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(self, name)
