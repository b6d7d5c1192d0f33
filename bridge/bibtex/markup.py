r"""A person's way of writing a value, carried over into the value that takes its place.

Braces around a word, `\emph`, a tie, an accent's other notation or a name's other order are no edit of what a
value says, so news does arrive in it; but they are a person's work all the same. What the new value says in
the same words as the old one is therefore written as it stood.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from typing import NamedTuple

from bridge.bibtex.commands import commands
from bridge.bibtex.compare import NAMES, field_meaning, split_names
from bridge.bibtex.grammar import balanced
from bridge.latepattern import LatePattern

# what is written in one way only
_BARE = frozenset(("doi", "url", "eprint", "date", "year", "month"))
_STOPS = r"[,.:;!?()\[\]/\u2010-\u2015-]+"
_SPECIAL = LatePattern(rf"\\.?|[{{}}$]|[\s~]+|{_STOPS}", re.DOTALL)
_STOP = re.compile(_STOPS)
_WORD = LatePattern(rf"{_STOPS}|(?:(?!{_STOPS})\S)+")
_OURS_TOO = frozenset(("ensuremath",))
_COMMAND = re.compile(r"\\([A-Za-z]+|\\)")
_GAP = re.compile(r"[\s~]")
_MOST = 4_000_000  # pairs of words beyond which two values are not compared word by word


class _Piece(NamedTuple):
    """What stands between two blanks or stops outside braces and formulas, and the words it says."""

    gap: str  # what stands before it
    text: str
    words: tuple[str, ...]


def carried(name: str, old: str, new: str) -> str:
    """`new`, with all that `old` says in the same words written as it is in `old`.

    Both are texts of one field without delimiters; `name` is the field's, lower-case. The result means what
    `new` means: where that cannot be had, it is `new`.
    """
    if name in _BARE:
        return new
    if name in NAMES:
        people = [person._replace(gap="") for person in _people(name, new)]
        text = _joined(_mixed(_people(name, old), people))
    else:
        inner = _inside_braces(old)
        bare = new if inner is None else _inside_braces(new) or new  # one pair around it all is enough
        mixed = _mixed(_pieces(name, old if inner is None else inner), _pieces(name, bare))
        text = "".join(piece.gap + piece.text for piece in mixed).strip()
        text = text if inner is None else f"{{{text}}}"
    # a brace that a backslash stands before counts for BibTeX, and what is mixed may hold but one of a pair
    same = balanced(text) and field_meaning(name, text) == field_meaning(name, new)
    return text if same else new


def persons_commands(text: str) -> Counter[str]:
    r"""The commands that change how a value is printed and nothing that it says: `\\`, `\thanks`, `\href`.

    bibbridge writes none of them. (What prints a word counts as an edit of what the value says.)
    """
    dropped = commands().dropped - _OURS_TOO
    return Counter(name for name in _COMMAND.findall(text) if name == "\\" or name in dropped)


def _mixed(old: list[_Piece], new: list[_Piece]) -> list[_Piece]:
    """The new pieces, those that an old one says in the same words in its place."""
    old_words = [word for piece in old for word in piece.words]
    new_words = [word for piece in new for word in piece.words]
    if len(old_words) * len(new_words) > _MOST:
        return new
    from difflib import SequenceMatcher  # only where there is news

    blocks = SequenceMatcher(None, old_words, new_words, autojunk=False).get_matching_blocks()
    became = {b.a + k: b.b + k for b in blocks for k in range(b.size)}
    old = _as_parted(old, new, became)
    begins, ends, at = {}, {}, 0
    for number, piece in enumerate(new):
        begins[at] = number
        at += len(piece.words)
        if piece.words:  # else "{\\textasciitilde}" would go with the word before it
            ends[at] = number + 1
    stands: dict[int, tuple[int, int]] = {}  # first new piece → the old piece for it, the new piece behind
    at = 0
    for number, piece in enumerate(old):
        places = [became.get(word) for word in range(at, at + len(piece.words))]
        at += len(piece.words)
        first = places[0] if places else None
        if first is None or places != list(range(first, first + len(places))):
            continue
        if first in begins and first + len(places) in ends:
            stands[begins[first]] = number, ends[first + len(places)]
    for first, (number, behind) in list(stands.items()):
        # a dash or a stop is as it was only between words that are: "---" is not every "-"
        if all(map(_STOP.fullmatch, old[number].words)) and old[number].text != new[first].text:
            left, right = stands.get(first - 1), stands.get(behind)
            if left is None or left[0] != number - 1 or right is None or right[0] != number + 1:
                del stands[first]
    covered = {number for first, (_, behind) in stands.items() for number in range(first, behind)}
    # what moved elsewhere
    moved = {piece.words: number for number, piece in reversed(list(enumerate(old)))}
    moved = {words: number for words, number in moved.items() if words and not _STOP.fullmatch(words[0])}
    for number, piece in enumerate(new):
        if number not in covered and piece.words in moved:
            stands[number] = moved[piece.words], number + 1
    mixed: list[_Piece] = []
    number, before = 0, None
    while number < len(new):
        taken, behind = stands.get(number, (None, number + 1))
        if taken is None:
            mixed.append(new[number])
        else:
            together = before is not None and taken == before + 1
            tied = old[taken].gap == "~" and new[number].gap != ""
            mixed.append(old[taken]._replace(gap=old[taken].gap if together or tied else new[number].gap))
        number, before = behind, taken
    return mixed


def _as_parted(old: list[_Piece], new: list[_Piece], became: dict[int, int]) -> list[_Piece]:
    """The old pieces, those made one that say together what one of the new ones does: `GPT-3` is three, and
    `{GPT-3}` one. `became` tells which word of the new pieces each word of the old ones is."""
    spans, at = {}, 0
    for piece in new:
        if len(piece.words) > 1:
            spans[at] = at + len(piece.words)
        at += len(piece.words)
    begins = [0, *accumulate(len(piece.words) for piece in old)]
    made: list[_Piece] = []
    number = 0
    while number < len(old):
        start, end = begins[number], number + 1
        first = became.get(start) if old[number].words else None
        last = spans.get(first) if first is not None else None
        if first is not None and last is not None:
            until = bisect_left(begins, start + last - first, number + 1)
            said = [became.get(word) for word in range(start, start + last - first)]
            if begins[until : until + 1] == [start + last - first] and said == list(range(first, last)):
                end = until
        together = old[number:end]
        text = together[0].text + "".join(piece.gap + piece.text for piece in together[1:])
        words = tuple(word for piece in together for word in piece.words)
        made.append(_Piece(together[0].gap, text, words))
        number = end
    return made


def _people(name: str, text: str) -> list[_Piece]:
    """The persons of a list, each with the "and" before it as it is written."""
    pieces: list[_Piece] = []
    at = 0
    for person in split_names(text):
        start = text.find(person, at)
        gap = text[at:start] if pieces else ""
        at = start + len(person)
        pieces.append(_Piece(gap, person, (field_meaning(name, person),)))
    return pieces


def _joined(people: list[_Piece]) -> str:
    """A list of persons; one that is new among them stands behind the "and" that most others have."""
    gaps = [person.gap for person in people[1:] if person.gap]
    usual = max(gaps, key=gaps.count) if gaps else " and "
    first = "".join(person.text for person in people[:1])
    return first + "".join((person.gap or usual) + person.text for person in people[1:])


def _pieces(name: str, text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    depth, formula, gap, start = 0, False, "", 0
    for match in _SPECIAL.finditer(text):
        first = match[0][0]
        if first == "\\":
            continue
        if first in "{}":
            depth += 1 if first == "{" else -1
        elif first == "$":
            formula = not formula
        elif depth <= 0 and not formula:
            pieces += _piece(name, gap, text[start : match.start()])
            if first.isspace() or first == "~":
                gap = match[0]
            else:
                # a stop is a piece of its own, so that one more does not hide a word
                pieces += _piece(name, gap if start == match.start() else "", match[0])
                gap = ""
            start = match.end()
    return pieces + _piece(name, gap, text[start:])


def _piece(name: str, gap: str, text: str) -> list[_Piece]:
    return [_Piece(gap, text, tuple(_WORD.findall(field_meaning(name, text))))] if text else []


def _inside_braces(text: str) -> str | None:
    """What a pair of braces around several words holds: `{{A Title}}`; None where there is none."""
    text = text.strip()
    if not (text.startswith("{") and text.endswith("}") and _GAP.search(text)):
        return None
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if depth == 0 and at < len(text) - 1:
            return None
    return text[1:-1]
