"""Differences as a person sees them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.bibtex.splice import Edit, spliced
from bridge.plan import Conflict
from bridge.worddiff import conflict_table, display_width, marked_words, unified_diff


@pytest.mark.parametrize(
    ("yours", "theirs", "left", "right"),
    [
        ("a b c", "a x c", "a [-b-] c", "a {+x+} c"),
        ("a b", "a b", "a b", "a b"),
        ("", "a b", "", "{+a b+}"),
        ("{D}eep nets", "Deep {Nets}", "{D}eep [-nets-]", "Deep {+{Nets}+}"),
        ("a b c d", "a d", "a [-b c-] d", "a d"),
    ],
)
def test_marked_words(yours: str, theirs: str, left: str, right: str) -> None:
    assert marked_words(yours, theirs) == (left, right)


def test_of_a_long_list_what_differs_is_shown() -> None:
    authors = [f"Name{number}," for number in range(3000)]
    mine, others = authors.copy(), authors.copy()
    others[2500] = "Nemo,"
    left, right = marked_words(" ".join(mine), " ".join(others))
    assert "Name2499, [-Name2500,-] Name2501," in left
    assert "Name2499, {+Nemo,+} Name2501," in right
    assert len(left.split()) < 40
    left, right = marked_words(" ".join(authors), " ".join([*authors, "Nemo"]))
    assert right.endswith("Name2999, {+Nemo+}")
    left, right = marked_words("Name0, and others", " ".join(authors))
    assert left == "Name0, [-and others-]"
    assert right.startswith("Name0, {+Name1,")
    assert right.endswith("+}")
    assert 40 < len(right.split()) < 60


CONFLICTS = [
    Conflict("doe2020", "title", "A study of old things", "A study of new things", "2026-01-02"),
    Conflict("doe2020", "year", None, "2021", None),
    Conflict("li2021", "author", "李, 小龙", "Li, Xiaolong", "2026-01-03"),
]


def test_the_table_has_three_columns_and_fits() -> None:
    lines = list(conflict_table(CONFLICTS, width=70))
    text = "\n".join(lines)
    assert lines[0].split() == ["written", "yours", "arXiv's"]
    assert [line for line in lines if not line.startswith(" ")] == ["doe2020", "li2021"]
    assert "2026-01-02 A study of [-old-]" in text
    assert "not by us" in text
    assert max(display_width(line) for line in lines) <= 70
    column = lines[0].index("arXiv's")
    assert all(
        line[column - 1 : column] in ("", " ") for line in lines if not any(ord(c) > 0x2FFF for c in line)
    )


def test_a_mark_over_a_line_end_is_whole_in_each_line() -> None:
    conflict = Conflict("k", "abstract", "one " * 40, "two " * 40, None)
    for line in conflict_table([conflict], width=60):
        assert line.count("[-") == line.count("-]")
        assert line.count("{+") == line.count("+}")


def test_colours_replace_the_marks() -> None:
    text = "\n".join(conflict_table(CONFLICTS[:1], width=80, colour=True))
    assert "\x1b[31mold\x1b[0m" in text
    assert "[-" not in text


def test_no_conflicts_no_table() -> None:
    assert list(conflict_table([])) == []


def test_a_unified_diff() -> None:
    diff = unified_diff("a\nb\nc\n", [(2, 3, "x")], "refs.bib")
    assert diff.splitlines() == [
        "--- refs.bib (now)",
        "+++ refs.bib (after)",
        "@@ -1,3 +1,3 @@",
        " a",
        "-b",
        "+x",
        " c",
    ]
    assert unified_diff("same", [], "x") == ""
    assert unified_diff("same", [(0, 1, "s")], "x") == ""


def applied(before: str, diff: str) -> str:
    """What `patch` makes of a text."""
    old = re.findall(r"[^\n]*\n|[^\n]+", before)
    new: list[str] = []
    at = 0
    lines = re.findall(r"[^\n]*\n", diff)[2:]
    for number, line in enumerate(lines):
        bare = lines[number + 1 : number + 2] == ["\\ No newline at end of file\n"]
        text = line[1:-1] if bare else line[1:]
        if line.startswith("@@"):
            start, length = (int(part) for part in (line.split()[1][1:] + ",1").split(",")[:2])
            begin = start - (length > 0)
            new += old[at:begin]
            at = begin
        elif line[0] in " -":
            assert old[at] == text
            at += 1
        if line[0] in " +":
            assert not new or new[-1].endswith("\n")  # only the last line may lack its end
            new.append(text)
    return "".join(new + old[at:])


@given(
    st.text(st.sampled_from("ab\n"), max_size=60),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 8), st.text(st.sampled_from("ax\n"), max_size=9)),
        max_size=4,
    ),
)
def test_a_diff_can_be_applied(text: str, wanted: list[tuple[int, int, str]]) -> None:
    edits: list[Edit] = []
    for start, length, new in sorted(wanted):
        start, end = min(start, len(text)), min(start + length, len(text))
        if not edits or start >= edits[-1].end:
            edits.append(Edit(start, end, new))
    after = spliced(text, edits)
    diff = unified_diff(text, edits, "x")
    assert applied(text, diff) == after
    assert (diff == "") == (after == text)


def test_a_diff_says_where_the_last_line_has_no_end() -> None:
    assert "-b\n\\ No newline at end of file\n+b\n+c\n" in unified_diff("a\nb", [(3, 3, "\nc\n")], "x")


def test_a_diff_keeps_foreign_line_ends() -> None:
    assert "-b\r\n+x\r\n" in unified_diff("a\r\nb\r\n", [(3, 4, "x")], "x")
