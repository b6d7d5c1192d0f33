"""What a comment says of a paper besides its venue: that it is a thesis, that it is withdrawn."""

from __future__ import annotations

import re
from itertools import pairwise

from bridge.claim import PAPER_WORDS, RANK, Claim
from bridge.latepattern import LatePattern
from bridge.marks import PART, Mark, Sentence
from bridge.named import Named, full_year, is_acronym
from bridge.phrases import word_set
from bridge.quotes import opens_quote

_DEFENDED = LatePattern(r"\b(?:defended|submitted|defense)\b[^.;]{0,60}?\b((?:19|20)\d\d)\b", re.IGNORECASE)
_DEFENDED_AT = LatePattern(
    r"\b(?:defended|submitted|presented|supervised)\b[^.;]{0,30}?\b(?:at|to)\s+(?:the\s+)?", re.IGNORECASE
)
_DATED = LatePattern(r"(?:, [A-Z][a-z]+)?\s*[,;(]\s*(?:[A-Z][a-z]+\.?\s+)?((?:19|20)\d\d)\b")
_SCHOOL_NEXT = LatePattern(r"\W+(?=(?:[A-Z]\w* ){0,3}(?:Univ|Institut|ETH\b|EPFL\b|MIT\b|KTH\b|TU |UC ))")
_EARLIER = word_set("earlier")
_MERGING = word_set("merging")
_BEFORE_THESIS = word_set("before thesis")
_PARTS_OF_PAPER = word_set("parts of paper")
_NOT_YET = word_set("not yet")
_ANOTHER_PAPER = word_set("another paper")
_TEXTS = word_set("texts")
_BEFORE_WITHDRAWN = word_set("before withdrawn")
_SCHOOL = LatePattern(
    r"\b(?:Univ|TU [A-Z]|Institut|College|School|Eth\b|École|Ecole|Academy|Polytech|Politec|Hochschule|MIT\b"
    r"|EPFL|ETH\b|SISSA|Caltech|UC\s+[A-Z]"
    r"|LMU|UCLA|UCL\b|KTH|NTNU|RWTH\b)"
    rf"|\b(?:{'|'.join(sorted(word_set('school towns')))})\b",
    re.IGNORECASE,
)
_DEGREES = word_set("degrees")
_SCHOOL_LEADS = word_set("school leads")
_SCHOOL_TRAILS = word_set("school trails")


def thesis_claim(sentence: Sentence, mark: Mark) -> Claim | None:
    """A thesis, where the words before it leave no other subject; its school and the year of it."""
    if mark.end < sentence.last and not sentence.words.gaps[mark.end] and mark.end - mark.start == 1:
        return None  # a report's number: "#phd11"
    words, lower = sentence.words, sentence.words.lower
    k = mark.start - 1
    schooled = False
    while k >= sentence.first:
        if (sentence.cut[k + 1] == PART and not _of_another(lower, k)) or words.gaps[k + 1] == ". ":
            break
        raw = words.raws[k]
        if raw.isdecimal():
            pass
        elif is_acronym(raw):
            schooled = schooled or (raw.isupper() and raw.lower() not in _DEGREES)  # "CMU PhD thesis"
        elif lower[k] not in _BEFORE_THESIS:
            if not raw[0].isupper():
                return None
            schooled = True  # "UC Berkeley PhD dissertation"
        k -= 1
    before: Named | None = None
    if schooled:
        name = words.name(k + 1, mark.start)
        if not (is_acronym(words.raws[k + 1]) or _SCHOOL.search(name)):
            return None
        before = Named(k + 1, mark.start, name, kind="thesis", sure=False)
    claim = Claim("thesis", RANK["thesis"], (mark.start, mark.end), kind="thesis", reasons=["cue thesis"])
    if "version" in lower[k + 1 : mark.start]:
        claim.rank = RANK["bare"]  # "revised version of my PhD thesis; to appear in X"
    school = _school(sentence, mark.end) or before or _defended_at(sentence)
    if school is not None:
        claim.named = school
    for j in (*range(mark.end, sentence.last), *range(mark.start - 1, max(k, sentence.first - 1), -1)):
        raw = words.raws[j]
        if raw.isdecimal() and len(raw) == 4 and full_year(raw) and not _of_a_venue(sentence, j):
            claim.year = full_year(raw)
            break
    else:
        dated = _DEFENDED.search(words.text, words.end[mark.end - 1]) or (
            _DATED.match(words.text, words.end[school.end - 1]) if school is not None else None
        )
        claim.year = full_year(dated[1]) if dated else None
    return claim


def _of_a_venue(sentence: Sentence, k: int) -> bool:
    """Whether the year at word k is that of a meeting before it: "Contains a chapter of IROS 2023"."""
    return any(
        found.end == k and found.sure and found.row.kind != "journal" for found in sentence.venues.values()
    )


