"""Edits change their spans and nothing else, and what is added looks like what stands there."""

from __future__ import annotations

from pathlib import Path

import pytest
from bibhelp import appeared, record, run
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.bibtex.document import Document
from bridge.bibtex.layout import Layout, layout_of, layout_of_file
from bridge.bibtex.splice import (
    Edit,
    NewEntry,
    add_entries,
    add_fields,
    change_type,
    change_value,
    remove_fields,
    spliced,
)
from bridge.record import Credit

# entries as people lay them out: (text of one entry, the same with `note = {N}` added behind)
HABITS = [
    (
        "@misc{k,\n  title = {T},\n  year = {2000}\n}",
        "@misc{k,\n  title = {T},\n  year = {2000},\n  note = {N}\n}",
    ),
    (
        "@misc{k,\n  title = {T},\n  year = {2000},\n}",
        "@misc{k,\n  title = {T},\n  year = {2000},\n  note = {N},\n}",
    ),
    (
        '@Misc{k,\n\tTitle = "T",\n\tYear = 2000}',
        '@Misc{k,\n\tTitle = "T",\n\tYear = 2000,\n\tNote = "N"}',
    ),
    (
        '@misc{k,\r\n   title = "T",\r\n   journal = "J"\r\n}',
        '@misc{k,\r\n   title = "T",\r\n   journal = "J",\r\n   note = "N"\r\n}',
    ),
    (
        "@misc{k,\n  author  = {A},\n  title   = {T},\n  journal = {J},\n}",
        "@misc{k,\n  author  = {A},\n  title   = {T},\n  journal = {J},\n  note    = {N},\n}",
    ),
    (
        "@misc{k,\n    author = {A},\n     title = {T},\n      year = 1985,\n}",
        "@misc{k,\n    author = {A},\n     title = {T},\n      year = 1985,\n      note = {N},\n}",
    ),
    (  # a name too long for the column stands out of it: DBLP's export of today, and that of before 2022
        (
            "@misc{k,\n  author       = {A},\n  title        = {T},\n  eprinttype    = {arXiv},\n"
            "  timestamp    = {1},\n  bibsource    = {b}\n}"
        ),
        (
            "@misc{k,\n  author       = {A},\n  title        = {T},\n  eprinttype    = {arXiv},\n"
            "  timestamp    = {1},\n  bibsource    = {b},\n  note         = {N}\n}"
        ),
    ),
    (
        "@misc{k,\n  author    = {A},\n  title     = {T},\n  archivePrefix = {a},\n  biburl    = {1}\n}",
        (
            "@misc{k,\n  author    = {A},\n  title     = {T},\n  archivePrefix = {a},\n  biburl    = {1},\n"
            "  note      = {N}\n}"
        ),
    ),
    (
        "@misc{k,\n    author = {A},\n     title = {T},\n  howpublished = {H},\n      year = 1985,\n}",
        (
            "@misc{k,\n    author = {A},\n     title = {T},\n  howpublished = {H},\n      year = 1985,\n"
            "      note = {N},\n}"
        ),
    ),
    (  # two names of one length are no alignment
        "@misc{k,\n  title = {T},\n  pages = {1},\n  month = jan,\n  author = {A}\n}",
        "@misc{k,\n  title = {T},\n  pages = {1},\n  month = jan,\n  author = {A},\n  note = {N}\n}",
    ),
    ("@misc{k, title={T}, year={2000}}", "@misc{k, title={T}, year={2000}, note={N}}"),
    ("@misc(k,\n TITLE = {T},\n YEAR = {1}\n)", "@misc(k,\n TITLE = {T},\n YEAR = {1},\n NOTE = {N}\n)"),
    (
        "@misc{k\n  , title = {T}\n  , year = {1}\n}",
        "@misc{k\n  , title = {T}\n  , year = {1}\n  , note = {N}\n}",
    ),
    ("@misc{k,\n  title = {T}}", "@misc{k,\n  title = {T},\n  note = {N}}"),
    (
        "@misc{k,\n  title = {T},\n  year = {1} % why 1\n}",
        "@misc{k,\n  title = {T},\n  year = {1}, % why 1\n  note = {N}\n}",
    ),
    (
        "@misc{k,\n  title = {T},\n  year = {1}, % why 1\n  % the end\n}",
        "@misc{k,\n  title = {T},\n  year = {1}, % why 1\n  % the end\n  note = {N},\n}",
    ),
    ("@misc{k}", "@misc{k,\n  note = {N},\n}"),
    ("@misc{k,\n}", "@misc{k,\n  note = {N}\n}"),
]


