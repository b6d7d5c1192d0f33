"""Bytes of a .bib file ↔ text, such that the text written back gives the same bytes.

UTF-8 with or without a byte order mark; UTF-16 and UTF-32 by theirs; else what the file itself declares
(JabRef's "% Encoding:" line, Emacs' "coding:"), else Latin-1, which takes any bytes.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from bridge.errors import InputError, Place, Problem

# longest mark first: UTF-32-LE's begins with UTF-16-LE's
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = re.compile(r"^\s*@\w+\s*[{(]\s*([^,\s]+)", re.MULTILINE)
_DECLARED = re.compile(rb"%[^\r\n]*?\b(?:Encoding|coding)\s*[:=]\s*([\w.-]+)", re.IGNORECASE)
_EMACS_LINE_ENDS = re.compile(r"-(?:unix|dos|mac)$")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_OF_ICONV = {"mac-roman": "macintosh"}  # where its name is none of Python's


class Encoding(NamedTuple):
    """How a file's bytes and its text correspond; `errors` as in `str.encode`, for stray bytes."""

    name: str = "utf-8"
    mark: bytes = b""
    errors: str = "strict"

    def encode(self, text: str, file: str) -> bytes:
        """The bytes of `text`. Raises InputError when a character does not exist in the file's encoding."""
        try:
            return self.mark + text.encode(self.name, self.errors)
        except UnicodeEncodeError as error:
            character = text[error.start]
            heads = _HEAD.findall(text, 0, error.start)
            codec = codecs.lookup(self.name).name.replace("_", "-")
            codec = _OF_ICONV.get(codec, codec)
            raise InputError(
                Place(file, entry=heads[-1] if heads else None),
                f"the file is in {self.name}, which has no {character!r} (U+{ord(character):04X}) to write"
                " there, so nothing is written",
                f"convert the file to UTF-8 (iconv -f {codec} -t utf-8), and run again",
            ) from error


def decode(data: bytes, file: str) -> tuple[str, Encoding, list[Problem]]:
    """The text of a .bib file, how to write it back, and what a person should hear about it.

    Raises InputError for bytes that their own byte order mark contradicts, and for what is no text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name), Encoding(name, mark), []
            except UnicodeDecodeError as error:
                if name == "utf-8":
                    break
                where = error.start + len(mark)
                reason = f"it begins like {name.upper()}, but byte {where} does not fit ({error.reason})"
                raise InputError(Place(file), reason, "save it as UTF-8") from error
    if data.count(0) * 4 > len(data):
        reason = "it is full of zero bytes: no text, or UTF-16 without its byte order mark"
        raise InputError(Place(file), reason, "save it as UTF-8")
    try:
        return data.decode("utf-8"), Encoding(), []
    except UnicodeDecodeError as error:
        place = Place(file, data.count(b"\n", 0, error.start) + 1)
    encoding = _without_utf8(data)
    if encoding.name == "utf-8":
        detail = "some bytes are no UTF-8; they are kept as they are"
    else:
        detail = f"the file is no UTF-8; it is read and written as {encoding.name}"
    return (
        data[len(encoding.mark) :].decode(encoding.name, encoding.errors),
        encoding,
        [Problem(place, "encoding", detail, lost=False, advice="convert the file to UTF-8")],
    )


def _without_utf8(data: bytes) -> Encoding:
    declared = _DECLARED.search(data, 0, 2000)
    if declared:
        name = _EMACS_LINE_ENDS.sub("", declared[1].decode("ascii", "replace").lower())
        name = name.replace("latin-9", "iso8859-15")
        if _fits(data, name):
            return Encoding(codecs.lookup(name).name)
    # mostly UTF-8 with a few stray bytes: as Latin-1 every umlaut that is sound would be written as two
    sound = sum(len(match) for match in _MULTIBYTE.findall(data))
    if sound > sum(byte >= 0x80 for byte in data) - sound:
        return Encoding("utf-8", errors="surrogateescape")
    return Encoding("latin-1")


def _fits(data: bytes, name: str) -> bool:
    try:
        return data.decode(name).encode(name) == data
    except (LookupError, UnicodeError):
        return False
