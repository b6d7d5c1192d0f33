"""The words that a hint quotes as evidence for a venue: the whole phrase that names it, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.venue import read_venue

PHRASES = [
    ("SPIE 2014 -- Astronomical telescopes -- Montreal", "SPIE 2014 -- Astronomical telescopes -- Montreal"),
    ("to appear in the proceedings of the Rencontres de Moriond", "Rencontres de Moriond"),
    ("Accepted by ICONIP2025", "ICONIP2025"),
    ("contribution to LATTICE'94, 3 pages", "LATTICE'94"),
    (
        "Submitted to International Symposium on Distributed Computing (DISC 2026), 9 pages",
        "International Symposium on Distributed Computing (DISC 2026)",
    ),
    (
        'submitted to NJP Focus Issue on "Dark Matter and Particle Physics", 2 figures',
        'NJP Focus Issue on "Dark Matter and Particle Physics"',
    ),
    ("accepted for publication in ApJ, comments welcome", "ApJ"),
    ("accepted at CVPR 2024 in Seattle", "CVPR 2024"),
    (
        "to be published by Geometry & Topology Monographs on 22 February 2008",
        "Geometry & Topology Monographs",
    ),
    ("Published in Physical Review D 15, 20 pages", "Physical Review D"),
    ("Accepted to A&A. Code available here: https://example.org/x", "A&A"),
    ("presented at ICML 2025 (oral)", "ICML 2025"),
]


@pytest.mark.parametrize(("comment", "phrase"), PHRASES, ids=[phrase for _, phrase in PHRASES])
def test_the_evidence_is_the_phrase_that_names_the_venue(comment: str, phrase: str) -> None:
    assert read_venue(comment, None, None).venue.evidence[0].text == phrase


_PIECES = [
    *(
        "ICML",
        "2025",
        "Proceedings of",
        "the",
        "Physical Review D",
        "Workshop on",
        "Foo",
        "bar",
        "Paris",
        "May",
    ),
    *(
        "submitted to",
        "accepted in",
        "12 pages",
        "and",
        "at",
        "97",
        "-",
        '"',
        "(",
        ")",
        ":",
        ",",
        ".",
        "``",
        "''",
    ),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map(" ".join))
def test_evidence_is_quoted_word_for_word_and_holds_the_venue_that_it_is_for(comment: str) -> None:
    venue = read_venue(comment, None, None).venue
    for evidence in venue.evidence:
        assert comment[evidence.start : evidence.end] == evidence.text
        assert evidence.text.strip() == evidence.text != ""
        assert evidence.text.count("(") >= evidence.text.count(")") - 1
