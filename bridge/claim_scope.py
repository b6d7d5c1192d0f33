"""Whose paper a phrase speaks of: another one's ("extended version of"), or this one after all."""

from __future__ import annotations

from bridge.marks import Mark, Sentence
from bridge.phrases import word_set
from bridge.quotes import close_of_quote

_VERSIONS = frozenset(["version", "versions", "paper", "abstract"])
_COMPARING = frozenset(["to", "from", "than"])
_INCLUDING = word_set("including")


def names_arxiv(sentence: Sentence, scope: Mark) -> bool:
    """Whether another paper is told by its arXiv id, so that what follows is not its venue."""
    behind = sentence.words.lower[scope.end : scope.end + 3]
    if any(word.isdecimal() and len(word) == 7 for word in behind):
        return True  # "conference version of cs.PF/0604016"
    return "arxiv" in behind[:2] and behind[0] in ("arxiv", "of", "to")


def version_of(sentence: Sentence, mark: Mark) -> Mark:
    """ "extended version (with proofs) of": a remark in brackets changes nothing about "version of"."""
    gaps, k = sentence.words.gaps, mark.end
    if k >= sentence.last or sentence.words.lower[k - 1] not in _VERSIONS:
        return mark
    closing = (
        ")" if "(" in gaps[k] else "," if gaps[k] == ", " and sentence.words.lower[k] == "with" else None
    )
    if closing is None:
        return mark
    while k + 1 < sentence.last and closing not in gaps[k + 1]:
        k += 1
    if k + 1 < sentence.last and sentence.words.lower[k + 1] == "of":
        return Mark("about", mark.start, k + 2)
    return mark


def included(sentence: Sentence, mark: Mark) -> bool:
    """Whether a supplement comes with the paper: "includes 9 pages of supplementary material for"."""
    lower = sentence.words.lower
    before = lower[max(sentence.first, mark.start - 4) : mark.start]
    return lower[mark.start].startswith("suppl") and not _INCLUDING.isdisjoint(before)


def of_this_one(sentence: Sentence, mark: Mark) -> bool:
    """Whether a part speaks of the paper itself: "12 pages; more concise version, accepted in".

    So does what compares it: "important corrections to previous version (to appear in ...)".
    """
    if mark.role != "other" or sentence.words.lower[mark.end - 1] != "version":
        return False
    first = sentence.words.lower[mark.start]
    if first != "a" and mark.end < sentence.last and sentence.words.gaps[mark.end].startswith(","):
        return True  # "reworded, shortened version, accepted in"
    begin = sentence.part_start(mark.start)
    k = mark.start - (sentence.words.lower[mark.start - 1] == "the")
    if k > begin and sentence.words.lower[k - 1] in _COMPARING:
        return True
    return sentence.words.lower[begin : mark.start] in (
        ["more"],
        ["slightly", "more"],
        ["much", "more"],
    ) and sentence.alone(mark)


def based_on_talk(sentence: Sentence, mark: Mark, n: int) -> bool:
    """Whether a paper rests on a talk that the next cue tells of: "based on the plenary talk at"."""
    following = sentence.marks[n + 1] if n + 1 < len(sentence.marks) else None
    return (
        sentence.words.lower[mark.start] == "based"
        and following is not None
        and following.role == "talk"
        and following.start - mark.end <= 4
        and not sentence.set_apart(mark.end, following.start)
    )


def on_its_own(sentence: Sentence, scope: Mark, mark: Mark) -> bool:
    """Whether a status stands beside what is said of another: "extended version of X, to appear in Y".

    A remark in brackets between the two leaves them together: "of a paper (same title) to appear in Y".
    """
    if not sentence.set_apart(scope.end, mark.start):
        return False
    titles = range(scope.end, min(scope.end + 4, mark.start))
    if any(close_of_quote(sentence.words, k) == mark.start for k in titles):
        return False  # 'of the paper "Foo: A Bar" appearing in'
    if sentence.words.lower[mark.start - 1] in ("that", "which"):
        return False
    between = "".join(sentence.words.gaps[scope.end : mark.start + 1])
    return not (between.count("(") == between.count(")") > 0 and "," not in between)
