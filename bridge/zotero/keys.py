"""Item, note and collection keys that follow from what they stand for.

Zotero lets the client choose an object's key. A key computed from the work makes every write repeatable:
sent with `version: 0` it creates the object once, and a replay (after a lost answer, a crash, from another
machine) is refused with 412 instead of doubling it (observed on the real server).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal

ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
"""What Zotero's keys are made of: no 0, 1 and O, which people confuse (observed on the real server)."""

LENGTH = 8
_KEY = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")

Noun = Literal["item", "note", "collection"]


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def derive(noun: Noun, name: str, salt: int = 0) -> str:
    """The key for what `name` stands for: a record's identity, an item's key (its note), a collection's path.

    The same on every machine and for every user. `salt` gives another key where the first holds another work.
    """
    seed = f"bibbridge\0{noun}\0{name}\0{salt}"
    number = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest())
    letters = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(letters)


def derived(noun: Noun, name: str, most: int = 8) -> Iterator[str]:
    """The keys to try in turn: that of `name`, then its salted ones. A second collision is a matter of
    one in 10^12, so `most` only keeps a hostile library from holding us for ever."""
    return islice((derive(noun, name, salt) for salt in range(most)), most)
