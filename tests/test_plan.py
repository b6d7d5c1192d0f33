"""The three-way merge, rule by rule, then all of them against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.decisions import Decisions
from bridge.merge import DELETED, TRASHED, make_plan, merge
from bridge.plan import Action, Base, Conflict, FieldChange, Present, Value, Wanted, digest

TODAY, BEFORE = "2026-03-01", "2026-01-01"
PLAIN = Decisions()


def value(text: str) -> Value:
    return Value(text, digest(text.lower()))


def wanted(fields: dict[str, str], sets: dict[str, str] | None = None, **rest: object) -> Wanted:
    return Wanted("id", "key", {k: value(v) for k, v in fields.items()}, members(sets), **rest)  # type: ignore[arg-type]


def present(fields: dict[str, str], sets: dict[str, str] | None = None, trashed: bool = False) -> Present:
    return Present("key", {k: value(v) for k, v in fields.items()}, members(sets), trashed)


def base(fields: dict[str, str], sets: dict[str, str] | None = None) -> Base:
    return Base(
        "id",
        "key",
        BEFORE,
        {k: value(v).digest for k, v in fields.items()},
        {k: frozenset(v) for k, v in members(sets).items()},
    )


def members(sets: dict[str, str] | None) -> dict[str, dict[str, str]]:
    return {name: {digest(word): word for word in words.split()} for name, words in (sets or {}).items()}


# base, mine, theirs → what happens to the field ("" absent, None no base) | its digest in the base afterwards
RULES = [
    (None, "a", "a", "same", "a"),
    ("a", "a", "a", "same", "a"),
    ("b", "a", "a", "same", "a"),
    ("a", "A", "a", "same", "a"),
    ("a", "a", "b", "take", "b"),
    ("a", "A", "b", "take", "b"),
    ("b", "a", "b", "keep", "b"),
    ("a", "b", "c", "conflict", "a"),
    (None, "", "c", "take", "c"),
    (None, "b", "c", "conflict", None),
    ("a", "", "a", "keep", "a"),
    ("a", "", "c", "keep", "a"),
    ("a", "b", "", "keep", "a"),
    (None, "b", "", "keep", None),
    (None, "", "", "keep", None),
]


def run(
    rule_base: str | None, mine: str, theirs: str, decisions: Decisions = PLAIN, **rest: object
) -> Action:
    return merge(
        wanted({"f": theirs} if theirs else {}, **rest),  # type: ignore[arg-type]
        present({"f": mine} if mine else {}),
        base({} if rule_base is None else {"f": rule_base}),
        decisions,
        TODAY,
    )


@pytest.mark.parametrize(("rule_base", "mine", "theirs", "outcome", "after"), RULES)
def test_the_rules(rule_base: str | None, mine: str, theirs: str, outcome: str, after: str | None) -> None:
    action = run(rule_base, mine, theirs)
    assert [change.new for change in action.changes] == ([theirs] if outcome == "take" else [])
    assert len(action.conflicts) == (outcome == "conflict")
    assert action.kind == {"take": "update", "conflict": "conflict"}.get(outcome, "unchanged")
    assert action.base is not None
    assert action.base.fields.get("f") == (value(after).digest if after else None)


@pytest.mark.parametrize(
    ("rule_base", "mine", "theirs", "decisions", "taken"),
    [
        ("a", "b", "c", Decisions(theirs=True), True),
        (None, "b", "c", Decisions(theirs=True), True),
        ("a", "b", "c", Decisions(accept=frozenset({"key"})), True),
        ("a", "b", "c", Decisions(accept=frozenset({"key:f"})), True),
        ("a", "b", "c", Decisions(accept=frozenset({"key:g", "other"})), False),
        ("a", "b", "c", Decisions(restore=True), False),
        # only the person changed it: no conflict, so only naming the field itself takes it back
        ("a", "b", "a", Decisions(theirs=True), False),
        ("a", "b", "a", Decisions(accept=frozenset({"key"})), False),
        ("a", "b", "a", Decisions(accept=frozenset({"key:f"})), True),
        # deleted
        ("a", "", "a", Decisions(theirs=True), False),
        ("a", "", "c", Decisions(theirs=True), True),
        ("a", "", "a", Decisions(restore=True), True),
        ("a", "", "a", Decisions(accept=frozenset({"key:f"})), True),
    ],
)
def test_decisions(rule_base: str | None, mine: str, theirs: str, decisions: Decisions, taken: bool) -> None:
    action = run(rule_base, mine, theirs, decisions)
    assert bool(action.changes) == taken
    if taken:
        assert not action.conflicts
        assert action.base is not None
        assert action.base.fields["f"] == value(theirs).digest


def test_a_conflict_names_both_sides_and_the_bases_date() -> None:
    assert run("a", "b", "c").conflicts == (Conflict("key", "f", "b", "c", BEFORE),)
    assert run(None, "b", "c").conflicts == (Conflict("key", "f", "b", "c", None),)


def test_a_kept_conflict_is_reported_again() -> None:
    first = run("a", "b", "c")
    second = merge(wanted({"f": "c"}), present({"f": "b"}), first.base, PLAIN, TODAY)
    assert second.conflicts == first.conflicts
    assert second.base == first.base


@pytest.mark.parametrize(
    ("rule_base", "mine", "gone", "left"),
    [("a", "a", True, None), ("a", "b", False, "a"), (None, "a", False, None)],
)
def test_a_retired_field_goes_only_if_it_is_ours(
    rule_base: str | None, mine: str, gone: bool, left: str | None
) -> None:
    action = run(rule_base, mine, "", retired=frozenset({"f"}))
    assert action.changes == ((FieldChange("f", "a", None),) if gone else ())
    assert action.base is not None
    assert action.base.fields.get("f") == (value(left).digest if left else None)


@pytest.mark.parametrize("agreed", [False, True])
def test_a_value_that_the_record_contradicts_is_told_until_it_is_decided_or_taken_back(agreed: bool) -> None:
    asked = wanted({}, retired=frozenset({"f"}), outdated=frozenset({"f"}))
    before: Base | None = base({"f": "a"})._replace(agreed=frozenset({"f"} if agreed else ()))
    for _ in range(2):
        action = merge(asked, present({"f": "b"}), before, PLAIN, TODAY)
        assert action.conflicts == (Conflict("key", "f", "b", "", None if agreed else BEFORE),)
        before = action.base
    # what bibbridge wrote, and stands there again, goes; what it only agreed to is a person's
    again = merge(asked, present({"f": "a"}), before, PLAIN, TODAY)
    assert [change.field for change in again.changes] == ([] if agreed else ["f"])
    assert bool(again.conflicts) == agreed


def test_a_field_that_was_deleted_and_retired_is_a_persons_when_it_is_written_again() -> None:
    first = run("a", "", "", retired=frozenset({"f"}))
    assert not first.changes
    for theirs in ("", "a"):
        asked = wanted({"f": theirs} if theirs else {}, retired=frozenset({"f"}))
        back = merge(asked, present({"f": "a"}), first.base, PLAIN, TODAY)
        assert not back.changes
        assert not merge(asked, present({}), first.base, PLAIN, TODAY).changes


@pytest.mark.parametrize(
    ("ours", "mine", "theirs", "add", "remove", "after"),
    [
        ("", "", "x y", "x y", "", "x y"),
        ("x", "x", "x y", "y", "", "x y"),
        ("x", "", "x", "", "", "x"),
        ("x y", "x y", "y", "", "x", "y"),
        ("x", "x z", "x", "", "", "x"),
        ("", "z", "x", "x", "", "x"),
        ("x", "x", "", "", "x", ""),
        ("", "x", "x", "", "", "x"),
        ("x y", "z", "", "", "", ""),
    ],
)
def test_sets_member_by_member(ours: str, mine: str, theirs: str, add: str, remove: str, after: str) -> None:
    action = merge(
        wanted({}, {"tags": theirs}), present({}, {"tags": mine}), base({}, {"tags": ours}), PLAIN, TODAY
    )
    (change,) = action.set_changes or (None,)
    assert sorted(change.add.values() if change else []) == add.split()
    assert set(change.remove if change else []) == {digest(word) for word in remove.split()}
    assert action.base is not None
    assert action.base.sets.get("tags", frozenset()) == {digest(word) for word in after.split()}


@pytest.mark.parametrize("decisions", [Decisions(restore=True), Decisions(accept=frozenset(("key:tags",)))])
def test_what_was_taken_out_of_a_set_comes_back_too(decisions: Decisions) -> None:
    action = merge(wanted({}, {"tags": "x"}), present({}), base({}, {"tags": "x"}), decisions, TODAY)
    assert [list(change.add.values()) for change in action.set_changes] == [["x"]]


def test_a_new_record_is_added_whole() -> None:
    action = merge(wanted({"a": "1", "b": ""}, {"tags": "x"}, version=3), None, None, PLAIN, TODAY)
    assert action.kind == "add"
    assert action.changes == (FieldChange("a", None, "1"),)
    assert action.base is not None
    assert (action.base.version, action.base.date, list(action.base.fields)) == (3, TODAY, ["a"])


@pytest.mark.parametrize("decisions", [Decisions(restore=True), Decisions(accept=frozenset({"key"}))])
def test_what_was_deleted_stays_deleted(decisions: Decisions) -> None:
    deleted = merge(wanted({"f": "b"}), None, base({"f": "a"}), Decisions(theirs=True), TODAY)
    assert (deleted.kind, deleted.reason, deleted.base) == ("skip", DELETED, None)
    assert merge(wanted({"f": "b"}), None, base({"f": "a"}), decisions, TODAY).kind == "add"
    trashed = merge(wanted({"f": "b"}), present({"f": "b"}, trashed=True), None, PLAIN, TODAY)
    assert (trashed.kind, trashed.reason) == ("skip", TRASHED)
    back = merge(wanted({"f": "b"}), present({"f": "b"}, trashed=True), None, decisions, TODAY)
    assert (back.kind, back.untrash) == ("update", True)


def test_nothing_new_leaves_the_base_and_its_date() -> None:
    old = base({"f": "a"})
    assert merge(wanted({"f": "a"}), present({"f": "A"}), old, PLAIN, TODAY).base is old


def test_a_run_that_was_killed_before_the_lock_was_written_goes_on() -> None:
    # the target has our new value, the lock still the old one
    action = run("a", "c", "c")
    assert action.kind == "unchanged"
    assert action.base is not None
    assert (action.base.fields["f"], action.base.date) == (value("c").digest, TODAY)


def test_a_plan_counts_lists_and_keeps_the_order() -> None:
    there = {"one": present({"f": "x"}), "two": present({"f": "a"})}
    records = [Wanted(name, name, {"f": value("b")}, label=name) for name in ("one", "two", "three", "four")]
    bases = {
        "two": Base("two", "key", BEFORE, {"f": value("a").digest}),
        "four": Base("four", "gone", BEFORE, {}),
        "other": Base("other", "elsewhere", BEFORE, {}),
    }
    plan = make_plan(records, lambda record: there.get(record.identity), bases, PLAIN, TODAY)
    assert [action.kind for action in plan.actions] == ["conflict", "update", "add", "skip"]
    assert [action.identity for action in plan.news] == ["two", "three"]
    assert plan.summary() == {
        "added": 1,
        "updated": 1,
        "unchanged": 1,
        "skipped": [{"id": "four", "key": "gone", "reason": DELETED}],
        "conflicts": [{"key": "key", "field": "f", "yours": "x", "theirs": "b"}],
    }
    assert plan.listing()[1] == {"action": "update", "id": "two", "key": "key", "fields": ["f"]}
    after = plan.bases_after(bases)
    assert set(after) == {"one", "two", "three", "four", "other"}
    assert after["other"] is bases["other"]


def test_a_record_takes_over_the_base_of_its_entry() -> None:
    # the same paper, pinned now: the entry and what we wrote of it are the same
    bases = {"arXiv:1v2": Base("arXiv:1v2", "key", BEFORE, {"f": value("a").digest})}
    record = Wanted("arXiv:1", "key", {"f": value("b")})
    plan = make_plan([record], lambda _: present({"f": "a"}), bases, PLAIN, TODAY)
    assert plan.actions[0].changes == (FieldChange("f", "a", "b"),)
    assert set(plan.bases_after(bases)) == {"arXiv:1"}


texts = st.sampled_from(["", "a", "b", "c", "A"])
fields = st.dictionaries(st.sampled_from(["f", "g", "type"]), texts, max_size=3)
sets = st.dictionaries(
    st.just("tags"), st.lists(st.sampled_from("xyz"), unique=True).map(" ".join), max_size=1
)
decided = st.builds(
    Decisions,
    theirs=st.booleans(),
    restore=st.booleans(),
    accept=st.frozensets(st.sampled_from(["key", "key:f", "no"]), max_size=2),
)


def applied(there: Present | None, action: Action) -> Present | None:
    """What a target makes of an action."""
    if action.kind not in ("add", "update"):
        return there
    new_fields = dict(there.fields) if there else {}
    new_sets = {name: dict(have) for name, have in there.sets.items()} if there else {}
    for change in action.changes:
        if change.new is None:
            del new_fields[change.field]
        else:
            new_fields[change.field] = value(change.new)
    for changed in action.set_changes:
        have = new_sets.setdefault(changed.name, {})
        have.update(changed.add)
        for member in changed.remove:
            del have[member]
    return Present(action.key, new_fields, new_sets)


@given(fields, sets, st.none() | st.tuples(fields, sets), st.none() | st.tuples(fields, sets), decided)
def test_a_second_run_has_nothing_to_do(
    theirs: dict[str, str],
    their_sets: dict[str, str],
    mine: tuple[dict[str, str], dict[str, str]] | None,
    ours: tuple[dict[str, str], dict[str, str]] | None,
    decisions: Decisions,
) -> None:
    there = present(*mine) if mine else None
    # a base holds no empty values: nothing was written then
    old = base({k: v for k, v in ours[0].items() if v}, ours[1]) if ours else None
    record = wanted(theirs, their_sets)
    first = merge(record, there, old, decisions, TODAY)
    after = applied(there, first)
    second = merge(record, after, first.base or old, PLAIN, TODAY)
    assert second.kind in ("unchanged", "conflict", "skip")
    assert second.base in (None, first.base)
    assert set(second.conflicts) <= {
        Conflict(c.key, c.field, c.yours, c.theirs, second_date(first, c)) for c in first.conflicts
    }


def second_date(first: Action, conflict: Conflict) -> str | None:
    """The date of the base as the first run left it: today's where it changed another field."""
    return first.base.date if first.base is not None and conflict.base_date else conflict.base_date


