r"""Unicode characters as LaTeX that compiles: `é` is `{\'e}`, `ễ` is `{\~{\^e}}`.

In this order: mappings/latex.csv, accents put together from mappings/tex-accents.csv, the symbols of
mappings/tex-commands.csv, the character's compatibility form, pylatexenc's table. A letter's form is one
brace group that starts with a backslash, which BibTeX takes for a single letter when it sorts, abbreviates
and changes case. What no pdfLaTeX font has (Chinese, Cyrillic, ...) stays as it is: LuaLaTeX and XeLaTeX
print it; pictographs are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bridge.bibtex.commands import commands
from bridge.plaintext import fold_ascii, tex_letters
from bridge.tables import Row, load

_HORNS = {"o": "ohorn", "O": "OHORN", "u": "uhorn", "U": "UHORN"}
_NEGATED = "\u0338"  # a long stroke through a relation
_HORN = "\u031b"
_BELOW = frozenset({"c", "d", "k", "b", "textcommabelow"})
_MATHS_ALPHABETS = (
    ("SCRIPT", "mathcal"),
    ("FRAKTUR", "mathbf"),
    ("DOUBLE-STRUCK", "mathbf"),
    ("BOLD", "mathbf"),
)
# LaTeX takes the dot away by itself (ot1enc.def, t1enc.def), and biber 2.18 reads {\'i} as one letter but
# {\'\i} as two, of which pdflatex prints one
_DOTLESS_BY_ITSELF = frozenset(("i'", "i`", "i^", 'i"'))
_LETTER_COMMAND = re.compile(r"\{\\[A-Za-z]+\}")
_COMMAND_NAME = re.compile(r"\\([A-Za-z]+)")
_BASE_AND_MARKS = re.compile(r"(.)([\u0300-\u036f]+)", re.DOTALL)


@cache
def _fallbacks() -> dict[str, str]:
    """What defines each command that plain LaTeX lacks: mappings/latex-fallbacks.csv, and the bare name for
    a package's symbol that is not there."""
    definitions = {
        command.name: f"\\providecommand{{\\{command.name}}}{{\\mathrm{{{command.name}}}}}"
        for command in commands().math.values()
        if command.needs not in ("", "latexsym") and not command.arguments
    }

    def build(row: Row) -> None:
        name = row["command"]
        define = {"text": "ProvideTextCommandDefault", "math": "providecommand"}.get(row["kind"])
        if define is None or not row["definition"] or '"' in row["definition"]:
            raise row.wrong("a row needs text or math for a kind, and a definition without a quote")
        definitions[name] = f"\\{define}{{\\{name}}}{row['definition']}"

    load("latex-fallbacks.csv", ("command", "kind", "definition"), build)
    return definitions


def preamble(text: str, there: str = "") -> str:
    r"""The @preamble block that `text` (.bib) wants so that it compiles in plain LaTeX, or "".

    OT1, LaTeX's default encoding, stops with an error at an ogonek, a hook, Icelandic and Vietnamese
    letters, and plain LaTeX at \mathbb. BibTeX copies a @preamble to the head of the .bbl, where these
    definitions step in unless the document's encoding (T1, T5, TU) or a package knows better: each is a
    \Provide... or \provide..., so that a second copy changes nothing. Only what `text` uses is defined, and
    what the @preamble of the file that it goes into (`there`) does not define yet.
    """
    definitions = _fallbacks()
    used = sorted(
        name
        for name in set(_COMMAND_NAME.findall(text)) & definitions.keys()
        if definitions[name] not in there
    )
    if not used:
        return ""
    # BibTeX folds white space, so no line may end in a % sign
    lines = "\n".join(f"  {definitions[name]}" for name in used)
    return f'@preamble{{"\n{lines}\n"}}\n'


