"""Whether a venue of the tables is but the beginning of a longer name, that of another event or book."""

from __future__ import annotations

from bridge.marks import LEADS, Sentence
from bridge.named import EVENT_HEADS, EVENT_WORDS, ORDINALS, SPONSORS, full_year, is_acronym
from bridge.phrases import word_set
from bridge.quotes import opens_quote
from bridge.venue_table import Found
from bridge.venue_words import own_words
from bridge.venue_years import year_after
from bridge.words import word_forms

_ORDINAL = word_set("ordinal")
_ORGANISERS = word_set("organisers")
_MONTHS = word_set("months")
_OTHER_EVENTS = word_set("other events")
_JOINS = word_set("joins")


def longer_name(sentence: Sentence, found: Found) -> bool:
    """Whether the name goes on to be another's: "Conference on X and Y", "AAAI Spring Symposium"."""
    words, k, last = sentence.words, found.end, sentence.last
    if found.row.kind == "journal" and found.end - found.start == 1 and _of_an_event(sentence, k):
        return True
    if (
        found.row.kind == "journal"
        and k < last
        and words.gaps[k] == " "
        and (
            words.lower[k] in ("conference", "workshop", "symposium")
            or words.raws[k] == "Series"
            or (words.raws[k] == "volume" and words.lower[k + 1 : k + 2] == ["on"])
        )
    ):
        return True  # "Collective Intelligence conference", "IMA volume on Codes"
    if (
        found.row.kind == "journal"
        and k < last
        and words.gaps[k] in ("/", "-")
        and is_acronym(words.raws[k])
        and is_acronym(words.raws[k - 1])
        and len(words.raws[k]) > 2
    ):
        return True  # "LMS/EPSRC Durham Symposium", "Proc. IEEE-SPIE 2000"
    issue = (
        found.start > 0 and words.lower[found.start - 1] == "special" and words.lower[k : k + 1] == ["issue"]
    )
    if issue and found.row.kind != "journal":
        return True  # "special SIDE issue of"
    if _acronym_goes_on(sentence, k) or (found.row.kind == "journal" and _abbreviated_on(sentence, k)):
        return True
    if found.row.kind == "journal" and _counted_event(sentence, k):
        return True
    if words.lower[found.start] in ORDINALS and found.end - found.start == 1:
        return year_after(sentence, k) is None  # "IV edition of"
    if _quoted_on(sentence, found) or words.lower[k : k + 3] == ["special", "interest", "group"]:
        return True
    lone = found.row.kind == "conference" and found.end - found.start == 1
    if lone and k < last and words.gaps[k] == " " and words.raws[k] in ("Journal", "Transactions"):
        # "KES Journal", "ICST Transactions on Complex Systems"
        return words.lower[k + 1 : k + 2] != ["track"]
    if k + 1 >= last or sentence.cut[k] or words.gaps[k] != " ":
        return False
    if found.row.kind == "conference" and found.end - found.start == 1 and _another_counted(sentence, k):
        return True
    if (
        not found.sure
        and found.row.kind == "journal"
        and k + 2 < last
        and (words.lower[k] in ("on", "for", "of") or words.lower[k : k + 2] == ["as", "a"])
    ):
        # "Data on the Brain & Mind"; "Mathematics as a Guide to", but not "as a Letter"
        after = k + 2 if words.lower[k + 1] in ("the", "a") else k + 1
        return (
            words.raws[after][0].isupper()
            and words.lower[after] not in _MONTHS
            and not sentence.cut[k + 1]
            and (words.lower[k] != "as" or words.lower[after + 1 : after + 2] in (["to"], ["of"]))
        )
    if (
        found.end - found.start == 1
        and words.lower[found.start] in _ORGANISERS
        and _titled_until_year(sentence, k)
    ):
        return True
    titled = opens_quote(words.gaps[found.start]) or words.lower[k - 1] in SPONSORS
    if titled and found.row.kind == "journal" and words.raws[k].isalpha() and words.raws[k][0].isupper():
        # "Mechanics of Material Forces", "Proc. of IEEE Engineering ...", "Proc. of IEEE PES general meeting"
        dated = (
            is_acronym(words.raws[k]) and year_after(sentence, k + 1) is not None
        )  # "Proc. of IEEE ICN'07"
        return dated or len(words.raws[k]) > 3 or not EVENT_HEADS.isdisjoint(words.lower[k + 1 : k + 3])
    if words.lower[k] == "and":
        if found.row.kind == "journal" and found.end - found.start == 3:
            named = own_words(sentence, found.start, last)
            return named is not None and named.end > k + 1 and named.kind in ("conference", "workshop")
        return (
            found.end - found.start > 3
            and words.raws[k + 1][0].isupper()
            and not is_acronym(words.raws[k + 1])
            and not sentence.cut[k + 1]
        )
    if not found.sure and words.lower[k] == "track":
        return True  # "the fast track of"
    if found.end - found.start == 1 and found.row.kind == "conference":
        if len(words.raws[k]) == 4 and full_year(words.raws[k]) and words.gaps[k + 1 : k + 2] == [" "]:
            k += 1  # "NeurIPS 2018 Competition Book"
        while k < last and not sentence.cut[k] and words.raws[k][0].isupper() and k - found.end < 4:
            if words.lower[k] in _OTHER_EVENTS and k > found.end - 1:
                return True
            k += 1
    return False


