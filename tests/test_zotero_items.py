"""Record ↔ item: the shape that is written, every row of the field tables, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import zoterostate
from hypothesis import given
from hypothesis import strategies as st
from zoterohelp import record

from bridge.identifiers import parse_arxiv_id
from bridge.record import Author, PublishedIn, Record, Stated, Venue
from bridge.tables import builtin_text, read_rows
from bridge.zotero import extra
from bridge.zotero.fields import category_tags, table, tag_categories, types
from bridge.zotero.items import (
    creators_value,
    draft,
    is_comment_note,
    retyped,
    value_of,
)
from bridge.zotero.keys import ALPHABET, derive, derived, is_key
from bridge.zotero.pulled import record_of
from bridge.zotero.recognise import identify

EVERYTHING = frozenset(name for kind in zoterostate.item_types() for name in zoterostate.fields_of(kind)) | {
    "meetingName",
    "blogTitle",
    "forumTitle",
    "dictionaryTitle",
    "encyclopediaTitle",
    "organization",
    "number",
    "patentNumber",
    "issueDate",
    "dateDecided",
    "dateEnacted",
    "identifier",
    "caseName",
    "nameOfAct",
    "subject",
}
FIELD_ROWS = list(
    read_rows(builtin_text("zotero-fields.csv"), "zotero-fields.csv", ("item_type", "field", "base", "holds"))
)


def item(made: Record, item_type: str | None = None, key: str = "ABCD2345", **more: Any) -> dict[str, Any]:
    """The data of the item that a record becomes on a server that has every field."""
    kind = item_type or made.item_type
    drawn = draft(made, kind, EVERYTHING, "lovelace2026")
    text = ""
    for label, value in drawn.extra.items():
        text = extra.write_line(text, label, value)
    return {
        "key": key,
        "itemType": kind,
        **drawn.fields,
        "creators": list(drawn.creators),
        "tags": [{"tag": tag, "type": 1} for tag in drawn.tags],
        "extra": text,
        **more,
    }


def test_a_preprint_has_the_shape_of_zoteros_own_importer() -> None:
    made = draft(record(3), "preprint", frozenset(zoterostate.fields_of("preprint")), "lovelaceNumber2026")
    assert dict(made.fields) == {
        "title": "On the number 3",
        "abstractNote": "We study 3 & <more>.",
        "date": "2026-01-05",
        "DOI": "10.48550/arXiv.2601.00003",
        "url": "https://arxiv.org/abs/2601.00003",
        "libraryCatalog": "arXiv.org",
        "repository": "arXiv",
        "archiveID": "arXiv:2601.00003",
        "citationKey": "lovelaceNumber2026",
    }
    assert made.extra == {"arXiv": "2601.00003 [cs.DC]"}
    assert extra.write_line("", "arXiv", made.extra["arXiv"]) == "arXiv:2601.00003 [cs.DC]"
    assert made.tags == (
        "Computer Science - Distributed, Parallel, and Cluster Computing",
        "Computer Science - Machine Learning",
    )
    assert made.note == "Comment: 3 pages, 2 figures"
    assert made.creators[0] == {"creatorType": "author", "firstName": "Ada", "lastName": "Lovelace"}
    assert made.creators[2] == {"creatorType": "author", "name": "ATLAS Collaboration"}


def test_a_pinned_version_says_so() -> None:
    made = draft(record(3, pinned=True, version=2), "preprint", EVERYTHING, None)
    assert made.extra["version"] == "2"
    assert made.fields["url"] == "https://arxiv.org/abs/2601.00003v2"
    assert made.fields["date"] == "2026-01-06"
    assert made.fields["archiveID"] == "arXiv:2601.00003"


def test_a_server_without_a_field_gets_lines_of_extra() -> None:
    lacking = frozenset({"title", "extra", "date"})
    made = draft(record(3), "thesis", lacking, "lovelace2026")
    assert set(made.fields) == {"title", "date"}
    assert made.extra == {
        "arXiv": "2601.00003 [cs.DC]",
        "DOI": "10.48550/arXiv.2601.00003",
        "Citation Key": "lovelace2026",
    }


def test_old_ids_carry_a_class_only_where_they_do_not_name_it() -> None:
    old = draft(record(1, arxiv_id="math/0309136", primary_category="math.GT"), "preprint", EVERYTHING, None)
    assert old.extra["arXiv"] == "math/0309136 [math.GT]"
    older = draft(
        record(1, arxiv_id="hep-th/9901001", primary_category="hep-th"), "preprint", EVERYTHING, None
    )
    assert older.extra["arXiv"] == "hep-th/9901001"


VENUE = Venue("published", "MNRAS", "Monthly Notices", "journal", 2012, 1.0)
PRINTED = PublishedIn("419", "2", "1795-1803", None, "Oxford")


def stated(item_type: str) -> Record:
    kind = types()[item_type].kind
    venue = VENUE._replace(kind=kind, status="published" if kind not in (None, "thesis") else "none")
    return record(1, stated=Stated(item_type, venue, PRINTED), doi="10.1/abc")


@pytest.mark.parametrize("row", FIELD_ROWS, ids=lambda row: f"{row['item_type']}.{row['field']}")
def test_every_row_of_the_field_table(row: Any) -> None:
    kind = "book" if row["item_type"] == "*" else row["item_type"]
    known = table(kind)
    if not row["holds"]:
        assert known.bases[row["field"]] == row["base"]
        assert known.of_base(row["base"]) == row["field"]
        return
    assert known.holds[row["field"]] == row["holds"]
    work = stated(kind)
    assert work.stated is not None
    work = replace(work, stated=work.stated._replace(published_in=PRINTED._replace(series="Lecture Notes")))
    made = draft(work, kind, EVERYTHING, None)
    expected = {
        "title": "On the number 1",
        "abstract": "We study 1 & <more>.",
        "date": "2012" if kind != "preprint" else "2026-01-05",
        "doi": "10.1/abc",
        "url": "https://arxiv.org/abs/2601.00001",
        "catalog": "arXiv.org",
        "volume": "419",
        "number": "2",
        "pages": "1795-1803",
        "publisher": "Oxford",
        "series": "Lecture Notes",
        "repository": "arXiv",
        "archive_id": "arXiv:2601.00001",
        "venue_full": "Monthly Notices",
        "venue_name": "MNRAS",
        "venue_short": "MNRAS",
    }
    assert made.fields[row["field"]] == expected[row["holds"]]


@pytest.mark.parametrize("kind", sorted(types()))
def test_every_type_of_the_table_is_pulled_as_it_was_pushed(kind: str) -> None:
    if kind in ("preprint",):
        return
    pushed = stated(kind)
    data = item(pushed, kind)
    pulled = record_of(data)
    assert pulled.item_type == kind
    assert pulled.title == pushed.title
    assert pulled.authors == pushed.authors
    assert {one["creatorType"] for one in data["creators"]} == {types()[kind].author}
    assert pulled.venue.kind == types()[kind].kind


def test_every_category_has_a_tag_of_its_own() -> None:
    assert category_tags()["cs.DC"] == "Computer Science - Distributed, Parallel, and Cluster Computing"
    assert category_tags()["hep-ph"] == "High Energy Physics - Phenomenology"
    assert category_tags()["math.GT"] == "Mathematics - Geometric Topology"
    for term, tag in category_tags().items():
        assert category_tags()[tag_categories()[tag]] == tag, term


# -- lines of extra ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label", "value", "result"),
    [
        ("", "arXiv", "1 [x]", "arXiv:1 [x]"),
        ("mine\narXiv: 1\nmore", "arXiv", "2", "mine\narXiv:2\nmore"),
        ("mine", "version", "3", "mine\nversion: 3"),
        ("mine\n\n", "version", "3", "mine\nversion: 3"),
        ("a\nCitation key: x\nb", "Citation Key", "y", "a\nCitation Key: y\nb"),
        ("a\nversion: 2\nb", "version", None, "a\nb"),
        ("a\nb", "version", None, "a\nb"),
    ],
)
def test_a_line_is_changed_where_it_stands(text: str, label: str, value: str | None, result: str) -> None:
    assert extra.write_line(text, label, value) == result
    assert extra.read_line(result, label) == value


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=("Cc", "Cs")), min_size=1)))
def test_unknown_lines_keep_their_letters_and_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    if extra.read_line(text, "version") is not None or not text.strip():
        return
    changed = extra.write_line(extra.write_line(text, "version", "1"), "version", None)
    assert changed.rstrip() == text.rstrip()


# -- what an item names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {"archiveID": "arXiv:1706.03762"},
        {"DOI": "10.48550/arXiv.1706.03762"},
        {"DOI": "https://doi.org/10.48550/ARXIV.1706.03762"},
        {"url": "http://arxiv.org/abs/1706.03762v5"},
        {"url": "https://www.alphaxiv.org/abs/1706.03762"},
        {"extra": "arXiv:1706.03762 [cs.CL]"},
        {"extra": "Page Version ID: 3\narXiv: 1706.03762"},
        {"extra": "tex.eprint: 1706.03762\ntex.archiveprefix: arXiv"},
        {"extra": "DOI: 10.48550/arXiv.1706.03762"},
        {"itemType": "journalArticle", "publicationTitle": "arXiv:1706.03762 [cs]"},
        {"itemType": "journalArticle", "publicationTitle": "arXiv preprint arXiv:1706.03762"},
        {"itemType": "report", "reportNumber": "arXiv:1706.03762"},
        {"archive": "arXiv", "archiveLocation": "1706.03762"},
    ],
)
def test_an_arxiv_id_is_found_wherever_importers_put_it(data: dict[str, str]) -> None:
    assert identify({"itemType": "preprint", "title": "x", **data}).arxiv_id == "1706.03762"


@pytest.mark.parametrize(
    "data",
    [
        {"extra": "see also arXiv:1706.03762"},
        {"url": "https://example.org/1706.03762"},
        {"DOI": "10.1101/1706.03762"},
        {"publicationTitle": "Nature"},
        {"itemType": "attachment", "url": "https://arxiv.org/pdf/1706.03762"},
        {"itemType": "note", "url": "https://arxiv.org/abs/1706.03762"},
    ],
)
def test_a_mention_is_no_identity(data: dict[str, str]) -> None:
    assert identify({"itemType": "preprint", **data}).arxiv_id is None


# -- values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("title", "A  b\n c", "A b c"),
        ("title", "Mu\u0308ller", "Müller"),
        ("DOI", "10.1000/ABC", "https://doi.org/10.1000/abc"),
        ("url", "http://arxiv.org/abs/1", "https://arxiv.org/abs/1/"),
        ("pages", "1–9", "1-9"),
        ("repository", "ArXiv", "arXiv"),
        ("archiveID", "1706.03762", "arXiv:1706.03762"),
        ("note", "<p>Comment: 3&nbsp;pages &amp; more</p>", "Comment: 3 pages &amp; more"),
    ],
)
def test_what_means_the_same_has_one_digest(name: str, one: str, other: str) -> None:
    assert value_of(name, one).digest == value_of(name, other).digest
    assert value_of(name, one + "x9").digest != value_of(name, other).digest


def test_order_and_kind_of_creators_count() -> None:
    ada, eyal = (
        {"creatorType": "author", "firstName": f, "lastName": n} for f, n in (("A", "L"), ("E", "L"))
    )
    assert creators_value([ada, eyal]).digest != creators_value([eyal, ada]).digest
    assert creators_value([ada]).digest != creators_value([{**ada, "creatorType": "editor"}]).digest
    assert creators_value([ada, eyal]).text == "L, A; L, E"


def test_a_preprint_that_becomes_a_paper_moves_and_drops_what_the_server_does() -> None:
    valid = frozenset(zoterostate.fields_of("journalArticle"))
    moves = retyped(
        ["title", "repository", "archiveID", "genre", "extra:arXiv"], "preprint", "journalArticle", valid
    )
    assert moves == {
        "title": "title",
        "repository": "publisher",
        "archiveID": None,
        "genre": None,
        "extra:arXiv": "extra:arXiv",
    }


# -- keys ----------------------------------------------------------------------------------------------------


@given(st.text())
def test_derived_keys_are_zoteros(name: str) -> None:
    keys = list(derived("item", name))
    assert all(is_key(key) and set(key) <= set(ALPHABET) for key in keys)
    assert len(set(keys)) == len(keys)
    assert derive("item", name) == keys[0] != derive("note", name)


def test_a_derived_key_never_changes() -> None:
    # libraries out there hold items under these keys
    assert derive("item", "arXiv:2606.03498") == "8PB96M7H"
    assert derive("item", "arXiv:2606.03498v2") != derive("item", "arXiv:2606.03498")


# -- the way back --------------------------------------------------------------------------------------------

WORD = st.text(
    st.characters(categories=("L", "N", "P", "S"), exclude_characters=",;{}<>&|\\"), min_size=1, max_size=9
)
WORDS = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
PERSON = st.tuples(WORDS, WORDS, st.sampled_from([None, "Jr.", "III"])).map(lambda parts: Author(*parts))
AUTHOR = PERSON | WORDS.map(lambda name: Author(literal=name))
POSTED = {
    "2606.03498": "2026-06",
    "0704.0001": "2007-04",
    "math/0309136": "2003-09",
    "hep-th/9901001": "1999-01",
}
ID = st.sampled_from(sorted(POSTED))
TERMS = st.lists(st.sampled_from(sorted(category_tags())), min_size=1, max_size=4, unique=True)
# arXiv itself is no venue, though importers of old have made it one
VENUE_WORDS = WORDS.filter(
    lambda text: "workshop" not in text.lower() and "@" not in text and not text.lower().startswith("arxiv")
)


def in_proceedings(name: str, full: str | None, year: int) -> Stated:
    long_name = full if full != name else None
    return Stated("conferencePaper", Venue("published", name, long_name, "conference", year, 1.0))


VENUES = st.none() | st.builds(
    in_proceedings, VENUE_WORDS, st.none() | VENUE_WORDS, st.integers(min_value=1991, max_value=2030)
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    terms = draw(TERMS)
    arxiv_id = draw(ID)
    primary = arxiv_id.partition("/")[0] if arxiv_id.startswith("hep") else terms[0]
    pinned = draw(st.booleans())
    return Record(
        title=draw(WORDS),
        arxiv_id=parse_arxiv_id(arxiv_id).id,
        version=draw(st.integers(1, 9)) if pinned else None,
        pinned=pinned,
        credits=tuple(draw(st.lists(AUTHOR, max_size=3))),
        abstract=draw(st.none() | WORDS),
        published="2026-01-05",
        updated="2026-01-05" if pinned else None,
        primary_category=primary,
        categories=tuple(dict.fromkeys([primary, *terms])),
        comment=draw(st.none() | st.sampled_from(["12 pages", "3 pages, a < b & c"])),
        stated=draw(VENUES),
    )


@given(records(), st.none() | WORDS)
def test_pull_gives_back_what_was_pushed_and_what_a_person_changed(
    pushed: Record, new_title: str | None
) -> None:
    data = item(pushed)
    note = draft(pushed, pushed.item_type, EVERYTHING, None).note
    if new_title is not None:
        data["title"] = new_title
    assert note is None or is_comment_note(note)
    pulled = record_of(data, note)
    venue_year = pushed.stated.venue.year if pushed.stated else None
    expected = replace(
        pushed,
        title=new_title or pushed.title,
        # a published work's date is its venue's; when it was posted, its id tells
        published=POSTED[str(pushed.arxiv_id)] if venue_year else "2026-01-05",
        updated="2026-01-05" if pushed.pinned and not venue_year else None,
        categories=pulled.categories,
        fields=pulled.fields,
    )
    assert pulled == expected
    assert set(pulled.categories) == set(pushed.categories)
    assert pulled.fields["citationKey"] == "lovelace2026"


@pytest.mark.parametrize(
    ("kind", "printed"),
    [
        ("journalArticle", PublishedIn("76", "1", None, "013009", None)),
        ("journalArticle", PublishedIn("76", "1", None, "081406(R)", None)),
        ("journalArticle", PublishedIn("76", "1", None, "S17", None)),
        ("journalArticle", PublishedIn("76", "1", "1-20", "008", None)),
        ("journalArticle", PublishedIn("76", "1", "17", None, None)),
        ("conferencePaper", PublishedIn(None, None, None, "012003", "IOP")),
    ],
)
def test_pages_and_article_numbers_come_back_as_what_they_were(kind: str, printed: PublishedIn) -> None:
    journal = Venue("published", "PRD", "Physical Review D", types()[kind].kind, 2007, 1.0)
    pulled = record_of(item(record(1, stated=Stated(kind, journal, printed))))
    assert pulled.published_in == printed


def test_a_preprints_journal_reference_is_kept_in_a_line_of_its_own() -> None:
    made = record(1, journal_ref="Some Unheard-of Journal 3 (2024) 5-9", stated=Stated("preprint"))
    data = item(made)
    assert extra.read_line(data["extra"], extra.JOURNAL_REF) == made.journal_ref
    assert record_of(data).journal_ref == made.journal_ref
