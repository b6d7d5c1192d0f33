"""Title case: which capitals of a title a bibliography style must not touch.

Most BibTeX styles (and biblatex's sentence-case styles) lower-case a title but for its first letter. What
stands in braces stays. Braced here is only what the lower-casing would spoil: words with a capital inside or
beside a digit (DxPTA, MPI, GPT-3), capitals that stand alone (X-ray, type I), symbols glued to maths or "+"
($^9$Be, Au+Au), and maths with capitals.
So is what begins a sentence where a style sees none beginning: behind a bracket or quotation mark at its very
start, and behind "?", "!" or a full stop.
In a title that is written like a sentence a capital first letter marks a name ("orbits in Kerr spacetimes"),
and is braced as well, but for ordinary words; in one where most words have a capital it says nothing, so only
known names are braced (bridge/bibtex/titlenames.py) and the rest is left to the style, as is a title all in
capitals.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from bridge.bibtex.titlenames import (
    brace_known_companies,
    brace_named_things,
    capitalised_words,
    is_ordinary,
    proper_names,
    triggers,
)
from bridge.latepattern import LatePattern
from bridge.plaintext import decode_accents
from bridge.title_words import skip_words

# something to look at: a capital after a letter, digit or "+", one before a digit, a lone capital, maths,
# a command, a letter beyond ASCII
_SUSPECT = re.compile(r"[A-Za-z0-9+][A-Z]|[A-Z]\S*\d|\b[B-Z]\b|[$\\]|[^\x00-\x7f]")
# a word that may need braces; of one that cannot, each letter is looked at once
_WORD = re.compile(r"(?<!\S)[!-@\[-~]*+(?!\s)(?:[A-Z]|[^\x00-\x7f])\S*+")
_PIECE = re.compile(
    r"(?P<maths>\$(?:[^$\\]|\\.)*\$|\\\(.*?\\\))|(?P<space>\s+)|(?P<command>\\[A-Za-z]+|\\.)"
    r"|(?P<letters>[^\W_]+)|(?P<other>.)",
    re.DOTALL,
)
_ACCENT_GROUP = LatePattern(
    r"\{\\(?:[^A-Za-z]|[uvHrckdbt](?=\{)|textcommabelow(?=\{))?[\\{]*([^\W\d_]+)[{}]*\}"
)
_SCRIPTS = frozenset(["\\_", "{\\textasciicircum}"])
_COMMAND_NAME = re.compile(r"\\[A-Za-z]+")
# words long enough to have a capital in a title where most have one
_LONG_SMALL = re.compile(r" ([a-z]{4,})")
# those that stand together are one name: "Bose-Einstein Condensate"
_LONG_CAPITAL = re.compile(r"(?<![:.?!] )(?<=[\s{(])[A-Z][a-z]{3,}(?:[ -][A-Z][a-z]+)*+")
# a name: not the first word of the title, nor of what follows a colon or a stop
_NAME = re.compile(r" (?:(?<=[\w,;)}$\x27\x22’”] )[({\x22“‘]?[A-Z][a-z]|(?<=[a-z] )A(?= [a-z]))|-[A-Z][a-z]")
_BEYOND_ASCII = re.compile("[À-ÖØ-öø-ɏḀ-ỿ]")
_NO_LETTER = re.compile("[ -]")
_BEGINS = (":", ".", "?", "!", " -", "--", "–", "—")

# quotation marks and brackets, typed or TeX's, in front of a first letter; and the ends of sentences
_OPENING = frozenset("\"'`“‘([<")
_UNSEEN_END = re.compile(r"[?!]$|[a-z]{4,}\.$")
_OPENING_BEHIND_COLON = re.compile(r": [\"'`“‘(\[<]")

# of "Kerr-Newman" the first is "Kerr", the later one "Newman"; but for the first of "first" and "all", no
# ordinary word is one; in a title where most words have a capital only what is known ("known"), or known and
# not the title's first letter ("begun")
_Parts = Literal["known", "begun", "first", "later", "names", "all"]
# what joins a name without being one: "Non-Gaussian", "Bayesian-Based"
_NO_NAMES = frozenset(
    [
        "Non",
        "Pre",
        "Post",
        "Anti",
        "Quasi",
        "Semi",
        "Sub",
        "Super",
        "Multi",
        "Pseudo",
        "Type",
        "Based",
        "Like",
    ]
)


def protect(title: str) -> str:
    """`title` (already LaTeX) with braces around the words whose capitals carry meaning. What is in braces
    stays as it is; protecting twice changes nothing."""
    like_a_sentence = _is_like_a_sentence(title)
    capitalised = capitalised_words(title)
    knows_names = not triggers().isdisjoint(capitalised)
    if not (like_a_sentence or knows_names or _may_begin_unseen(title) or _SUSPECT.search(title)):
        return title
    has_commands = "\\" in title
    has_groups = has_commands or "{" in title or "$" in title
    if knows_names:
        title = brace_known_companies(title, capitalised)
    if like_a_sentence:
        title = brace_named_things(title, capitalised)
    # a title all in capitals says nothing about any single word of it
    letters = _COMMAND_NAME.sub("", title) if has_commands else title
    shouted = letters.isupper() and len(letters.split()) > 3
    if not has_groups:
        within: _Parts = "names" if like_a_sentence else "known"

        def protected(word: re.Match[str]) -> str:
            start = word.start()
            if start > 1 and title[start - 2].isalnum():  # behind a word that ends no sentence
                return _protect_word(word[0], shouted, within)
            return _protect_word(word[0], shouted, _parts_that_name(title[:start], word[0], like_a_sentence))

        return _WORD.sub(protected, title)
    out: list[str] = []
    before = ""
    for word in _words(title):
        parts = _parts_that_name(before, word.lstrip(), like_a_sentence)
        out.append(_protect_word(word, shouted, parts))
        before = word if word.strip() else before
    return "".join(out)


def _may_begin_unseen(title: str) -> bool:
    """Whether something may begin where a style sees no beginning: a first look."""
    if title[:1] in _OPENING or "?" in title or "!" in title or ". " in title:
        return True
    return ": " in title and _OPENING_BEHIND_COLON.search(title) is not None


def _parts_that_name(before: str, word: str, like_a_sentence: bool) -> _Parts:
    """Which parts of the word behind `before` keep a capital: in a title like a sentence all that have one,
    but the first where a sentence begins. A style sees a beginning only at the very first character and
    behind a colon: elsewhere ("(Almost) Optimal", "What Is It? A Study") the first part is told to it."""
    before = before.rstrip().rstrip("\"”’')]")
    begins = not before or before.endswith(_BEGINS)
    seen = (not before or before.endswith(":")) and word[:1].isalnum()
    if begins and not seen and (word[:1] in _OPENING or _UNSEEN_END.search(before)):
        return "all" if like_a_sentence else "first"
    if not like_a_sentence:
        return "begun" if begins and seen else "known"
    # a style puts what follows a dash into small letters, too
    return "later" if begins and (seen or proper_names().isdisjoint(_letters_of(word))) else "names"


def _is_like_a_sentence(title: str) -> bool:
    """Whether most long words of a title are in lower case, those set aside that are so in any title, and
    another one than the first has a capital."""
    if "\\" in title or not title.isascii() or "{" in title:
        title = _in_ascii(title)
    if not _NAME.search(title):
        return False
    small = _LONG_SMALL.findall(title)
    if not small:
        return False  # as in most titles where most words have a capital
    skipped = skip_words()
    small = [word for word in small if word not in skipped]
    # a known name has its capital in any title
    names = [
        name for name in _LONG_CAPITAL.findall(title) if not proper_names().issuperset(_NO_LETTER.split(name))
    ]
    if len(small) == 1 and any(" " in name for name in names):
        return False  # "Hypergraph based Multi-Party Payment Channel"
    return len(small) >= max(1, len(names))


def _in_ascii(title: str) -> str:
    """The title without braces, and with an ASCII letter in the place of each other Latin one."""
    title = decode_accents(title).replace("{", "").replace("}", "")
    return title if title.isascii() else _BEYOND_ASCII.sub(lambda c: "X" if c[0].isupper() else "x", title)


def _words(title: str) -> list[str]:
    """The title cut before each white space outside braces and maths; the pieces join to the title."""
    words = [""]
    depth = 0
    for match in _PIECE.finditer(title):
        piece = match[0]
        if match.lastgroup == "space" and depth == 0:
            words.append("")
        depth += {"{": 1, "}": -1}.get(piece, 0)
        words[-1] += piece
    return words


@lru_cache(maxsize=32768)
def _protect_word(word: str, shouted: bool, names: _Parts) -> str:
    """`names`: which parts of the word are names if they have a capital first letter."""
    # what is joined to a known name is one, too: "Einstein-Varicak"
    pair = names in ("known", "first", "begun") and not proper_names().isdisjoint(_letters_of(word))
    out: list[str] = []
    part: list[str] = []  # the units (letters, groups, commands) of the part at hand: "LLM" of "LLM-based"
    depth = 0
    is_first = True
    glued = False  # to maths or "+": "$^9$Be", "Au+Au" are symbols

    def close(before: bool = False) -> None:
        nonlocal glued, is_first
        if part:
            text = "".join(part)
            symbol = (glued or before) and _has_capital(part)
            whatever = is_first and names in ("first", "all")
            may_name = names in ("names", "all") or (names == "later" and not is_first)
            # "Axiom A polynomials": an article would have a small letter there
            named = (whatever or may_name) and (len(text) > 1 or text == "A")
            named = named or (pair and (names == "known" or not is_first) and text not in _NO_NAMES)
            named = named and _has_capital(part) and (whatever or len(text) == 1 or not is_ordinary(text))
            is_first = False
            out.append(_shut(text) if not shouted and (symbol or named or _needs_braces(part)) else text)
            part.clear()
        glued = before

    for match in _PIECE.finditer(word):
        piece = match[0]
        if depth:
            depth += {"{": 1, "}": -1}.get(piece, 0)
            part[-1] += piece
            if not depth and part[-1].startswith(("{$", "{{\\(")):
                out.append(part.pop())
                glued = True
        elif piece == "{":
            if word.startswith(("$", "{\\("), match.end()):
                close(before=True)  # maths in braces parts a word like maths without them
            depth = 1
            part.append(piece)
        elif match.lastgroup == "maths":
            close(before=True)
            out.append(_shut(piece) if any(c.isupper() for c in piece) else piece)
        elif match.lastgroup in ("letters", "command"):
            part.append(piece)
        elif piece in "-." and part and word[match.end() : match.end() + 1].isdigit() and _has_capital(part):
            part.append(piece)  # "GPT-3", "Llama-3.1"
        else:
            close(before=piece == "+")
            out.append(piece)
    close()
    return "".join(out)


def _letters_of(word: str) -> list[str]:
    """The runs of letters of a word, its accents decoded and its braces gone."""
    if "\\" in word:
        word = decode_accents(word).replace("{", "").replace("}", "")
    return capitalised_words(word)


def _shut(text: str) -> str:
    r"""`text` in braces; in two pairs before a command, since BibTeX changes the case inside `{\...}`."""
    return f"{{{{{text}}}}}" if text.startswith("\\") else f"{{{text}}}"


def _has_capital(units: list[str]) -> bool:
    return any(c.isupper() for unit in units for c in (_letter_of(unit) if unit[0] in "{\\" else unit))


@lru_cache(maxsize=4096)
def _letter_of(unit: str) -> str:
    r"""The letter of `{\"O}` or `{\O}`, which BibTeX puts into small letters like any other; else nothing."""
    letter = decode_accents(unit)
    return letter if letter.isalpha() else ""


def _needs_braces(units: list[str]) -> bool:
    """Whether a style that lower-cases letters outside braces would spoil this part of a word."""
    letters = ""
    for unit in units:
        if unit[0] == "{":
            accent = _ACCENT_GROUP.fullmatch(unit)
            if accent:
                letters += accent[1][-1]  # BibTeX changes the case of an accented letter
            elif unit.startswith("{\\") and any(c.isupper() for c in _COMMAND_NAME.sub("", unit)):
                return True  # to BibTeX a "special character" too, capitals inside are fair game
            else:
                letters += "x"
        elif unit[0] == "\\":
            if any(c.isupper() for c in unit):
                return True  # the command's own name would be lower-cased
        else:
            letters += unit
    capitals = sum(c.isupper() for c in letters)
    if not capitals or not any(c.isupper() for unit in units for c in unit):
        return False
    if not _SCRIPTS.isdisjoint(units):
        return True  # "B\\_s", "L{\\textasciicircum}p": a symbol
    if len(letters) == 1:
        return letters != "A" or units[0] != "A"  # an article or not, "2 {\\r{A}}" is a unit
    if capitals == 1 and letters[0].isupper():
        return any(c.isdigit() for c in letters)
    return True
