"""Citation keys: patterns in Better BibTeX's formula language (a part of it), and keys that do not clash.

A pattern joins terms with `+`; a term is a function or a quoted text, with filters behind dots:

    auth.lower + shorttitle(3,3) + year          the default, Better BibTeX's own
    authEtAl.lower + '_' + year                  delaraetal_2025

Functions
    auth(n=0, m=1)           the first n letters (0: all) of the m-th author's family name
    authors(n=0)             the family names of the first n authors (0: all), "EtAl" if there are more
    authEtAl                 one or two family names, of more the first and "EtAl"
    shorttitle(n=3, m=0)     the first n words of the title that count, the first m capitalised
    veryshorttitle(n=1, m=0) the same for one word
    title                    all the words of the title that count
    year, shortyear          four digits, two digits
    arxiv                    the arXiv id (with the version if it is pinned)
Filters
    .lower .upper .capitalize .fold .condense(sep='') .abbr(n=1) .substring(start=1, n=all) .nopunct
    .alphanum .prefix(text) .postfix(text)

What counts as a word (title_words.py), transliteration to ASCII and the characters that no key may hold
follow Better BibTeX 7 to 9, read in its published source (content/key-manager/formatter.ts): particles belong
to the family name, hyphens in words go, hyphens in names stay, white space goes last. Beyond its list of
unsafe characters, those go that TeX cannot take in `\\cite` ($, &, ^, @ and the like).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, NoReturn

from bridge.errors import UsageError
from bridge.plaintext import fold_ascii
from bridge.record import Author, Record
from bridge.title_words import is_punctuation, title_words

DEFAULT_PATTERN = "auth.lower + shorttitle(3,3) + year"

_UNSAFE = re.compile(r"[^A-Za-z0-9_.:+/*!?;-]")

Argument = int | str


def make_key(record: Record, pattern: str = DEFAULT_PATTERN) -> str:
    """The key that `pattern` gives for `record`; the work's identity where that would be empty.

    Raises UsageError, naming the part, if the pattern is not understood.
    """
    text = "".join(term(record) for term in _compile(pattern))
    return _clean(text) or _clean(record.identity) or "untitled"


def check_pattern(pattern: str) -> None:
    """Raises UsageError, naming the part, if the pattern is not understood."""
    _compile(pattern)


def unique_keys(
    records: Iterable[Record], pattern: str | None = None, taken: Collection[str] = ()
) -> list[str]:
    """One key a record, none in `taken` and no two alike in whatever case (to BibTeX, `Li2020` and `li2020`
    are one key). The first to come keeps the bare key, the next get a, b, ... z, aa.

    A record whose source has a citation key for it (Zotero's field) keeps that one, unless a pattern is asked
    for; such keys go before those that are made.
    """
    records = list(records)
    if pattern is None:
        records_by_turn = sorted(range(len(records)), key=lambda at: not _stated_key(records[at]))
    else:
        records_by_turn = list(range(len(records)))
    used = {key.lower() for key in taken}
    # where the postfix of each bare key has got to, so that a thousand equal keys cost a thousand steps
    counts: dict[str, int] = {}
    keys = [""] * len(records)
    for at in records_by_turn:
        record = records[at]
        bare = (_stated_key(record) if pattern is None else "") or make_key(
            record, pattern or DEFAULT_PATTERN
        )
        key, count = bare, counts.get(bare.lower(), 0)
        while key.lower() in used:
            count += 1
            key = bare + _postfix(count)
        counts[bare.lower()] = count
        used.add(key.lower())
        keys[at] = key
    return keys


def _stated_key(record: Record) -> str:
    """The citation key that a record's source has for it, without what TeX cannot take."""
    return _clean(record.fields.get("citationKey", ""))


def work_year(record: Record) -> str | None:
    """The year a work is cited by: its venue's if it has appeared or will, else that of its first version
    (of the pinned one), so that a preprint's year does not drift."""
    year = record.cited_year if record.item_type != "preprint" else None
    year = year if year is not None else record.posted_year
    return str(year) if year is not None else None


def _postfix(count: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _clean(text: str) -> str:
    return text if text.isalnum() and text.isascii() else _UNSAFE.sub("", fold_ascii(text))


# -- what a pattern can ask of a record --


def _family(author: Author) -> str:
    return author.literal or author.family or author.given or ""


def _auth(record: Record, n: int = 0, m: int = 1) -> str:
    if not 0 < m <= len(record.authors):
        return ""
    family = _family(record.authors[m - 1])
    return family[:n] if n else family


def _authors(record: Record, n: int = 0) -> str:
    names = [_family(author) for author in record.authors]
    if n and n < len(names):
        names = [*names[:n], "EtAl"]
    return " ".join(names)


def _auth_et_al(record: Record) -> str:
    names = [_family(author) for author in record.authors]
    if len(names) > 2:
        names = [names[0], "EtAl"]
    return " ".join(names)


def _shorttitle(record: Record, n: int = 3, m: int = 0) -> str:
    words = list(islice(title_words(record.title), n))
    if m:
        words = [fold_ascii(word) for word in words]
    return " ".join(word[:1].upper() + word[1:] if i < m else word for i, word in enumerate(words))


def _veryshorttitle(record: Record, n: int = 1, m: int = 0) -> str:
    return _shorttitle(record, n, m)


def _title(record: Record) -> str:
    return " ".join(title_words(record.title))


def _year(record: Record) -> str:
    return work_year(record) or ""


def _shortyear(record: Record) -> str:
    return (work_year(record) or "")[-2:]


def _arxiv(record: Record) -> str:
    return (record.versioned_id if record.pinned else record.arxiv_id) or ""


# -- what a pattern can do with a text --


def _capitalize(text: str) -> str:
    return re.sub(r"(?:^|(?<=\s))[a-z]", lambda match: match[0].upper(), text)


def _condense(text: str, sep: str = "") -> str:
    return re.sub(r"\s+", lambda _: sep, text)


def _abbr(text: str, n: int = 1) -> str:
    return "".join(word[:n] for word in text.split())


def _substring(text: str, start: int = 1, n: int | None = None) -> str:
    begin = max(start - 1, 0)
    return text[begin:] if n is None else text[begin : begin + n]


def _nopunct(text: str) -> str:
    return "".join(c for c in text if c == "-" or not is_punctuation(c))


def _alphanum(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or c.isspace())


def _prefix(text: str, before: str) -> str:
    return before + text if text else text


def _append(text: str, after: str) -> str:
    return text + after if text else text


# name in lower case -> (function, types of its arguments, how many of them it needs)
_FUNCTIONS: dict[str, tuple[Callable[..., str], tuple[type, ...], int]] = {
    "auth": (_auth, (int, int), 0),
    "authors": (_authors, (int,), 0),
    "authorsn": (_authors, (int,), 0),
    "authetal": (_auth_et_al, (), 0),
    "shorttitle": (_shorttitle, (int, int), 0),
    "veryshorttitle": (_veryshorttitle, (int, int), 0),
    "title": (_title, (), 0),
    "year": (_year, (), 0),
    "shortyear": (_shortyear, (), 0),
    "arxiv": (_arxiv, (), 0),
}
_FILTERS: dict[str, tuple[Callable[..., str], tuple[type, ...], int]] = {
    "lower": (str.lower, (), 0),
    "upper": (str.upper, (), 0),
    "capitalize": (_capitalize, (), 0),
    "fold": (fold_ascii, (), 0),
    "transliterate": (fold_ascii, (), 0),
    "condense": (_condense, (str,), 0),
    "abbr": (_abbr, (int,), 0),
    "substring": (_substring, (int, int), 0),
    "nopunct": (_nopunct, (), 0),
    "alphanum": (_alphanum, (), 0),
    "prefix": (_prefix, (str,), 1),
    "postfix": (_append, (str,), 1),
}

# -- reading a pattern --

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z]+)|(?P<number>\d+)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<sign>[+.(),]))"
)


