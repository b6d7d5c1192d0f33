"""Journals whose volumes are the months of a year: JHEP and JCAP.

Their references write the month "07", "7", "0707" (year and month, as SPIRES did) or "no. 07" beside the year
as the volume. INSPIRE and the journals' DOIs write "07", and so does an entry.
"""

from __future__ import annotations

import re

from bridge.record import PublishedIn

_JOURNALS = frozenset({"JHEP", "JCAP"})
_MONTH = re.compile(r"0?[1-9]|1[0-2]")
_YEAR_AND_MONTH = re.compile(r"(\d\d)(0[1-9]|1[0-2])")


def by_month(journal: str, place: PublishedIn, year: int | None, of_doi: str | None) -> PublishedIn:
    """The place within `journal` (its name in the tables), with the month as the volume if it is one of
    these; `of_doi` is the volume that the DOI tells, `year` that of the reference."""
    if journal not in _JOURNALS:
        return place
    month = _month(of_doi, year) or _month(place.volume, year)
    number = place.number
    if month is None and place.volume in (None, str(year)):
        month, number = _month(number, year), None
    if month is None:
        return place
    if number is not None and _month(number, year) == month:
        number = None
    return place._replace(volume=month, number=number)


def same_month(journal: str | None, one: str, other: str, year: int | None) -> bool:
    """Whether two volumes of `journal` in a year are one: "0707" and "07"."""
    month = _month(one, year)
    return journal in _JOURNALS and month is not None and month == _month(other, year)


def _month(volume: str | None, year: int | None) -> str | None:
    """07 of "07", of "7" and, in 2007, of "0707"; None for what is no month."""
    if volume is None:
        return None
    if _MONTH.fullmatch(volume):
        return volume.zfill(2)
    both = _YEAR_AND_MONTH.fullmatch(volume)
    return both[2] if both and (year is None or int(both[1]) == year % 100) else None