@pytest.mark.parametrize(("text", "expected"), HABITS)
def test_a_new_field_follows_the_entry(text: str, expected: str) -> None:
    document = Document(text)
    (entry,) = document.entries
    after = spliced(text, add_fields(document, entry, [("note", "N")]))
    assert after == expected
    (again,) = Document(after).entries
    assert [f.name.lower() for f in again.fields] == [*(f.name.lower() for f in entry.fields), "note"]


def test_an_added_name_comes_as_near_to_the_column_as_it_can() -> None:
    text = "@misc{k,\n  author       = {A},\n  title        = {T},\n  timestamp    = {1}\n}"
    document = Document(text)
    fields = [("doi", "1"), ("primaryclass", "cs"), ("archiveprefix", "a"), ("howpublishedthere", "x")]
    after = spliced(text, add_fields(document, document.entries[0], fields))
    assert after.removeprefix(text.removesuffix("\n}")).split(",\n")[1:] == [
        "  doi          = {1}",
        "  primaryclass = {cs}",
        "  archiveprefix = {a}",
        "  howpublishedthere = {x}\n}",
    ]


# (the file's other entries, the fields of the one that is added to, the name, how it is spelt)
SPELLINGS = [
    ("@misc{a, eprint={1}, archiveprefix={arXiv}}", "title={T}", "archivePrefix", "archiveprefix"),
    ("@misc{a, Title={1}, ArchivePrefix={arXiv}}", "Title={T}", "archivePrefix", "ArchivePrefix"),
    ("@misc{a, title={1}, DOI={1}, url={u}}", "title={T}", "doi", "DOI"),
    (
        "@misc{a, title={1}, doi={1}}\n@misc{b, title={1}, DOI={1}}\n@misc{c, title={1}, DOI={2}}",
        "title={T}",
        "doi",
        "DOI",
    ),
    # another hand's
    ("@misc{a, TITLE={1}, DOI={1}, URL={u}}", "title={T}", "doi", "doi"),
    ("@misc{a, title={1}, doi={1}}", "TITLE={T}, YEAR={1}", "doi", "DOI"),
    ("@misc{a, Title={1}, Doi={1}}", "title={T}", "doi", "doi"),
    # in a value, in a string
    ("@misc{a, title={The DOI = an id}}\n@string{DOI = {x}}", "title={T}", "doi", "doi"),
]


@pytest.mark.parametrize(("others", "fields", "name", "expected"), SPELLINGS)
def test_a_name_is_spelt_as_the_file_spells_it(others: str, fields: str, name: str, expected: str) -> None:
    text = f"{others}\n@misc{{k, {fields}}}\n"
    document = Document(text)
    after = spliced(text, add_fields(document, document.entries[-1], [(name, "N")]))
    assert after == text.replace(f"{fields}}}", f"{fields}, {expected}={{N}}}}")


def test_a_new_entry_has_the_names_of_the_file() -> None:
    text = "@misc{a,\n  title = {x},\n  eprint = {1},\n  archiveprefix = {arXiv},\n  DOI = {2}\n}\n"
    new = NewEntry(
        "misc", "k", [("title", "T"), ("archivePrefix", "arXiv"), ("doi", "3"), ("primaryClass", "c")]
    )
    after = spliced(text, add_entries(Document(text), [new]))
    (_, entry) = Document(after).entries
    assert [field.name for field in entry.fields] == ["title", "archiveprefix", "DOI", "primaryClass"]


