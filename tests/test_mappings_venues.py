"""Every row of the venue tables: conferences.csv, journals.csv and doi-patterns.csv."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from bridge.tables import Row, builtin_text, read_rows
from bridge.venue import read_venue
from bridge.venue_table import venue_table
from bridge.words import LEFT_OUT, plain_words, word_forms

VENUE_COLUMNS = ("name", "full_name", "kind", "aliases", "cue_aliases", "years", "publisher", "series")
DOI_COLUMNS = ("pattern", "venue", "status", "example", "example_year")
KINDS = {"conferences.csv": {"conference", "workshop", "book"}, "journals.csv": {"journal", "book"}}
LEAST = {"conferences.csv": 1300, "journals.csv": 2800, "doi-patterns.csv": 500}


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of everyday and of scientific prose: a venue of that name needs a cue beside it.
ORDINARY_WORDS = words_of(
    """
    access age algebra algorithms analysis applied architecture argument articles artificial
    atmosphere atoms automata automation axioms beauty bernoulli bioinformatics biology biometrics
    brain bulletin carbon case cell chance change changes chaos chemistry circuits cloud cluster
    cognition combinatorics communications complex complexity computation computer computers computing
    condensed constraints control coordination crystals current data database design development
    dynamics ease economics economies education electronics energies energy engineering entropy
    environment evolution express extended extremes fast flow fluids forces formal forum fractals
    frontiers fusion future galaxies games general genetics genomics geology geometry geophysics
    graphs group haskell history information instruments integration intelligence interfaces inverse
    joule language languages lattice learning letters life light linguistics logic machine management
    materials mathematics matter measurement mechanics medicine memory methods mind mobile models
    nature network networking networks neuron neuroscience neutrino nonlinearity note notes
    observatory omega operations optica optics optimization order particles patterns performance
    perspectives phase philosophy photonics physica physics plasma population power preprint
    probability problems proceedings processes processing programming psychology quantum queueing
    radio random record report reports research resonance review robotics robots sat science sensors
    sequences series set sets sigma sign signal small society software space spectrum spin stat
    statistics structure studies sun surfaces surveys sustainability symmetry synthese synthesis
    system systems technology test texture theory time top topology transportation trees ultrasonics
    universe vision water wave web words work world
    """
)
ORDINARY_PHRASES = frozenset(
    phrase
    for line in (
        "analytical chemistry|applied optics|applied sciences|artificial intelligence|artificial life",
        "celestial mechanics|chemical physics|climate change|climate dynamics|complex networks",
        "complex systems|computational complexity|computational geometry|computational linguistics",
        "computational statistics|computer communications|computer networks|condensed matter",
        "condensed matter physics|cosmic research|creativity & cognition|current biology|data mining",
        "differential equations|digital humanities|evolutionary computation|game theory|granular matter",
        "graph drawing|hard probes|hot quarks|inverse problems|laser physics|light cone|machine learning",
        "medical physics|molecular physics|neural computation|neural networks|neutrino telescopes",
        "nonlinear analysis|nonlinear dynamics|nuclear fusion|nuclear physics|parallel computing",
        "pattern recognition|physical review|physics education|physics letters|plasma physics",
        "quantitative finance|quantum electronics|quantum information processing|quantum topology",
        "quark matter|radio science|remote sensing|scientific computing|scientific data|signal processing",
        "soft matter|space weather|speech communication|statistics and computing|topological methods",
        "wave motion|web conference",
    )
    for phrase in line.split("|")
)
# One-word forms that are no acronym and yet can hardly mean anything else.
DISTINCTIVE = words_of(
    """
    Africacrypt Algorithmica Asiacrypt Astrofizika Automatica Axiomathes Biometrika Brainles Cogsci
    Coling Compstat Comsnets Cosyne Cryptologia Econometrica Equadiff Eurocomb Eurocrypt Eurographics
    Europar Eurospeech Eurosys Evostar Filomat Gecco Geotechnique Globecom Glottometrics Géotechnique
    Heliyon Indocrypt Infocom Internetware Internoise Interspeech Konvens Kristallografiya Latincrypt
    Mathematika Meccanica Metrika Metrologia Mobicom Mobihoc Moriond Neurips Neuroimage Nodalida
    Nufact Onward! Optik Pageoph Powertech Pramana Psychometrika Qcrypt Sankhya Sankhyā Scholarpedia
    Semeval Sigcomm Siggraph Sigmetrics Technometrics Tellus Ubicomp Valuetools Wiopt Wivace e-Energy
    eLife eNeuro iScience
    """
)
# Forms of one or two letters that are that frequent, and that clear.
SHORT = frozenset(["AJ", "A&A", "L@S"])


def rows_of(table: str) -> list[Row]:
    columns = DOI_COLUMNS if table == "doi-patterns.csv" else VENUE_COLUMNS
    return list(read_rows(builtin_text(table), f"mappings/{table}", columns))


@cache
def venues() -> dict[str, list[Row]]:
    return {table: rows_of(table) for table in KINDS}


def every_venue() -> Iterator[Row]:
    for rows in venues().values():
        yield from rows


def free_forms(row: Row) -> list[str]:
    """The forms of a venue that need no cue."""
    demoted = set(row.listed("cue_aliases"))
    return [form for form in (row["name"], row["full_name"], *row.listed("aliases")) if form not in demoted]


def folded(form: str) -> str:
    """A form as it is compared: one word as it stands, several without case, dots, blanks and The."""
    form = re.sub(r"^the\s+", "", form.replace("&", " and ") if " " in form else form, flags=re.IGNORECASE)
    return re.sub(r"[\s.]+", "", form).casefold() if re.search(r"[\s.]+.", form) else form


def full_year(digits: str) -> int:
    year = int(digits)
    if year >= 100:
        return year
    return 1900 + year if year >= 85 else 2000 + year


@cache
def shapes() -> list[tuple[Row, re.Pattern[str]]]:
    return [(row, re.compile(row["pattern"], re.IGNORECASE)) for row in rows_of("doi-patterns.csv")]


def faults(rows: Iterator[Row], wrong: Callable[[Row], bool]) -> list[str]:
    """The rows at fault, with their line, so that one run shows them all."""
    return [f"{row.place.line}: {', '.join(list(row.values.values())[:3])}" for row in rows if wrong(row)]


@pytest.mark.parametrize("table", sorted(LEAST))
def test_tables_are_as_large_as_promised(table: str) -> None:
    assert len(rows_of(table)) >= LEAST[table]


@pytest.mark.parametrize("table", sorted(KINDS))
def test_rows_are_complete(table: str) -> None:
    rows = venues()[table]
    assert faults(iter(rows), lambda row: not (row["name"] and row["full_name"])) == []
    assert faults(iter(rows), lambda row: row["kind"] not in KINDS[table]) == []
    assert faults(iter(rows), lambda row: not re.fullmatch(r"|(?:\d{4})?-(?:\d{4})?", row["years"])) == []
    assert faults(iter(rows), lambda row: row["years"] == "-") == []
    for row in rows:
        for value in row.values.values():
            assert unicodedata.normalize("NFC", value) == value, row.place
            assert "  " not in value, row.place
            assert not re.search(r"\|\s*\||^\||\|$", value), row.place


@pytest.mark.parametrize("table", sorted(KINDS))
def test_rows_are_sorted_by_name(table: str) -> None:
    names = [row["name"] for row in venues()[table]]
    assert names == sorted(names, key=lambda name: (name.casefold(), name))


def test_names_are_unique() -> None:
    names = Counter(row["name"] for row in every_venue())
    assert [name for name, count in names.items() if count > 1] == []


def test_no_form_is_claimed_by_two_venues() -> None:
    owners: dict[str, set[str]] = {}
    for row in every_venue():
        for form in (row["name"], row["full_name"], *row.listed("aliases"), *row.listed("cue_aliases")):
            owners.setdefault(folded(form), set()).add(row["name"])
    assert {form: names for form, names in owners.items() if len(names) > 1} == {}


def test_no_form_is_listed_twice() -> None:
    for row in every_venue():
        forms = [row["name"], row["full_name"], *row.listed("aliases")]
        if folded(forms[0]) == folded(forms[1]):
            del forms[1]
        assert [form for form, count in Counter(map(folded, forms)).items() if count > 1] == [], row.place
        aliases = {folded(form) for form in row.listed("aliases")}
        assert not aliases & {folded(form) for form in row.listed("cue_aliases")}, row.place


def test_ordinary_words_need_a_cue() -> None:
    wrong = {
        (row["name"], form)
        for row in every_venue()
        for form in free_forms(row)
        if re.sub(r"^the ", "", form.casefold()) in ORDINARY_WORDS | ORDINARY_PHRASES
    }
    assert wrong == set()


def test_free_forms_of_one_word_are_acronyms_or_distinctive() -> None:
    wrong = {
        (row["name"], form)
        for row in every_venue()
        for form in free_forms(row)
        if not re.search(r"[\s.]", form.removeprefix("The "))
        and form not in DISTINCTIVE
        and sum(letter.isupper() or letter.isdigit() for letter in form) < 2
    }
    assert wrong == set()


def test_short_forms_need_a_cue() -> None:
    wrong = {
        (row["name"], form)
        for row in every_venue()
        for form in free_forms(row)
        if len(re.sub(r"[\W_]", "", form)) < 3 and form not in SHORT
    }
    assert wrong == set()


def unfindable(form: str) -> bool:
    """Whether the reader looks a form up by other words than it stands under: short forms in names of one
    word, little words that abbreviations leave out, & for and."""
    words, forms = plain_words(form), word_forms()
    alone = not re.search(r"[\s.]+(?=.)", form.removeprefix("The "))
    return (alone and any(forms.get(word, word) != word for word in words)) or not LEFT_OUT.isdisjoint(words)


def test_the_reader_finds_every_form_of_every_row() -> None:
    table = venue_table()
    lost = set()
    for row in every_venue():
        for form in (row["name"], row["full_name"], *row.listed("aliases"), *row.listed("cue_aliases")):
            found = table.named(form)
            if (found is None and not unfindable(form)) or (found is not None and found.name != row["name"]):
                lost.add((row["name"], form))
    assert lost == set()


def test_every_full_name_is_read_from_a_comment() -> None:
    """What is accepted by a venue is accepted by it, and not by another row of the tables."""
    table = venue_table()
    wrong = set()
    for row in every_venue():
        venue = read_venue(f"12 pages. Accepted for publication in {row['full_name']}", None, None).venue
        if venue.name != row["name"] and venue.name is not None and table.row(venue.name) is not None:
            wrong.add((row["name"], venue.name))
    assert wrong == set()


def test_cue_aliases_claim_nothing_in_running_text() -> None:
    claimed = set()
    for row in every_venue():
        for form in row.listed("cue_aliases"):
            venue = read_venue(f"12 pages, 3 figures. Here {form} is used in the proof", None, None).venue
            if venue.status != "none":
                claimed.add((row["name"], form))
    assert claimed == set()


def test_no_row_is_a_general_word() -> None:
    """Not even without its sponsor: "ACM SIGX Conference" would be read as "Conference" too."""
    general = {"Conference", "Symposium", "Workshop", "Annual Conference", "Conference Proceedings", "IEEE"}
    sponsors = re.compile(r"(?:(?:SIG[A-Z]+|IEEE|ACM|SPIE|SIAM|IFIP|AIAA)[ /]+)+")
    wrong = {
        (row["name"], form)
        for row in every_venue()
        for form in free_forms(row)
        if form in general or sponsors.sub("", form) in general
    }
    assert wrong == set()


def test_a_workshop_is_one_by_its_full_name() -> None:
    both = re.compile(r"(?:Conference|Symposium) and Workshops|Workshop Proceedings")
    for row in venues()["conferences.csv"]:
        if row["kind"] != "book" and not both.search(row["full_name"]):
            named = bool(re.search(r"\b(?:Workshops?|Contest)\b", row["full_name"]))
            assert named == (row["kind"] == "workshop"), row.place


def test_the_stop_lists_are_clean() -> None:
    for words in (ORDINARY_WORDS, ORDINARY_PHRASES, DISTINCTIVE):
        assert [word for word in words if not word or word != word.strip() or "\n" in word] == []
    everything = {form for row in every_venue() for form in free_forms(row)}
    assert everything >= DISTINCTIVE | SHORT


def test_doi_patterns_are_sorted_the_telling_ones_first() -> None:
    keys = []
    for row in rows_of("doi-patterns.csv"):
        registrant = re.match(r"10\\\.(\d{4,9})/", row["pattern"])
        assert registrant, f"{row.place.line}: a pattern begins with its registrant"
        keys.append((int(registrant[1]), not row["venue"] and row["status"] != "none", row["pattern"]))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_doi_patterns_name_a_known_venue_or_read_it_off() -> None:
    names = {row["name"] for row in every_venue()}
    for row, pattern in shapes():
        if row["status"] == "none":
            assert not row["venue"], row.place
        elif row["venue"]:
            assert row["venue"] in names, row.place
            assert "venue" not in pattern.groupindex, row.place
        else:
            assert "venue" in pattern.groupindex, row.place
        assert row["status"] in ("published", "none"), row.place
        assert set(pattern.groupindex) <= {"venue", "year", "yy", "volume", "number", "pages", "article"}, (
            row.place
        )


def test_doi_patterns_read_their_own_example() -> None:
    for row, pattern in shapes():
        match = pattern.match(row["example"])
        assert match, row.place
        told = match.groupdict()
        year = told.get("year") or told.get("yy")
        assert (str(full_year(year)) if year else "") == row["example_year"], row.place
        assert row["status"] == "none" or row["venue"] or told.get("venue"), row.place


def test_doi_patterns_are_not_shadowed() -> None:
    for row, _ in shapes():
        first = next(other for other, pattern in shapes() if pattern.match(row["example"]))
        assert first is row, (
            f"{row.place.line} is never reached for {row['example']}: {first.place.line} matches"
        )


def test_acronyms_read_off_a_doi_are_known_venues() -> None:
    known = {form for row in every_venue() for form in (*free_forms(row), *row.listed("cue_aliases"))}
    for row, pattern in shapes():
        match = pattern.match(row["example"])
        acronym = match and "venue" in pattern.groupindex and match["venue"]
        assert not acronym or acronym in known or acronym.upper() in known, row.place


@pytest.mark.parametrize(
    "doi",
    [
        "10.1145/3377811.3380330",
        "10.1007/978-3-319-70694-8_16",
        "10.1109/5.771073x",
        "10.1142/9789812775344_0053",
        "10.1017/CBO9781139108782.008",
    ],
)
def test_dois_of_books_and_numbered_proceedings_tell_no_venue(doi: str) -> None:
    assert [row["pattern"] for row, pattern in shapes() if pattern.match(doi)] == []
