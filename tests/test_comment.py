"""Pages, figures, tables and mentioned papers of a comment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.comment import read_comment_facts

ROOT = Path(__file__).resolve().parent.parent

COUNTS = """
12 pages, 3 figures|12|3|
19p, minor corrections|19||
8p (uuencoded, includes 4 eps figs)|8|4|
12 p, 5 fig, submitted|12|5|
7 two-column pages, 9 figures|7|9|
7 pages with 4 pictures in .ps|7|4|
Ph. D. thesis, in English with a 15-pages summary in French|||
10 pages, figs 3-5 uuencoded, figs 1-2 on request|10||
the 2p, 3p orbitals|||
10 pages, 3 eps.figures incorporated|10|3|
15 2-column pages, 20 figures|15|20|
27 pages/8 figures/9 tables. 060424 submitted to ApJ|27|8|9
18+14 pages, 13 figures|18|13|
1 + 15 pages, 3+2 colour figures, 0+2 tables|15|3|2
Thirty-two pages with 7 figures|32|7|
5+ pages, 3 figures|5|3|
8 p., 6. figs., LaTeX|8|6|
Full version of the abstract published in FOO 2017 conference, pages 1733 - 1735|||
3+1 dimensional, 5 pages|5||
15 pages 5 figures;|15|5|
9 pages,3 figures This paper has been withdrawn|9|3|
5pages, 2figs|5|2|
19 pages, no figure v2: Prop 3.1 added|19|0|
13pp., LaTeX, 1 uuencoded figure|13|1|
10(+1) pages, 5 figures, 2 tables|10|5|2
23(+49) pages, 7(+16) figures main text|23|7|
4 pages +1 page references|4||
5 pages, 3 embedded EPS figures, figure 3 replaced|5|3|
La Jolla, 6 pages, LaTeX, 8 eps figures. PSN TUIT004|6|8|
5 pages. 5 postscript figures + 1 postscript logo|5|5|
15 pages, Latex, 1-eps figure|15|1|
latex4, two figures||2|
Final version. One figure and some equations corrected, 10 pages, 4 figures|10|4|
Improvements in the first 12 pages. References added|||
Fig. 3 and Table 2 corrected, pp. 12-15|||
2 new figures, 3 additional tables added|||
4 main text figures, 15 supplementary figures. Overall 49 pages|49|4|
41 Pages, 5 Chapters, 7 Figures, 2 Tables, 30 Equations|41|7|2
see https://cern.ch/PAPER-2021-001.html (LHCb public pages)|||
24 pages (including 3 tables)|24||3
pages: 14, figures: 2|14|2|
18 pages, 7 figues|18|7|
6 pages, 1 fugure, 2 tables|6|1|2
4 pages, no figure|4|0|
12, no figure||0|
26 pages, uses LaTeX 2 epsilon, no figures|26|0|
38 Seiten|38||
Proc. SPIE 4841, 12 pp. 1548-1561|||
v1: 20 pages; v2: 22 pages|22||
20 pages, v2: two figures added, 23 pages|23||
9 pages, 1 figure; v2: one figure added|9|1|
pages in main text: 7|7||
5 pages and 3 pictures|5|3|
two-column, 4 pages|4||
Accepted at CVPR 2024. Project page: https://example.org|||
NeurIPS 2025 (Project page: https://example.org)|||
Thirty figures available upon request||30|
From December 14 to 15, 2025. The paper is six pages long, with six tables and six figures|6|6|6
4 + 6 pages, 1 + 6 figures|4|1|
18 pages, no tables or figures|18|0|0
21 pages, 24 figures; v2: 3 figures added|21|24|
10 pages, 2 figures added as separate files|10|2|
3 pages, 4 graphics|3|4|
Main text: pages 20, figures 7. Supplement: pages 12, figures 12|20|7|
8 pages, 8 figgures|8|8|
Accepted at WACV 2025. Supplementary: 12 pages|||
Accepted in Nature Communications; SI 40 pages|||
8 pages; supplementary material 20 pages|8||
9 pages; v2: shortened for the 4 page limit|9||
24 pages including graphics and tables|24||
63 pages, 28 figures, v4 matches journal version. [v2: 58 pages, 28 figures, v1: 50 pages, 27 figures]|63|28|
The paper has 9 pages of text and 13 pages in total (including references), with 6 figures|13|6|
2 pages abstract accepted by FOO 2026|2||
3p postscript. Contribution to FOO|3||
""".strip().splitlines()


@pytest.mark.parametrize("line", COUNTS)
def test_counts(line: str) -> None:
    comment, *wanted = line.split("|")
    facts = read_comment_facts(comment)
    assert [facts.pages, facts.figures, facts.tables] == [int(count) if count else None for count in wanted]


RELATED = """
In Proceedings ICLP 2026, arXiv:2607.17707|2607.17707 mentions
this article supersedes the preprint: arXiv:2309.08960|2309.08960 predecessor
accepted as short talk. Supersedes nlin/0211013|nlin/0211013 predecessor
withdrawn because its content is included in the preprint arXiv:q-alg/9511022|q-alg/9511022 successor
Superseded by arXiv:1808.05490|1808.05490 successor
This paper has been withdrawn in favor of arXiv:1104.3479|1104.3479 successor
Companion paper to arXiv:1808.05490v2|1808.05490 companion
arXiv admin note: text overlap with arXiv:1707.04966 by other authors|1707.04966 mentions
extends arXiv:1501.00001 and arXiv:1501.00002|1501.00001 predecessor, 1501.00002 predecessor
see arXiv:1501.00001. Text overlap with arXiv:1501.00002|1501.00001 successor, 1501.00002 mentions
12 pages, 3 figures|
""".strip().splitlines()


@pytest.mark.parametrize("line", RELATED)
def test_related_papers(line: str) -> None:
    comment, wanted = line.split("|")
    facts = read_comment_facts(comment)
    assert ", ".join(f"{related.arxiv_id} {related.relation}" for related in facts.related) == wanted


def test_a_paper_is_not_related_to_itself_and_named_once() -> None:
    facts = read_comment_facts(
        "v2 of arXiv:1808.05490; see arXiv:1808.05491v3 and arXiv:1808.05491", "1808.05490"
    )
    assert [(related.arxiv_id, related.version) for related in facts.related] == [("1808.05491", 3)]


@given(st.text(max_size=200))
def test_any_comment_is_read(comment: str) -> None:
    facts = read_comment_facts(comment)
    for count in (facts.pages, facts.figures, facts.tables):
        assert count is None or 0 <= count <= 9999


RUNAWAY = """
import random
from bridge.comment import read_comment_facts
from bridge.venue import read_venue
pieces = (
    "A. B. Foo, |and |(Eds.) |In: |\\"|``|''|version of the following paper |Springer, |x |/|-|1.|Oct. "
    "|May 06 issue of the |Dec |12-14 |2003 |Phys. Rev. Lett. 12, |12 |(|v544 |PRD |final version |Workshop "
    "|on |Proceedings |of |the |compressed |and uuencoded |3 |pages |ICML |ML4H |A.|. |, |: |pp. 12-|v1: "
).split("|")
chance = random.Random(7)
for _ in range(150):
    piece = "".join(chance.choices(pieces, k=chance.randint(1, 4))) or "x"
    comment = (piece * 70000)[:65000]
    read_venue(comment, piece * 50, piece * 50)
    read_comment_facts(comment)
"""


@pytest.mark.slow
def test_no_comment_however_it_repeats_itself_holds_up_a_run() -> None:
    """What is written out above takes some seconds; a pattern that looks back for ever takes a day."""
    subprocess.run([sys.executable, "-c", RUNAWAY], check=True, timeout=240, cwd=ROOT)