def test_names_are_those_of_the_file_too_where_other_fields_go(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text("@inproceedings{a,\n  title = {x},\n  bookTitle = {B},\n}\n", encoding="utf-8")
    run(path, record(1))
    run(path, appeared(1))
    entry = Document(path.read_text(encoding="utf-8")).entries[-1]
    names = [field.name for field in entry.fields]
    assert "month" not in names  # the preprint's
    assert "bookTitle" in names


@pytest.mark.parametrize(("text", "_"), HABITS)
def test_adding_two_and_removing_them_leaves_the_fields(text: str, _: str) -> None:
    document = Document(text)
    after = Document(spliced(text, add_fields(document, document.entries[0], [("note", "N"), ("url", "u")])))
    (entry,) = after.entries
    assert [f.name.lower() for f in entry.fields[-2:]] == ["note", "url"]
    cleared = Document(spliced(after.text, remove_fields(after, entry, entry.fields[-2:])))
    before = [(f.name, document.value(f)) for f in document.entries[0].fields]
    assert [(f.name, cleared.value(f)) for f in cleared.entries[0].fields] == before


@pytest.mark.parametrize(
    ("value", "content", "expected"),
    [
        ("{old}", "new", "{new}"),
        ('"old"', "new", '"new"'),
        ('"old"', 'say "new"', '{say "new"}'),
        ("2000", "2001", "2001"),
        ("2000", "in press", "{in press}"),
        ("{2000}", "2001", "{2001}"),
        ("jan", "feb", "feb"),
        ("abc # { d}", "new", "{new}"),
        ("{}", "new", "{new}"),
    ],
)
def test_a_changed_value_keeps_its_delimiters(value: str, content: str, expected: str) -> None:
    name = "month" if value == "jan" else "year"
    text = f"@misc{{k, title = {{a}}, {name} = {value}, note = {{z}}}}"
    document = Document(text)
    field = document.entries[0].fields[1]
    after = spliced(text, [change_value(document, field, content)])
    assert after == text.replace(f"{name} = {value}", f"{name} = {expected}")


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("@misc{k,\n  a = {1},\n  b = {2},\n  c = {3}\n}", "b", "@misc{k,\n  a = {1},\n  c = {3}\n}"),
        ("@misc{k,\n  a = {1},\n  b = {2}\n}", "b", "@misc{k,\n  a = {1}\n}"),
        ("@misc{k,\n  a = {1},\n  b = {2},\n}", "b", "@misc{k,\n  a = {1},\n}"),
        ("@misc{k, a = {1}, b = {2}}", "a", "@misc{k, b = {2}}"),
        ("@misc{k,\n  a = {1}, % one\n  b = {2},\n}", "b", "@misc{k,\n  a = {1}, % one\n}"),
        ("@misc{k,\n  a = {1}, % one\n  b = {2} % two\n}", "b", "@misc{k,\n  a = {1}, % one % two\n}"),
        ("@misc{k,\n  % about a\n  a = {1},\n}", "a", "@misc{k,\n  % about a\n}"),
    ],
)
def test_a_removed_field_leaves_every_remark(text: str, name: str, expected: str) -> None:
    document = Document(text)
    (entry,) = document.entries
    field = entry.field(name)
    assert field is not None
    after = spliced(text, remove_fields(document, entry, [field]))
    assert after == expected
    assert len(Document(after).entries) == 1


def test_a_type_keeps_its_case() -> None:
    for old, new in (("misc", "inproceedings"), ("MISC", "INPROCEEDINGS"), ("Misc", "Inproceedings")):
        document = Document(f"@{old}{{k, title={{x}}}}")
        assert spliced(document.text, [change_type(document.entries[0], "inproceedings")]) == (
            f"@{new}{{k, title={{x}}}}"
        )


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        spliced("abcdef", [Edit(0, 3, "x"), Edit(2, 4, "y")])


