"""The lock: text that git merges, read with whatever damage, written only when it changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import InputError
from bridge.lockfile import NAME, Lock, interrupted, load, parse, prepared, save
from bridge.plan import Base

ONE = Base("arXiv:2606.00001", "doe2026", "2026-01-01", {"title": "aa", "year": "bb"}, {}, 2)
TWO = Base("arXiv:2606.00002", "ångström: ü", "2026-01-02", {}, {"tags": frozenset({"c", "a"})})

words = st.text(max_size=12)
bases = st.builds(
    Base,
    words,
    words,
    words,
    st.dictionaries(words, words, max_size=3),
    st.dictionaries(words, st.frozensets(words, min_size=1, max_size=3), max_size=2),
    st.none() | st.integers(1, 99),
    st.frozensets(words, max_size=3),
)


@given(st.dictionaries(words, st.lists(bases, max_size=4), max_size=3))
def test_what_is_written_is_read(targets: dict[str, list[Base]]) -> None:
    lock = Lock({name: {base.identity: base for base in found} for name, found in targets.items() if found})
    try:
        data = lock.to_bytes()
    except UnicodeEncodeError:
        return  # a lone surrogate that no file name or key decodes to
    assert parse(data, NAME) == lock
    assert parse(data.replace(b"\n", b"\r\n"), NAME) == lock


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    lock = parse(data, NAME)
    assert all(problem.place.line for problem in lock.problems)


def test_it_is_sorted_and_has_one_record_a_line() -> None:
    lock = Lock({"b.bib": {TWO.identity: TWO, ONE.identity: ONE}, "a.bib": {ONE.identity: ONE}})
    lines = lock.to_bytes().decode().splitlines()
    assert lines[0].startswith("# bibbridge lock, format 1")
    assert [line[:45] for line in lines[1:]] == [
        '{"target":"a.bib","id":"arXiv:2606.00001","ke',
        '{"target":"b.bib","id":"arXiv:2606.00001","ke',
        '{"target":"b.bib","id":"arXiv:2606.00002","ke',
    ]


def test_targets_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / NAME
    assert load(path) == Lock()
    assert not save(path, Lock())
    assert not path.exists()
    assert save(path, load(path).with_bases("a.bib", {ONE.identity: ONE}))
    assert save(path, load(path).with_bases("b.bib", {TWO.identity: TWO}))
    assert load(path).bases("a.bib") == {ONE.identity: ONE}
    assert load(path).bases("b.bib") == {TWO.identity: TWO}
    assert load(path).bases("c.bib") == {}


def test_an_unchanged_lock_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / NAME
    save(path, Lock({"a.bib": {ONE.identity: ONE}}))
    os.utime(path, ns=(1, 1))
    assert not save(path, load(path))
    assert path.stat().st_mtime_ns == 1


def git_conflict(ours: Base, theirs: Base) -> bytes:
    def line(base: Base) -> str:
        return Lock({"a.bib": {base.identity: base}}).to_bytes().decode().splitlines()[1]

    return "\n".join(
        ["# bibbridge lock, format 1", "<<<<<<< HEAD", line(ours), "=======", line(theirs), ">>>>>>> other"]
    ).encode()


def test_of_a_git_conflict_what_both_sides_say_is_kept() -> None:
    other = Base(ONE.identity, ONE.key, "2026-02-01", {"title": "aa", "year": "zz"}, {}, 3)
    lock = parse(git_conflict(ONE, other), NAME)
    kept = lock.bases("a.bib")[ONE.identity]
    assert (kept.fields, kept.version, kept.date) == ({"title": "aa"}, None, "2026-01-01")
    assert [(p.code, p.place.line) for p in lock.problems] == [
        ("lock-conflict", 2),
        ("lock-conflict", 4),
        ("lock-double", 5),
        ("lock-conflict", 6),
    ]
    assert not any(p.lost for p in lock.problems)


def test_both_sides_added_different_records() -> None:
    lock = parse(git_conflict(ONE, TWO), NAME)
    assert lock.bases("a.bib") == {ONE.identity: ONE, TWO.identity: TWO}


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "3",
        "{}",
        '{"target":"a","id":"b","key":"c","date":4,"fields":{}}',
        '{"target":"a","id":"b","key":"c","date":"d","fields":{"x":1}}',
        '{"target":"a","id":"b","key":"c","date":"d","fields":[]}',
        '{"target":"a","id":"b","key":"c","date":"d","fields":{},"version":"2"}',
        '{"target":"a","id":"b","key":"c","date":"d","fields":{},"sets":3}',
    ],
)
def test_a_strange_line_costs_itself_only(line: str) -> None:
    good = Lock({"a.bib": {ONE.identity: ONE}}).to_bytes()
    lock = parse(good + line.encode() + b"\n", NAME)
    assert lock.targets == {"a.bib": {ONE.identity: ONE}}
    assert [(p.code, p.place.line) for p in lock.problems] == [("lock-line", 3)]


def test_a_newer_format_is_refused() -> None:
    with pytest.raises(InputError, match="newer bibbridge") as caught:
        parse(b"# bibbridge lock, format 2\n", NAME)
    assert caught.value.exit_code == 3


def test_a_lock_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path)


def test_a_lock_that_is_ready_goes_with_one_content_of_one_target(tmp_path: Path) -> None:
    path, lock = tmp_path / NAME, Lock({"a.bib": {ONE.identity: ONE}})
    with prepared(path, lock, "a.bib", b"@misc{}") as put:
        ready = interrupted(path, "a.bib", b"@misc{}")
        assert ready is not None
        assert load(ready) == lock
        assert interrupted(path, "b.bib", b"@misc{}") is None
        assert interrupted(path, "a.bib", b"@misc{a}") is None
        assert not path.exists()
        assert put()
    assert load(path) == lock
    with prepared(path, Lock({"a.bib": {}}), "a.bib", b"@misc{}"):
        pass  # given up
    with prepared(path, lock, "a.bib", b"@misc{}") as put:
        assert not put()
    assert [file.name for file in tmp_path.iterdir()] == [NAME]
    assert load(path) == lock
