"""Saved feeds of every kind, sound and damaged: what is read, what is reported, and where."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bridge
from bridge.arxiv.feeds import split_creators
from bridge.arxiv.saved import read_saved
from bridge.errors import InputError, Problem
from bridge.normalise import Entry, fold
from tests.feedtext import (
    DAILY_ATOM,
    DAILY_RSS,
    OLD_RSS,
    ORDER_2026,
    ORDER_BEFORE,
    Paper,
    entry_text,
    error_feed_text,
    feed_text,
)

EXAMPLE = Path(__file__).parent.parent / "examples" / "cs-dc.atom"


def read(data: bytes | str, chunk: int = 1000) -> tuple[list[Entry], list[Problem]]:
    document = data.encode() if isinstance(data, str) else data
    problems: list[Problem] = []

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(document), chunk):
            yield document[start : start + chunk]

    return list(read_saved(chunks, "feed.atom", problems.append)), problems


FULL = Paper(
    id="math/0309136",
    version=3,
    title="A\n  Title of $x < y$ & more",
    authors=[("Eyal de Lara", ["MIT", "ETH Zürich"]), "Peter Richtárik"],
    summary="  Two\nlines. ",
    comment="12 pages,\n  3 figures",
    journal_ref="Phys. Rev. D 76, 013009 (2007)",
    doi="10.1103/PhysRevD.76.013009",
    categories=["math.GT", "hep-th", "57M25"],
)


@pytest.mark.parametrize("order", [ORDER_2026, ORDER_BEFORE])
@pytest.mark.parametrize("chunk", [1, 7, 100000])
def test_every_field_in_either_element_order(order: list[str], chunk: int) -> None:
    entries, problems = read(feed_text(FULL, order=order), chunk)
    assert problems == []
    (entry,) = entries
    assert entry.id == "http://arxiv.org/abs/math/0309136v3"
    assert fold(entry.title) == "A Title of $x < y$ & more"
    assert fold(entry.summary) == "Two lines."
    assert entry.authors == [("Eyal de Lara", ("MIT", "ETH Zürich")), ("Peter Richtárik", ())]
    assert (entry.comment, entry.journal_ref, entry.doi) == (FULL.comment, FULL.journal_ref, FULL.doi)
    assert entry.categories == ["math.GT", "hep-th", "57M25"]
    assert entry.primary_category == "math.GT"
    assert (entry.published, entry.updated) == (FULL.published, FULL.updated)
    assert entry.as_of == "2026-06-10T06:13:33Z"
    assert entry.line == 9


def by_feedparser(data: bytes) -> list[dict[str, object]]:
    return [
        {
            "id": item.id,
            "title": fold(item.title),
            "summary": fold(item.summary),
            "published": item.published,
            "updated": item.updated,
            "comment": fold(item.get("arxiv_comment")),
            "journal_ref": fold(item.get("arxiv_journal_ref")),
            "doi": item.get("arxiv_doi"),
            "primary": item.arxiv_primary_category["term"],
            "categories": [tag.term for tag in item.tags],
            "authors": [author.name for author in item.authors],
        }
        for item in feedparser.parse(io.BytesIO(data)).entries
    ]


def by_us(data: bytes) -> list[dict[str, object]]:
    return [
        {
            "id": entry.id,
            "title": fold(entry.title),
            "summary": fold(entry.summary),
            "published": entry.published,
            "updated": entry.updated,
            "comment": fold(entry.comment),
            "journal_ref": fold(entry.journal_ref),
            "doi": entry.doi,
            "primary": entry.primary_category,
            "categories": entry.categories,
            "authors": [name for name, _ in entry.authors],
        }
        for entry in read(data)[0]
    ]


def test_feedparser_reads_the_same_from_the_example() -> None:
    data = EXAMPLE.read_bytes()
    assert by_us(data) == by_feedparser(data)
    assert len(by_us(data)) == 15


# text that XML can carry and both readers strip alike
words = st.lists(st.text("abcXYZ αβγ<>&'\"$\\{}_^%#é中", min_size=1).map(str.strip).filter(bool), min_size=1)
text = words.map(" ".join)
papers = st.builds(
    Paper,
    id=st.builds("2606.{:05d}".format, st.integers(1, 99999)),
    version=st.integers(1, 9),
    title=text,
    authors=st.lists(text, min_size=1, max_size=4),
    summary=text,
    comment=st.none() | text,
    journal_ref=st.none() | text,
    categories=st.just(["cs.DC", "cs.LG"]),
)


@given(st.lists(papers, min_size=1, max_size=3), st.sampled_from([ORDER_2026, ORDER_BEFORE]))
@settings(max_examples=50, deadline=None)
def test_feedparser_reads_the_same_from_any_sound_feed(made: list[Paper], order: list[str]) -> None:
    data = feed_text(*made, order=order).encode()
    assert by_us(data) == by_feedparser(data)


def test_daily_rss() -> None:
    (entry,), problems = read(DAILY_RSS)
    assert problems == []
    assert (entry.id, entry.title) == ("2609.31763v1", "Bounds with $x < y$ & more")
    assert entry.summary == "We show that $a < b$."
    assert entry.authors == [("Eyal de Lara", ()), ("John Smith Jr.", ()), ("Ada Bee", ("MIT, Boston",))]
    assert (entry.categories, entry.primary_category) == (["cs.DC", "cs.LG"], "cs.DC")
    assert (entry.doi, entry.journal_ref) == ("10.1145/3580305.3599257", "KDD 2026")
    assert entry.published == "Wed, 30 Sep 2026 00:00:00 -0400"


def test_daily_atom_says_nothing_of_the_first_version_of_a_replacement() -> None:
    (entry,), problems = read(DAILY_ATOM)
    assert problems == []
    assert (entry.id, entry.published) == ("2609.00017v2", None)
    assert entry.summary == "Hello again."
    assert entry.authors == [("Ada Bee", ()), ("Cy Dee", ())]


def test_rss_of_before_2024() -> None:
    (entry,), problems = read(OLD_RSS)
    assert problems == []
    assert (entry.id, entry.title, entry.summary) == ("2101.00001v1", "An Old Form", "Abstract text.")
    assert (entry.primary_category, entry.authors) == ("cs.LG", [("Ada Bee", ()), ("Cy Dee", ())])


def test_a_foreign_feed_gives_the_papers_that_it_links_to() -> None:
    foreign = (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Reading group</title>"
        "<item><title>Monday</title><link>https://arxiv.org/pdf/2606.03498v2</link></item>"
        "<item><title>No paper at all</title><link>https://example.org/</link></item></channel></rss>"
    )
    (entry,), (problem,) = read(foreign)
    assert entry.id == "2606.03498v2"
    assert problem.code == "no-id"
    assert "No paper at all" in str(problem.place)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Ada Bee", [("Ada Bee", ())]),
        ("Ada Bee, and Cy Dee", [("Ada Bee", ()), ("Cy Dee", ())]),
        ("J. Smith, III, A. Bee", [("J. Smith III", ()), ("A. Bee", ())]),
        ("A. Bee (Lab (East), Town), C. Dee", [("A. Bee", ("Lab (East), Town",)), ("C. Dee", ())]),
    ],
)
def test_creators_in_one_string(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert split_creators(text) == expected


def test_an_arxiv_error_feed_shows_its_reason() -> None:
    entries, (problem,) = read(error_feed_text("incorrect id format for abc"))
    assert entries == []
    assert problem.code == "arxiv-error"
    assert "incorrect id format for abc" in problem.detail


def test_an_empty_feed_is_no_error() -> None:
    assert read(feed_text()) == ([], [])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"Just text", "not XML"),
        (b"\x00\x01\x02\x03", "not XML"),
        (b"<!DOCTYPE html><html><body>Rate exceeded.</body></html>", "HTML"),
        (b"<html><head><title>x</title></head></html>", "HTML"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "HTML"),
        (b"<?xml version='1.0'?><opml/>", "<opml>"),
        (b"<?xml version='1.0'?>", "ends before"),
    ],
)
def test_what_is_no_feed_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data)
    assert reason in caught.value.reason
    assert caught.value.place.source == "feed.atom"
    assert caught.value.place.line == 1


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize("body", [feed_text(Paper(title="TITLE")), DAILY_RSS.replace("Bounds", "TITLE")])
def test_entity_bombs_are_refused(body: str) -> None:
    bomb = BOMB + body.split("?>", 1)[1].replace("TITLE", "&c;")
    with pytest.raises(InputError, match="entities"):
        read(bomb)


def test_a_damaged_document_with_entities_is_refused_as_well() -> None:
    with pytest.raises(InputError, match="entities"):
        read(BOMB + feed_text(Paper(title="&c; & more")).split("?>", 1)[1].replace("&amp;", "&"))


MENDED = {
    "latin-1 byte": ("é", b"\xe9"),
    "control character": ("Good", b"Go\x0cod"),
    "control reference": ("Good", b"Go&#x0c;od"),
    "bare ampersand": ("R&amp;D", b"R&D"),
}


@pytest.mark.parametrize("damage", MENDED.values(), ids=MENDED.keys())
def test_the_damages_that_exports_have_are_mended(damage: tuple[str, bytes]) -> None:
    sound = feed_text(
        Paper(title="First"), Paper(id="2606.00002", title="Good R&D café"), Paper(id="2606.00003")
    )
    old, new = damage
    entries, (problem,) = read(sound.encode().replace(old.encode(), new, 1))
    assert [entry.title for entry in entries] == ["First", "Good R&D café", "A Title"]
    assert not problem.lost
    assert problem.place.line is not None


def test_a_cut_feed_gives_its_whole_entries_and_says_where_it_ends() -> None:
    whole = EXAMPLE.read_bytes()
    expected = read(whole)[0]
    ends = [match.end() for match in re.finditer(rb"</entry>", whole)]
    for cut in range(1200, len(whole) - 10, 1717):
        entries, problems = read(whole[:cut])
        assert entries == expected[: sum(end <= cut for end in ends)]
        damaged = [problem for problem in problems if problem.code == "damaged-feed"]
        assert len(damaged) == 1
        assert damaged[0].lost
        assert damaged[0].place.line is not None


@given(st.integers(0, 2**32), st.sampled_from([b"<", b">", b"&", b"\x00", b'"', b"\xff", b"/", b"]]>"]))
@settings(max_examples=150, deadline=None)
def test_one_wrong_byte_costs_at_most_the_entry_it_is_in(seed: int, wrong: bytes) -> None:
    whole = EXAMPLE.read_bytes()
    start = whole.index(b"<entry>")
    at = start + seed % (whole.rindex(b"</entry>") - start)
    expected = read(whole)[0]
    entries, problems = read(whole[:at] + wrong + whole[at + 1 :])
    titles = {entry.id: entry.title for entry in entries}
    same = [entry for entry in expected if titles.get(entry.id) == entry.title]
    # a byte in the markup between two entries may cost either of them
    assert len(same) >= len(expected) - 2
    if len(entries) < len(expected):
        assert any(problem.lost for problem in problems)


def test_entries_without_id_or_title_are_reported_and_the_rest_goes_on() -> None:
    sound = Paper(id="2606.00003")
    data = feed_text(
        entry_text(Paper(), leave_out=("id",)),
        entry_text(Paper(id="2606.00002"), leave_out=("title",)),
        sound,
    ).encode()
    records = bridge.read_feed(data)
    assert next(records).arxiv_id == "2606.00003"
    with pytest.raises(InputError, match="no id"):
        next(records)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_other_encodings_are_read_as_declared(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "iso-8859-1": "ISO-8859-1"}[encoding]
    document = feed_text(Paper(title="Café")).replace("encoding='UTF-8'", f"encoding='{declared}'")
    entries, problems = read(document.encode(encoding))
    assert [entry.title for entry in entries] == ["Café"]
    assert problems == []


@pytest.mark.slow
def test_a_feed_of_a_hundred_megabytes_streams() -> None:
    import tracemalloc

    entry = entry_text(Paper(summary="x " * 5000)).encode()
    head = feed_text().replace("</feed>\n", "").encode()

    def chunks() -> Iterator[bytes]:
        yield head
        for _ in range(10_000):
            yield entry
        yield b"</feed>"

    problems: list[Problem] = []
    tracemalloc.start()
    number = sum(1 for _ in read_saved(chunks, "big.atom", problems.append))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (number, problems) == (10_000, [])
    assert peak < 5_000_000  # bytes: what is read is let go
