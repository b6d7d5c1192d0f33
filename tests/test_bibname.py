"""Family names of names as a .bib writes them: BibTeX's rule, as bibtexparser knows it."""

from __future__ import annotations

import pytest

from bridge.bibtex.bibname import family_name


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Eyal de Lara", "de Lara"),
        ("de Lara, Eyal", "de Lara"),
        ("Herbert Van de Sompel", "de Sompel"),
        ("Jean-Luc van der Berg", "van der Berg"),
        ("Ivan Ilin", "Ilin"),
        ("Jane Q. Public", "Public"),
        ("Smith, Jr, John", "Smith"),
        ("OpenAI", "OpenAI"),
        ("", ""),
    ],
)
def test_family_names(name: str, family: str) -> None:
    assert family_name(name) == family