def withdrawal_claim(sentence: Sentence, mark: Mark) -> Claim | None:
    """A withdrawal of the paper, not of a lemma, and not "withdrawn from PRD"."""
    lower = sentence.words.lower
    if mark.end < sentence.last and lower[mark.end] == "from" and not sentence.cut[mark.end]:
        rest = lower[mark.end + 1 : mark.end + 4]
        if (
            "arxiv" not in rest
            and "archive" not in rest
            and "publication" not in rest
            and "the" not in rest[:1]
        ):
            return None
    been = lower[mark.end - 2 : mark.end - 1] == ["been"] and lower[mark.end - 1] in _MERGING
    merged = lower[mark.start] in _MERGING or been
    if merged and (
        lower[mark.end : mark.end + 1] in (["former"], ["new"]) or not _names_a_paper(sentence, mark)
    ):
        return None  # "combined with former arXiv:1509.06796", which is the other paper's end
    part = sentence.part_start(mark.start)
    before = lower[part : mark.start]
    if part > sentence.first and ")" in sentence.words.gaps[part]:  # "Section 6 (on bounds) is withdrawn"
        opening = part - 1
        while opening > sentence.first and "(" not in sentence.words.gaps[opening]:
            opening -= 1
        before = lower[sentence.part_start(opening - 1) : opening] + before
    if "but" in before:
        before = before[before.index("but") + 1 :]  # "accepted at X but withdrawn by the authors"
    after = lower[mark.end : mark.end + 6]
    behind = sentence.words.text[sentence.words.end[mark.end - 1] :]
    if _another_version(before, behind) or after[:1] == ["there"]:
        return None
    claim_of = after[:1] == ["the"] and after[2:3] == ["of"] and after[1] in _PARTS_OF_PAPER
    if claim_of or "resubmitted" in after[:4] or (after and re.fullmatch(r"v\d*", after[0])):
        return None  # "replaces the withdrawn v2", "withdrawn and now resubmitted", "withdraw the claim of"
    venues = [k for k, found in sentence.venues.items() if found.sure and part <= k < mark.start]
    if "submission" in before and venues:
        return None  # "the NeurIPS 2023 submission was withdrawn"
    if before and mark.end < sentence.last and not sentence.cut[mark.end] and lower[mark.end] in _TEXTS:
        return None  # "replaces a withdrawn paper"
    if not _NOT_YET.isdisjoint(before[-5:]):
        return None
    said = not PAPER_WORDS.isdisjoint(lower[mark.start : mark.end])  # "need to withdraw this paper"
    if not said and any(word in _PARTS_OF_PAPER for word in before[-6:]):
        return None
    if (
        before
        and not said
        and not (set(before) & PAPER_WORDS)
        and any(word not in _BEFORE_WITHDRAWN and not word.isdecimal() for word in before[-4:])
    ):
        return None
    return Claim("withdrawn", RANK["withdrawn"], (mark.start, mark.end), reasons=["cue withdrawn"])


def _another_version(before: list[str], after: str) -> bool:
    """Whether the words before a withdrawal make it that of a version which this one, or one named behind it,
    replaces."""
    if "version" in before and not _EARLIER.isdisjoint(before):
        return True
    versions = re.findall(r"\b(?:v|version) ?(\d{1,2})\b", " ".join(before))
    if not versions:
        return False
    later = [int(one) for one in re.findall(r"\b(?:v|version )(\d{1,2})\b", after, re.IGNORECASE)]
    return versions[-1] == "1" or any(number > int(versions[-1]) for number in later)


def _names_a_paper(sentence: Sentence, mark: Mark) -> bool:
    """Whether the next words name the paper that took the place of this one: by its id, or in words where
    this paper is the subject."""
    rest = sentence.words.lower[mark.end : min(mark.end + 9, sentence.last)]
    if ("arxiv", "submission") in pairwise(rest):
        return False  # "combined with the supplement for arXiv submission"
    if "arxiv" in rest or any(word.isdecimal() and len(word) in (4, 5, 7) for word in rest):
        return True
    before = sentence.words.lower[sentence.part_start(mark.start) : mark.start]
    subject = not PAPER_WORDS.isdisjoint(before) or mark.start == sentence.first or before[:1] == ["it"]
    behind = mark.end + (rest[:1] == ["by"])
    titled = behind < sentence.last and opens_quote(sentence.words.gaps[behind])
    return subject and (titled or not _ANOTHER_PAPER.isdisjoint(rest))


def _of_another(lower: list[str], k: int) -> bool:
    """Whether "based on", "from", "part of" runs on over a comma before a thesis."""
    return any(
        word in ("based", "from", "part", "chapter", "extended", "excerpt", "summary")
        for word in lower[max(0, k - 4) : k + 1]
    )


def _defended_at(sentence: Sentence) -> Named | None:
    """The school that another sentence names: "PhD thesis of X. Defended at the University of Y"."""
    words = sentence.words
    said = _DEFENDED_AT.search(words.text, words.end[sentence.last - 1])
    if said is None:
        said = _SCHOOL_NEXT.match(words.text, words.end[sentence.last - 1])
    if said is None:
        return None
    first = next((k for k in range(sentence.last, len(words)) if words.start[k] >= said.end()), len(words))
    end = first
    while (end < len(words) and words.gaps[end] == " ") or end == first < len(words):
        end += 1
    whole = Sentence(words, first, end, {}, [0] * (len(words) + 1))
    return _school(whole, first) if end > first else None


def _school(sentence: Sentence, k: int) -> Named | None:
    """The part of the sentence after a thesis that names a university or institute."""
    words = sentence.words
    start = k
    while start < sentence.last:
        end = start + 1
        while end < sentence.last and not sentence.cut[end]:
            end += 1
        if _SCHOOL.search(words.span(start, end)):
            first = start
            while first < end and not (
                words.raws[first][0].isupper() and words.lower[first] not in _SCHOOL_LEADS
            ):
                first += 1
            last = end
            if (
                end < sentence.last
                and "," in words.gaps[end]
                and words.lower[start:end][-1:] == ["california"]
            ):
                last = end + 1
                while last < sentence.last and not sentence.cut[last]:
                    last += 1
            while last > first and (
                words.raws[last - 1].isdecimal() or words.lower[last - 1] in _SCHOOL_TRAILS
            ):
                last -= 1
            if first < last:
                return Named(first, last, words.name(first, last), kind="thesis", sure=False)
        start = end
    return None