NEW = NewEntry(
    "misc", "new", [("title", "T {x}"), ("year", "2020"), ("month", "jan"), ("archiveprefix", "a")]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "@Book{a,\n  Title = {x},\n  Year = {1},\n}\n\n@Book{c,\n  Title = {x},\n  Year = {1},\n}\n",
            "\n@Misc{new,\n  Title = {T {x}},\n  Year = {2020},\n  Month = jan,\n  Archiveprefix = {a},\n}\n",
        ),
        (
            '@article{a,\n\ttitle="x",\n\tyear=1}\n@article{c,\n\ttitle="x",\n\tyear=1}\n',
            '@misc{new,\n\ttitle="T {x}",\n\tyear=2020,\n\tmonth=jan,\n\tarchiveprefix="a"}\n',
        ),
        (
            "@ARTICLE{a,\n  AUTHOR = {x},\n  YEAR   = {1}\n}\n",
            (
                "\n@MISC{new,\n  TITLE         = {T {x}},\n  YEAR          = {2020},\n"
                "  MONTH         = jan,\n  ARCHIVEPREFIX = {a}\n}\n"
            ),
        ),
        (
            "@article(a, title = {x}, year = {1})\n",
            "\n@misc(new, title = {T {x}}, year = {2020}, month = jan, archiveprefix = {a})\n",
        ),
    ],
)
def test_a_new_entry_is_laid_out_like_the_others(text: str, expected: str) -> None:
    document = Document(text)
    after = spliced(text, add_entries(document, [NEW]))
    assert after == text + expected


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("", ""),
        ("@misc{a, title={x}}", "\n\n"),
        ("@misc{a, title={x}}\n", "\n"),
        ("@misc{a, title={x}}\n\n\n", ""),
        ("@misc{a, title={x}}\r\n", "\r\n"),
        ("% only a remark", "\n\n"),
        ("@misc{a, title={x}}\n@misc{b, title={x}}\n", ""),
        ("@misc{a, title={x}}\n@misc{b, title={x}}", "\n"),
    ],
)
def test_a_new_entry_goes_to_the_end(text: str, lead: str) -> None:
    after = spliced(text, add_entries(Document(text), [NEW]))
    newline = "\r\n" if "\r\n" in text else "\n"
    assert after.startswith(text + lead + "@misc{new")
    assert after.endswith(newline)
    assert "\n" not in after.replace("\r\n", "") or newline == "\n"


def keys_after(text: str, *keys: str) -> list[str]:
    document = Document(text)
    new = [NewEntry("misc", key, [("title", "x")]) for key in keys]
    return [entry.key for entry in Document(spliced(text, add_entries(document, new))).entries]


def library(*keys: str) -> str:
    return (
        "% head\n\n"
        + "\n\n".join(f"% about {key}\n@misc{{{key},\n  title = {{x}},\n}} % end" for key in keys)
        + "\n"
    )


def test_a_sorted_file_stays_sorted() -> None:
    assert keys_after(library("b", "d", "f"), "e", "a", "z", "c") == ["a", "b", "c", "d", "e", "f", "z"]
    assert keys_after(library("B", "d", "F"), "e", "C") == ["B", "C", "d", "e", "F"]
    assert keys_after(library("b", "f", "d"), "e", "a") == ["b", "f", "d", "e", "a"]
    assert keys_after(library("b", "d"), "a") == ["b", "d", "a"]


def test_remarks_stay_with_their_entries_in_a_sorted_file() -> None:
    text = library("b", "d", "f")
    after = spliced(text, add_entries(Document(text), [NewEntry("misc", "e", [("title", "x")])]))
    assert "} % end\n\n@misc{e,\n  title = {x},\n}\n\n% about f\n@misc{f" in after


def test_nothing_is_put_behind_an_open_brace() -> None:
    text = "@misc{a, title={x}}\n\n@misc{b,\n  title = {open {{x},\n  year = {1}\n}\n\n@misc{c, title={y}}\n"
    after = spliced(text, add_entries(Document(text), [NEW]))
    assert after.index("@misc{new") < after.index("@misc{b,")
    assert after.replace(after[after.index("@misc{new") : after.index("@misc{b,")], "") == text


