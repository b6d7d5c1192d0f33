"""Workshops at conferences, and findings of them: whose host a conference is that a comment names.

A conference of the tables beside the word "workshop" is never the venue, only its host, whichever comes
first: "ICML 2015 Deep Learning Workshop", "FOO workshop @ ICLR", "ECCV 2020 (Workshop on X)". So is it where
another meeting's acronym and year stand before it: "FOO 2025 with MICCAI 2025".
"""

from __future__ import annotations

import re
from dataclasses import replace

from bridge.marks import APART, PART, Sentence
from bridge.named import Named, full_year, is_acronym, is_ordinal
from bridge.phrases import word_set
from bridge.venue_acronyms import with_acronym
from bridge.venue_table import Found, venue_table
from bridge.venue_words import own_words, with_small_subject
from bridge.venue_years import year_after

_WORKSHOP = frozenset(["workshop", "workshops", "ws"])
_NOT_NAMING = frozenset(
    ["workshop", "workshops", "international", "the", "on", "for", "of", "at", "in", "and"]
)
_ORDINAL = word_set("ordinal")
# "at", "in conjunction with": what stands between a workshop and its host
_JOINERS = word_set("joiners")
_SPONSORS_OF_WORKSHOPS = frozenset(["ieee", "acm", "cvf"])
_NO_GUESTS = word_set("no guests")
_TITLE_WORDS = frozenset(["and", "for", "in", "of", "on", "the", "to", "with"])  # no place holds one
_REACH = 14  # words between a workshop and its host


def with_host(sentence: Sentence, named: Named) -> Named:
    """A workshop at a conference becomes `NAME@HOST`; findings of a conference become `HOST Findings`."""
    if "@" in named.name:
        return named
    glued = _glued_to_host(sentence, named)
    if glued is not None:
        return glued
    if named.row is None and (among := _among_workshops(sentence, named)) is not None:
        return among
    if _hosts(sentence, named):
        found = _findings_of(sentence, named) or _after_host(sentence, named) or _before_host(sentence, named)
        if found is not None:
            return found
    if named.row is None and named.kind in (None, "conference"):
        named = _called_workshop(sentence, named)
    if named.kind == "workshop":
        return _at_host(sentence, named)
    if named.row is None and not named.quoted and named.kind in (None, "conference", "journal"):
        hosted = _before_hosts_workshop(sentence, named)
        return hosted or (named if named.kind == "journal" else _beside_host(sentence, named))
    return named


def _among_workshops(sentence: Sentence, named: Named) -> Named | None:
    """One of the workshops that a conference holds: "FOO CVPRW 2025"."""
    words, last = sentence.words, named.end - 1
    all_of_them = sentence.venues.get(last)
    if all_of_them is None or all_of_them.end != named.end or last == named.start:
        return None
    row = all_of_them.row
    if row.kind != "workshop" or row.name != words.raws[last] or not row.name.endswith("W"):
        return None
    name = _workshop_name(sentence, named.start, last)
    return _hosted(sentence, named, named.end, name, row.name[:-1], year_after(sentence, named.end))


def _before_hosts_workshop(sentence: Sentence, named: Named) -> Named | None:
    """A title whose host's workshop stands behind a comma: "Advances in Inference, NIPS 2014 Workshop"."""
    words, k = sentence.words, named.end
    host = sentence.venues.get(k) if k < sentence.last and words.gaps[k] == ", " else None
    if host is None or not (_may_host(host) and host.sure):
        return None
    year = year_after(sentence, host.end)
    end = host.end + (year is not None)
    if end >= sentence.last or words.lower[end] not in _WORKSHOP or sentence.cut[end]:
        return None
    name = _workshop_name(sentence, named.start, named.end)
    return _hosted(sentence, named, end + 1, name, host.row.name, year)