class _Token(NamedTuple):
    kind: str
    text: str
    end: int


@lru_cache(maxsize=64)
def _compile(pattern: str) -> tuple[Callable[[Record], str], ...]:
    return _PatternReader(pattern).read()


class _PatternReader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.tokens: list[_Token] = []
        at = 0
        while pattern[at:].strip():
            match = _TOKEN.match(pattern, at)
            if match is None:
                self.fail(f"{pattern[at:].strip()!r} is not understood")
            self.tokens.append(_Token(match.lastgroup or "", match[match.lastgroup or 0], match.end()))
            at = match.end()
        self.at = 0

    def fail(self, reason: str) -> NoReturn:
        raise UsageError(
            f"citation-key pattern {self.pattern!r}: {reason}",
            f"functions are {', '.join(_FUNCTIONS)}; filters {', '.join(_FILTERS)}",
        )

    def read(self) -> tuple[Callable[[Record], str], ...]:
        terms = [self.term()]
        while self.next_is("+"):
            terms.append(self.term())
        if self.at < len(self.tokens):
            self.fail(f"{self.tokens[self.at].text!r} stands where + or the end should")
        return tuple(terms)

    def next_is(self, sign: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].text == sign:
            self.at += 1
            return True
        return False

    def term(self) -> Callable[[Record], str]:
        if self.at >= len(self.tokens):
            self.fail("it ends where a function or a quoted text should stand")
        token = self.tokens[self.at]
        self.at += 1
        function: Callable[..., str]
        arguments: list[Argument]
        if token.kind == "text":
            literal = _unquote(token.text)
            function, arguments = (lambda _record: literal), []
        elif token.kind == "name":
            function, arguments = self.call(token.text, _FUNCTIONS, "function")
        else:
            self.fail(f"{token.text!r} stands where a function or a quoted text should")
        filters: list[tuple[Callable[..., str], list[Argument]]] = []
        while self.next_is("."):
            if self.at >= len(self.tokens) or self.tokens[self.at].kind != "name":
                self.fail("a filter's name is missing behind a dot")
            name = self.tokens[self.at].text
            self.at += 1
            filters.append(self.call(name, _FILTERS, "filter"))

        def run(record: Record) -> str:
            text = function(record, *arguments)
            for each, its_arguments in filters:
                text = each(text, *its_arguments)
            return text

        return run

    def call(
        self, name: str, known: dict[str, tuple[Callable[..., str], tuple[type, ...], int]], what: str
    ) -> tuple[Callable[..., str], list[Argument]]:
        if name.lower() not in known:
            self.fail(f"there is no {what} {name!r}")
        function, types, needed = known[name.lower()]
        arguments: list[Argument] = []
        if self.next_is("(") and not self.next_is(")"):
            while True:
                arguments.append(self.argument(name))
                if self.next_is(")"):
                    break
                if not self.next_is(","):
                    self.fail(f"the arguments of {name!r} do not end")
        if len(arguments) > len(types) or len(arguments) < needed:
            self.fail(f"{name!r} takes {len(types) or 'no'} argument{'' if len(types) == 1 else 's'}")
        for argument, wanted in zip(arguments, types, strict=False):
            if not isinstance(argument, wanted):
                self.fail(f"{argument!r} is no {'number' if wanted is int else 'text'} for {name!r}")
        return function, arguments

    def argument(self, name: str) -> Argument:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or token.kind not in ("number", "text"):
            self.fail(f"an argument of {name!r} is missing")
        self.at += 1
        return int(token.text) if token.kind == "number" else _unquote(token.text)


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])
