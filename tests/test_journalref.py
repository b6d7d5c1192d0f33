"""journal_ref taken apart: the forms of real records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.journalref import JournalRef, read_journal_ref

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


def test_editors_are_no_part_of_a_books_name() -> None:
    ref = read_journal_ref("Geometry of Operators, Eds. B. Booss, S. Klimek (Singapore, 2006), pp. 119-152")
    assert (ref.journal, ref.pages, ref.year) == ("Geometry of Operators", "119-152", 2006)


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