def _glued_to_host(sentence: Sentence, named: Named) -> Named | None:
    """The workshop that is one word with its host: "NeLaMKRR@KR 2024"."""
    words, guest = sentence.words, named.start - 1
    if named.row is None or guest < sentence.first or words.gaps[named.start] != "@":
        return None
    last = named.start
    if full_year(words.raws[guest]) is not None and words.gaps[guest] in ("-", "", "'"):
        last, guest = guest, guest - 1  # "FOO-2025@ACL"
    if named.row.kind != "conference" or guest < sentence.first or not words.raws[guest][0].isupper():
        return None
    while guest > sentence.first and words.gaps[guest] in ("-", ""):
        guest -= 1  # "X-AI@NeurIPS"
    name, year = words.span(guest, last), year_after(sentence, named.end)
    year = year or (full_year(words.raws[last]) if last < named.start else None)
    return _hosted(sentence, replace(named, start=guest), named.end, name, named.name, year)


def _hosts(sentence: Sentence, named: Named) -> bool:
    """Whether workshops can be held at this venue."""
    if named.is_series:
        return False
    if named.row is not None:
        return named.kind == "conference"
    return named.kind in (None, "conference") and is_acronym(sentence.words.raws[named.end - 1])


def _hosted(sentence: Sentence, named: Named, end: int, name: str, host: str, year: int | None) -> Named:
    return Named(
        named.start, end, f"{name}@{host}" if name else f"{host} workshop", None, "workshop", year,
        named.sure, reasons=(*named.reasons, "workshop"),
    )  # fmt: skip


def _findings_of(sentence: Sentence, named: Named) -> Named | None:
    """ "Findings of ACL", "ACL 2026 Findings"."""
    lower, cut = sentence.words.lower, sentence.cut
    if "findings" not in lower[max(named.start - 3, sentence.first) : named.end + 4]:
        return None
    name = named.name if "Findings" in named.name else f"{named.name} Findings"
    reasons = (*named.reasons, "findings")
    row = named.row
    if row is not None and row.name != name:
        findings = row._replace(name=name, full_name=f"Findings of the {row.full_name}")
        named = replace(named, row=venue_table().row(name) or findings)
    start = named.start
    while (
        start > sentence.first and named.start - start < 3 and lower[start - 1] in ("of", "the", "findings")
    ):
        start -= 1
        if lower[start] == "findings":
            return replace(named, start=start, name=name, reasons=reasons)
    for j in range(named.end, min(named.end + 4, sentence.last)):
        if cut[j] == PART and "," in sentence.words.gaps[j]:
            break
        if lower[j] == "findings":
            year = year_after(sentence, named.end)
            return replace(named, end=j + 1, name=name, year=named.year or year, reasons=reasons)
    return None


