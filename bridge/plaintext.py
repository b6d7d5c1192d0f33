"""Text without its typesetting: TeX's accents as Unicode letters, and Unicode letters as plain ASCII."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from bridge.latepattern import LatePattern
from bridge.tables import Row, load

# an accent over one letter, written in any of the ways that people write it: \'e \'{e} \' e \'\i \v{s} \v s
_BARE_ACCENT = (
    r"\\(?:([`'^\"~=.])|([uvHrckdbth]|textcommabelow)(?![A-Za-z]))\s*"
    r"(?:\{\s*(?:\\([ij])(?:\{\})?|([^\W\d_][\u0300-\u036f]*))\s*\}"
    r"|\\([ij])(?![A-Za-z])(?:\{\}|\s)?|([^\W\d_][\u0300-\u036f]*))"
)
_ACCENT = LatePattern(_BARE_ACCENT)
# the braces of an accent's own argument stay until it is decoded: without them `\d{\=l}` would become `\dl`
_ACCENT_IN_GROUP = LatePattern(r"(?<!\\[uvHrckdbth])(?<!commabelow)\{" + _BARE_ACCENT + r"\}")
# a letter command swallows the spaces after it; an empty group or a group of its own ends it as well
_LETTER = LatePattern(r"\\([A-Za-z]+)(?:\{\}|\s+|(?![A-Za-z]))")
_LETTER_IN_GROUP = LatePattern(r"\{\\([A-Za-z]+)\s*\}")


_NO_LETTER = re.compile(r"[\W_]+")
# what Unicode calls the letters that it does not take apart: ł, ø, đ; æ, œ; ı
_OF_LATIN = LatePattern(
    r"LATIN (?:SMALL|CAPITAL) (?:LETTER|LIGATURE) (?:DOTLESS )?([A-Z]{1,2})(?: WITH [A-Z ]+)?"
)


@cache
def _without_stroke(letter: str) -> str:
    """The plain letters that people write for one: l for ł, o for ø, ae for æ."""
    named = None if letter.isascii() else _OF_LATIN.fullmatch(unicodedata.name(letter, ""))
    return named[1] if named else letter


@lru_cache(maxsize=8192)  # a run asks for its titles again and again
def normalised(title: str) -> str:
    """A title's words, lower-case, without accents, strokes and punctuation, one space between them."""
    if not title.isascii():
        decomposed = unicodedata.normalize("NFKD", title)
        title = "".join(_without_stroke(c) for c in decomposed if not unicodedata.combining(c))
    return _NO_LETTER.sub(" ", title.casefold()).strip()


def is_ideograph(char: str) -> bool:
    """Whether a letter is Chinese, Japanese or Korean."""
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af"


@cache
def tex_letters() -> tuple[dict[str, str], dict[str, str]]:
    """mappings/tex-accents.csv: combining marks by accent command, letters by letter command."""
    accents: dict[str, str] = {}
    letters: dict[str, str] = {}

    def build(row: Row) -> None:
        target = {"accent": accents, "letter": letters}.get(row["kind"])
        if target is None:
            raise row.wrong(f"the kind {row['kind']!r} is neither accent nor letter")
        try:
            target[row["command"]] = chr(int(row["unicode"], 16))
        except ValueError as error:
            raise row.wrong(f"{row['unicode']!r} is no code point") from error

    load("tex-accents.csv", ("command", "kind", "unicode"), build)
    return accents, letters


def decode_accents(text: str) -> str:
    r"""`text` with TeX's accents and special letters as Unicode: `Garc\'{\i}a` becomes `García`.

    Braces around a decoded letter go, all others and all other commands stay. The result is in NFC.
    """
    if "\\" not in text:
        return text
    accents, letters = tex_letters()

    def accented(match: re.Match[str]) -> str:
        letter = match[3] or match[4] or match[5] or match[6]
        # a dotless letter is there to carry the accent, and Unicode's accented letters need no such help
        letter = {"ı": "i", "ȷ": "j"}.get(letter, letter)
        return unicodedata.normalize("NFC", letter + accents[match[1] or match[2]])

    def special(match: re.Match[str]) -> str:
        return letters.get(match[1], match[0])

    before = None
    while before != text:
        # accents stack in Vietnamese: the inner one must be a letter before the outer one can see it
        before = text
        text = _LETTER_IN_GROUP.sub(special, text)
        text = _ACCENT.sub(accented, _ACCENT_IN_GROUP.sub(accented, text))
    return _LETTER.sub(special, text)


# "MÃ¼ller", "KroiÃ\x9f": the two bytes of a letter in UTF-8 that were taken for a letter and a sign. Behind
# "Ä" and "Å" a sign can be meant ("2 Å±0.1"), but not in a name.
_IN_TEXT = LatePattern("Ã[\x80-\xbf]")
_IN_NAMES = LatePattern("[ÃÄÅ](?:[\x80-\xbf]|[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ])")


def well_decoded(text: str, *, name: bool = False) -> str:
    """`text` with letters that were encoded twice, as arXiv has some, as they were meant.

    `name`: whether it is a person's name, in which more of them can be told for sure.
    """
    pattern = _IN_NAMES if name else _IN_TEXT
    found = 1
    while found:  # what was encoded three times is what was encoded twice, encoded twice
        text, found = pattern.subn(_meant_letter, text)
    return text


def _meant_letter(match: re.Match[str]) -> str:
    sign = match[0][1]
    behind = sign.encode("latin-1") if sign < "\u0100" else sign.encode("cp1252")
    return (match[0][0].encode("latin-1") + behind).decode("utf-8")


@cache
def _folding() -> dict[int, str]:
    """mappings/ascii-folding.csv as a `str.translate` table."""
    table: dict[int, str] = {}

    def build(row: Row) -> None:
        if len(row["char"]) != 1 or not row["ascii"].isascii():
            raise row.wrong("a row needs one character and what stands for it in ASCII")
        table[ord(row["char"])] = row["ascii"]

    load("ascii-folding.csv", ("char", "ascii"), build)
    return table


@lru_cache(maxsize=16384)
def fold_ascii(text: str) -> str:
    """`text` in ASCII: marks fall off, Greek and Cyrillic are spelt out, the rest is dropped."""
    if text.isascii():
        return text
    spelt = unicodedata.normalize("NFKD", text.translate(_folding()))
    # once more: compatibility forms (mathematical letters) only now show the Greek letter they stand for
    return spelt.translate(_folding()).encode("ascii", "ignore").decode("ascii")
