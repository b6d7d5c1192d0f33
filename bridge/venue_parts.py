"""Names that are part of something larger: a session of a conference, an issue of a journal, a volume.

Each function looks at the words beside a name, or where one could begin, and tells the venue that is meant.
"""

from __future__ import annotations

from dataclasses import replace

from bridge.latepattern import LatePattern
from bridge.marks import APART, Sentence
from bridge.named import EVENT_HEADS, ORDINALS, Named, from_table, kind_of
from bridge.phrases import word_set
from bridge.quotes import opens_quote
from bridge.venue_table import Found
from bridge.venue_words import INSIDE, own_words
from bridge.words import Words

_OCCASIONS = word_set("occasions") | {"closed"}
_SESSIONS = word_set("sessions")
_COUNTING = ORDINALS | word_set("ordinal")
_EDITORS = word_set("editors") - {"edited"}
# "K. Mecke and D. Stoyan", "A. B. Foo, C. Bar, D. Baz", "Foo, A. and B. Bar", "Foo A, Bar BC"
_PERSON = (
    r"(?:(?:[A-Z]\.[ -]?){1,3}[A-Z][a-z]{2,15}"
    r"|[A-Z][a-z]{2,15}, (?:[A-Z]\.[ -]?){1,3}|[A-Z][a-z]{2,15} [A-Z]{1,2}(?=,))"
)
_PERSONS = LatePattern(
    rf"{_PERSON}(?:(?:,? (?:and|&)|,) {_PERSON}){{1,6}}(?:,? \(?[Ee]d(?:s|iti?ors?)?\b\.?\)?)?(?=[,:.])"
)
_UNNAMED = EVENT_HEADS | {"journal", "course", "volume", "event"}
_ISSUES = frozenset(["issue", "section"])
_SPECIAL = _ISSUES | {"edition", "volume"}
_GENERAL = word_set("general event words") | word_set("seasons") | word_set("no event of its own")
_OF_THE = frozenset(["proceedings", "proc", "of", "the"]) | ORDINALS
_IN_NAMES = word_set("in names")


def issue_of_another(sentence: Sentence, k: int) -> bool:
    """Whether "special issue of" begins at word k: what stands before it is but the issue's subject."""
    lower = sentence.words.lower
    return (
        k + 2 < sentence.last
        and lower[k] == "special"
        and lower[k + 1] in _SPECIAL
        and lower[k + 2] in ("of", "in", "on", "at")
        and not sentence.set_apart(k, k + 2)
    )


def unnamed_before(sentence: Sentence, k: int) -> bool:
    """Whether a part ends at word k that leaves its venue unnamed: "accepted by the journal, added"."""
    words = sentence.words
    said = words.lower[max(0, k - 2) : k]
    unnamed = said == ["the", "journal"] or (said[:1] == ["this"] and said[-1] in _UNNAMED)
    return unnamed and ":" not in words.gaps[k] and k not in sentence.venues


def small_event(sentence: Sentence, k: int, limit: int) -> Named | None:
    """An event without capitals: "the international algebraic conference in Moscow"."""
    words, lower = sentence.words, sentence.words.lower
    if any(mark.start <= k < mark.end for mark in sentence.marks):
        return None
    if not words.raws[k].islower() or lower[k] in INSIDE:
        return None
    for head in range(k + 1, min(k + 5, limit)):
        if sentence.cut[head] or not words.raws[head].islower():
            return None
        if lower[head] in EVENT_HEADS:
            own = [word for word in lower[k:head] if word not in _GENERAL and word not in ORDINALS]
            if own[:1] == ["possible"]:
                return None  # "for possible conference publication"
            if own and _OCCASIONS.issuperset(own):
                return _in_honour(sentence, k, head)
            if not own or not INSIDE.isdisjoint(lower[k:head]):
                return None
            end = head + 1
            if (
                lower[end : end + 2] == ["of", "the"]
                and end + 2 < limit
                and not any(sentence.cut[end : end + 3])
            ):
                society = own_words(sentence, end + 2, limit)
                end = society.end if society is not None else end
            return Named(k, end, words.name(k, end), kind=kind_of(lower, k, head + 1), sure=False)
    return None