ADDED = "@misc{n, title={N}}"
FIRST = "@misc{a, title={A}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            FIRST + "% see @article{open, title={B\n more\n",
            FIRST + "\n" + ADDED + "\n% see @article{open, title={B\n more\n",
        ),
        (FIRST + "  @article{open, title={B\n", FIRST + ADDED + "\n\n  @article{open, title={B\n"),
        ("Mine: @article{open, title={B\n", ADDED + "\n\nMine: @article{open, title={B\n"),
        (FIRST + "By me@example.org\n", FIRST + "\n" + ADDED + "\nBy me@example.org\n"),
        ("@misc{a, title={A}} by me@example.org\n", FIRST + "\n" + ADDED + "\n\n by me@example.org\n"),
        (
            "@misc{a, title={A}} % @misc{open, title={B\n",
            FIRST + "\n" + ADDED + "\n\n % @misc{open, title={B\n",
        ),
    ],
)
def test_what_cannot_be_read_keeps_its_line(text: str, expected: str) -> None:
    document = Document(text)
    layout = Layout(first=", ", separator=", ", ending="", before="", after="")
    added = spliced(text, add_entries(document, [NewEntry("misc", "n", [("title", "N")])], layout))
    assert added == expected


@pytest.mark.parametrize(
    ("text", "key", "behind"),
    [
        (
            "@misc{a1, title={A}}\n@misc{b1, title={B}}\n@misc{c1, title={C}}\n% the end\n",
            "d1",
            "% the end\n",
        ),
        (
            "@misc{a1, title={A}}\n@misc{b1, title={B}}\n@misc{c1, title={C}}\n@misc{z1, title={Z\n",
            "x1",
            "@misc{c1, title={C}}\n",
        ),
    ],
)
def test_the_last_of_a_sorted_file_stands_at_its_end_but_before_what_cannot_be_read(
    text: str, key: str, behind: str
) -> None:
    added = spliced(text, add_entries(Document(text), [NewEntry("misc", key, [("title", "N")])]))
    assert added.partition(f"@misc{{{key}")[0].rstrip("\n") == text[: text.index(behind) + len(behind) - 1]


def test_a_preamble_goes_before_what_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    before = "@misc{a, title={A}}\n% see @article{open, title={B\n"
    path.write_text(before, encoding="utf-8")
    run(path, record(1, credits=(Credit("Jan Ząbek"),)))
    text = path.read_text(encoding="utf-8")
    assert text.index("@preamble") < text.index("2606.00001") < text.index("\n% see @article{open")


def test_the_layout_of_a_file_is_that_of_most_entries() -> None:
    usual = "@misc{k%d,\n    title = {x},\n    year = {1}\n}\n\n"
    text = "".join(usual % i for i in range(5)) + '@misc{odd, title="x"}\n'
    layout = layout_of_file(Document(text))
    assert (layout.first, layout.ending, layout.quote) == (",\n    ", "\n", "{")
    assert layout_of_file(Document("% nothing")) == Layout(ending=",\n")
    bare = Document("@misc{k}")
    assert layout_of(bare, bare.entries[0]) is None


names = st.sampled_from(["title", "author", "note", "x-y"])
content = st.text('ab {}"\\%#,=@\nü', max_size=8).filter(
    lambda text: text.count("{") == text.count("}") and not text.startswith("}") and "}{" not in text
)


@settings(max_examples=150)
@given(st.data(), st.lists(st.tuples(names, content), min_size=1, max_size=4))
def test_k_changed_values_change_k_spans(data: st.DataObject, fields: list[tuple[str, str]]) -> None:
    quoted = [f"{name} = {{{text}}}" for name, text in fields]
    text = "head %\n@misc{k,\n  " + ",\n  ".join(quoted) + "}\n tail\n@string{a = {b}}"
    document = Document(text)
    if len(document.entries) != 1 or len(document.entries[0].fields) != len(fields):
        return
    entry = document.entries[0]
    chosen = data.draw(st.sets(st.sampled_from(range(len(fields)))))
    new = {index: data.draw(content) for index in chosen}
    after = spliced(text, [change_value(document, entry.fields[i], new[i]) for i in sorted(chosen)])
    expected, at = "", 0
    for index, field in enumerate(entry.fields):
        if index in chosen:
            expected += text[at : field.start] + "{" + new[index] + "}"
            at = field.end
    assert after == expected + text[at:]
