"""Text as .bib values: every row of the tables, what is kept, what is made safe, and what values mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nastytext import HOSTILE, nasty_texts

from bridge.bibtex.casing import protect
from bridge.bibtex.commands import Command, commands
from bridge.bibtex.latex import meaning, to_latex, to_utf8, to_verbatim
from bridge.bibtex.letters import encode_char, math_char, preamble, unprintable
from bridge.bibtex.mathmode import safe_math
from bridge.errors import InputError
from bridge.plaintext import decode_accents
from bridge.tables import Row, load, read_rows

LETTERS = load("latex.csv", ("char", "latex", "needs"), lambda row: row)
ACCENTS = load("tex-accents.csv", ("command", "kind", "unicode"), lambda row: row)
COMMANDS = load("tex-commands.csv", ("command", "mode", "arguments", "unicode", "needs"), lambda row: row)
FALLBACKS = load("latex-fallbacks.csv", ("command", "kind", "definition"), lambda row: row)


def char_of(row: Row) -> str:
    char = row["char"]
    return chr(int(char[2:], 16)) if char.startswith("U+") else char


def keep(text: str) -> str:
    return text


# -- every row of every table --


@pytest.mark.parametrize("row", LETTERS, ids=lambda row: row["char"])
def test_every_letter(row: Row) -> None:
    char = char_of(row)
    assert encode_char(char) == row["latex"]
    assert to_latex(f"a{char}b", context="text") == f"a{row['latex']}b"
    if row["latex"].startswith("{\\"):
        assert meaning(f"a{row['latex']}b") == meaning(f"a{char}b")


@pytest.mark.parametrize("row", ACCENTS, ids=lambda row: row["command"])
def test_every_accent_and_letter_command(row: Row) -> None:
    command, char = row["command"], chr(int(row["unicode"], 16))
    if row["kind"] == "letter":
        assert decode_accents(f"x{{\\{command}}}y") == f"x{char}y"
        assert decode_accents(f"x\\{command} y") == f"x{char}y"
        assert decode_accents(f"x\\{command}{{}}y") == f"x{char}y"
        assert meaning(to_latex(char, context="text")) == meaning(char)
        return
    expected = unicodedata.normalize("NFC", f"o{char}")
    assert decode_accents(f"x{{\\{command}{{o}}}}y") == f"x{expected}y"
    assert decode_accents(f"x\\{command}{{o}}y") == f"x{expected}y"
    assert decode_accents(f"x\\{command} oy") == f"x{expected}y"
    assert meaning(to_latex(f"o{char}", context="text")) == meaning(expected)


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: f"{row['command']}-{row['mode']}")
def test_every_command(row: Row) -> None:
    name, mode, arguments = row["command"], row["mode"], row["arguments"]
    if mode == "drop":
        assert to_latex(f"a \\{name} b", context="text") in ("a  b", "a b") or name in commands().text
        return
    if mode == "declaration":
        assert to_latex(f"a {{\\{name} b}} c", context="text") == f"a {{\\{name} b}} c"
        assert to_latex(f"a \\{name} b", context="text") == "a b"
        return
    group = "{x}" * (2 if arguments == "2" else 1 if arguments in ("1", "t", "o1") else 0)
    delimiter = "(" if arguments == "d" else ""
    if mode in ("text", "both"):
        kept = f"\\{name}{group}" if group else f"{{\\{name}}}"
        assert to_latex(f"a \\{name}{group} b", context="text") == f"a {kept} b"
    if mode in ("math", "both"):
        source = f"a \\{name}{group}{delimiter} b"
        if name in ("left", "right"):
            source = "a \\left( x \\right) b"
        assert safe_math(source, keep) == source
        assert to_latex(f"${source}$", context="text") == f"${source}$"


@pytest.mark.parametrize("row", FALLBACKS, ids=lambda row: row["command"])
def test_every_fallback(row: Row) -> None:
    block = preamble(f"title = {{x {{\\{row['command']}}} y}}")
    assert block.startswith("@preamble{")
    assert block.endswith("}\n")
    assert f"{{\\{row['command']}}}{row['definition']}" in block
    assert balanced(block)
    assert "%" not in block  # BibTeX folds lines: a % would swallow the rest
    assert preamble("title = {plain}") == ""
    assert preamble(f"title = {{\\{row['command']}zz}}") == ""


def test_every_letter_that_needs_help_has_a_fallback() -> None:
    names = {row["command"] for row in FALLBACKS}
    for row in LETTERS:
        if row["needs"] == "preamble":
            assert set(re.findall(r"\\([A-Za-z]+)", row["latex"])) <= names, row["char"]


@pytest.mark.parametrize("table", ["latex.csv", "tex-commands.csv", "tex-accents.csv", "latex-fallbacks.csv"])
def test_a_row_with_a_cell_too_few_is_named(table: str) -> None:
    with pytest.raises(InputError, match="2: 1 cells"):
        list(read_rows("a,b\nx\n", table, ("a", "b")))


# -- what becomes what --


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("Plain title: a test-case (v2)", "Plain title: a test-case (v2)"),
        (
            "Müller, Šafařík, Émile, García",
            r"M{\"u}ller, {\v{S}}afa{\v{r}}{\'i}k, {\'E}mile, Garc{\'i}a",
        ),
        ("Øystein Łukasz İbrahim ı ȷ", r"{\O}ystein {\L}ukasz {\.I}brahim {\i} {\j}"),
        (
            "Nguyễn Văn Đặng Đức Thảo",
            r"Nguy{\~{\^e}}n V{\u{a}}n {\DJ}{\d{\u{a}}}ng {\DJ}{\'{\uhorn}}c Th{\h{a}}o",
        ),
        ("Trần ộ ự ậ", r"Tr{\`{\^a}}n {\d{\^o}} {\d{\uhorn}} {\d{\^a}}"),
        ("Șerban Țițeica", r"{\textcommabelow{S}}erban {\textcommabelow{T}}i{\textcommabelow{t}}eica"),
        ("ǎ ḥ ẓ ʻokina ħ", r"{\v{a}} {\d{h}} {\d{z}} `okina {\ensuremath{\hbar}}"),
        ("Þór Ægir Œuvre ŋ ß Å", r"{\TH}{\'o}r {\AE}gir {\OE}uvre {\ng} {\ss} {\r{A}}"),
        ("Erdős Wałęsa", r"Erd{\H{o}}s Wa{\l}{\k{e}}sa"),
        ("x\u0302 e\u0301", r"{\^x} {\'e}"),
        (
            "α-decay at √s ≤ 10 TeV",
            r"{\ensuremath{\alpha}}-decay at {\ensuremath{\surd}}s {\ensuremath{\leq}} 10 TeV",
        ),
        ("H₂O 10² xⁿ", r"H{\textsubscript{2}}O 10{\textsuperscript{2}} x{\textsuperscript{n}}"),
        (
            "ℝ 𝒫 𝔤 ≲",
            (
                r"{\ensuremath{\mathbf{R}}} {\ensuremath{\mathcal{P}}} {\ensuremath{\mathbf{g}}} "
                r"{\ensuremath{\stackrel{<}{\sim}}}"
            ),
        ),
        ("“q” ‘q’ it’s a–b—c…", "``q'' `q' it's a--b---c{\\ldots}"),
        ('a "b" ("c")', "a ``b'' (``c'')"),
        (
            "10 °C, 5 µm, №, ™, ﬁ, ½",
            (
                r"10 {\textdegree}C, 5 {\ensuremath{\mu}}m, {\textnumero}, "
                r"{\texttrademark}, fi, {\textonehalf}"
            ),
        ),
        ("a\u00a0b a\u200bb", "a~b ab"),
        ("Flamingo 🦩 中文 Привет", "Flamingo  中文 Привет"),
        ("A & B 50% #1 a_b x^2 ~10", r"A \& B 50\% \#1 a\_b x{\textasciicircum}2 {\textasciitilde}10"),
        ("<1 | 2>", r"{\textless}1 {\textbar} 2{\textgreater}"),
        ("line\nbreak\tand\x07bell  two", "line break and bell  two"),
        # maths stays, and what is special in it is not escaped twice
        ("$O(n^2)$ and $x_1 & y$", r"$O(n^2)$ and $x_1 \& y$"),
        (r"\(a_b\) and \[c\]", r"\(a_b\) and \(c\)"),
        ("$$E=mc^2$$", "$E=mc^2$"),
        (r"$\frac12 \hat x \alpha_s$", r"$\frac{1}{2} \hat{x} \alpha_s$"),
        (r"$\{x\}$", r"$\lbrace x\rbrace$"),
        ("$α≤β$", r"$\alpha \leq \beta$"),
        (r"$\text{a_b & é}$", r"$\text{a\_b \& {\'e}}$"),
        (r"$E_{\rm eff}$", r"$E_{\rm eff}$"),
        (r"{a $x$ b}", r"{a $x$ b}"),
        # maths that TeX could not set is text
        ("$x_{1$ and $y^$", r"\$x\_1\$ and \$y{\textasciicircum}\$"),
        ("$x^2^3$", r"\$x{\textasciicircum}2{\textasciicircum}3\$"),
        (r"$\left( x$", r"\$left( x\$"),
        ("one $ sign", r"one \$ sign"),
        ("$5 fee or $7", r"\$5 fee or \$7"),
        # commands
        (r"a \emph{word} in \LaTeX\ and \TeX{}nics", r"a \emph{word} in {\LaTeX} and {\TeX}nics"),
        (r"{\it Chandra} \it view", r"{\it Chandra} view"),
        (
            r"\sqrt{s} = 13 TeV, \Lambda CDM, \chi_{c1}(P), \frac12",
            (
                r"{\ensuremath{\sqrt{s}}} = 13 TeV, {\ensuremath{\Lambda}} CDM, {\ensuremath{\chi_{c1}}}(P), "
                r"{\ensuremath{\frac{1}{2}}}"
            ),
        ),
        (r"Garc\'{\i}a M\"uller \v{S} \o re", r"Garc{\'i}a M{\"u}ller {\v{S}} {\o}re"),
        (r"\foo{bar} \Foo", "foo{bar} Foo"),
        (r"100\% \& \$5 \_ \#", r"100\% \& \$5 \_ \#"),
        (r"a\,b\;c\ d\\e\-f\/g", r"a\,b\,c d ef{g}".replace("{g}", "g")),
        (r"\footnote{x} \cite{y}", "{x} {y}"),
        (r"\emph", ""),
        ("trailing \\", r"trailing {\textbackslash}"),
        # braces
        ("lone { brace", "lone  brace"),
        ("lone } brace {a} }", "lone  brace {a}"),
        (r"a \{ b", r"a {\textbraceleft} b"),
    ],
)
def test_to_latex(text: str, latex: str) -> None:
    assert to_latex(text, context="text") == latex


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Müller – “Å” α 中 🦩", "Müller – “Å” α 中 🦩"),
        (r"M\"uller & {\ss}", r"Müller \& ß"),
        ("e\u0301", "é"),
        ("$α$ 50%", r"$\alpha$ 50\%"),
        ("a\u00a0b", "a~b"),
    ],
)
def test_to_utf8(text: str, value: str) -> None:
    assert to_utf8(text, context="text") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("O'Dea", "O'Dea"),
        ("Müller", r"M{\"u}ller"),
        ("a $b$ {c} \\emph{d}", r"a \$b\$ c emphd"),
        ("A [B] C", "A {[}B{]} C"),
        ("R&D", r"R\&D"),
        ("𝒕𝒉𝒆 𝕿𝖊𝖆𝖒", "the Team"),
        ("D´Angelo", "D'Angelo"),
    ],
)
def test_names(text: str, value: str) -> None:
    assert to_latex(text, context="name") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10.1000/a_b<1>#z&%", "10.1000/a_b<1>#z&%"),
        ("https://arxiv.org/abs/2606.03498v2", "https://arxiv.org/abs/2606.03498v2"),
        ("10.1/a b{c}\\é", "10.1/a%20b%7Bc%7D%5C%C3%A9"),
    ],
)
def test_verbatim(text: str, value: str) -> None:
    assert to_verbatim(text) == value


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("\\it\\A", "\\it A"),
        ("\\alpha\\unknown x", "\\alpha unknownx"),
        ("\\alpha\\-\\A", "\\alpha A"),
        ("\\alpha x\\beta", "\\alpha x\\beta"),
        ("\\sqrt{\\it\\A}", "\\sqrt{\\it A}"),
    ],
)
def test_a_command_never_runs_into_a_letter(source: str, written: str) -> None:
    assert safe_math(source, keep) == written


def test_maths_has_forms_of_its_own() -> None:
    assert math_char("≤") == "\\leq "
    assert math_char("é") == "\\mbox{{\\'e}}"
    assert math_char("ℝ") == "{\\mathbf{R}}"
    assert math_char("\u200b") == ""


# -- what no feed may do --


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "frame", ["\\{}{{x}}", "a $\\{}{{x}}$ b", "\\({} \\{}\\)", "{{\\{} x}}", "\\emph{{\\{} 18}}"]
)
@pytest.mark.parametrize("write", [to_latex, to_utf8])
def test_no_dangerous_command_survives(name: str, frame: str, write: object) -> None:
    assert callable(write)
    value = write(frame.replace("{}", name, 1).replace("{{", "{").replace("}}", "}"), context="text")
    assert not re.search(rf"\\{name}(?![A-Za-z])", value)
    assert name in value or name in ("begin", "end")


@pytest.mark.parametrize("text", ["^^5cinput{x}", "$^^5cinput{x}$", "\\^^69nput", "a^^M\\b"])
def test_no_character_by_its_code(text: str) -> None:
    assert "^^" not in to_latex(text, context="text")
    assert "^^" not in to_utf8(text, context="text")


# -- what holds for any text --


def balanced(value: str) -> bool:
    depth = 0
    for char in value:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


def allowed_names() -> set[str]:
    known = commands()
    accents = {row["command"] for row in ACCENTS}
    more = {"ensuremath", "mbox", "ohorn", "uhorn", "OHORN", "UHORN", "textSchwa", "textschwa"}
    return set(known.text) | set(known.math) | set(known.declarations) | accents | more


@given(nasty_texts)
def test_any_text_becomes_a_safe_value(text: str) -> None:
    for write in (to_latex, to_utf8):
        value = write(text, context="text")
        assert balanced(value)
        assert set(re.findall(r"\\([A-Za-z]+)", value)) <= allowed_names()
        assert not re.search(r"[\x00-\x1f\x7f]", value)
        assert not re.search(r"(?<!\\)[#%]", value)
        assert len(re.findall(r"(?<!\\)\$", value)) % 2 == 0
        protected = protect(value)
        assert balanced(protected)
        assert protect(protected) == protected
        assert protected.replace("{", "").replace("}", "") == value.replace("{", "").replace("}", "")


@given(nasty_texts)
def test_any_name_becomes_a_safe_value(text: str) -> None:
    value = to_latex(text, context="name")
    assert balanced(value)
    assert set(re.findall(r"\\([A-Za-z]+)", value)) <= allowed_names()
    assert not re.search(r"(?<!\\)[#%$&]", value)


@given(
    st.text(
        st.characters(
            max_codepoint=0x17F,
            exclude_categories=("C", "S", "M", "Z"),
            exclude_characters="\\{}$_^~ŉĸŧŦ`'\"",
        )
    )
)
def test_both_dialects_mean_the_same(text: str) -> None:
    assert meaning(to_latex(text, context="text")) == meaning(to_utf8(text, context="text")) == meaning(text)


@pytest.mark.parametrize("relation", "≠∉∄≢⊄≮↛∤≉≰∦≁⇏⊈∌≯")
def test_a_negated_relation_never_loses_its_stroke(relation: str) -> None:
    for text in (relation, f"a {relation} b"):
        written = to_latex(text, context="text")
        assert "\\not" in written or "\\ne" in written
        assert meaning(written) != meaning(to_latex(unicodedata.normalize("NFD", text)[0], context="text"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Yɛlɛ", r"Y{\ensuremath{\varepsilon}}l{\ensuremath{\varepsilon}}"),
        ("100％ ｛x｝ ＼y", r"100\% {\textbraceleft}x{\textbraceright} {\textbackslash}y"),
        ("M ⊨ x, y ≟ z", r"M {\ensuremath{\models}} x, y {\ensuremath{\stackrel{?}{=}}} z"),
    ],
)
def test_symbols_are_set_so_that_latex_compiles(text: str, written: str) -> None:
    assert to_latex(text, context="text") == written


def test_what_is_dropped_is_known() -> None:
    assert unprintable("a 😀 b 😀 ₿ c ≠ é 漢") == "😀₿"
    assert protect(to_latex("2 Å resolution", context="text")) == r"2 {{\r{A}}} resolution"


@pytest.mark.parametrize("write", [to_latex, to_utf8])
@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("B --> C", r"B -{}-{\textgreater} C"),
        ("pi-->mu", r"pi-{}-{\textgreater}mu"),
        ("x <--> y", r"x {\textless}-{}-{\textgreater} y"),
        ("x ---> y", r"x -{}-{}-{\textgreater} y"),
        ("<--- x -- y", r"{\textless}-{}-{}- x -- y"),
        ("x -> y -- > z --- <w", r"x -{\textgreater} y -- {\textgreater} z --- {\textless}w"),
        ("$x-->y$ --", r"$x-->y$ --"),
    ],
)
def test_an_arrow_of_hyphens_is_no_dash(write: Callable[..., str], text: str, written: str) -> None:
    assert write(text, context="text") == written
    # as it was written before: that is no edit
    old = written.replace("{}-", "-")
    assert meaning(written) == meaning(old) == meaning(text)


def test_a_dash_before_an_angle_bracket_stays_one() -> None:
    assert to_latex("a –> b", context="text") == r"a --{\textgreater} b"
    assert to_utf8("a –> b", context="text") == r"a –{\textgreater} b"


# -- meaning --


@pytest.mark.parametrize(
    "group",
    [
        [
            "Müller",
            'M{\\"u}ller',
            'M\\"uller',
            'M\\"{u}ller',
            '{M}{\\"u}ller',
            "{M}üller",
            "{Müller}",
            "Mu\u0308ller",
        ],
        ["García", r"Garc{\'\i}a", r"Garc{\'{\i}}a", r"Garc\'{\i}a", r"Garc\'ia"],
        ["Nguyễn", r"Nguy{\~{\^e}}n", r"Nguy\~{\^e}n"],
        ["Đặng", r"{\DJ}{\d{\u{a}}}ng"],
        ["Øre", r"{\O}re", r"\O re", r"\O{}re"],
        ["a – b", "a -- b", r"a {\textendash} b", "a - b", "a\n  --\tb"],
        ["“q”", "``q''", '"q"', r"{\textquotedblleft}q{\textquotedblright}"],
        ["it's", "it’s", r"it{\textquoteright}s"],
        ["$H_0$", "{$H_0$}", "H0", "H₀", r"\(H_0\)"],
        ["α-decay", r"$\alpha$-decay", r"{\ensuremath{\alpha}}-decay", r"{$\alpha$}-decay"],
        ["A & B", r"A \& B"],
        ["50%", r"50\%"],
        ["x…", r"x{\ldots}", r"x\dots", "x..."],
        ["Foo Bar", r"\emph{Foo} {Bar}", "Foo\u00a0Bar", "Foo~Bar", r"{\it Foo} Bar"],
        ["≲", r"{\ensuremath{\stackrel{<}{\sim}}}"],
        ["ℝ", "R", r"{\ensuremath{\mathbf{R}}}", r"$\mathbb{R}$"],
        ["P ≠ NP", r"P {\ensuremath{\neq}} NP", r"P $\ne$ NP"],
        ["∄", r"{\ensuremath{\not\exists}}", r"$\not \exists$"],
        ["x ≮ y", r"x {\ensuremath{\not<}} y"],
        ["2⅓", r"2{\ensuremath{\frac{1}{3}}}"],
        ["Жук", r"{\CYRZH}ук"],
        ["GPT-3", "{GPT-3}", "{GPT}-3"],
    ],
    ids=lambda group: group[0],
)
def test_one_meaning(group: list[str]) -> None:
    assert {meaning(text) for text in group} == {meaning(group[0])}


@pytest.mark.parametrize(("one", "other"), [("Muller", "Müller"), ("foo", "Foo"), ("a b", "ab"), ("o", "ø")])
def test_two_meanings(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)


def test_a_command_is_a_value() -> None:
    assert commands().math["frac"] == Command("frac", "math", "2", "", "")