def _acronym_goes_on(sentence: Sentence, k: int) -> bool:
    """Whether digits and capitals are glued to an acronym: "EC2ND", "ML4H"."""
    words = sentence.words
    return (
        k + 1 < sentence.last
        and words.gaps[k] == words.gaps[k + 1] == ""
        and words.raws[k].isdecimal()
        and words.raws[k + 1].isupper()
        and is_acronym(words.raws[k - 1])
    )


def _abbreviated_on(sentence: Sentence, k: int) -> bool:
    """Whether one more abbreviated word of journals' names follows: "J. Appl. Math. Phys."."""
    words = sentence.words
    return (
        k < sentence.last
        and words.gaps[k] in (". ", ".")
        and words.gaps[k + 1][:1] == "."
        and len(words.raws[k]) > 1
        and words.raws[k].istitle()
        and words.lower[k] != "rev"  # "Rev. 3: changed"
        and word_forms().get(words.lower[k]) == words.lower[k]
    )


def _another_counted(sentence: Sentence, k: int) -> bool:
    """Whether a conference that counts itself follows its organiser: "ISCA 3rd International Conference"."""
    lower = sentence.words.lower
    if lower[k].isdecimal() and len(lower[k]) < 3 and lower[k + 1 : k + 2] and lower[k + 1] in _ORDINAL:
        k += 1
    elif lower[k] not in ORDINALS:
        return False
    return lower[k + 1 : k + 2] == ["international"] and "conference" in lower[k + 2 : k + 4]


def _counted_event(sentence: Sentence, k: int) -> bool:
    """Whether an event that counts itself follows: "Proc. IEEE 27th Int. Conf. Inf. Fusion"."""
    words, lower = sentence.words, sentence.words.lower
    if (
        k + 2 >= sentence.last
        or sentence.cut[k]
        or not (words.raws[k].isdecimal() and lower[k + 1] in _ORDINAL)
    ):
        return False
    return not EVENT_WORDS.isdisjoint(lower[k + 2 : k + 5])


def _of_an_event(sentence: Sentence, k: int) -> bool:
    """Whether an acronym is a meeting's here, not a journal's: "JEMS'01", "JCIS 2000 Proceedings"."""
    words, last = sentence.words, sentence.last
    if k < last and words.raws[k].isdecimal() and not sentence.cut[k]:
        if words.gaps[k] in ("'", "’", "`"):
            return True
        k += 1
    return k < last and not sentence.cut[k] and words.lower[k] in ("proceedings", "conference", "workshop")


def _quoted_on(sentence: Sentence, found: Found) -> bool:
    """Whether a title in quotation marks is longer than the name: "Statistical Models, Knots and ..."."""
    words, k = sentence.words, found.end
    if found.row.kind != "journal" or found.end - found.start > 3 or k >= sentence.last:
        return False
    start = found.start
    gaps = words.gaps
    while start > sentence.first and found.start - start < 6 and not opens_quote(gaps[start]):
        start -= 1
    if not opens_quote(words.gaps[start]):
        return False
    named = own_words(sentence, start, sentence.last)
    if named is None or not named.quoted or named.end < found.end:
        return False
    if not LEADS.issuperset(words.lower[start : found.start]):
        return "(" not in words.gaps[found.start]  # "Chaos in Astronomy", but "... Universe (PDU)"
    raw, gap = words.raws[k], words.gaps[k]
    joined = gap == " " and raw in _JOINS  # "Machine Learning in Condensed Matter"
    goes_on = raw.isalpha() and len(raw) > 3 and (gap in (": ", " ") or (gap == ", " and raw[0].isupper()))
    small = raw.islower() and gap == " " and named.end > k + 2  # "The Universe as seen by ISO"
    goes_on = goes_on or joined or small
    return named.end > k + 1 and goes_on and (found.end - found.start < 3 or gap == " ")


def _titled_until_year(sentence: Sentence, k: int) -> bool:
    """Whether a capitalised title with its year follows an organiser: "SPIE Noise and Matter 2007"."""
    words, first = sentence.words, k
    while k < sentence.last and words.gaps[k] == " " and k - first < 8:
        raw = words.raws[k]
        if raw.isdecimal():
            return k - first > 1 and full_year(raw) is not None and len(raw) == 4
        if words.lower[k] in EVENT_WORDS or not (
            (raw.isalpha() and raw[0].isupper() and not is_acronym(raw))
            or (k > first and words.lower[k] in ("and", "of", "for", "in"))
        ):
            return False
        k += 1
    return False
