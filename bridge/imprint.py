"""What a comment tells behind the name of a book or of proceedings: the publisher and the pages.

"in Foo and Bars, Ed. A. Doe (Nova Science Publ., Hauppauge NY), pp. 203--241, 2004"; "to appear in the
proceedings of the workshop "Foo", to be published by Birkhäuser".
"""

from __future__ import annotations

from bridge.latepattern import LatePattern
from bridge.publishers import publisher_at
from bridge.words import Words

_REACH = 60  # words behind a name; place, dates and editors of a meeting stand between
_PAGES = LatePattern(r"\b[Pp](?:p|ages?)?\b\.?\s?(\d{1,4})\s?(?:-{1,3}|–)\s?(\d{1,4})(?![\w-])")
# "AMS-LaTeX", "Springer style", "AIP macros" tell how a paper is set
_SET_IN = frozenset(
    ["latex", "tex", "style", "styles", "class", "format", "template", "macro", "macros", "sty", "cls", "clo"]
)
_LED_BY = frozenset(["by", "in", "on", "the", "of", "from", "with", "at"])
_SHORT = 5  # letters of an acronym, which may be another's


def event_publisher(text: str) -> str | None:
    """The publisher that `text`, which stands behind the name of an event, gives its proceedings to."""
    words = Words(text)
    for k in range(min(len(words), _REACH)):
        found = publisher_at(words.lower, k)
        if found is None:
            continue
        name, end = found
        if words.lower[end : end + 1] and words.lower[end] in _SET_IN:
            continue
        acronym = end == k + 1 and words.raws[k].isupper() and len(words.raws[k]) <= _SHORT
        led = k == 0 or words.gaps[k].strip(" '\"“`") != "" or words.lower[k - 1] in _LED_BY
        if not acronym or led:
            return name
    return None


def pages_behind(text: str) -> str | None:
    """The pages, "203-241", that `text` tells behind the name of a book or an event; a count of pages is
    none, and behind "revised version of" stand those of another paper."""
    for found in _PAGES.finditer(text):
        if int(found[1]) < int(found[2]):
            return None if "version" in text[: found.start()].lower() else f"{found[1]}-{found[2]}"
    return None
