"""One sentence of a comment as claims: what each cue says of which venue, and whose it is."""

from __future__ import annotations

from bridge.claim import RANK, Claim
from bridge.claim_scope import based_on_talk, included, names_arxiv, of_this_one, on_its_own, version_of
from bridge.cue_sense import (
    denied,
    is_about,
    is_submission,
    just_published,
    of_a_quantity,
    of_the_paper,
    of_time_to_come,
    published_in_year,
)
from bridge.marks import SAYING_NOTHING, Mark, Sentence
from bridge.named import Named, from_table, full_year
from bridge.naming import name_claim
from bridge.notices import thesis_claim, withdrawal_claim
from bridge.phrases import word_set
from bridge.uncued import read_uncued
from bridge.unlisted import cited_proceedings, cited_volume
from bridge.venue_ahead import PREPOSITIONS, VenueWalk, passed_over
from bridge.venue_behind import in_an_issue, known_behind, worded_behind
from bridge.venue_years import bracketed_year, said_year

_STATUS_OF = {
    "printed": "published", "published": "published", "proceedings": "published", "chapter": "published",
    "accepted": "accepted", "talk": "accepted", "submitted": "submitted", "rejected": "rejected",
}  # fmt: skip

_FUTURE = word_set("future")
_TO_COME = frozenset(["upon", "after", "until", "before", "pending"])
_DATED = word_set("dated")
_JOURNAL_HOUSES = word_set("journal houses")
_PROCEEDINGS = frozenset(["proceedings", "proc"])
_FIRST_OF_ALL = frozenset(["initially", "originally", "first"])
_OF_JOURNALS = frozenset(["journal", "journals", "issue"])
_PAPER_FOR = (["paper", "for"], ["review", "for"], ["article", "for"])
_COLLECTIONS = word_set("collections")


def _may_print(claim: Claim) -> bool:
    """Whether what a claim names prints the proceedings of an event, or is their title."""
    named = claim.named
    if named is None:
        return False
    in_quotes = named.row is None and named.quoted
    return named.is_series or in_quotes or (named.row is not None and named.row.kind == "book")