@cache
def latex_table() -> dict[str, str]:
    """mappings/latex.csv: LaTeX by character."""
    table: dict[str, str] = {}

    def build(row: Row) -> None:
        char = row["char"]
        if char.startswith("U+"):
            char = chr(int(char[2:], 16))
        if len(char) != 1 or char.isascii() or char in table:
            raise row.wrong("a row needs one character beyond ASCII, once")
        if row["needs"] not in ("", "preamble"):
            raise row.wrong(f"{row['needs']!r} is neither empty nor preamble")
        table[char] = row["latex"]

    load("latex.csv", ("char", "latex", "needs"), build)
    return table


@cache
def _accents() -> tuple[dict[str, str], dict[str, str]]:
    """Accent commands by combining mark, letter commands by letter."""
    accents, letters = tex_letters()
    by_letter: dict[str, str] = {}
    for command, letter in letters.items():
        by_letter.setdefault(letter, command)  # `i` comes before its long name `textdotlessi`
    return {mark: command for command, mark in accents.items()}, by_letter


class LetterTable(dict[int, str]):
    """A `str.translate` table that works a character out when it first meets it; ASCII stays."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        form = char if char.isascii() else encode_char(char)
        self[code] = form
        return form


def encode_marks(text: str) -> str:
    """Combining marks that have no precomposed letter, with the letter before them, as accent commands."""
    return _BASE_AND_MARKS.sub(lambda match: _accented(match[1], match[2]) or match[1], text)


def encode_char(char: str) -> str:
    """One character beyond ASCII as LaTeX for running text: "" if it can only be dropped, itself if only
    another engine can print it."""
    if (form := latex_table().get(char)) is not None:
        return form
    if (command := _accents()[1].get(char)) is not None:
        return f"{{\\{command}}}"
    parts = unicodedata.normalize("NFD", char)
    known = commands()
    if len(parts) > 1 and not unicodedata.category(parts[0]).startswith("M"):
        symbol = known.math_symbols.get(char)
        if symbol is not None and not symbol.needs:
            return f"{{\\ensuremath{{\\{symbol.name}}}}}"
        return _accented(parts[0], parts[1:]) or char
    if (symbol := known.text_symbols.get(char)) is not None:
        return f"{{\\{symbol.name}}}"
    if (symbol := known.math_symbols.get(char)) is not None:
        return f"{{\\ensuremath{{\\{symbol.name}}}}}"
    if (compatible := _compatible(char)) is not None:
        return compatible
    if (foreign := _from_pylatexenc(char)) is not None:
        return foreign
    category = unicodedata.category(char)
    if "\u0300" <= char <= "\u036f" or category[0] not in "LMNP":
        return ""  # a mark without a letter, a picture, a rare symbol, nothing to see
    if (category[0] == "L" and "LATIN" in unicodedata.name(char, "")) or "\u02b0" <= char <= "\u02ff":
        return fold_ascii(char)
    if category[0] == "P" and not "\u3000" <= char <= "\u30ff":
        return ""
    return char  # somebody's words, in a script that another engine can print


def unprintable(text: str) -> str:
    """The characters of `text`, each once, that anybody sees and `encode_char` can only drop."""
    seen = dict.fromkeys(c for c in text if not c.isascii() and unicodedata.category(c)[0] in "LNPS")
    return "".join(c for c in seen if not encode_char(c))


def other_scripts(text: str) -> str:
    """The characters of `text`, each once, that only XeTeX and LuaTeX can print: `encode_char` keeps them."""
    seen = dict.fromkeys(c for c in text if not c.isascii())
    return "".join(c for c in seen if encode_char(c) == c)


def _accented(base: str, marks: str) -> str | None:
    r"""`{\'{\^e}}` for "e" and its marks from the inside out; None for a letter that TeX cannot accent."""
    by_mark, _ = _accents()
    if _NEGATED in marks and not base.isalnum():
        # a stroke through a relation turns its meaning round: never without it
        return f"{{\\ensuremath{{\\not{base if base.isascii() else math_char(base).strip()}}}}}"
    # what hangs below goes outside: an accent above can only sit on a letter, not on a box
    marks = "".join(sorted(marks, key=lambda mark: by_mark.get(mark) in _BELOW))
    if _HORN in marks and base in _HORNS:
        form, marks = f"\\{_HORNS[base]}", marks.replace(_HORN, "")
    elif base.isascii():
        if not base.isalnum():
            return base
        form = base
    else:
        form = encode_char(base)
        if not _LETTER_COMMAND.fullmatch(form):
            return None if form == base else form
        form = form[1:-1]
    for mark in marks:
        command = by_mark.get(mark)
        if command is None:
            continue  # no TeX font has it (double grave, inverted breve): the letter without it
        if form in ("i", "j") and command not in _BELOW and form + command not in _DOTLESS_BY_ITSELF:
            form = f"\\{form}"  # the accent takes the place of the dot
        if command.isalpha() or form.startswith("\\"):
            form = f"\\{command}{{{form}}}"
        else:
            form = f"\\{command}{form}"
    return f"{{{form}}}" if form.startswith("\\") else form


def _compatible(char: str) -> str | None:
    """Superscripts, mathematical alphabets, ligatures, full-width forms: what they stand for, set alike."""
    tag, _, _ = unicodedata.decomposition(char).partition(" ")
    plain = unicodedata.normalize("NFKC", char)
    if not tag.startswith("<") or plain == char:
        return None
    if tag == "<fraction>":
        above, _, below = plain.partition("\u2044")
        return f"{{\\ensuremath{{\\frac{{{above}}}{{{below}}}}}}}" if above and below else f"{above}/{below}"
    inner = "".join(c if c.isascii() else encode_char(c) for c in plain)
    if not inner.strip() or any(c in inner for c in "#$%&_^~") or ("{" in inner and "\\" not in inner):
        return None
    if tag == "<super>":
        return f"{{\\textsuperscript{{{inner}}}}}"
    if tag == "<sub>":
        return f"{{\\textsubscript{{{inner}}}}}"
    if tag == "<font>" and plain.isascii() and plain.isalnum():
        name = unicodedata.name(char, "")
        for word, alphabet in _MATHS_ALPHABETS:
            if word in name and (word != "SCRIPT" or plain.isupper()):
                return f"{{\\ensuremath{{\\{alphabet}{{{plain}}}}}}}"
    return inner


def math_char(char: str) -> str:
    """One character beyond ASCII as LaTeX for maths."""
    symbol = commands().math_symbols.get(char)
    if symbol is not None and not symbol.needs:
        return f"\\{symbol.name} "
    form = encode_char(char)
    if form.startswith("{\\ensuremath{"):
        return form[len("{\\ensuremath") : -1]
    return f"\\mbox{{{form}}}" if form else ""


@cache
def _pylatexenc() -> dict[int, str]:
    # the import takes 30 ms, so it waits for a character that nothing else knows
    from pylatexenc.latexencode import get_builtin_uni2latex_dict

    table: dict[int, str] = get_builtin_uni2latex_dict()
    return table


def _from_pylatexenc(char: str) -> str | None:
    """pylatexenc's form if it is made of commands that LaTeX has (half of that table wants rare packages)."""
    form = _pylatexenc().get(ord(char))
    if form is None:
        return None
    names = re.findall(r"\\([A-Za-z]+)", form)
    known = commands()
    if not names or not all(
        name in known.text or name in known.math or name == "ensuremath" for name in names
    ):
        return None
    in_maths = any(name not in known.text and name != "ensuremath" for name in names)
    if in_maths and "ensuremath" not in names:
        return f"{{\\ensuremath{{{form}}}}}"
    return f"{{{form}}}"


@cache
def _pylatexenc_commands() -> dict[str, str]:
    from pylatexenc.latex2text import get_default_latex_context_db

    context = get_default_latex_context_db()
    found: dict[str, str] = {}
    for category in context.category_list:
        for name, macro in context.d[category]["macros"].items():
            if isinstance(macro.simplify_repl, str) and len(macro.simplify_repl) == 1:
                found.setdefault(name, macro.simplify_repl)
    return found


def symbol_of_command(name: str) -> str | None:
    r"""The character that a command prints which other people's files hold and ours never do (`\CYRZH`)."""
    return _pylatexenc_commands().get(name)
