from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bridge.dedupe import Merge, deduplicate, title_signature
from bridge.record import Credit, Record


def paper(number: int = 1, version: int | None = 1, **fields: object) -> Record:
    values: dict[str, object] = {"title": f"Title {number}", "credits": (Credit("Ada Bee"),), **fields}
    return Record(arxiv_id=f"2606.{number:05d}", version=version, **values)  # type: ignore[arg-type]


def test_one_version_from_two_sources_merges_field_by_field() -> None:
    old = paper(comment="12 pages", doi="10.1063/1.1", as_of="2026-01-01T00:00:00Z", title="Old title")
    new = paper(comment=None, journal_ref="PRD 1 (2026) 2", as_of="2026-02-01T00:00:00Z", title="New title")
    for order in ([old, new], [new, old]):
        result = deduplicate(order)
        (merged,) = result.records
        assert merged.title == "New title"
        assert (merged.comment, merged.doi, merged.journal_ref) == (
            "12 pages",
            "10.1063/1.1",
            "PRD 1 (2026) 2",
        )
        assert result.merges == (Merge("arXiv:2606.00001", "same version", 1),)


def test_of_listings_without_a_date_the_one_named_last_wins() -> None:
    assert deduplicate([paper(title="First"), paper(title="Second")]).records[0].title == "Second"


def test_the_latest_version_stays_and_takes_over_what_belongs_to_the_paper() -> None:
    first = paper(version=1, comment="Accepted at X", doi="10.1063/1.1", journal_ref="PRD 1 (2026) 2")
    third = paper(version=3)
    result = deduplicate([third, first, paper(version=2)])
    assert result.records == (replace(third, doi="10.1063/1.1", journal_ref="PRD 1 (2026) 2"),)
    assert result.merges == (Merge("arXiv:2606.00001", "other version", 2),)


def test_a_pinned_version_beats_the_latest() -> None:
    pinned = paper(version=1, pinned=True)
    assert deduplicate([paper(version=3), pinned]).records == (pinned,)


def test_two_pinned_versions_are_two_works() -> None:
    one, three = paper(version=1, pinned=True), paper(version=3, pinned=True)
    assert deduplicate([three, one, paper(version=2)]).records == (one, three)


def test_all_versions_are_told_apart() -> None:
    records = deduplicate([paper(version=2), paper(version=1)], versions="all").records
    assert [record.identity for record in records] == ["arXiv:2606.00001v1", "arXiv:2606.00001"]


def test_an_entry_without_a_version_joins_the_latest() -> None:
    (merged,) = deduplicate([paper(version=None, comment="from a link"), paper(version=2)]).records
    assert (merged.version, merged.comment) == (2, "from a link")


def test_look_alikes_are_reported_and_kept() -> None:
    same_doi = [paper(1, doi="10.1063/1.X"), paper(2, doi="10.1063/1.x")]
    result = deduplicate(same_doi)
    assert len(result.records) == 2
    assert [(s.shared, s.identities) for s in result.suspicions] == [
        ("DOI", ("arXiv:2606.00001", "arXiv:2606.00002"))
    ]

    same_title = [paper(1, title="On the Étale Site"), paper(2, title="On the etale  site.")]
    (suspicion,) = deduplicate(same_title).suspicions
    assert suspicion.shared == "title and first author"

    other_author = replace(same_title[1], credits=(Credit("Cy Dee"),))
    assert deduplicate([same_title[0], other_author]).suspicions == ()


def test_one_pair_is_reported_once() -> None:
    twins = [paper(1, title="T", doi="10.1063/1.1"), paper(2, title="T", doi="10.1063/1.1")]
    assert len(deduplicate(twins).suspicions) == 1


def test_title_signature() -> None:
    assert title_signature("GPT-3: a {Study}") == title_signature("gpt 3 — A study") == "gpt3astudy"
    assert title_signature("$$") == ""


records = st.builds(
    paper,
    st.integers(1, 4),
    st.none() | st.integers(1, 3),
    comment=st.none() | st.just("c"),
    doi=st.none() | st.sampled_from(["10.1063/1.1", "10.1063/1.2"]),
    pinned=st.booleans(),
).map(lambda r: replace(r, pinned=False) if r.version is None else r)


@given(st.lists(records, max_size=8), st.sampled_from(["latest", "all"]))
def test_nothing_is_lost_and_a_second_time_changes_nothing(made: list[Record], versions: str) -> None:
    result = deduplicate(made, versions)  # type: ignore[arg-type]
    assert {r.arxiv_id for r in result.records} == {r.arxiv_id for r in made}
    assert len(made) == len(result.records) + sum(merge.dropped for merge in result.merges)
    identities = [r.identity for r in result.records]
    assert len(identities) == len(set(identities))
    again = deduplicate(result.records, versions)  # type: ignore[arg-type]
    assert again.records == result.records