class SentenceReader:
    """Reads one sentence; `claims` grows in its order."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.words = sentence.words
        self.marks = sentence.marks
        self.claims: list[Claim] = []
        self.taken: set[int] = set()  # the words of venues that claims have used
        self.passed = passed_over(sentence)
        self.foreign_from: int | None = None  # from here on venues belong to another paper

    def read(self) -> list[Claim]:
        scope: Mark | None = None
        erratum: Mark | None = None
        used_up = self.sentence.first
        for n, mark in enumerate(self.marks):
            if mark.start < used_up and mark.role not in (
                "accepted",
                "submitted",
                "published",
                "printed",
                "rejected",
            ):
                continue
            role = mark.role
            if role == "own":
                mark = version_of(self.sentence, mark)
                role = mark.role
            if role in ("other", "about"):
                if (
                    included(self.sentence, mark)
                    or based_on_talk(self.sentence, mark, n)
                    or of_this_one(self.sentence, mark)
                ):
                    continue
                scope = scope if scope is not None and scope.role == "other" else mark
                if self.foreign_from is None:
                    self.foreign_from = mark.end
            elif role == "own":
                if self._begins_anew(n):
                    scope, self.foreign_from = None, None
            elif role == "thesis":
                claim = thesis_claim(self.sentence, mark)
                if claim:
                    self.claims.append(claim)
                    break
            elif role == "withdrawn":
                claim = withdrawal_claim(self.sentence, mark)
                if claim:
                    self.claims.append(claim)
            elif role == "erratum":
                erratum = mark
                if mark.end - mark.start > 2:  # "erratum to appear in"
                    self._erratum(mark, n)
                else:
                    self._erratum_beside(mark)
            elif role in _STATUS_OF:
                if (
                    erratum is not None
                    and role in ("accepted", "submitted", "published")
                    and "," not in "".join(self.words.gaps[erratum.end : mark.start + 1])
                ):
                    self._erratum(mark, n)
                    continue
                if (
                    scope is not None
                    and role == "submitted"
                    and "part" in self.words.lower[scope.start : scope.end]
                    and "," in self.words.gaps[mark.start]
                ):
                    scope, self.foreign_from = None, None  # "presented in part at X, submitted to Y"
                if (
                    scope is not None
                    and (scope.role == "about" or names_arxiv(self.sentence, scope))
                    and role not in ("proceedings", "talk", "chapter")
                    and on_its_own(self.sentence, scope, mark)
                ):
                    scope, self.foreign_from = None, None
                if scope is not None:
                    named = self._ahead(mark, n)
                    if named:
                        used_up = named.end
                        self.taken.update(range(named.start, named.end))
                    continue
                claim = self._status(mark, n)
                if claim and role == "talk" and self._meant_for_proceedings(mark):
                    claim.status, claim.rank = "submitted", RANK["submitted"]
                if claim and role == "accepted" and self._of_the_proceedings(mark):
                    printed = (
                        claim.named is not None and claim.kind == "journal" and not claim.named.is_series
                    )
                    claim.status, claim.rank = "submitted", RANK["proceedings" if printed else "submitted"]
                if claim:
                    self.claims.append(claim)
                    if claim.named:
                        used_up = max(used_up, claim.named.end)
        if self.claims and self._all_said():
            return self.claims
        cued = {mark.start for mark in self.marks if mark.role in _STATUS_OF and mark.role != "proceedings"}
        read_uncued(self.sentence, self.taken, self.claims, cued, self.foreign_from)
        if not self.claims and self.foreign_from is None:
            cited = cited_proceedings(self.sentence) or cited_volume(self.sentence)
            if cited is not None:
                self._give(*cited)
                self.claims.append(cited[0])
        return self.claims

    def _all_said(self) -> bool:
        """Whether cues, their venues and counts of pages are all that the sentence holds."""
        lower, k = self.words.lower, self.sentence.first
        for first, last in [*((mark.start, mark.end) for mark in self.marks), (self.sentence.last,) * 2]:
            for word, said in enumerate(lower[k:first], k):
                if not (said in SAYING_NOTHING or said.isdecimal() or word in self.taken):
                    return False
            k = max(k, last)
        return True

    def _ahead(self, mark: Mark, n: int) -> Named | None:
        return VenueWalk(self.sentence, mark, n, self.taken, self.passed).find()

    def _give(self, claim: Claim, named: Named) -> None:
        named = name_claim(self.sentence, claim, named)
        self.taken.update(range(named.start, named.end))

    def _erratum(self, mark: Mark, n: int) -> None:
        """Where an erratum goes, the paper itself has appeared."""
        named = self._ahead(mark, n)
        if named is not None:
            claim = Claim("published", RANK["published"], (mark.start, mark.end), reasons=["cue published"])
            self._give(claim, named)
            self.claims.append(claim)

    def _erratum_beside(self, mark: Mark) -> None:
        """The journal beside an erratum printed the paper: "see PRL erratum", "Erratum: Phys. Rev. D 98"."""
        for start, found in self.sentence.venues.items():
            beside = found.end == mark.start or mark.end <= start <= mark.end + 1
            if (
                beside
                and found.row.kind == "journal"
                and self.words.lower[mark.end : start] in ([], ["in"], ["for"])
                and not self.words.raws[start].islower()
            ):
                named = from_table(found)
                claim = Claim("published", RANK["printed"], (mark.start, mark.end), reasons=["cue printed"])
                claim.named, claim.kind = named, "journal"  # the year is the erratum's
                self.claims.append(claim)
                self.taken.update(range(named.start, named.end))
                return

    def _begins_anew(self, n: int) -> bool:
        """Whether "this version", "journal version" is the subject of the status that follows."""
        mark = self.marks[n]
        if mark.start > self.sentence.first and self.words.lower[mark.start - 1] in (
            "of",
            "for",
            "to",
            "from",
            "by",
        ):
            return False
        following = self.marks[n + 1] if n + 1 < len(self.marks) else None
        return following is not None and following.role in _STATUS_OF and following.start - mark.end <= 3

    def _status(self, mark: Mark, n: int) -> Claim | None:
        lower = self.words.lower
        role = mark.role
        status = _STATUS_OF[role]
        if denied(self.sentence, mark):
            return None
        if role == "proceedings" and any(claim.cue and not _may_print(claim) for claim in self.claims):
            return None  # "submitted to X, Proc. of Y" says one thing, not two
        led = lower[mark.end - 1] in PREPOSITIONS[role] or (
            mark.end < self.sentence.last
            and lower[mark.end] in PREPOSITIONS[role]
            and not self.sentence.cut[mark.end]
        )
        if (
            lower[mark.start] == "for"
            and role == "accepted"
            and any(other.role == "rejected" and other.start < mark.start for other in self.marks)
        ):
            return None  # "rejected for publication in X"
        if lower[mark.start] == "for" and role == "accepted" and self._only_sent(mark):
            status, role = "submitted", "submitted"  # "to be submitted to Foo for publication in X"
        if role == "published" and self.words.lower[mark.end - 1] == "by" and self._awaited():
            return None  # "to appear in Proceedings of X, published by Y"
        if role == "proceedings":
            journal = self._printing_journal(mark)
            if journal is not None:
                return journal
        behind = self.marks[n + 1] if n + 1 < len(self.marks) else None
        printed = behind is not None and (behind.role, behind.start) == ("proceedings", mark.end)
        accepted = role == "printed" and behind is not None and behind.role == "accepted"
        if (
            accepted
            and behind is not None
            and behind.start <= mark.end + 1
            and not self.sentence.cut[mark.end]
        ):
            return None  # "definitive version accepted for publication in X"
        if printed and role == "talk" and not led and self.sentence.cut[mark.end]:
            return None  # "invited paper, Proceedings of X"
        named, taken = None, self.taken
        if not led:
            named = known_behind(self.sentence, taken, mark) or worded_behind(self.sentence, taken, mark)
        if named is None:
            named = self._ahead(mark, n)
        if named is None and led and role != "proceedings":
            named = known_behind(self.sentence, taken, mark)
            if named is None and in_an_issue(self.sentence, mark):
                named = worded_behind(self.sentence, taken, mark)
        following = self.words.raws[mark.end] if mark.end < self.sentence.last else ""
        still = mark.end < self.sentence.last and not self.sentence.cut[mark.end]
        if role == "printed" and still and "will" in lower[mark.end : mark.end + 3]:
            return None  # "the final version will be available"
        if role == "printed" and lower[mark.start - 1] in _TO_COME and not self.sentence.cut[mark.start]:
            return None  # "data to be linked to upon final publication"
        if named is None:
            if role == "talk" or (
                role == "published"
                and not (lower[mark.end - 1] in _DATED and full_year(following))
                and not published_in_year(self.sentence, mark, following)
                and not just_published(self.sentence, mark)
            ):
                return None
            if role == "proceedings":
                return None
            if role == "chapter" or (role == "accepted" and "presented" in lower[mark.start : mark.end]):
                return None
        if (
            role == "accepted"
            and named is None
            and lower[mark.start] in _FUTURE
            and not of_the_paper(self.sentence, mark)
        ):
            return None
        if (
            role == "accepted"
            and named is None
            and "by" in lower[mark.end - 1 : mark.end + 1]
            and self._sent()
        ):
            return None  # "Submitted to the Handbook of X, to be published by Springer"
        if role == "accepted" and lower[mark.start : mark.end] in _PAPER_FOR:
            accepted_then = any(lower[other.start].startswith("accept") for other in self.marks[n + 1 :])
            unnamed = named is None and _COLLECTIONS.isdisjoint(lower[mark.end : mark.end + 4])
            about = named is not None and named.row is None and is_about(self.sentence, mark, named)
            if unnamed or about or (named is not None and named.row is None and accepted_then):
                return None  # "reference paper for the FOO code", "paper for FooEval, accepted at"
        if lower[mark.start] == "forthcoming" and named is None and not self.sentence.alone(mark):
            return None
        if role == "submitted" and named is None and not is_submission(self.sentence, mark):
            return None
        future = lower[self.sentence.first : mark.start]
        if status == "published" and "will" in future and "erratum" not in future:
            status = "accepted"  # "will be available in the proceedings published by Springer"
        if role == "published" and lower[mark.start - 1] == "to" and self.sentence.cut[mark.start - 1]:
            status = "accepted"  # "4 pages, to published in"
        claim = Claim(status, RANK.get(role, 0), (mark.start, mark.end), reasons=[f"cue {role}"])
        claim.to_come = role == "accepted" and lower[mark.start] in ("to", "will")
        claim.told = role == "accepted" and "presented" in lower[mark.start : mark.end]
        if role == "submitted" and lower[mark.start] in _FIRST_OF_ALL:
            claim.rank = RANK["bare"]  # where it was sent at first
        if role == "chapter":
            claim.kind = "book"
        if named is not None:
            self._give(claim, named)
            if claim.year is None and not named.sure and of_a_quantity(self.sentence, mark):
                return None  # the words of the name stay used up all the same
            if claim.year is None:
                claim.year = bracketed_year(
                    self.words, mark.end
                )  # "To appear (2002) in", "in press (Jan 99)"
        elif role in ("published", "printed"):
            claim.year = said_year(self.words, mark.end)  # "Published: 2014-09-18"
            if lower[mark.start : mark.end] == ["published", "version"] and of_time_to_come(
                self.sentence, mark
            ):
                claim.rank = RANK["chapter"]  # below "accepted by"
        elif role in ("submitted", "accepted") and mark.end < self.sentence.last:
            rest = lower[mark.end : min(mark.end + 6, self.sentence.reach(n))]
            if "book" in rest[:3]:
                claim.kind = "book"
            elif not _OF_JOURNALS.isdisjoint(rest) or not _JOURNAL_HOUSES.isdisjoint(rest):
                claim.kind = "journal"
            elif not _PROCEEDINGS.isdisjoint(rest) or "conference" in rest[:3]:
                claim.kind = "conference"
        if named is None and claim.kind is None and role in ("submitted", "accepted"):
            before = lower[max(self.sentence.first, mark.start - 4) : mark.start]
            said = before + lower[mark.start : mark.end]
            booked = before[-1:] == ["chapter"] or "book" in lower[mark.start : mark.end]
            claim.kind = "journal" if "journal" in said else "book" if booked else None
            if claim.kind is None and "conference" in lower[mark.start : mark.end]:
                claim.kind = "conference"
        return claim

    def _printing_journal(self, mark: Mark) -> Claim | None:
        """A journal that stands alone, with the proceedings that it prints in brackets: "ACM Transactions on
        Graphics (Proceedings of SIGGRAPH Asia 2025)"."""
        if "(" not in self.words.gaps[mark.start] or self.claims:
            return None
        for start, found in self.sentence.venues.items():
            journal = found.end == mark.start and found.sure and found.row.kind == "journal"
            if journal and start not in self.taken and self.sentence.opens_part(start):
                claim = Claim("published", RANK["bare"], None, reasons=["bare venue"])
                self._give(claim, from_table(found))
                end = mark.end
                while end < self.sentence.last and not self.sentence.cut[end]:
                    claim.year = claim.year or full_year(self.words.raws[end])
                    end += 1
                self.taken.update(range(mark.start, end))
                return claim
        return None

    def _only_sent(self, mark: Mark) -> bool:
        """Whether what a paper is "for publication in" is where it was sent: no comma stands between."""
        return any(
            other.role == "submitted"
            and other.start < mark.start
            and not self.sentence.set_apart(other.end, mark.start)
            for other in self.marks
        )

    def _meant_for_proceedings(self, mark: Mark) -> bool:
        """Whether "for the proceedings of X" is all that is said: written for them, whether taken or not."""
        words = self.words.lower[mark.start : mark.end]
        others = any(other.role == "talk" and other is not mark for other in self.marks)
        return words[0] == "for" and "proceedings" in words and not self.claims and not others

    def _of_the_proceedings(self, mark: Mark) -> bool:
        """Whether a remark says where the proceedings will be: "submitted to Proc. of X (to appear in Y)"."""
        last = self.claims[-1] if self.claims else None
        if last is None or last.status != "submitted" or last.cue is None:
            return False
        lower = self.words.lower
        if _PROCEEDINGS.isdisjoint(lower[last.cue[0] : mark.start]):
            return False
        before = lower[mark.start - 1]
        gap = self.words.gaps[mark.start]
        return "," in gap or "(" in gap or before in ("which", "that", "and") or before in _PROCEEDINGS

    def _sent(self) -> bool:
        """Whether the sentence has said already where the paper was sent to."""
        return any(claim.status == "submitted" and claim.named is not None for claim in self.claims)

    def _awaited(self) -> bool:
        """Whether the sentence has said already where the paper is to appear."""
        return any(claim.status == "accepted" and claim.named is not None for claim in self.claims)