def _after_host(sentence: Sentence, named: Named) -> Named | None:
    """The workshop that is named behind its host: "ICML 2024, Workshop on X", "ICLR 2021 FOO workshop"."""
    words, lower, cut, last = sentence.words, sentence.words.lower, sentence.cut, sentence.last
    if named.end < last and words.gaps[named.end] == "/" and named.end in sentence.venues:
        named = replace(named, end=sentence.venues[named.end].end)  # "ACL/EACL'97 Workshop on X"
    k = named.end
    if k < last and words.raws[k].isdecimal() and not cut[k]:
        k += 1
    if k < last and cut[k] == PART and "(" not in words.gaps[k]:
        j = k + 1 if words.raws[k] == named.name and k + 1 < last else k
        after = own_words(sentence, j, last)
        if after is not None and after.kind == "workshop":
            at_host = words.gaps[after.end].strip() in ("@", "at", "")
            if j > k and at_host:
                hosted = with_host(sentence, after)
                if hosted.name.endswith(f"@{named.name}"):
                    return hosted
        behind = _workshop_behind_comma(sentence, named, k)
        if behind is not None:
            return behind
    seen = None
    for j in range(named.end, min(named.end + _REACH, last)):
        if cut[j] == APART:
            break
        if words.gaps[j].count(")") > 1:
            break
        if lower[j] in _WORKSHOP and (j == k or not cut[j] or words.gaps[j].strip() in ("(", ")")):
            seen = j
            break
        if (cut[j] == PART and "," in words.gaps[j]) or (
            j in sentence.venues
            and _may_host(sentence.venues[j])
            and sentence.venues[j].row is not named.row  # "Robotics: Science and Systems (RSS) 2025 Workshop"
        ):
            break
    if seen is None and named.row is not None and lower[k : k + 2] != ["conference", "on"]:
        return _guest_acronym(sentence, named)  # but not the "SIGIR Conference on X (ICTIR)"
    if seen is None or lower[seen - 1] == "and" or (named.row is None and "(" not in words.gaps[seen]):
        return None
    end = seen + 1
    if seen <= k:  # "ML4H Workshop at NeurIPS": what is filed as a conference is held at another
        guest = _at_host(sentence, replace(named, end=end))
        if "@" in guest.name:
            return guest
    if end < last:
        rest = None
        if lower[end] in ("on", "for", "of") and end + 1 < last and not cut[end]:
            rest = own_words(sentence, end + 1, last)
            end = with_small_subject(sentence, end, last) if rest is None else end
        elif cut[end] != APART:
            rest = own_words(sentence, end, last)
            if rest is not None and not (
                rest.quoted
                or (is_acronym(words.raws[end]) and rest.end == end + 1)
                or _titled(sentence, rest)
                or with_acronym(sentence, rest) is not rest
            ):
                rest = None
        other = sentence.venues.get(rest.start) if rest is not None else None
        if rest is not None and not (other is not None and other.sure and _may_host(other)):
            end = with_acronym(sentence, rest).end
    year = year_after(sentence, named.end) or next(
        (full_year(raw) for raw in words.raws[named.end : end] if len(raw) == 4 and full_year(raw)), None
    )
    again = sentence.venues.get(named.end)  # "Robotics: Science and Systems (RSS) 2025 Workshop"
    begin = again.end if again is not None and again.row is named.row else named.end
    name = _workshop_name(sentence, begin, end)
    if name == named.name:
        return None
    return _hosted(sentence, named, end, name, named.name, year)


def _workshop_behind_comma(sentence: Sentence, named: Named, k: int) -> Named | None:
    """The workshop that a part of its own names behind its host: "ICCV 2023, at the 9th FOO Workshop"."""
    words, lower = sentence.words, sentence.words.lower
    year = year_after(sentence, named.end)
    told = year is not None or (named.end - named.start > 3 and is_acronym(words.raws[k]))
    if named.row is None or not told or words.gaps[k] != ", ":
        return None
    while k + 1 < sentence.last and lower[k] in ("in", "at", "the") and not sentence.cut[k + 1]:
        k += 1
    after = own_words(sentence, k, sentence.last)
    if after is None or after.kind != "workshop" or after.quoted:
        return None
    after = with_acronym(sentence, after)
    if after.end < sentence.last and not sentence.cut[after.end]:
        return None
    if any(k <= start < after.end + 1 and other.sure for start, other in sentence.venues.items()):
        return None  # a workshop at another
    name = _workshop_name(sentence, after.start, after.end)
    return _hosted(sentence, named, after.end, name, named.name, year) if name else None


def _titled(sentence: Sentence, named: Named) -> bool:
    """Whether a workshop's title fills the part behind a comma: "workshop, Frontiers in X: Y Meets Z"."""
    words = sentence.words
    if words.gaps[named.start] not in (", ", ": ", " - ", " -- ") or named.end - named.start < 4:
        return False
    ends = named.end >= sentence.last or bool(sentence.cut[named.end])
    return ends and not _TITLE_WORDS.isdisjoint(words.lower[named.start : named.end])


