"""Person and collaboration names: one printed name becomes given name, family name and suffix, or a literal.

The rules are arXiv's own (its API prints a name as forenames, key name, suffix) with a longer list of
particles; the words they turn on are mappings/name-particles.csv. Where a name could be read two ways the
last word is the family name: a wrongly long family name does more harm than a short one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from bridge.latepattern import LatePattern
from bridge.plaintext import decode_accents, is_ideograph, well_decoded
from bridge.record import Author, Credit
from bridge.tables import Row, load

_ROLES = (
    "particle",
    "link",
    "kin",
    "suffix",
    "vietnamese",
    "organisation-word",
    "organisation-ending",
    "organisation-name",
    "title",
)
_CASES = ("any", "lower", "exact")

_PLAIN_PERSON = re.compile(r"(?:[A-Z][A-Za-z'.]*(?:-[A-Z][A-Za-z'.]*)* )+[A-Z][a-z]+(?:-[A-Z][a-z]+)*")
# "C. -P. Yuan": arXiv puts a space after every full stop
_SPACED_HYPHEN = LatePattern(r"\.\s+-\s*(?=\w)")
_GLUED_INITIALS = LatePattern(r"(?<=\b\w\.)(?=\w)")
_ET_AL = LatePattern(r"[\s,;]*(?:\band\s+)?\bet\.?\s+al\b\.?[\s,;:]*$", re.IGNORECASE)
_STRAY = LatePattern(r"(?:et\.?\s*)?al\.?|others|(?:and\s+others)|\W*", re.IGNORECASE)
_ON_BEHALF = LatePattern(r"^(?:for|on behalf of|and)\s+(?:the\s+)?|^the\s+", re.IGNORECASE)
_BEHALF_AFTER_NAME = LatePattern(
    r"^(?P<person>.+?)[\s,;]*[\s(](?:for|on behalf of)\s+(?P<body>the\s+.*collaborations?)\)?$", re.IGNORECASE
)
# "Planck Collaboration: P. A. R. Ade"
_BODY_FIRST = LatePattern(r"^(?P<body>.*\bcollaborations?):\s*(?P<person>\S.*)$", re.IGNORECASE)
_PARENTHESES = LatePattern(r"\s*\([^()]*\)\s*$")
# "Garcí a-Lario", "Strø m": the space ended a TeX command (\'\i, \o) and belongs to no name
_TEX_LETTER_ENDING = LatePattern(r"[íìîïĩıȷøØæÆœŒåÅłŁßđĐðÐþÞ]$")
_INNER_CAPITAL = LatePattern(r"^(?!(?:Mc|Mac|De|Di|La|Le|Van|Von|Fitz|O['’])[A-Z])\w*[a-z]\w*[A-Z]")


@dataclass(slots=True)
class _Words:
    """mappings/name-particles.csv by role: `any` rows lower-case, `lower` and `exact` rows as they are."""

    any_case: dict[str, set[str]] = field(default_factory=lambda: {role: set() for role in _ROLES})
    as_written: dict[str, set[str]] = field(default_factory=lambda: {role: set() for role in _ROLES})

    def has(self, role: str, word: str) -> bool:
        return word in self.as_written[role] or word.lower() in self.any_case[role]


@cache
def _words() -> _Words:
    words = _Words()

    def build(row: Row) -> None:
        if row["role"] not in _ROLES:
            raise row.wrong(f"the role {row['role']!r} is none of {', '.join(_ROLES)}")
        if row["case"] not in _CASES:
            raise row.wrong(f"the case {row['case']!r} is none of {', '.join(_CASES)}")
        if row["case"] != "exact" and row["word"] != row["word"].lower():
            raise row.wrong(f"{row['word']!r} must be lower-case unless its case is exact")
        table = words.any_case if row["case"] == "any" else words.as_written
        table[row["role"]].add(row["word"])

    load("name-particles.csv", ("word", "role", "case"), build)
    return words


@cache
def _telling_words() -> frozenset[str]:
    """Every word that makes a name more than given names and one family name, in lower case."""
    words = _words()
    tables = (*words.any_case.values(), *words.as_written.values())
    return frozenset(word.lower() for table in tables for word in table) | {"et", "al", "al.", "others"}


def authors_from_credits(credits: Iterable[Credit | Author]) -> tuple[Author, ...]:
    """The authors behind the printed names, in order, each with its affiliations.

    A stray "al." (what "et al." leaves behind in arXiv's feed) and names without a letter are dropped;
    "Jane Doe for the ATLAS Collaboration" and "Planck Collaboration: P. A. R. Ade" are two authors each.
    `Author` values pass through untouched.
    """
    authors: list[Author] = []
    for credit in credits:
        if isinstance(credit, Author):
            authors.append(credit)
            continue
        for name in _split_behalf(credit.name):
            author = parse_name(name)
            if author != _NOBODY:
                authors.append(
                    author._replace(affiliations=credit.affiliations) if credit.affiliations else author
                )
    return tuple(_each_by_its_name(authors))


_MANY = " Collaborations"


def _each_by_its_name(authors: list[Author]) -> list[Author]:
    """ "The CMS and LHCb Collaborations" comes as two authors: what both are is told with the last alone."""
    for number, author in enumerate(authors[1:], 1):
        before = authors[number - 1]
        several = author.literal is not None and author.literal.endswith(_MANY)
        if several and before.literal is not None and before.literal.startswith("The "):
            authors[number - 1] = before._replace(literal=f"{before.literal[4:]}{_MANY[:-1]}")
            authors[number] = author._replace(literal=str(author.literal)[:-1])
    return authors


def _split_behalf(name: str) -> tuple[str, ...]:
    if "ollaboration" not in name:
        return (name,)
    if match := _BEHALF_AFTER_NAME.match(name):
        return match["person"], match["body"]
    if match := _BODY_FIRST.match(name):
        return match["body"], match["person"]
    return (name,)


_NOBODY = Author()


@lru_cache(maxsize=65536)
def parse_name(text: str) -> Author:
    """One printed name taken apart; an `Author` without any part if `text` names nobody ("et al.", ":").

    A particle belongs to the family name; a name of one word is a family name without a given name unless
    its spelling shows an organisation ("OpenAI", "BELLE").
    """
    if _PLAIN_PERSON.fullmatch(text) and _telling_words().isdisjoint(text.lower().split(" ")):
        # nine of ten names: nothing in them that any rule below turns on
        given, _, family = text.rpartition(" ")
        return Author(given=_given_text(given), family=family)
    text = _clean(text)
    if _STRAY.fullmatch(text):
        return _NOBODY
    if (literal := _organisation(text)) is not None:
        return Author(literal=literal)
    if "," in text:
        return _parse_with_comma(text)
    tokens = _rejoin(text.split(" "))
    while len(tokens) > 2 and _words().has("title", tokens[0]):
        del tokens[0]
    suffix = None
    if len(tokens) > 2 and _words().has("suffix", tokens[-1]):
        suffix = tokens.pop()
    if len(tokens) > 1 and all(map(is_ideograph, tokens[0])):
        # Chinese, Japanese and Korean names in their own script lead with the family name
        return Author(given=" ".join(tokens[1:]), family=tokens[0], suffix=suffix)
    start = _family_start(tokens)
    return Author(given=_given(tokens[:start]), family=" ".join(tokens[start:]), suffix=suffix)


def _clean(text: str) -> str:
    """`text` without TeX, control characters, marks of footnotes and the like, spaces folded."""
    if not text.isascii() or not text.isprintable() or "\\" in text or "{" in text or "  " in text:
        text = well_decoded(text, name=True)
        text = unicodedata.normalize("NFC", decode_accents(text).replace("{", "").replace("}", ""))
        text = "".join(" " if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp") else c for c in text)
        # soft hyphens, zero-width spaces and direction marks are invisible
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
        text = " ".join(text.split())
    text = text.strip(" ,;:*")
    if "(" in text:
        inside = text[1:-1] if text.startswith("(") and text.endswith(")") else None
        text = inside if inside is not None else (_PARENTHESES.sub("", text) or text)
    if "al" in text:
        text = _ET_AL.sub("", text) or text
    return text


def _organisation(text: str) -> str | None:
    """The organisation's name if `text` is one, else None."""
    words = _words()
    tokens = text.split(" ")
    last = tokens[-1]
    if len(tokens) == 1:
        shouted = len(last) > 2 and last.isupper() and last.isalpha()
        if shouted or _INNER_CAPITAL.search(last) or words.has("organisation-name", last):
            return last
        return last if words.has("organisation-word", last) else None
    if len(tokens) == 2 and tokens[0] == "The" and (last.isupper() or _INNER_CAPITAL.search(last)):
        return text
    if words.has("organisation-ending", last):
        if last.isupper() and text.isupper():
            return None  # "QING AI" shouts a person's name
    elif not any(words.has("organisation-word", token.rstrip(",:;.")) for token in tokens):
        return None
    if tokens[0] == "The":
        return text  # as the authors print it; the small "the" of running text is no part of the name
    return _ON_BEHALF.sub("", text).strip()


def _parse_with_comma(text: str) -> Author:
    """ "Heath, Jr." after the forenames is a suffix; any other comma parts family and given name."""
    head, _, tail = (part.strip() for part in text.partition(","))
    if _words().has("suffix", tail):
        return parse_name(head)._replace(suffix=tail)
    family, _, rest = (part.strip() for part in tail.partition(","))
    if rest and _words().has("suffix", family):
        return Author(given=_given(rest.split(" ")), family=head, suffix=family)  # "Heath, Jr., Robert"
    return Author(given=_given(tail.replace(",", " ").split()), family=head)


def _rejoin(tokens: list[str]) -> list[str]:
    """Undo the spaces that TeX commands left inside names: "Garcí a-Lario", "Strø m", "Ł ukasz"."""
    index = 1
    while index < len(tokens):
        token = tokens[index]
        if token[:1].islower() and _TEX_LETTER_ENDING.search(tokens[index - 1]) and not _is_connective(token):
            tokens[index - 1 : index + 1] = [tokens[index - 1] + token]
        else:
            index += 1
    return tokens


def _is_connective(token: str) -> bool:
    return _words().has("particle", token) or _words().has("link", token)


def _family_start(tokens: list[str]) -> int:
    """The index of the first token of the family name."""
    words = _words()
    start = len(tokens) - 1
    if start > 1 and words.has("kin", tokens[start]) and not tokens[start - 1].endswith("."):
        start -= 1
    while start > 0:
        before = tokens[start - 1]
        if words.has("particle", before) and _may_be_particle(tokens, start - 1):
            start -= 1
        elif start > 2 and words.has("link", before) and not tokens[start - 2].endswith("."):
            start -= 2
        elif (
            start < len(tokens) - 1
            and "-" in before
            and before.rpartition("-")[2] in words.any_case["particle"]
        ):
            start -= 1  # "Heredia-de La Cruz"
        else:
            break
    return start


def _may_be_particle(tokens: list[str], index: int) -> bool:
    """Whether the particle-like token stands where a particle can: not as the given name ("Di Wang"),
    and not beside a Vietnamese surname ("Nguyen Van Hieu", "Duc Van Nguyen")."""
    token = tokens[index]
    if token[:1].islower() or not token[:1].isalpha():
        return True
    if index == 0:
        return False
    if token in ("Van", "Le"):
        vietnamese = _words().any_case["vietnamese"]
        return not any(t.lower() in vietnamese for t in (tokens[index - 1], tokens[index + 1]))
    return True


def _given(tokens: list[str]) -> str | None:
    """The given names, initials written as BibTeX can count them: "S. M.", "C.-P."."""
    return _given_text(" ".join(tokens)) if tokens else None


def _given_text(given: str) -> str:
    if "." in given[:-1]:
        given = _GLUED_INITIALS.sub(" ", _SPACED_HYPHEN.sub(".-", given))
    return given
