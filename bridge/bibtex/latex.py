r"""Text as a .bib value: for classic BibTeX in ASCII, for biblatex in UTF-8, and back to its meaning.

arXiv's titles, abstracts and comments are Unicode with bits of TeX in them. Both writers keep maths and
known commands, escape what is special outside maths, balance braces and let no other command through, so
that nothing in a feed can read, write or define anything on the machine that typesets it.

What needs more than plain LaTeX afterwards: letters that OT1 lacks (`letters.preamble` helps), commands that
mappings/tex-commands.csv names a package for (amssymb, amsmath, mathrsfs), and scripts that pdfLaTeX has no
fonts for (Chinese, Cyrillic, ...), which stay raw for LuaLaTeX and XeLaTeX.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Literal
from urllib.parse import quote

from bridge.bibtex.commands import Command, commands
from bridge.bibtex.letters import LetterTable, encode_marks, latex_table, symbol_of_command
from bridge.bibtex.mathmode import safe_math
from bridge.latepattern import LatePattern
from bridge.plaintext import decode_accents

Context = Literal["name", "text"]

_TABLE = LetterTable()
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9:/._-]*")
# what an ASCII text must hold before any of the work below has anything to do
_SPECIAL = re.compile(r"[^ !'-;=?@A-Z\[\]`a-z()*+,./:]|  |^ | $")
_SPECIAL_IN_NAMES = re.compile(r"[^ '-;A-Za-z]|  |^ | $")
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}&%#_^~<>|\"$]|\s+|[^\\{}&%#_^~<>|\"$\s]+|\\", re.DOTALL)
# $$...$$, $...$ (a dollar before it escaped), \(...\), \[...\]
_MATHS = LatePattern(
    r"(?<!\\)\$\$(?P<display>[^$]+)(?<!\\)\$\$|(?<!\\)\$(?P<inline>(?:[^$\\]|\\.)+)\$"
    r"|\\\((?P<paren>.+?)\\\)|\\\[(?P<bracket>.+?)\\\]",
    re.DOTALL,
)
# "$5 million to $7 million": what stands between is no formula
_MONEY = re.compile(r"\d[\d.,]*\s?[A-Za-z].*\s|\d[\d.,]*[\s,;-].*[\s-]", re.DOTALL)
# a formula set apart while the text around it is worked on; control characters never come from outside
_PLACEHOLDER = "\x01"
_FORMULA = "\x01{}\x02"
_FORMULA_BACK = re.compile(r"\x01(\d+)\x02")
_ACTIVE = frozenset('\\{}&%#_^~<>|"$')
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)\*?\s*|(.))", re.DOTALL)
_ONE_COMMAND = re.compile(r"\{(?:\\ensuremath\{)?\\([A-Za-z]+)\}{1,2}")
_NOTATION = re.compile(r"[^ !#%'()*+,./0-9:;=?@A-Z\[\]a-z-]|--|''")
_MEANING = {ord(c): None for c in "{}$^_"} | {
    ord("~"): " ",
    **{ord(c): '"' for c in "“”„‟«»″"},
    **{ord(c): "'" for c in "‘’‚‛ʼʻ′ʹ´"},
    **{ord(c): "-" for c in "‐‑‒–—―−"},
}
# a backslash and one of these: spaces, hints for hyphens and kerning, the delimiters of maths
_SAID_BY_SYMBOL = dict.fromkeys("\\,;: ", " ") | dict.fromkeys("-/!@()[]", "")
_DOUBLE_QUOTES = re.compile("``|''")
_NEGATION = re.compile(r"\\not\s*\{?(\\[A-Za-z]+|[<=>|])\}?(?![A-Za-z])")
_FRACTION = re.compile(r"\\frac\s*\{(\d+)\}\s*\{(\d+)\}")
_DASHES = re.compile("--+")
_TRAILING_HYPHENS = re.compile("--+$")
_ESCAPES = {
    "&": "\\&",
    "%": "\\%",
    "#": "\\#",
    "_": "\\_",
    "$": "\\$",
    "^": "{\\textasciicircum}",
    "~": "{\\textasciitilde}",
    # OT1 has other characters in these places
    "<": "{\\textless}",
    ">": "{\\textgreater}",
    "|": "{\\textbar}",
}
_SYMBOL_COMMANDS = {
    "\\&": "\\&",
    "\\%": "\\%",
    "\\#": "\\#",
    "\\_": "\\_",
    "\\$": "\\$",
    # BibTeX counts every brace, with or without a backslash
    "\\{": "{\\textbraceleft}",
    "\\}": "{\\textbraceright}",
    "\\,": "\\,",
    "\\;": "\\,",
    "\\:": "\\,",
    "\\ ": " ",
    "\\\\": " ",
}


def to_latex(text: str, *, context: Context) -> str:
    r"""`text` for a field that classic 8-bit BibTeX reads: ASCII but for scripts that TeX has no names for.

    In the context "name" nothing is maths and no command is kept; in "text" both are.
    """
    if not (_SPECIAL if context == "text" else _SPECIAL_IN_NAMES).search(text):
        return text
    return _convert(text, context, ascii_only=True)


def to_utf8(text: str, *, context: Context) -> str:
    """`text` for a field that biber reads: Unicode stays, everything else is as for `to_latex`."""
    if not (_SPECIAL if context == "text" else _SPECIAL_IN_NAMES).search(text):
        return text
    return _convert(text, context, ascii_only=False)


def to_verbatim(text: str) -> str:
    """An identifier or address for a verbatim field (`doi`, `url`): nothing is escaped, braces, spaces,
    backslashes and everything beyond ASCII are percent-encoded."""
    if _PLAIN_ADDRESS.fullmatch(text):
        return text
    return quote(text, safe="!#$%&'()*+,-./:;<=>?@[]^_`|~")


def _convert(text: str, context: Context, *, ascii_only: bool) -> str:
    text = _tidy(text)
    encode = _encode_ascii if ascii_only else _encode_utf8
    if context == "name":
        # letters of mathematical alphabets, in which some people write for show
        text = "".join(unicodedata.normalize("NFKC", c) if c >= "\U0001d400" else c for c in text)
        return _set_text(text, encode, keep_commands=False).strip()
    formulas: list[str] = []

    def set_apart(match: re.Match[str]) -> str:
        kind = match.lastgroup or "inline"
        inside = match[kind]
        if kind == "inline" and text[match.end() : match.end() + 1].isdigit() and _MONEY.fullmatch(inside):
            return match[0]
        formula = safe_math(inside, lambda part: _set_text(part, encode))
        if formula is None:
            return match[0]
        formulas.append(f"\\({formula}\\)" if kind in ("paren", "bracket") else f"${formula}$")
        return _FORMULA.format(len(formulas) - 1)

    if "$" in text or "\\(" in text or "\\[" in text:
        text = _MATHS.sub(set_apart, text)
    text = _set_text(text, encode)
    if formulas:
        text = _FORMULA_BACK.sub(lambda match: formulas[int(match[1])], text)
    return text.strip()


def _tidy(text: str) -> str:
    """NFC, white space folded, and without characters that nobody can see or that no text may hold."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cn", "Cs"))
    return " ".join("".join(c if c >= " " and c != "\x7f" else " " for c in text).split(" "))


