"""The whole phrase in which a comment names a venue: what a reader would underline as evidence.

A venue's name is kept short ("Moriond", "SPIE"); the phrase holds what belongs to it on both sides: the rest
of a title, a subtitle behind a colon or a dash, a title in quotation marks. Places, dates, editors and
whatever a comma sets apart do not belong to it.
"""

from __future__ import annotations

import re

from bridge.named import EVENT_HEADS, EVENT_WORDS, ORDINALS, Named, full_year, is_acronym
from bridge.phrases import word_set
from bridge.quotes import close_of_quote, closed_name, opens_quote
from bridge.venue_words import INSIDE
from bridge.words import Words

_MONTHS = word_set("months")
_STOP = word_set("stop")
_JOINED = frozenset([" ", "-", "/", "'", "’", " & ", ""])
_PLACING = frozenset(["in", "at", "from", "during", "by"])  # a place follows, where no title goes on
_GLUED = frozenset(["", "-", "'", "’"])  # "LATTICE'94", but "Monographs on 22 February"
_YEARLY = frozenset(["", "-", "'", "’", "`"])  # "(GREENS '25)"
_SUBTITLED = frozenset(
    [":", "--", "---", "-", "–", "—", '"', "``", "“", "''", "«", "„", ',"', ", ``", ':"', ": ``"]
)
_OPENING = frozenset('(`“«"')
_PAIRS = (("(", ")"), ("``", "''"), ("“", "”"), ("«", "»"))
_REACH = 16  # words on each side; titles are seldom longer


_PROCEEDINGS_BEHIND = re.compile(r"(?:\s+(?:19|20)\d\d)?\s+[Pp]roceedings$")
_BEHIND_ACRONYM = re.compile(r"\)[,;:] .*$")  # "Workshop on X (ABC 2026), co-located with Y"


def long_name(words: Words, named: Named) -> str | None:
    """The name as a bibliography prints it, where the tables have none: in its own words."""
    if named.spelt is not None:
        return named.spelt
    name = words.name(named.start, named.end) + words.stop_of_abbreviation(named.start, named.end)
    if name.count("(") > name.count(")") and words.gaps[named.end][:1] == ")":
        name += ")"  # "Compact Stars III (CSQCD III)"
    if name.count(")") > name.count("("):
        name = name.replace(")", "", 1)  # "(LLMs4All) Workshop at IEEE BigData" begins inside the bracket
    name = _BEHIND_ACRONYM.sub(")", closed_name(name))
    # a name that ends inside a bracket ends before it: "Workshop on Deep Learning (DeepTest" 2026)
    while name.count("(") > name.count(")"):
        name = name[: name.rindex("(")].rstrip(" ,;:")
    if not EVENT_HEADS.isdisjoint(words.lower[named.start : named.end]):
        name = _PROCEEDINGS_BEHIND.sub("", name)
    if words.lower[named.start] in EVENT_WORDS:
        name = name[:1].upper() + name[1:]
    return name or None


def whole_phrase(words: Words, start: int, end: int, taken: set[int]) -> tuple[int, int]:
    """Where the phrase begins and ends that holds the name words[start:end]; `taken` are words of cues."""
    return _begin(words, start, taken), _end(words, end, taken)


def closed(text: str, start: int, end: int) -> int:
    """Where text[start:end] ends with the bracket and the quotation marks closed that it opens."""
    inside = text[start:end]
    if _OPENING.isdisjoint(inside):
        return end
    marks = [closing for opening, closing in _PAIRS if inside.count(opening) > inside.count(closing)]
    marks += ['"'] if inside.count('"') % 2 else []
    for closing in marks:
        if text.startswith(closing, end):
            end += len(closing)
    return end


def _begin(words: Words, start: int, taken: set[int]) -> int:
    k = begin = start
    while k > 0 and start - k < _REACH and words.gaps[k] in _JOINED and k - 1 not in taken:
        k -= 1
        lower = words.lower[k]
        if lower in _STOP or lower in _MONTHS or not (words.raws[k][0].isupper() or lower in INSIDE):
            break
        if words.raws[k][0].isupper() and lower not in INSIDE:
            begin = k
    return begin


def _end(words: Words, end: int, taken: set[int]) -> int:
    k = last = end
    of_title = end > 0 and words.lower[end - 1] in INSIDE  # "Workshop on": its subject may have no capitals
    bracketed = "(" in words.gaps[end - 1] and k < len(words) and words.raws[k].isdecimal()
    if bracketed and words.gaps[k].strip() in _YEARLY:
        k = last = end + 1
    while k < len(words) and k - end < _REACH and k not in taken:
        lower, raw, gap = words.lower[k], words.raws[k], words.gaps[k]
        if opens_quote(gap):
            closing = close_of_quote(words, k)
            if closing is None or gap.strip()[:1] in (".", ";"):
                break
            k = last = closing
            continue
        if gap.strip() == "(" and is_acronym(raw):
            last = k = k + 1  # "... Elementary Particles and Nuclei (PEPAN)"
            if k < len(words) and words.raws[k].isdecimal() and words.gaps[k].strip() in _YEARLY:
                last = k + 1
            break
        if gap.strip() in _SUBTITLED and raw[0].isupper() and lower not in _MONTHS:
            of_title = True
        elif gap not in _JOINED:
            break
        if lower in _STOP or lower in _MONTHS or (lower in _PLACING and not of_title):
            break
        if raw.isdecimal():
            if full_year(raw) is None or (len(raw) == 2 and gap not in _GLUED):
                break
            last = k + 1  # "CVPR 2024": what tells the year, too
        elif raw[0].isupper() or lower in EVENT_HEADS or (of_title and lower not in INSIDE):
            last = k + 1
        elif lower in INSIDE:
            of_title = of_title or lower in ("on", "for")
        elif lower not in ORDINALS:
            break
        k += 1
    return last