def _in_honour(sentence: Sentence, k: int, head: int) -> Named | None:
    """A conference on a birthday, if it is said whose: "John Smith's 60th birthday conference", "the 60th
    birthday conference of John Smith"."""
    words, start = sentence.words, k
    while start > sentence.first and (
        words.raws[start - 1].isdecimal() or words.lower[start - 1] in _COUNTING | {"s"}
    ):
        start -= 1
    first = start
    while first > sentence.first and words.raws[first - 1].istitle() and not sentence.cut[first]:
        first -= 1
    end = head + 1
    if words.lower[end : end + 1] in (["of"], ["for"]) and end + 1 < sentence.last:
        person = own_words(sentence, end + 1, sentence.last)
        end = person.end if person is not None else end
    if end == head + 1 and not any(len(raw) > 2 for raw in words.raws[first:start]):
        return None
    return Named(first, end, words.name(first, end), kind="conference", sure=False)


def titled_volume(sentence: Sentence, found: Found) -> Named | None:
    """The event whose title follows its series: "in AIP Conference Proceedings, "The Evolution of X"."""
    k = found.end
    if not found.row.is_series or found.row.kind != "conference" or k + 2 >= sentence.last:
        return None
    inside = sentence.venues.get(k)
    if "(" in sentence.words.gaps[k] and inside is not None and inside.sure and not inside.row.is_series:
        return from_table(inside)  # "J. Phys.: Conf. Ser. (ACAT-2019 proceedings)"
    k += sentence.words.lower[k] in ("of", "for")
    if not opens_quote(sentence.words.gaps[k]) or sentence.cut[k] == APART:
        return None
    title = own_words(sentence, k, sentence.last)
    return replace(title, kind="conference") if title is not None and title.quoted else None


def behind_editors(sentence: Sentence, k: int, limit: int) -> int | None:
    """The word behind a list of editors that begins at word k: "J. Roberts, ed., Proceedings of ..."."""
    words = sentence.words
    if not words.raws[k][0].isupper() or k in sentence.venues or opens_quote(words.gaps[k]):
        return None
    persons = _PERSONS.match(words.text, words.start[k])
    if persons:
        behind = next((j for j in range(k, limit) if words.start[j] >= persons.end()), None)
        if behind is not None and sentence.cut[behind]:
            return behind
    initials = 0
    for j in range(k, min(k + 20, limit)):
        if words.lower[j] in _EDITORS:
            return j + 1 if initials and sentence.cut[j] and j + 1 < limit else None
        if ":" in words.gaps[j] and j > k:
            return None
        initial = len(words.raws[j]) == 1 and words.raws[j].isupper()
        if (initial and words.text[words.end[j] : words.end[j] + 1] in (".", " ")) or words.lower[j] == "al":
            initials += 1
        elif not words.raws[j][0].isupper() and words.lower[j] not in _IN_NAMES:
            return None
    return None


def numbered_title(sentence: Sentence, k: int) -> Named | None:
    """A name in quotation marks that begins with a number or "The": "40 Years of Pulsars"."""
    words, following = sentence.words, sentence.words.lower[k + 1 : k + 2]
    if not opens_quote(words.gaps[k]) or not following or following[0] in ORDINALS:
        return None
    if not (words.raws[k].isdecimal() or words.raws[k] == "The") or words.raws[k + 1].isdecimal():
        return None
    if not _ISSUES.isdisjoint(words.lower[max(sentence.first, k - 4) : k]):
        return None  # the subject of a special issue
    named = own_words(sentence, k, sentence.last)
    known = any(j in sentence.venues and sentence.venues[j].sure for j in (k, k + 1))
    if named is None or not named.quoted or known:
        return None
    spoken = EVENT_HEADS.isdisjoint(words.lower[k : named.end])
    return (issue_behind(sentence, named) or named) if spoken or words.raws[k] != "The" else None


def issue_behind(sentence: Sentence, named: Named) -> Named | None:
    """The journal whose issue a name is said to be: "the X Festschrift, a special issue of J"."""
    lower, k = sentence.words.lower, named.end
    if named.row is not None or k + 4 >= sentence.last or "," not in sentence.words.gaps[k]:
        return None
    k += lower[k] in ("a", "the")
    if lower[k] != "special" or lower[k + 1] not in ("issue", "section", "volume"):
        return None
    return _journal_behind(sentence, k + 2)


def journal_of_issue(sentence: Sentence, named: Named) -> Named | None:
    """The journal of an issue whose title is quoted: "the Special Issue "X" in the journal Y"."""
    k = named.start - (sentence.words.lower[named.start - 1] == "on")
    if not named.quoted or sentence.words.lower[k - 1] not in _ISSUES:
        return None
    return _journal_behind(sentence, named.end)