def _encode_ascii(text: str) -> str:
    return text if text.isascii() else encode_marks(text).translate(_TABLE)


def _encode_utf8(text: str) -> str:
    return text if text.isascii() else text.replace("\u00a0", "~")


def _set_text(text: str, encode: Callable[[str], str], *, keep_commands: bool = True) -> str:
    """Running text (maths already set apart) that TeX can set whatever it was."""
    text = decode_accents(text)
    if not any(c in text for c in _ACTIVE):
        return encode(text) if keep_commands else _shut_brackets(encode(text))
    return _Setter(text, encode, keep_commands=keep_commands).run()


def _shut_brackets(name: str) -> str:
    r"""A name's square brackets in braces: styles put names into the optional argument of \bibitem."""
    return name.replace("[", "{[}").replace("]", "{]}") if "[" in name or "]" in name else name


class _Setter:
    """One pass over the tokens of running text; `out` grows by what TeX may see."""

    def __init__(self, text: str, encode: Callable[[str], str], *, keep_commands: bool) -> None:
        self.tokens = _TOKEN.findall(text)
        self.encode = encode
        self.keep_commands = keep_commands
        self.at = 0
        self.out: list[str] = []
        self.closing = self._matched_braces()
        self.open_groups = 0

    def _matched_braces(self) -> dict[int, int]:
        """Where each group that closes opens and ends, by the index of either brace."""
        pairs: dict[int, int] = {}
        stack: list[int] = []
        for index, token in enumerate(self.tokens):
            if token == "{":
                stack.append(index)
            elif token == "}" and stack:
                start = stack.pop()
                pairs[start], pairs[index] = index, start
        return pairs

    def run(self) -> str:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token in ("{", "}"):
                if self.at in self.closing and self.keep_commands:
                    self.open_groups += 1 if token == "{" else -1
                    self.out.append(token)
            elif token[0] == "\\" and len(token) > 1:
                if token[1].isascii() and token[1].isalpha():
                    self.command(token[1:].rstrip("*"))
                else:
                    self.symbol(token)
            elif token == "\\":
                self.out.append("{\\textbackslash}")
            elif token == '"':
                before = self.out[-1][-1:] if self.out else ""
                self.out.append("``" if before in ("", " ", "(", "[", "{", "-", "`") else "''")
            elif token.isspace():
                self.out.append(" ")
            else:
                text = _ESCAPES.get(token) or self._plain(token)
                self.out.append(text if self.keep_commands else _shut_brackets(text))
            self.at += 1
        return "".join(self.out)

    def _plain(self, token: str) -> str:
        """Characters that mean themselves; the hyphens of an arrow (`-->`) are none of a dash's."""
        if "--" not in token:
            return self.encode(token)
        lead = _DASHES.match(token) if self.at and self.tokens[self.at - 1] == "<" else None
        start = lead.end() if lead else 0
        arrow = self.tokens[self.at + 1 : self.at + 2] == [">"]
        trail = _TRAILING_HYPHENS.search(token, start) if arrow else None
        end = trail.start() if trail else len(token)
        # an empty group keeps TeX from joining two hyphens to a dash
        return "{}".join(token[:start]) + self.encode(token[start:end]) + "{}".join(token[end:])

    def symbol(self, token: str) -> None:
        """A backslash and one character that is no letter."""
        char = token[1]
        if token in _SYMBOL_COMMANDS:
            self.out.append(_SYMBOL_COMMANDS[token])
        elif char in "-/!@":
            pass  # hints for hyphens and kerning
        elif char in "`'^\"~=.()[]|":
            text = _ESCAPES.get(char) or char.replace('"', "''")  # an accent without a letter
            self.out.append(text if self.keep_commands else _shut_brackets(text))
        else:
            self.out.append("{\\textbackslash}" + self.encode(char))

    def command(self, name: str) -> None:
        known = commands()
        text_command = known.text.get(name)
        if not self.keep_commands:
            self.out.append(name)
        elif text_command is not None:
            if not text_command.arguments:
                self.out.append(f"{{\\{name}}}")
                self._skip_empty_group()
            elif self._group_follows():
                self.out.append(f"\\{name}")
        elif name in known.declarations:
            # outside a group it would change the type of all that follows
            if self.open_groups:
                self.out.append(f"\\{name} ")
            self._skip_space()
        elif name in known.math and known.math[name].arguments not in ("i", "d", "t"):
            self._math_outside_maths(name)
        elif name not in known.dropped:
            self.out.append(name)

    def _skip_space(self) -> None:
        if self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].isspace():
            self.at += 1

    def _skip_empty_group(self) -> None:
        if self.tokens[self.at + 1 : self.at + 3] == ["{", "}"]:
            self.at += 2

    def _group_follows(self) -> bool:
        start = self.at
        self._skip_space()
        if self.tokens[self.at + 1 : self.at + 2] == ["{"] and self.at + 1 in self.closing:
            return True
        self.at = start
        return False

    def _math_outside_maths(self, name: str) -> None:
        r"""`\sqrt{s} = 13 TeV`, `\chi_{c1}`: the command, its arguments and its scripts become maths."""
        start = self.at
        source = self.tokens[self.at]
        arguments = commands().math[name].arguments
        for _ in range(int(arguments[-1]) if arguments[-1:].isdigit() else 0):
            source += self._one_argument()
        while self.tokens[self.at + 1 : self.at + 2] in (["_"], ["^"]):
            self.at += 1
            source += self.tokens[self.at] + self._one_argument()
        formula = safe_math(source, lambda part: _set_text(part, self.encode))
        if formula is None or _PLACEHOLDER in source:
            self.at = start
            self.out.append(name)
            return
        self.out.append(f"{{\\ensuremath{{{formula}}}}}")
        self._skip_empty_group()

    def _one_argument(self) -> str:
        if self._group_follows():
            end = self.closing[self.at + 1]
            source = "".join(self.tokens[self.at + 1 : end + 1])
            self.at = end
            return source
        follows = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""
        if not follows or follows.isspace() or follows in "{}":
            return ""
        self.at += 1
        if follows[0] == "\\":
            return follows
        if len(follows) > 1:
            self.tokens[self.at] = follows[0]
            self.tokens.insert(self.at + 1, follows[1:])
            # the indices of all later braces move by one
            self.closing = self._matched_braces()
        return follows[0]


