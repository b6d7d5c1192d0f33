"""The words of a title that say something: what citation keys are made of.

What counts as a word and which words do not (mappings/key-skip-words.csv) follow Better BibTeX 7 to 9, read
in its published source (content/key-manager/formatter.ts): punctuation goes, hyphens in words go, a long dash
parts words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from bridge.plaintext import is_ideograph
from bridge.tables import load

_MARKUP = re.compile(r"</?(?:i|b|sc|nc|code|span[^>]*)>|\"", re.IGNORECASE)
_LONG_DASH_COMPOUND = re.compile(r"[A-Za-zÀ-ÿ`\"'/]+[–—][A-Za-z0-9À-ÿ]")
_KEPT_IN_FRONT = frozenset("#@_+.")
_KEPT_BEHIND = frozenset("%_°")


@cache
def skip_words() -> frozenset[str]:
    """The little words of titles, mappings/key-skip-words.csv."""
    return frozenset(load("key-skip-words.csv", ("word",), lambda row: row["word"]))


def title_words(title: str) -> Iterator[str]:
    """The words of a title that count for a key, punctuation and hyphens gone, case as it is."""
    skip = skip_words()
    if "<" in title or '"' in title:
        title = _MARKUP.sub("", title)
    for token in title.replace("/", " ").replace(":", " ").split():
        parts = [token]
        if ("–" in token or "—" in token) and _LONG_DASH_COMPOUND.match(token):
            parts = re.split("[–—]", token)  # a long dash parts words, a hyphen does not
        for part in parts:
            if part.isascii():
                word = part
                if not part.isalpha():
                    word = part.lstrip(_NO_WORD_IN_FRONT).rstrip(_NO_WORD_BEHIND)
                    if word.lower() in skip:
                        continue
                    word = word.translate(_ASCII_PUNCTUATION)
            else:
                word = _strip_punctuation(part)
                if word.lower() in skip:
                    continue
                word = "".join(c for c in word if not is_punctuation(c))
            if len(word) == 1 and not (word.isdigit() or is_ideograph(word)):
                continue
            if word and word.lower() not in skip:
                yield word


def _strip_punctuation(token: str) -> str:
    start, end = 0, len(token)
    while start < end and not (token[start] in _KEPT_IN_FRONT or _is_word_character(token[start])):
        start += 1
    while end > start and not (token[end - 1] in _KEPT_BEHIND or _is_word_character(token[end - 1])):
        end -= 1
    return token[start:end]


def _is_word_character(char: str) -> bool:
    return unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Sc")


def is_punctuation(char: str) -> bool:
    """Whether Unicode calls a character a bracket, a quotation mark, a dash or other punctuation."""
    return unicodedata.category(char) in ("Pe", "Pf", "Pi", "Po", "Ps", "Pd")


# the same for ASCII, where most titles stay
_ASCII = [chr(code) for code in range(128)]
_NO_WORD_IN_FRONT = "".join(c for c in _ASCII if not (c in _KEPT_IN_FRONT or _is_word_character(c)))
_NO_WORD_BEHIND = "".join(c for c in _ASCII if not (c in _KEPT_BEHIND or _is_word_character(c)))
_ASCII_PUNCTUATION = str.maketrans("", "", "".join(filter(is_punctuation, _ASCII)))
