"""Any text in blocks: joined they are the same text, and each block is what BibTeX takes it for."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridge.bibtex.blocks import Broken, Entry, _entry, entry_head
from bridge.bibtex.document import Document
from bridge.bibtex.encoding import Encoding, decode
from bridge.bibtex.grammar import pieces, walk
from bridge.errors import InputError

# what makes up real files, and what breaks them, in any order
FRAGMENTS = st.sampled_from(
    [
        "@article{key,",
        "@Article{key2,\n",
        "@misc(key3,\n",
        "@string{abc = {def}}\n",
        '@STRING(x = "y")',
        '@preamble{"\\newcommand{\\x}{y}"}\n',
        "@comment{jabref-meta: a;}\n",
        "@comment{",
        "% a remark with @misc{x, and } in it\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        ",",
        "=",
        "#",
        "{",
        "}",
        "(",
        ")",
        '"',
        "%",
        "@",
        "\\",
        "title = {A {B}: c}",
        'year = "1999"',
        "month = jan # { 3},\n",
        "  author = {M{\\\"u}ller, {\\'E}mile and X},\n",
        "someone@example.org (home)",
        "ü\u2028é",
        "\x00",
        "🙂",
        "key",
    ]
)
MESSY = st.lists(FRAGMENTS | st.text(max_size=8), max_size=40).map("".join)


def joined(document: Document) -> str:
    return "".join(document.text[block.start : block.end] for block in document.blocks)


@settings(max_examples=400)
@given(MESSY)
@example("@a{b,\n@c{d,}")
def test_blocks_joined_are_the_text(text: str) -> None:
    document = Document(text)
    assert joined(document) == text
    starts = [block.start for block in document.blocks]
    assert starts == sorted(set(starts))
    assert all(block.start < block.end for block in document.blocks)
    for problem in document.problems():
        assert problem.place.line is not None
        assert 1 <= problem.place.line <= text.count("\n") + text.count("\r") + 1


@settings(max_examples=400)
@given(MESSY)
def test_an_entry_read_alone_is_the_same_entry(text: str) -> None:
    for entry in Document(text).entries:
        alone = Document(text[entry.start : entry.end])
        assert [type(block) for block in alone.blocks] == [Entry]
        assert alone.entries[0].key == entry.key
        assert [f.name for f in alone.entries[0].fields] == [f.name for f in entry.fields]
        for field in entry.fields:
            assert text[field.name_start : field.name_end] == field.name
            assert "=" in text[field.name_end : field.start]


VALUES = st.recursive(
    st.text("ab ü\\,%@\n#=", max_size=6),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "{" + "".join(parts) + "}"),
    max_leaves=12,
)


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from(["title", "Author", "bdsk-url-1", "x.y"]), VALUES, st.booleans()),
        max_size=5,
    ),
    st.booleans(),
    st.sampled_from(["{}", "()"]),
    st.sampled_from([" ", "\n  ", "\r\n\t", " % remark } {\n "]),
)
def test_what_is_written_is_read(
    fields: list[tuple[str, str, bool]], trailing_comma: bool, delimiters: str, space: str
) -> None:
    written = [f"{name} = " + (f'"{value}"' if quoted else f"{{{value}}}") for name, value, quoted in fields]
    body = f",{space}".join(["key", *written]) + ("," if trailing_comma else "")
    text = f"@misc{delimiters[0]}{body}{space}{delimiters[1]}"
    document = Document(f"before\n{text}\nbehind")
    if "\n@" in text:
        return  # a value with a line that begins like an entry: cut there on purpose
    (entry,) = document.entries
    assert document.text[entry.start : entry.end] == text
    assert [(f.name, document.value(f)) for f in entry.fields] == [(name, value) for name, value, _ in fields]


PLAIN_VALUES = st.text("abc DE:;-1", min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=50)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["title", "note", "series"]), PLAIN_VALUES, min_size=1), max_size=4
    ),
    st.sampled_from(["{%s}", '"%s"', "known # {%s}"]),
)
def test_bibtexparser_reads_the_same(entries: list[dict[str, str]], form: str) -> None:
    from bibtexparser.bparser import BibTexParser

    text = "@string{known = {What is }}\n"
    for number, entry in enumerate(entries):
        fields = ",\n".join(f"  {name} = {form % value}" for name, value in entry.items())
        text += f"@article{{key{number},\n{fields}\n}}\n"
    document = Document(text)
    ours = [
        {"ID": entry.key, "ENTRYTYPE": entry.type, **{f.name: document.value(f) for f in entry.fields}}
        for entry in document.entries
    ]
    assert ours == BibTexParser(common_strings=False).parse(text).entries


def test_nesting_has_no_limit() -> None:
    deep = "{" * 40 + "x" + "}" * 40
    document = Document(f"@misc{{k, title = {{{deep}}} # {{a}},\n year = 2000}}\n@misc{{l, title={{y}}}}")
    first, second = document.entries
    assert [f.name for f in first.fields] == ["title", "year"]
    assert document.value(first.fields[0]) == deep + "a"
    assert second.key == "l"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        ("only text", ["text"]),
        ("@article{a, title={x}}", ["entry"]),
        ("@ARTICLE ( a , title = {x} )", ["entry"]),
        ("@misc{a}", ["entry"]),
        ("@misc{a,}", ["entry"]),
        ("@misc{a b c, title={x}}", ["entry"]),
        ("@misc{,title={x}}", ["entry"]),
        ("@misc{a, title={x},, year=2000}", ["entry"]),
        ("@misc{a, % why\n title={x}, % it's {odd\n}", ["entry"]),
        ("@misc{a, title={100% {sure}}}", ["entry"]),
        ('@misc{a, title = x # {y} # "z"}', ["entry"]),
        ("@misc{a, title={x}} @misc{b, title={y}}", ["entry", "text", "entry"]),
        ('@string{a = {b}}@preamble{"c"}@comment{d {e} f}', ["string", "preamble", "comment"]),
        ('@String(a = "b" # c)', ["string"]),
        ("@comment{@misc{a, title={x}}\n}", ["comment"]),
        ("@comment no brace\n@misc{a, title={x}}", ["text", "entry"]),
        ("write to me@work.org (home) {x}", ["text"]),
        ("% @misc{a, title={x}}\n@misc{b, title={y}}", ["text", "entry"]),
        ("@misc{a, title={x}", ["broken"]),
        ("@misc{a, title={x {y}\n}\n@misc{b, title={z}}", ["broken", "text", "entry"]),
        ("@misc{a, title={x}}, year={2000}}\n@misc{b, title={z}}", ["broken", "text", "entry"]),
        ("@misc{a, title={x} year={2000}}", ["broken"]),
        ("@misc{a, title}", ["broken"]),
        ("@misc{a, title={x}, 💯 {y}}", ["broken"]),
        ('@misc{a, title="x {y" }', ["broken"]),
        ("@misc(a, title={x}\n@misc{b, title={z}}", ["broken", "text", "entry"]),
        ("@string{a = }", ["broken"]),
        ("@comment{never\n@misc{b, title={z}}", ["broken", "text", "entry"]),
        ("@misc{title = {no key}}", ["broken"]),
    ],
)
def test_kinds_of_blocks(text: str, kinds: list[str]) -> None:
    assert [block.kind for block in Document(text).blocks] == kinds


def test_a_broken_block_has_its_place_and_does_not_swallow_the_rest() -> None:
    text = (
        "@misc{one, title={fine}}\n\n@misc{two,\n  title = {open {brace},\n  year = 2000\n}\n\n"
        "@misc{three, title={z}}\n"
    )
    document = Document(text, "refs.bib")
    assert [entry.key for entry in document.entries] == ["one", "three"]
    (broken,) = document.broken
    assert broken.key == "two"
    assert broken.swallows  # where nothing follows the next entry, BibTeX skips that with it
    (problem,) = document.problems()
    assert str(problem.place) == "refs.bib:4:11 (two)"
    assert not problem.lost


def test_a_value_left_open_swallows_what_follows_for_others() -> None:
    document = Document(
        "@misc{one,\n  title = {a {b {c},\n  year = {2000}\n}\n@misc{two, title={z}}", "r.bib"
    )
    (broken,) = document.broken
    assert broken.swallows
    assert [entry.key for entry in document.entries] == ["two"]
    assert document.problems()[0].place.line == 2


def test_a_missing_comma_is_named_where_it_is_missing() -> None:
    document = Document("@misc{k,\n  title = {x}\n  year = 2000}\n", "r.bib")
    (problem,) = document.problems()
    assert (problem.place.line, problem.place.column) == (3, 3)
    assert "comma" in problem.detail


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_places_count_lines_of_every_kind(newline: str) -> None:
    document = Document(newline.join(["a", "bc", "@misc{k, title}"]), "r.bib")
    (problem,) = document.problems()
    assert problem.place.line == 3
    assert document.newline == newline


def test_strings_are_expanded_for_reading() -> None:
    document = Document(
        '@string{abc = "A" # { B}}\n@string{Twice = abc # abc}\n'
        "@misc{k, title = ABC # { and } # twice, month = jan, note = nobody, year = 1999}"
    )
    (entry,) = document.entries
    assert [document.value(field) for field in entry.fields] == ["A B and A BA B", "jan", "nobody", "1999"]
    title = entry.fields[0]
    assert [document.text[a:b] for a, b in pieces(document.text, title.start, title.end)] == [
        "ABC",
        "{ and }",
        "twice",
    ]


def test_keys_hold_what_is_broken_or_commented_out_too() -> None:
    document = Document(
        "@misc{Aa, title={x}}\n% @misc{Bb,\n%  title={x}}\n@comment{@misc{Cc, title={x}}}\n"
        "@misc{Dd, title={\n"
    )
    assert document.keys == {"aa", "bb", "cc", "dd"}


def test_fields_by_name_in_any_case_and_quick() -> None:
    document = Document("@misc{k,\n BookTitle = {no}, TITLE = {yes}, title = {second},\n Author={A}}")
    (entry,) = document.entries
    found = entry.field("title")
    assert found is not None
    assert document.value(found) == "yes"
    assert document.quick_value(entry, "author") == "A"
    assert document.quick_value(entry, "title") in ("yes", "second")
    assert document.quick_value(entry, "year") == ""


def test_the_pattern_and_the_walk_agree() -> None:
    # the pattern is only a faster way to say the same
    texts = [
        '@misc{k, a = {x}, b = "y {z} " # w, % r\n c = 1, }',
        "@misc{k}",
        "@misc{k,,}",
        "@misc{k, a = {{{{{{{{deep}}}}}}}}}",
    ]
    for text in texts:
        walked = walk(text, text.index("k") + 1, len(text), "}")
        assert walked.trouble is None
        assert walked.end == len(text)
        assert isinstance(Document(text).blocks[0], Entry)


def test_thousands_of_open_braces_take_no_time_to_speak_of() -> None:
    # each broken entry ends at the next one, so reading stays linear
    text = "@misc{k, title = {open\n" * 20_000
    document = Document(text)
    assert len(document.broken) == 20_000
    assert all(isinstance(block, Broken) for block in document.blocks if block.kind != "text")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("@misc{a, title={ü}}".encode(), "utf-8"),
        ("\ufeff@misc{a, title={ü}}".encode(), "utf-8"),
        ("@misc{a, title={ü}}".encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + "@misc{a, title={ü}}".encode("utf-16-be"), "utf-16-be"),
        ("@misc{a, title={ü}}".encode("utf-32"), "utf-32-le"),
        ("@misc{a, title={ü}}".encode("latin-1"), "latin-1"),
        (b"% Encoding: windows-1252\n\n@misc{a, title={\x84q\x93}}", "cp1252"),
        (b"% -*- coding: latin-9-unix -*-\n@misc{a, title={\xa8\xa4}}", "iso8859-15"),
        (b"% Encoding: no-such-thing\n\n@misc{a, title={\xfc}}", "latin-1"),
        ("@misc{a, title={üöä}}".encode() + b"\xff", "utf-8"),
        (b"\xef\xbb\xbf@misc{a, title={\xfc}}", "utf-8"),
        (b"", "utf-8"),
    ],
)
def test_encodings_go_both_ways(data: bytes, name: str) -> None:
    text, encoding, _ = decode(data, "r.bib")
    assert encoding.name == name
    assert encoding.encode(text, "r.bib") == data
    assert len(Document(text).entries) == (1 if data else 0)


@given(st.binary(max_size=60))
def test_any_bytes_go_both_ways_or_are_refused(data: bytes) -> None:
    try:
        text, encoding, _ = decode(data, "r.bib")
    except InputError:
        # refused only where the file's own byte order mark is contradicted, and what is no text
        marked = data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))
        assert marked or data.count(0) * 4 > len(data)
        return
    document = Document(text)
    assert encoding.encode(joined(document), "r.bib") == data


def test_a_foreign_encoding_is_reported_with_its_line() -> None:
    _, _, problems = decode(b"% a\n@misc{a, title={\xfc}}", "r.bib")
    assert [(p.code, p.place.line, p.lost) for p in problems] == [("encoding", 2, False)]
    assert "latin-1" in problems[0].detail


def test_what_an_encoding_lacks_is_refused() -> None:
    with pytest.raises(InputError, match="no 'ł'") as caught:
        Encoding("latin-1").encode("@misc{a, title={b}}\n@misc{c,\n title={ł}}", "r.bib")
    assert str(caught.value.place) == "r.bib (c)"


def test_utf16_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="does not fit"):
        decode(b"\xff\xfeabc", "r.bib")


ENTRY_LIKE = st.lists(
    st.sampled_from(
        [
            "title = {A {B}: c}",
            "note = {a}, b = {c}}",
            "x = {a {b}, c = {d}}",
            "author = {{Abel}, T.},\n  ",
            'q = "{a} b"',
            'q = "a}"',
            "m = jan # { 3}",
            "% remark with } in it\n",
            "%, y = {z}\n",
            "{",
            "}",
            "}}",
            ",",
            "\n  ",
            " ",
            "key",
            "a = {b}",
            "a = {b {c}}",
            "=",
        ]
    ),
    max_size=12,
).map(lambda parts: "@article{" + "".join(parts))


@settings(max_examples=1000)
@given(ENTRY_LIKE, st.sampled_from(["", "}", "\n}", "\n}\n\n@misc{other,\n  title = {B}\n}\n"]))
@example("@article{k, x = {a {b}, c = {d}}", "\n}")
@example("@article{%, y = {z}\n", "}")
@example("@article{k, a = {b {c}", ", d = {e}}}")
def test_an_entry_without_nested_braces_is_read_quickly_and_alike(start: str, end: str) -> None:
    text = start + end
    quick = entry_head(text, 0, len(text), "{")
    whole = _entry("{").match(text)
    assert (quick and [quick.span(group) for group in range(3)]) == (
        whole and [whole.span(group) for group in range(3)]
    )


@pytest.mark.parametrize("declared", ["MacRoman", "EUC_JP", "ISO-8859-1", "windows-1252", "KOI8-R"])
def test_the_advice_names_an_encoding_as_iconv_does(declared: str) -> None:
    data = f"% Encoding: {declared}\n\n@misc{{a, title={{b}}}}\n".encode() + "ÿä".encode(declared, "ignore")
    data += "©".encode(declared, "ignore") + "яあ".encode(declared, "ignore")
    _, encoding, _ = decode(data, "refs.bib")
    with pytest.raises(InputError) as refused:
        encoding.encode("王 Ω Ѩ ק", "refs.bib")
    command = re.search(r"iconv -f \S+ -t utf-8", refused.value.advice or "")
    assert command is not None
    done = subprocess.run(command[0].split(), input=data, capture_output=True)
    assert done.stdout.decode() == data.decode(declared), done.stderr
