"""A .bib text cut into blocks.

What BibTeX could not read (a brace that never closes, a comma forgotten) becomes a broken block, which is
over at the next line that begins with "@word{", so that it does not swallow the rest of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from bridge.bibtex.grammar import (
    CLOSING,
    FIELDS,
    HEAD,
    KEY,
    KEY_IN_PARENTHESES,
    NAME,
    PLAIN_FIELDS,
    SPACE,
    VALUE,
    WORD,
    Field,
    Walked,
    closing_brace,
    definition,
    walk,
)

BlockKind = Literal["entry", "string", "preamble", "comment", "text", "broken"]


class Block:
    """`text[start:end]` of a document, and what it is."""

    __slots__ = ("end", "kind", "start")

    def __init__(self, kind: BlockKind, start: int, end: int) -> None:
        self.kind = kind
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.kind!r}, {self.start}, {self.end})"


class Entry(Block):
    """An entry that can be read. `type` and `key` are as they are written; fields are parsed on demand."""

    __slots__ = ("_fields", "key", "key_end", "key_start", "text", "type", "type_start")

    def __init__(
        self, text: str, start: int, end: int, type_span: tuple[int, int], key_span: tuple[int, int]
    ) -> None:
        super().__init__("entry", start, end)
        self.text = text
        self.type_start = type_span[0]
        self.type = text[slice(*type_span)]
        self.key_start, self.key_end = key_span
        self.key = text[slice(*key_span)]
        self._fields: list[Field] | None = None

    @property
    def fields(self) -> list[Field]:
        """The fields in their order, doubles included; names as they are written."""
        if self._fields is None:
            self._fields = walk(self.text, self.key_end, self.end, self.text[self.end - 1]).fields
        return self._fields

    def field(self, name: str) -> Field | None:
        """The field of that name in any case; the first if there are several, as for BibTeX."""
        name = name.lower()
        for field in self.fields:
            if field.name.lower() == name:
                return field
        return None


class Broken(Block):
    """A block that no BibTeX reads to its end. `key` as far as one can be seen, `at` where the trouble is.

    `swallows`: it never closes, so that a reader without our care takes what follows for a part of it, or
    skips that with the rest of it; nothing new should be put behind it.
    """

    __slots__ = ("at", "key", "reason", "swallows")

    def __init__(self, start: int, end: int, key: str, at: int, reason: str, swallows: bool) -> None:
        super().__init__("broken", start, end)
        self.key = key
        self.at = at
        self.reason = reason
        self.swallows = swallows


@cache
def _entry(opening: str) -> re.Pattern[str]:
    key = KEY if opening == "{" else KEY_IN_PARENTHESES
    return re.compile(rf"@\s*+({WORD})\s*+\{opening}{SPACE}({key}){SPACE}{FIELDS}\{CLOSING[opening]}")


_PLAIN_ENTRY = re.compile(rf"@\s*+({WORD})\s*+\{{\s*+(?!%)({KEY})\s*+{PLAIN_FIELDS}\}}")


def entry_head(text: str, at: int, bound: int, opening: str) -> re.Match[str] | None:
    """The entry that begins at `at`, with its type and key as groups; None for one that `walk` must judge."""
    if opening == "{":
        # most of reading a file is looking for braces: most entries have none inside their values but whole
        # groups, and for those the first closing brace that ends a field is the right one
        match = _PLAIN_ENTRY.match(text, at, bound)
        if match and text.count("{", at, match.end()) == text.count("}", at, match.end()):
            return match
    return _entry(opening).match(text, at, bound)


@cache
def _preamble(opening: str) -> re.Pattern[str]:
    return re.compile(rf"@\s*+\w+\s*+\{opening}{SPACE}{VALUE}{SPACE}\{CLOSING[opening]}")


_UP_TO_AT = re.compile(r"(?:[^@%]++|%[^\n\r]*+)*+(?=@)")
_LINE_START = re.compile(rf"\n@{WORD}\s*+[{{(]")
_OLD_MAC_LINE_START = re.compile(rf"\r@{WORD}\s*+[{{(]")
_INDENTED_START = re.compile(rf"^[ \t]*+@{WORD}[ \t]*+[{{(]", re.MULTILINE)
_MORE_FIELDS = re.compile(rf"\s*+,\s*+{NAME}\s*+=\s*+[{{\"\w]")
_KEYS = {
    "{": re.compile(rf"{SPACE}({KEY})"),
    "(": re.compile(rf"{SPACE}({KEY_IN_PARENTHESES})"),
}
_FIRST_KEY = re.compile(rf"{SPACE}([^\s,{{}}()=\"%]*+)")
_BRACE_OR_LAST_PARENTHESIS = re.compile(r"[{}]|\)[ \t]*+$", re.MULTILINE)


def split(text: str) -> Iterator[Block]:
    line_start = _OLD_MAC_LINE_START if "\r" in text and "\n" not in text else _LINE_START
    starts = [match.start() + 1 for match in line_start.finditer(text)]
    starts.append(len(text))
    following = 0
    pending = 0  # where free text that is not yet given out begins
    at = 0
    while True:
        found = _UP_TO_AT.match(text, at)
        if found is None:
            break
        at = found.end()
        head = HEAD.match(text, at)
        if head is None or (at and text[at - 1].isalnum()):
            at += 1  # a lone "@", or the one of a mail address
            continue
        while starts[following] <= at:
            following += 1
        block = _block(text, at, head, starts[following])
        if block is None:
            at += 1
            continue
        if pending < at:
            yield Block("text", pending, at)
        yield block
        pending = at = block.end
    if pending < len(text):
        yield Block("text", pending, len(text))


def _block(text: str, at: int, head: re.Match[str], bound: int) -> Block | None:
    """The block that begins with `head`, at most up to `bound` (the next line that begins with one)."""
    word, opening = head[1].lower(), head[2]
    if word == "comment":
        return _comment(text, at, head, bound)
    if word == "string" or word == "preamble":
        pattern = definition(opening) if word == "string" else _preamble(opening)
        match = pattern.match(text, at, bound)
        if match:
            return Block("string" if word == "string" else "preamble", at, match.end())
        return _broken(text, at, head, bound, f"this @{word} cannot be read")
    match = entry_head(text, at, bound, opening)
    if match:
        end, type_span, key_span = match.end(), match.span(1), match.span(2)
    else:
        key = _KEYS[opening].match(text, head.end(), bound)
        if key is None:
            return _broken(text, at, head, bound, "the key cannot be read")
        walked = walk(text, key.end(1), bound, CLOSING[opening])
        if walked.in_value:
            walked = _around_pasted(text, walked, key.end(1), bound, CLOSING[opening])
        if walked.trouble:
            return _broken(text, at, head, bound, walked.trouble, walked)
        end, type_span, key_span = walked.end, head.span(1), key.span(1)
    if _MORE_FIELDS.match(text, end, bound):
        reason = "a closing brace too many ends the entry before its last fields"
        return Broken(
            at, _behind_fields(text, end, bound), text[slice(*key_span)], end - 1, reason, swallows=False
        )
    return Entry(text, at, end, type_span, key_span)


def _behind_fields(text: str, end: int, bound: int) -> int:
    """Where the fields are over that stand behind the brace by which an entry has ended too early."""
    resume = _INDENTED_START.search(text, end, bound)
    stop = resume.start() if resume else bound
    return _line_end(text, max(text.rfind("}", end, stop), end), stop)


_LONGEST_VALUE = 100_000  # letters, that no broken entry has a whole file read in vain


def _around_pasted(text: str, walked: Walked, key_end: int, bound: int, closing: str) -> Walked:
    """The reading of an entry with another one pasted into a value (`annote = {... @misc{...} ...}`): where
    it closes, and every "@word{" at a line's start that it passes lies within one braced value."""
    far = min(len(text), bound + _LONGEST_VALUE)
    if closing == "}" and text.count("}", bound, far) < 2:
        return walked  # neither the value nor the entry can close there
    longer = walk(text, key_end, far, closing)
    if longer.trouble or longer.end <= bound:
        return walked
    for match in _LINE_START.finditer(text, bound - 1, longer.end):
        if not any(f.start < match.start() < f.end and text[f.start] == "{" for f in longer.fields):
            return walked
    return longer


