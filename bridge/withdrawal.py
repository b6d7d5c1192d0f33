"""A withdrawal in a few words, as a bibliography and a warning say it: whose, and what came instead."""

from __future__ import annotations

import re

from bridge.latepattern import LatePattern
from bridge.record import Record

_TOOK_ITS_PLACE = LatePattern(
    r"superc?[es]|replace|merge|absorbed|subsumed|obsolete|obselete|incorporated|integrated|combined|included"
    r"|contained|part of",
    re.IGNORECASE,
)
# whose it is, said in the sentence of the withdrawal; who is named first has done it
_BY_WHOM = LatePattern(
    r"\b(?:withd\w+|removed|retracted|deleted)\b[^.;]*?"
    r"\bby (?:(?P<arxiv>(?:the )?arxiv\b(?![:/]|\s?\d))|(?:\w+ ){0,3}authors?\b)",
    re.IGNORECASE,
)
_BY_ARXIV = re.compile(r"\badmin\w*tratively\b", re.IGNORECASE)


def withdrawal(record: Record) -> str:
    """What to say of a withdrawn record: "WITHDRAWN by its authors", "SUPERSEDED by arXiv:2401.00001".

    Nothing is said that the comment does not say.
    """
    comment = " ".join((record.comment or "").split())
    related = record.comment_facts.related
    successor = next((f"arXiv:{one.arxiv_id}" for one in related if one.relation == "successor"), None)
    if any(_TOOK_ITS_PLACE.search(evidence.text) for evidence in record.venue.evidence):
        return f"SUPERSEDED by {successor}" if successor else "SUPERSEDED"
    said = "WITHDRAWN"
    by_whom = _BY_WHOM.search(comment)
    if _BY_ARXIV.search(comment) or (by_whom is not None and by_whom["arxiv"]):
        said = "WITHDRAWN by arXiv"
    elif by_whom is not None:
        said = "WITHDRAWN by its authors"
    return f"{said}, see {successor}" if successor else said
