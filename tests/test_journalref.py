"""journal_ref taken apart: the forms of real records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.journalref import JournalRef, behind_authors, read_journal_ref
from bridge.venue import read_venue

FORMS = """
Phys. Rev. D 76, 013009 (2007)|Phys. Rev. D|76|||013009|2007
Phys.Rev.D76:013009,2007|Phys.Rev.D|76|||013009|2007
Phys.Rev. D76 (2007) 043516|Phys.Rev. D|76|||043516|2007
Phys.Rev. D99 no.10, 103508 (2019)|Phys.Rev. D|99|10||103508|2019
Int.J.Mod.Phys. A22 (2007) 12-13|Int.J.Mod.Phys. A|22||12-13||2007
MNRAS 419 (2012) 1795-1803|MNRAS|419||1795-1803||2012
Astron.Astrophys. 407 (2003) L25-L28|Astron.Astrophys.|407||L25-L28||2003
A&A 573, A59 (2015)|A&A|573|||A59|2015
JHEP 0802 (2008) 037|JHEP|0802|||037|2008
JCAP0711:019,2007|JCAP|0711|||019|2007
Phys. Rev. B 76, 081406(R) (2007)|Phys. Rev. B|76|||081406(R)|2007
Geophysical Research Letters, 47, 2020, e2020GL089230|Geophysical Research Letters|47|||e2020GL089230|2020
IEEE Sensors, Vol. 60, No. 12, pp. 7389-7415, Dec. 2014|IEEE Sensors|60|12|7389-7415||2014
Ann. Statist. Volume 37, Number 5A (2009), 2178-2201|Ann. Statist|37|5A|2178-2201||2009
Annals of Applied Probability 2007, Vol. 17, No. 2, 609-653|Annals of Applied Probability|17|2|609-653||2007
Universe 2015, 1(2), 123-157|Universe|1|2|123-157||2015
Universe, 4(3), 51 (2018)|Universe|4|3|51||2018
Comput Softw Big Sci 4, 8 (2020)|Comput Softw Big Sci|4||8||2020
Journal of Cosmology, 2010, 4, 744-759.|Journal of Cosmology|4||744-759||2010
LNCS, 2000, vol. 1963, pp. 336-346|LNCS|1963||336-346||2000
EPTCS 174, 2015, pp. 1-12|EPTCS|174||1-12||2015
In Proc. ISSTA 2020, pages 14-26. ACM, 2020|Proc. ISSTA|||14-26||2020
PoS LATTICE2013 (2014) 123|PoS|LATTICE2013||123||2014
Journal of High Energy Physics, December 2014, 2014:124|Journal of High Energy Physics|||124||2014
(2017) MNRAS 466, 2718|MNRAS|466||2718||2017
1995, ApJ, 440, 22|ApJ|440||22||1995
Fortschritte der Physik (2019) 1800083|Fortschritte der Physik||||1800083|2019
Pramana, {\\bf 74}, 875 (2010)|Pramana|74||875||2010
Physics Research International, Volume 2013, Article ID 234180|Physics Research International|2013|||234180|
Computational Linguistics 20:2, 233-287|Computational Linguistics|20||233-287||
2021 IEEE Conference on Artificial Insight|IEEE Conference on Artificial Insight|||||2021
2021 (2020) IEEE Conference on Artificial Insight|IEEE Conference on Artificial Insight|||||2020
InProceedings of the 31st Symposium on Trials 2022|Proceedings of the 31st Symposium on Trials|||||2022
Proc. SPIE 9909, Adaptive Optics Systems V, 99090V (26 July 2016)|Proc. SPIE|9909|||99090V|2016
Foo Journal 5 (5) 2020|Foo Journal|5|5|||2020
JCAP 09 (2024) 009|JCAP|09|||009|2024
JCAP 1812 (2018) no.12, 012|JCAP|1812|||012|2018
JCAP 1504 (2015) 04, 052|JCAP|1504|||052|2015
J. Cosmol. Astropart. Phys. 2017 no. 06, 028|J. Cosmol. Astropart. Phys.||06||028|2017
J. Stat. Mech. (2014) P12028|J. Stat. Mech.||||P12028|2014
J. High Energ. Phys. 2020, 75 (2020)|J. High Energ. Phys.|2020||75||2020
J. High Energ. Phys. (2018) 2018: 172|J. High Energ. Phys.|2018||172||2018
EURASIP Journal on Signal Processing 2012, 2012:6|EURASIP Journal on Signal Processing|2012||6||2012
Physics Research, Volume 2012 (2012), Article ID 571874|Physics Research|2012|||571874|2012
Phys. Rev. D93 (2016) 6, 064040|Phys. Rev. D|93|6||064040|2016
Eur.Phys.J.C 80 (2020) 7, 627|Eur.Phys.J.C|80|7|627||2020
Physical Review B 76, 10 (2007) 100406(R)|Physical Review B|76|10||100406(R)|2007
Eur. Phys. J. A, 48 11 (2012) 151|Eur. Phys. J. A|48|11|151||2012
RNAAS (2022) 6, 262|RNAAS|6||262||2022
SIGMA 3 (2007) 23, 12 pages|SIGMA|3||23||2007
Journal of Artificial Societies vol. 9, no. 2 (2006) 32 p|Journal of Artificial Societies|9|2|||2006
Proc. of Automation 2011, art. no. 5979047, July 2011, Coimbra|Proc. of Automation||||5979047|2011
Physics of the Dark 30 (2020) 100713 Volume 30, December 2020, 100713|Physics of the Dark|30|||100713|2020
LMCS 11 (2:14) 2015|LMCS|11|2||14|2015
Log. Methods Comput. Sci. 2(3:4), 2006, 1-17|Log. Methods Comput. Sci.|2|3|1-17|4|2006
Nucl. Phys. B 45 (1990) 12, 46 (1991) 7|Nucl. Phys. B|45||12||1990
Phys.Rev.D 110 (2024) 3, L031501|Phys.Rev.D|110|3||L031501|2024
PhysRevD.80.083517, (2009)|PhysRevD.|80|||083517|2009
NuovoCim.122B:1467-1471,2007|NuovoCim.|122B||1467-1471||2007
Nucl.Phys.Proc.Suppl.207-208:277-280,2010|Nucl.Phys.Proc.Suppl.|207-208||277-280||2010
Solar Physics, v255, pp131-142, (2009)|Solar Physics|255||131-142||2009
Neural Computation, v. 17, n. 7, 1577-1601, 2005|Neural Computation|17|7|1577-1601||2005
Physica C, V. 467, Issues 1-2, (2007), P. 80-84|Physica C|467|1-2|80-84||2007
International Journal of Things 24.6 (2014): 499-527|International Journal of Things|24|6|499-527||2014
2017,New astronomy, 56, 102-112|New astronomy|56||102-112||2017
ISSN 1063-7729, Astronomy Reports, Volume 62, Issue 11, pp.764-773, 2018|Astronomy Reports|62|11|764-773||2018
Classical and Quantum Foo 125009, 30 (2013)|Classical and Quantum Foo|30|||125009|2013
Foo & Bar 560 (2013) L1 - 1,4|Foo & Bar|560||L1||2013
Foo & Bar 560 (2013) S866-7|Foo & Bar|560||S866-7||2013
Foo & Bar 560 (2013) L12-15|Foo & Bar|560||L12-15||2013
Journal of Foo Research (2012) 117, E00J20|Journal of Foo Research|117|||E00J20|2012
Foo Journal, Vol. 4/4, pp. 9-17, April 2012|Foo Journal|4|4|9-17||2012
Foo Trans., Vol. 54/2 pp. 763-780 (2008)|Foo Trans.|54|2|763-780||2008
Discrete Foo, 310/10-11 (2010), pp. 1588-1613|Discrete Foo|310|10-11|1588-1613||2010
Foo, vol. 207/208, pp. 1-4 (2010)|Foo|207/208||1-4||2010
Foo Suppl. 12/13 (2001) 3-9|Foo Suppl.|12/13||3-9||2001
Journal of Foo 247 (2007) 645?C649|Journal of Foo|247||645-649||2007
IEEE Sensors, ISSN 0090-6778, Vol. 62, No. 4, pp. 1272-1282, 2014|IEEE Sensors|62|4|1272-1282||2014
""".strip().splitlines()


@pytest.mark.parametrize("line", FORMS)
def test_form(line: str) -> None:
    text, journal, volume, number, pages, article, year = line.split("|")
    ref = read_journal_ref(text)
    assert ref.journal == journal
    assert (ref.volume or "", ref.number or "", ref.pages or "", ref.article_number or "") == (
        volume,
        number,
        pages,
        article,
    )
    assert ref.year == (int(year) if year else None)
    assert ref.parsed
    assert not ref.erratum


# the journals of Episciences end with their code and the number of the submission, which is no page
EPISCIENCES = """
Logical Methods in Computer Science, Volume 16, Issue 2 (June 1, 2020) lmcs:5143|16|2||
Discrete Mathematics & Theoretical Computer Science, vol. 23 no. 1, Computing (May 3, 2021) dmtcs:5595|23|1||
Discrete Mathematics & Theoretical Computer Science, vol. 25:2, Graphs (October 16, 2023) dmtcs:9960|25|2||
DMTCS, Vol. 18 no. 2, Permutation Patterns 2015, Permutation Patterns (June 13, 2016) dmtcs:1314|18|2||
Épijournal de Géométrie Algébrique, Volume 4 (May 7, 2020), Article no. 6, epiga:6085|4|||6
Journal of Data Mining & Digital Humanities, 2015 (January 13, 2015) jdmdh:77||||
Fundamenta Informaticae, Volume 185, Issue 2 (May 6, 2022) fi:8736|185|2||
Electronic Notes, Volume 1 - Proceedings of MFPS XXXVIII (February 22, 2023) entics:10481.|1|||
"""
# as the volumes of LIPIcs and the ACM's journals count: each article from 1
ARTICLE_PAGES = """
Proceedings of TQC 2024, LIPIcs vol. 310, pp. 10:1-10:24|310||10:1-10:24|
Proceedings of TQC 2024, LIPIcs vol. 310, pages 10:1–10:24|310||10:1-10:24|
LIPIcs 310, 10:1-10:24 (2024)|310||10:1-10:24|
Proceedings of ITCS 2023, 15:1--15:20|||15:1-15:20|
LIPIcs, Vol. 251, pp. 15:1 -- 15:20, 2023|251||15:1-15:20|
Proc. ACM Program. Lang. 4(POPL): 10:1-10:30 (2020)|4||10:1-10:30|
TOPLAS 42(3), Article 12, pp. 12:1-12:25 (2020)|42|3|12:1-12:25|12
SciPost Physics vol. 12, pp. 10:1-24, 2022|12||10:1-24|
Astron.J.134:102-117,2007|134||102-117|
"""
# days, numbers of books and addresses are no pages
NO_PAGES = """
Proceedings of the Conference on Image Processing, Chicago, 4-7 October 1998||||
Proceedings of the Conference on Image Processing, Paris, 12 octobre 2006||||
Proc. 43rd Allerton Conference on Control, Monticello, Illinois, Sept. 28-30, 2005||||
Presented at the Fusion International Conference, Florence, Italy, July 10th-13th, 2006||||
Proceedings of the Conference on Context, Rio de Janeiro, Feb. 4-6, 1997. 119-129.|||119-129|
Phys. Rev. B 90, 205436 - Published 26 November 2014|90|||205436
Physics Letters B Volume 839, 10 April 2023, 137765|839|||137765
ApJ 731, April 20, 2011|731|||
CURRENT SCIENCE, VOL. 121, NO. 5, 10 SEPTEMBER 2021|121|5||
Proceedings of the Symposium on Systems, Paris, 12-14 D{\\'e}cembre 2005, 49-56|||49-56|
Meeting on Stars Volume 342 (2012), Proceedings, 22-23 September 2011, Salamanca|342|||
Quantum Computation and Information, Vol. 3(3), p. 258-64, 2003|3|3|258-64|
Progress of Physics, Volume 2021, Issue 3, March 2021, 033B01|2021|3||033B01
Potential Analysis 30, no. 1 (Jan. 2009), 1--27|30|1|1-27|
Foo Journal 12 March 2010, 3-5|12||3-5|
International Journal of Systems, Volume 3(1) ISSN : 0976 - 9757 (2012)|3|1||
Journal of Systems 12, doi:10.7815/12.2012 (2012)|12|||
Phys. Rev. Lett. 95, 073704-(1-4) (2005)|95|||073704
New. J. Phys. 14, 013040 (1-9) (2012)|14|||013040
Phys. Rev. Lett. 95, 073704-1-4 (2005)|95|||073704
Phys. Rev. D, 76 (2007) 013009-1--013009-13|76|||013009
Phys. Rev. B 61, 073704-1 (2000)|61|||073704
J. Chem. Phys. 123, 204101:1-12 (2005)|123|||204101
"""
PLACES = [line for line in f"{EPISCIENCES}{ARTICLE_PAGES}{NO_PAGES}".splitlines() if line]


@pytest.mark.parametrize("line", PLACES)
def test_place(line: str) -> None:
    text, *place = line.split("|")
    ref = read_journal_ref(text)
    assert [part or "" for part in (ref.volume, ref.number, ref.pages, ref.article_number)] == place


def test_of_several_references_the_first_is_taken_and_the_rest_kept() -> None:
    ref = read_journal_ref("Phys. Rev. D 103, 122002 (2021); Erratum: Phys. Rev. D 112, 049902 (2025)")
    assert (ref.journal, ref.volume, ref.article_number, ref.year) == ("Phys. Rev. D", "103", "122002", 2021)
    assert ref.others == ("Erratum: Phys. Rev. D 112, 049902 (2025)",)
    spires = read_journal_ref("Phys.Rev.D75:104008,2007; Erratum-ibid.D75:109901,2007")
    assert spires.others == ("Erratum-ibid.D75:109901,2007",)


def test_an_erratum_alone_is_marked_as_one() -> None:
    ref = read_journal_ref("Erratum: Phys. Rev. D 76, 1 (2007)")
    assert (ref.journal, ref.volume, ref.erratum) == ("Phys. Rev. D", "76", True)


def test_authors_and_title_before_the_journal_are_passed_over() -> None:
    ref = read_journal_ref(
        'O. Taheri, "Sparse channels and their norms," Signal Processing, vol. 104, pp. 70-79, 2014'
    )
    assert (ref.journal, ref.volume, ref.pages, ref.year) == ("Signal Processing", "104", "70-79", 2014)


@pytest.mark.parametrize(
    "text",
    [
        "Geometry of Operators, Eds. B. Booss, S. Klimek (Singapore, 2006), pp. 119-152",
        "Geometry of Operators (B. Booss and S. Klimek, eds.), Singapore, 2006, pp. 119-152",
        "Geometry of Operators, B. Booss and S. Klimek (Eds.), pp. 119-152, 2006",
        "B. Booss, S. P. Klimek, and R. van der Foo (eds.), Geometry of Operators, pp. 119-152, 2006.",
        'In B. Booss and S. Klimek, editors, "Geometry of Operators", pp. 119-152, 2006.',
        "In: Booss, B. (Ed.). Geometry of Operators, Chapter 3, pp. 119-152. Springer, London. 2006",
        'in "Geometry of Operators", B. Booss (Ed.), Springer (2006), pp. 119-152',
        "Bernhelm Booss, editor, Geometry of Operators, pages 119-152. Springer, 2006",
    ],
)
def test_editors_are_no_part_of_a_books_name(text: str) -> None:
    ref = read_journal_ref(text)
    assert (ref.journal, ref.pages, ref.year) == ("Geometry of Operators", "119-152", 2006)
    assert text[ref.start : ref.end] == "Geometry of Operators"


@pytest.mark.parametrize(
    ("text", "journal", "place"),
    [
        ("Oey et al. 2018, ApJL, 867, L8", "ApJL", ("867", "L8", 2018)),
        ("Foo, J. D. R., Bar, L., & Baz, P. 2010, ApJ, 718, 441", "ApJ", ("718", "441", 2010)),
        ("Foo J and Bar AJ (2018) On Frogs. Mach. Learn. 4:35", "Mach. Learn.", ("4", "35", 2018)),
    ],
)
def test_authors_and_a_year_may_stand_before_the_journal(
    text: str, journal: str, place: tuple[str, str, int]
) -> None:
    found = {ref.journal: ref for ref in behind_authors(text)}
    ref = found[journal]
    assert (ref.volume, ref.pages, ref.year) == place
    assert text[ref.start : ref.end] == journal
    reading = read_venue(None, text, None)
    assert (reading.published_in.volume, reading.published_in.pages, reading.venue.year) == place
    assert reading.venue.evidence[0].text == journal


def test_a_meeting_before_a_journal_is_no_list_of_authors() -> None:
    reading = read_venue(None, "Proceedings of the Frogs Workshop, Paris 2010. Nature 3 (2011) 12", None)
    assert reading.venue.name != "Nature"


def test_a_title_is_no_list_of_editors() -> None:
    ref = read_journal_ref("Quantum Theory, I. Foo, Editor, Intech publisher, pp. 3-9, 2012")
    assert ref.journal == "Quantum Theory"


def test_tex_accents_are_read() -> None:
    ref = read_journal_ref("Ann. Inst. H. Poincar\\'e 12 (2010) 3-9")
    assert (ref.journal, ref.volume) == ("Ann. Inst. H. Poincaré", "12")


@pytest.mark.parametrize(
    "text", ["somewhere in a nice place", "NeMLaP", "http://dx.doi.org/10.1016/j.x.2014.09.005", ""]
)
def test_what_has_no_form_is_kept_whole(text: str) -> None:
    assert read_journal_ref(text) == JournalRef(text, 0, len(text), parsed=False)


@given(st.text(max_size=120))
def test_the_journal_stands_where_it_is_said_to(text: str) -> None:
    ref = read_journal_ref(text)
    assert 0 <= ref.start <= ref.end <= len(text)
    assert len(ref.journal) <= max(ref.end - ref.start, 0) or not text.isascii()


@pytest.mark.parametrize(
    ("slip", "name"),
    [
        ("Journal of Mathmatical Physics", "J. Math. Phys."),
        ("Joural of Mathematical Phyiscs", "J. Math. Phys."),
        ("The Astrophyiscal Jornal", "ApJ"),
        ("Physcis Lettes B", "Phys. Lett. B"),
    ],
)
def test_a_slip_in_a_name_hides_no_journal(slip: str, name: str) -> None:
    assert read_venue(None, f"{slip} 31 (1999) 44", None).venue.name == name
    assert read_venue(f"Accepted by {slip}", None, None).venue.name == name
