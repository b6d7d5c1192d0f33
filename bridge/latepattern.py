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

    __slots__ = ("_flags", "_pattern", "finditer", "fullmatch", "match", "search", "split", "sub")

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # asked only while the slot is empty
        if name not in self.__slots__ or name[0] == "_":
            raise AttributeError(name)
        compiled = re.compile(self._pattern, self._flags)
        self.search, self.match, self.fullmatch = compiled.search, compiled.match, compiled.fullmatch
        self.finditer, self.split, self.sub = compiled.finditer, compiled.split, compiled.sub
        return getattr(self, name)
