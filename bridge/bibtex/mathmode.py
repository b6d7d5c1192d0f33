r"""Maths that a title or abstract carries: kept as it is written, made safe, or given up.

A segment is kept if TeX can set it with the commands of mappings/tex-commands.csv; braces, scripts,
arguments and delimiters must be in order. What cannot be set is no maths to TeX, and the caller prints it
as the plain characters it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bridge.bibtex.commands import commands
from bridge.bibtex.letters import math_char

_TOKEN = re.compile(r"\\[A-Za-z]+\s*|\\.|\s+|.", re.DOTALL)
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]+\Z")
_DELIMITERS = frozenset("()[]|/.<>") | {"\\{", "\\}", "\\|"}
_NAMED_DELIMITERS = frozenset(
    {"langle", "rangle", "lbrace", "rbrace", "lbrack", "rbrack", "lceil", "rceil", "lfloor", "rfloor"}
    | {"vert", "Vert", "lvert", "rvert", "lVert", "rVert", "backslash"}
    | {"uparrow", "downarrow", "updownarrow", "Uparrow", "Downarrow", "Updownarrow"}
)
_SYMBOL_ESCAPES = {
    "\\,": "\\,",
    "\\;": "\\;",
    "\\:": "\\:",
    "\\>": "\\:",
    "\\!": "\\!",
    "\\|": "\\|",
    "\\&": "\\&",
    "\\%": "\\%",
    "\\#": "\\#",
    "\\$": "\\$",
    "\\_": "\\_",
    "\\ ": "~",
    "\\\n": "~",
    # BibTeX counts every brace, with or without a backslash
    "\\{": "\\lbrace ",
    "\\}": "\\rbrace ",
    "\\\\": "~",
    "\\/": "",
    "\\-": "",
    "\\@": "",
}
_ESCAPED_CHARS = {"&": "\\&", "%": "\\%", "#": "\\#", "$": "\\$"}


class _NotMaths(Exception):
    """The segment cannot be set; never leaves this module."""


def safe_math(source: str, set_text: Callable[[str], str]) -> str | None:
    r"""The inside of `$...$` as TeX can set it, None if it cannot.

    `set_text` makes running text safe (for \text{...} and its like). Unknown commands lose their backslash.
    """
    parser = _Parser(source.replace('"', "''"), set_text)
    try:
        result = parser.parse_list(closing=None)
    except _NotMaths:
        return None
    return result.strip() or None


def _joined(parts: list[str]) -> str:
    r"""The parts as one text, with a blank where a command would run into a letter: `\alpha` and `x`."""
    parts = [part for part in parts if part]
    spaced = [
        f" {part}" if part[:1].isalpha() and _ENDS_IN_COMMAND.search(before) else part
        for before, part in zip(["", *parts], parts, strict=False)
    ]
    return "".join(spaced)


class _Parser:
    def __init__(self, source: str, set_text: Callable[[str], str]) -> None:
        self.tokens = _TOKEN.findall(source)
        self.at = 0
        self.set_text = set_text

    def parse_list(self, closing: str | None) -> str:
        """Everything up to `closing` (a brace, or the end), with scripts counted per nucleus."""
        out: list[str] = []
        scripts: set[str] = set()
        last = ""
        delimiters = infixes = 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token == closing:
                break
            if token == "}":
                raise _NotMaths
            self.at += 1
            if token.isspace():
                out.append(" ")
                last = ""  # primes with a space between them are two superscripts
                continue
            before, last = last, token
            if token in ("^", "_"):
                # a prime is a superscript too, and only the ^ right after it joins it
                if token in scripts or (token == "^" and "'" in scripts and before != "'"):
                    raise _NotMaths
                scripts.add(token)
                out.append(token + self.script())
                continue
            if token == "'":
                if "^" in scripts or ("'" in scripts and before != "'"):
                    raise _NotMaths
                scripts.add("'")
                out.append("'")
                continue
            scripts.clear()
            if token == "{":
                out.append("{" + self.parse_list("}") + "}")
                self.expect("}")
                continue
            name = token[1:].rstrip()
            if token[0] == "\\" and name in ("left", "right"):
                delimiters += 1 if name == "left" else -1
                if delimiters < 0:
                    raise _NotMaths
                out.append(f"\\{name}{self.delimiter()}")
                continue
            if token[0] == "\\" and name in ("over", "atop", "choose"):
                infixes += 1
                if infixes > 1 or delimiters:
                    raise _NotMaths
            out.append(self.atom(token))
        if delimiters:
            raise _NotMaths
        return _joined(out)

    def atom(self, token: str) -> str:
        """One command or character (not a brace, not a script) with its arguments."""
        if token[0] != "\\":
            if token.isascii():
                return _ESCAPED_CHARS.get(token, token)
            return math_char(token)
        if not (token[1:2].isascii() and token[1:2].isalpha()):
            if len(token) == 1 or token not in _SYMBOL_ESCAPES:
                raise _NotMaths  # an accent for running text, or nothing that TeX knows
            return _SYMBOL_ESCAPES[token]
        name = token[1:].rstrip()
        if name in ("begin", "end"):
            raise _NotMaths  # an environment wants packages and alignment
        command = commands().math.get(name)
        if command is None:
            if name in commands().dropped or name in ("left", "right"):
                return ""
            return name
        if command.arguments == "d":
            return f"\\{name}{self.delimiter()}"
        if command.arguments == "t":
            return f"\\{name}{{{self.set_text(self.raw_group())}}}"
        written = f"\\{name}"
        if command.arguments == "o1" and self.peek() == "[":
            written += self.optional()
        for _ in range(int(command.arguments[-1]) if command.arguments[-1:].isdigit() else 0):
            written += self.argument()
        follows = self.tokens[self.at][:1] if self.at < len(self.tokens) else ""
        ended = written.endswith("}") or not (token[-1].isspace() or follows.isalpha())
        return written if ended else written + " "

    def script(self) -> str:
        argument = self.argument()
        return argument[1:-1] if re.fullmatch(r"\{[A-Za-z0-9*+]\}", argument) else argument

    def argument(self) -> str:
        """One mandatory argument, always in braces."""
        self.skip_space()
        if self.at >= len(self.tokens):
            raise _NotMaths
        token = self.tokens[self.at]
        if token in ("}", "^", "_", "'", "&"):
            raise _NotMaths
        self.at += 1
        if token == "{":
            inner = self.parse_list("}")
            self.expect("}")
            return "{" + inner + "}"
        if token[0] == "\\" and token[1:].rstrip() in ("left", "right", "over", "atop", "choose"):
            raise _NotMaths
        return "{" + self.atom(token).rstrip() + "}"

    def optional(self) -> str:
        self.skip_space()
        self.at += 1
        start = self.at
        while self.at < len(self.tokens) and self.tokens[self.at] != "]":
            if self.tokens[self.at] in ("{", "}"):
                raise _NotMaths
            self.at += 1
        self.expect("]")
        inner = _Parser("".join(self.tokens[start : self.at - 1]), self.set_text).parse_list(None)
        return f"[{inner}]"

    def raw_group(self) -> str:
        """The characters of one braced argument, untouched."""
        self.skip_space()
        self.expect("{")
        start = self.at
        depth = 1
        while self.at < len(self.tokens):
            depth += {"{": 1, "}": -1}.get(self.tokens[self.at], 0)
            self.at += 1
            if depth == 0:
                return "".join(self.tokens[start : self.at - 1])
        raise _NotMaths

    def delimiter(self) -> str:
        self.skip_space()
        token = self.tokens[self.at].rstrip() if self.at < len(self.tokens) else ""
        if token not in _DELIMITERS and not (token[:1] == "\\" and token[1:] in _NAMED_DELIMITERS):
            raise _NotMaths
        self.at += 1
        written = _SYMBOL_ESCAPES.get(token, token)
        return written + " " if written[-1].isalpha() else written

    def peek(self) -> str:
        self.skip_space()
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def skip_space(self) -> None:
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1

    def expect(self, token: str) -> None:
        if self.at >= len(self.tokens) or self.tokens[self.at] != token:
            raise _NotMaths
        self.at += 1
