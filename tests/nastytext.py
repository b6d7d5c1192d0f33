r"""Pieces of text that feeds really hold, and that break TeX or BibTeX when they are copied as they are."""

from __future__ import annotations

from hypothesis import strategies as st

_PIECES = r"""
$ $$ \ { } \{ \} % & # _ ^ ~ < > | " ` ' '' \( \) \[ \] \\ \, \; \! \- \/ \@ \1 \é ^^M ^^5c -- --- << ?`
\alpha \sqrt \sqrt{2} \frac \frac12 \chi_{c} \hat \over \overline \emph \emph{ \emph{a} {\it {\bf \it \textbf
\left( \right) \text{ \begin{x} \end{document} \input \input{x} \write18{x} \csname \def\x{} \verb|x| \url{%}
\'e \"o \"{o} \'{\i} \v \v{s} \c{c} \H \^ {\o} \ss \LaTeX \textsuperscript{2} \textsuperscript{ \footnote{
$x^2$ $H_0$ $x_{1 $y^$ $x^2^3$ $x'^2$ $x^2'$ $'$ $\frac12$ $\frac$ $\left($ $\big($ $\{x\}$ $\mathbb{R}$
$\text{a_b}$ $a\over{b}$ $a\over{b}\over{c}$ $\sqrt[3]{x}$ $\sqrt[$ $&$ $#$ $α$ $é$ $5 $7
é ễ ộ ự ą Đ ơ ħ ı İ ß ø x̂ 1̂ ȁ ﬁ ² ₂ ½ α Ω ≤ → ≲ ℝ 𝒫 “ ” ‘ ’ „ – — … № ™ € « » 中 Ж 🦩
[ ] ( ) , ; . : @ + * = @article{x, and others et al. Jr. A X-ray DxPTA GPT-3 MPI Words in Title 1 22
"""
PIECES = _PIECES.split()

_HOSTILE = """
input include includeonly write immediate openout openin read readline special catcode def edef gdef xdef let
futurelet csname endcsname expandafter newcommand renewcommand providecommand newwrite newread directlua
luaexec pdffiledump pdfobj scantokens endinput end begin stop batchmode nonstopmode usepackage RequirePackage
documentclass includegraphics lstinputlisting verbatiminput InputIfFileExists makeatletter AtBeginDocument
loop jobname meaning string detokenize unexpanded shipout output everypar aftergroup toks
"""
HOSTILE = _HOSTILE.split()

pieces = st.sampled_from(PIECES)
nasty_texts = st.one_of(
    st.text(),
    st.lists(st.one_of(pieces, st.text(max_size=3)), max_size=20).map(" ".join),
    st.lists(pieces, max_size=20).map("".join),
)
