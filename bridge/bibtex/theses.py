"""What kind of thesis a work is, in the words of its comment (mappings/bibtex-fields.csv, `thesis`)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bridge.latepattern import LatePattern
from bridge.record import Record

_THESIS = LatePattern("th[eè]s[ei]|dissert|tesi|habilit|arbeit", re.IGNORECASE)


def kind_word(record: Record, kinds: Mapping[str, str]) -> str:
    """The word among `kinds` that says what kind of thesis it is, that right before "thesis" first; "" for
    none."""
    said = " ".join(
        (record.fields.get("thesisType", ""), record.comment or "", record.journal_ref or "")
    ).lower()
    theses = [match.start() for match in _THESIS.finditer(said)]

    def distance(word: str) -> int:
        # "PhD thesis; the master file is x.tex"
        return min((at - said.rfind(word, 0, at) for at in theses if word in said[:at]), default=len(said))

    return min((word for word in kinds if word in said), key=distance, default="")


def thesis_note(record: Record, kinds: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """What a note says of a thesis whose school nobody names; "" for what only leads to one ("PhD qualifying
    exam")."""
    if record.comment and not _THESIS.search(record.comment):
        return ""
    word = kind_word(record, kinds)
    return labels.get(word) or labels.get(kinds.get(word, "")) or "Thesis"