def edited_title(sentence: Sentence, named: Named) -> Named | None:
    """A book whose title goes on in small words up to its editors: "Frontiers in the study of X (Ed. Y)"."""
    words, k = sentence.words, named.end
    while k < sentence.last and words.lower[k] not in _EDITORS and words.raws[k].islower():
        if sentence.cut[k] and words.gaps[k] != ", ":
            break
        k += 1
    edited = k < sentence.last and words.gaps[k] in (" (", ", ") and words.lower[k] in _EDITORS
    if not edited or k - named.end < 2 or named.quoted or named.kind is not None:
        return None
    return Named(named.start, k, words.name(named.start, k), kind="book", sure=False)


def journal_beside(sentence: Sentence, named: Named) -> Named | None:
    """The journal of the tables that a journal's full name abbreviates to: "Journal of Foo, JFOO"."""
    found = sentence.venues.get(named.end)
    known = found is not None and found.sure and found.row.kind == "journal"
    if found is None or not known or named.kind != "journal" or named.quoted:
        return None
    return (
        from_table(found) if sentence.words.gaps[named.end] == ", " and found.end - found.start == 1 else None
    )


def journal_with_issue(sentence: Sentence, named: Named) -> Named | None:
    """The journal that an issue is said to be in: "the Memorial Issue dedicated to X in the journal Y"."""
    lower = sentence.words.lower
    for start, found in sentence.venues.items():
        k = start - (lower[start - 1] in ("the", "journal"))
        if start > named.end and found.sure and found.row.kind == "journal" and lower[k - 1] in ("in", "of"):
            return from_table(found)
    return None


def _journal_behind(sentence: Sentence, k: int) -> Named | None:
    """A journal of the tables from word k on, behind small words."""
    lower = sentence.words.lower
    while k < sentence.last - 1 and k not in sentence.venues and lower[k] in ("of", "in", "the", "journal"):
        k += 1
    found = sentence.venues.get(k)
    return from_table(found) if found is not None and found.row.kind == "journal" else None


def held_within(sentence: Sentence, named: Named, limit: int) -> Named | None:
    """The event that a session is part of: "Special Session on X of the 8th Workshop on Y"."""
    lower = sentence.words.lower
    if named.quoted or _SESSIONS.isdisjoint(lower[named.start : named.end]):
        return None
    beside = sentence.venues.get(named.end)
    if beside is not None and beside.sure and beside.row.kind == "conference":
        return from_table(beside)  # "Special Session on X, AAAI 2003"
    k = named.end
    while k + 2 < sentence.last and (lower[k].isdecimal() or lower[k] in _COUNTING):
        k += 1
    if k > named.end and sentence.words.gaps[named.end] == ", ":  # "Poster Session, 19th Conference on Y"
        known = sentence.venues.get(k)
        whole = (
            from_table(known) if known is not None and known.sure else own_words(sentence, k, sentence.last)
        )
        if whole is not None and whole.kind in ("conference", "workshop"):
            return whole
    for k in range(named.start + 1, min(named.start + 14, limit - 1)):
        if lower[k] not in ("of", "at") or sentence.cut[k] == APART:
            continue
        j = k + 1
        if lower[j] == "the" and j + 1 < limit:
            j += 1
        counted = j
        while counted + 1 < limit and (lower[counted].isdecimal() or lower[counted] in _COUNTING):
            counted += 1
        found = sentence.venues.get(j) or sentence.venues.get(counted)
        if found is not None and found.sure and found.row.kind != "book":
            return from_table(found)
        whole = own_words(sentence, j, sentence.last)
        if (
            whole is not None
            and whole.kind in ("conference", "workshop")
            and not EVENT_HEADS.isdisjoint(lower[whole.start : whole.end])
            and whole.end - whole.start > 2
        ):
            return whole
    return None


def volume_of(sentence: Sentence, named: Named) -> Named | None:
    """The event whose proceedings a title is: "Planetary Nebulae, Proceedings of IAU Symposium 283"."""
    lower, k = sentence.words.lower, named.end
    if k + 2 >= sentence.last or "," not in sentence.words.gaps[k] or lower[k] not in ("proceedings", "proc"):
        return None
    while k + 1 < sentence.last and (lower[k] in _OF_THE or sentence.words.raws[k].isdecimal()):
        k += 1
    found = sentence.venues.get(k)
    if found is not None and found.sure and found.row.kind in ("conference", "workshop"):
        return from_table(found)
    whole = own_words(sentence, k, sentence.last)
    event = whole is not None and whole.kind in ("conference", "workshop") and whole.end - whole.start > 2
    return whole if event else None


def shouted(words: Words, named: Named) -> bool:
    """Whether a name is one word in capitals: "BIOPHYSICS, in press"."""
    raw = words.raws[named.start]
    return named.end - named.start == 1 and raw.isupper() and len(raw) > 4