def _guest_acronym(sentence: Sentence, named: Named) -> Named | None:
    """A workshop that only its acronym behind the host's tells: "MICCAI CAPI 2025", "ICML 2025 FM4LS"."""
    words, k = sentence.words, named.end
    if named.end - named.start > 2 or not is_acronym(words.raws[named.end - 1]):
        return None
    year = year_after(sentence, k)
    k += year is not None
    if k < sentence.last and words.gaps[k] == "-" and k not in sentence.venues and len(words.raws[k]) > 2:
        # "MICCAI-MBIA 2019"
        dated = year_after(sentence, k + 1)
        spaced = k + 1 < sentence.last and words.gaps[k + 1] == " "
        if dated is not None and spaced and words.raws[k].isupper() and words.lower[k] not in _NO_GUESTS:
            return _hosted(sentence, named, k + 1, words.raws[k], named.name, dated)
    if k >= sentence.last or sentence.cut[k] or words.gaps[k] != " ":
        return None
    spelt = own_words(sentence, k, sentence.last)
    if spelt is not None and spelt.end - spelt.start > 2 and "(" in words.gaps[spelt.end]:
        # "MICCAI Machine Learning in Medical Imaging (MLMI 2019)"
        dated = year_after(sentence, spelt.end + 1)
        if dated is not None and is_acronym(words.raws[spelt.end]) and words.raws[spelt.end] != named.name:
            return _hosted(sentence, named, spelt.end + 1, words.raws[spelt.end], named.name, year or dated)
    end = k + 1
    while (
        end < sentence.last
        and words.gaps[end] == ""
        and words.raws[end].isalnum()
        and not full_year(words.raws[end])
    ):
        end += 1
    known = sentence.venues.get(k)
    if known is not None and known.end == end and not (known.row.kind == "workshop" or end > k + 1):
        return None  # two conferences together
    acronym = words.span(k, end)
    if not (acronym.isupper() or end > k + 1) or not 3 <= len(acronym) <= 9 or acronym.lower() in _NO_GUESTS:
        return None
    if is_ordinal(words.lower[k]) or re.fullmatch("[IVXL]+", acronym):
        return None  # "ADASS XXIII"
    later = year_after(sentence, end)
    if year is not None and later is not None and later != year:
        return None  # a paper's number: "LINAC 2000 TUC07"
    stops = end + (later is not None)
    if stops < sentence.last and not sentence.cut[stops] and words.lower[stops] not in _WORKSHOP | {"and"}:
        return None
    return _hosted(sentence, named, end, acronym, named.name, year or later)


def _before_host(sentence: Sentence, named: Named) -> Named | None:
    """The workshop that is named before its host: "in Workshop (Foo Bar) at KDD 2021"."""
    lower = sentence.words.lower
    if _WORKSHOP.isdisjoint(lower[sentence.first : named.start]):
        return None
    cued = max((mark.end for mark in sentence.marks if mark.end <= named.start), default=sentence.first)
    marked = max((mark.start for mark in sentence.marks if mark.end <= named.start), default=sentence.first)
    k = named.start
    while k > cued and lower[k - 1] in _JOINERS:
        k -= 1
    joined = k < named.start or (
        k > sentence.first and sentence.words.gaps[k].strip() in ("@", ",", "(", "-")
    )
    if not joined and k > cued:
        return None
    begin = max(marked, k - _REACH)
    at = next((j for j in range(k - 1, begin - 1, -1) if lower[j] in _WORKSHOP), None)
    if at is None or any(begin <= start < k and other.sure for start, other in sentence.venues.items()):
        return None
    if any(sentence.cut[j] == APART for j in range(at + 1, named.start + 1)):
        return None
    name = _workshop_name(sentence, max(at, cued), k)
    year = year_after(sentence, named.end)
    named = replace(named, start=min(at, named.start))
    return _hosted(sentence, named, named.end, name, named.name, year)


def _called_workshop(sentence: Sentence, named: Named) -> Named:
    """An acronym that the next word calls a workshop: "FOO 2025 workshop"."""
    words, k = sentence.words, named.end
    year = year_after(sentence, k)
    if year is not None:
        k += 1
    if k < sentence.last and words.lower[k] in _WORKSHOP and "," not in words.gaps[k]:
        return replace(named, end=k + 1, kind="workshop", year=named.year or year)
    return named