@given(fields, fields, fields)
def test_without_a_decision_no_hand_edit_is_lost(
    ours: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    old = base({k: v for k, v in ours.items() if v})
    there = present(mine)
    action = merge(wanted(theirs), there, old, PLAIN, TODAY)
    for change in action.changes:
        # only what is ours or was never there is replaced
        assert there.fields.get(change.field, value("")).digest in (old.fields.get(change.field), "")


def test_an_older_listing_takes_nothing_back() -> None:
    newer = base({"f": "b"}, {"s": "x"})._replace(version=2)
    action = merge(
        wanted({"f": "a"}, {"s": "y"}, version=1), present({"f": "b"}, {"s": "x"}), newer, PLAIN, TODAY
    )
    assert action.changes == ()
    assert action.conflicts == ()
    assert [(change.name, list(change.add.values()), change.remove) for change in action.set_changes] == [
        ("s", ["y"], frozenset())
    ]
    assert action.base is not None
    assert action.base.version == 2
    assert action.base.fields == newer.fields
    assert action.base.sets["s"] == frozenset((digest("x"), digest("y")))
    assert action.reason is not None
    assert "version 1" in action.reason


@pytest.mark.parametrize(
    ("decisions", "taken"),
    [
        (Decisions(theirs=True), []),
        (Decisions(accept=frozenset({"key:f"})), ["f"]),
        (Decisions(accept=frozenset({"key"})), ["f", "g"]),
    ],
)
def test_of_an_older_listing_only_what_a_person_names_is_taken(
    decisions: Decisions, taken: list[str]
) -> None:
    newer = base({"f": "b", "g": "b"})._replace(version=2)
    mine = present({"f": "b", "g": "b"})
    action = merge(wanted({"f": "a", "g": "a"}, version=1), mine, newer, decisions, TODAY)
    assert [change.field for change in action.changes] == taken
    assert action.base is None or action.base.version == 2


def test_a_record_that_the_shore_sets_aside_brings_no_news() -> None:
    action = merge(wanted({"f": "a"}, aside=""), present({"f": "b"}), base({"f": "b"}), PLAIN, TODAY)
    assert (action.kind, action.reason, action.base) == ("unchanged", "", None)


def test_what_is_brought_back_from_the_trash_is_so_beside_news_that_is_left_aside() -> None:
    accept = Decisions(accept=frozenset({"key"}))
    trashed = present({"f": "a"}, trashed=True)
    action = merge(wanted({"f": "a"}, aside=""), trashed, base({"f": "a"}), accept, TODAY)
    assert (action.kind, action.untrash, action.changes) == ("update", True, ())


def test_what_is_taken_beside_news_that_is_left_aside_leaves_the_base_as_it_is() -> None:
    accept = Decisions(accept=frozenset({"key:f"}))
    old = base({"f": "b", "g": "c"})
    action = merge(wanted({"f": "a", "g": "d"}, aside=""), present({"f": "b", "g": "c"}), old, accept, TODAY)
    assert [change.field for change in action.changes] == ["f"]
    assert action.base is not None
    assert action.base.fields == {"f": value("a").digest, "g": value("c").digest}
    # and what stands there already is no news
    action = merge(wanted({"f": "b"}, aside=""), present({"f": "b"}), old, accept, TODAY)
    assert (action.kind, action.changes, action.base) == ("unchanged", (), None)


def test_a_paper_pinned_to_an_older_version_is_taken() -> None:
    newer = base({"f": "b"})._replace(version=2, identity="another")
    action = merge(wanted({"f": "a"}, version=1), present({"f": "b"}), newer, PLAIN, TODAY)
    assert [change.new for change in action.changes] == ["a"]