@lru_cache(maxsize=8192)
def meaning(text: str) -> str:
    """What a value says, however it is written: plain Unicode without braces, maths and typesetting.

    Two values with one meaning differ only in notation (`{M}{\\"u}ller`, `Müller`): white space, quotes,
    dashes, subscripts and superscripts are unified. Letter case stays.
    """
    if not _NOTATION.search(text):
        return " ".join(text.split())
    if "\\" in text:
        text = _decode_commands(text)
    if not text.isascii():
        text = text.translate(_alike())
    text = text.translate(_MEANING)
    text = unicodedata.normalize("NFKC", text)
    text = _DASHES.sub("-", _DOUBLE_QUOTES.sub('"', text))
    return " ".join(text.replace("`", "'").split())


def _decode_commands(text: str) -> str:
    for form, char in _forms():
        if form in text:
            text = text.replace(form, char)
    text = decode_accents(text)
    if "\\not" in text or "\\frac" in text:
        text = _FRACTION.sub("\\1\u2044\\2", _NEGATION.sub("\\1\u0338", text))
    known = commands()

    def decode(match: re.Match[str]) -> str:
        name, char = match[1], match[2]
        if char is not None:
            return _SAID_BY_SYMBOL.get(char, char)
        command = known.text.get(name) or known.math.get(name)
        if command is not None:
            return "" if command.arguments else command.unicode
        if name in known.declarations or name in known.dropped or name in ("left", "right"):
            return ""
        return symbol_of_command(name) or name

    return _COMMAND.sub(decode, text)


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    """The forms of mappings/latex.csv that no single command explains, and what they stand for."""
    forms: dict[str, str] = {}
    for char, form in latex_table().items():
        if form.startswith("{\\") and _command_of(form) is None:
            forms.setdefault(form, char)
    return tuple(sorted(forms.items(), key=lambda pair: -len(pair[0])))


@cache
def _alike() -> dict[int, str]:
    """Characters that mappings/latex.csv writes with another character's command: ≦ as ≤, ☆ as ★."""
    alike: dict[int, str] = {}
    for char, form in latex_table().items():
        command = _command_of(form)
        if command is not None and command.unicode != char:
            alike[ord(char)] = command.unicode
    return alike


def _command_of(form: str) -> Command | None:
    r"""The command in `{\name}` and `{\ensuremath{\name}}`."""
    match = _ONE_COMMAND.fullmatch(form)
    if match is None:
        return None
    return commands().text.get(match[1]) or commands().math.get(match[1])