def _at_host(sentence: Sentence, named: Named) -> Named:
    """A workshop with its host, if one is named within its name or close behind it."""
    words, lower = sentence.words, sentence.words.lower
    if named.row is None and not named.quoted:
        for k in range(named.start, named.end):
            host = sentence.venues.get(k)
            if host is None or not _may_host(host) or not host.sure or host.end >= named.end + 1:
                continue
            sponsored = _SPONSORS_OF_WORKSHOPS.issuperset(lower[named.start : k])  # "IEEE ICRA Workshop on X"
            if not sponsored and lower[k - 1] not in _JOINERS and not words.raws[k - 1].isdecimal():
                continue
            before = not sponsored and not words.raws[named.start].isdecimal()
            if before and (host.end < named.end or not is_acronym(words.raws[host.end - 1])):
                continue  # "Workshop of the ACL Special Interest Group"
            span = (named.start, k) if before else (host.end, named.end)
            year = named.year or year_after(sentence, host.end)
            return _hosted(sentence, named, named.end, _workshop_name(sentence, *span), host.row.name, year)
    for j in range(named.end, min(named.end + _REACH, sentence.last)):
        if sentence.cut[j] == APART:
            break
        host = sentence.venues.get(j)
        if host is not None and _may_host(host) and (host.sure or lower[j - 1] in ("at", "the")):
            name = (
                named.row.name
                if named.row
                else _workshop_name(sentence, named.start, named.end) or named.name
            )
            year = named.year or year_after(sentence, host.end)
            return _hosted(sentence, named, host.end, name, host.row.name, year)
        if lower[j] == "and":
            break
    return named


def _beside_host(sentence: Sentence, named: Named) -> Named:
    """An acronym's host in brackets or behind "with", "at", "@": "FOO 2025 (MICCAI)", "FOO@ICML'23"."""
    words = sentence.words
    if not is_acronym(words.raws[named.end - 1]):
        return named
    year = year_after(sentence, named.end)
    j = named.end if year is None else named.end + 1
    if j >= sentence.last:
        return named
    joined = "@" in words.gaps[j] or (words.gaps[j] == " (" and year is not None)
    while j < sentence.last and words.lower[j] in _JOINERS and not sentence.cut[j]:
        j, joined = j + 1, year is not None
    host = sentence.venues.get(j)
    if not joined or host is None or j >= sentence.last or not _may_host(host):
        return named
    name = named.name.split("@")[0]
    return _hosted(sentence, named, host.end, name, host.row.name, year or year_after(sentence, host.end))


def _may_host(found: Found) -> bool:
    return found.row.kind == "conference" and not found.row.is_series


def _workshop_name(sentence: Sentence, start: int, end: int) -> str:
    """The short name of a workshop worded in words[start:end]: its acronym, else its words."""
    words = sentence.words
    kept = [i for i in range(start, end) if not words.raws[i].isdecimal() and words.lower[i] not in _ORDINAL]
    while kept and words.lower[kept[0]] in _NOT_NAMING:
        del kept[0]
    while kept and words.lower[kept[-1]] in _NOT_NAMING:
        del kept[-1]
    if not kept:
        return ""
    shouted = len(kept) > 2 and all(words.raws[i].isupper() for i in kept)
    bracketed = [i for i in kept if words.gaps[i].endswith("(")]
    for i in bracketed + ([] if shouted else kept):
        raw = words.raws[i]
        if not is_acronym(raw) or words.lower[i] in _SPONSORS_OF_WORKSHOPS:
            continue
        beside = [words.lower[j] for j in (i - 1, i + 1) if kept[0] <= j <= kept[-1]]
        if i not in bracketed and not _NOT_NAMING.isdisjoint(beside):
            continue  # "ML for Systems", "Disobedience in AI"
        while i > kept[0] and i not in bracketed and words.gaps[i] == "-":
            i -= 1  # "Generative-IR workshop"
        stop = i + 1
        while stop < len(words) and words.gaps[stop] in ("", "-") and words.raws[stop][0].isalnum():
            stop += 1
        return re.sub(r"-?(?:19|20)?\d\d$|-\d+$", "", words.span(i, stop)) or raw
    return words.span(kept[0], kept[-1] + 1)