def _comment(text: str, at: int, head: re.Match[str], bound: int) -> Block | None:
    if head[2] == "(":
        return None  # BibTeX ignores the word alone, biber up to the parenthesis: free text to both
    # a comment may well hold whole entries, so the next "@word{" does not end it
    end = closing_brace(text, head.end(), len(text))
    if end < 0:
        return _broken(text, at, head, bound, "the brace of this @comment never closes")
    return Block("comment", at, end)


def _broken(
    text: str, at: int, head: re.Match[str], bound: int, reason: str, walked: Walked | None = None
) -> Broken | None:
    if text[at + 1].isspace() and not _begins_line(text, at):
        return None  # "@ home (see below)" in somebody's prose
    resume = _INDENTED_START.search(text, head.end(), bound)
    if resume:
        bound = resume.start()
    key = _FIRST_KEY.match(text, head.end(), bound)
    name = key[1] if key else ""
    trouble = min(walked.end, bound) if walked else at
    closing = closing_brace if head[2] == "{" else _closing_parenthesis
    end = closing(text, head.end(), bound)
    if end >= 0:
        if _MORE_FIELDS.match(text, end, bound):
            end = _behind_fields(text, end, bound)
        return Broken(at, end, name, trouble, reason, swallows=False)
    end = at + len(text[at:bound].rstrip())
    never = "a brace of this entry never closes" if head[2] == "{" else "this entry never closes"
    if walked is not None and not walked.in_value and walked.end < end:
        never = reason
    elif walked is not None:
        trouble = _runaway(text, walked) or (walked.end if walked.in_value else at)
    return Broken(at, end, name, trouble, never, swallows=True)


_LINE_LIKE_A_FIELD = re.compile(rf"[\r\n]\s*{NAME}\s*=\s*[{{\"\w]")


def _runaway(text: str, walked: Walked) -> int | None:
    """Where a value begins that seems to have run over the fields behind it."""
    for field in walked.fields:
        if _LINE_LIKE_A_FIELD.search(text, field.start, field.end):
            return field.start
    return None


def _begins_line(text: str, at: int) -> bool:
    before = text[max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1 : at]
    return not before.strip()


def _line_end(text: str, at: int, bound: int) -> int:
    end = min((i for i in (text.find("\n", at, bound), text.find("\r", at, bound)) if i >= 0), default=bound)
    return at + len(text[at:end].rstrip())


def _closing_parenthesis(text: str, at: int, bound: int) -> int:
    depth = 0
    for match in _BRACE_OR_LAST_PARENTHESIS.finditer(text, at, bound):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
        elif not depth:
            return match.start() + 1
    return -1
