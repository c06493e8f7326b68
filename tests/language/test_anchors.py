from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Span

from strategitekst.document import Block, build_document
from strategitekst.language.anchors import ANCHOR_KINDS, Amount, Anchor, Count, Period, find_anchors
from strategitekst.language.numerals import parse_number
from strategitekst.language.owners import owner_names

SEEDS = Path(__file__).parents[2] / ".." / "shared" / "seeds"
REGION = ("Region Sjælland",)
MUNICIPALITY = ("Holbæk Kommune",)


@cache
def blank() -> Language:
    return spacy.blank("da")


@pytest.fixture(scope="module")
def nlp() -> Language:
    return blank()


def found(nlp: Language, text: str, kind: str, own_names: tuple[str, ...] = REGION) -> list[Anchor]:
    return [anchor for anchor in find_anchors(nlp(text), own_names) if anchor.kind == kind]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Klinikken åbner i 2026.", "2026-01-01", "2026-12-31"),
        ("Klinikken åbner i 1. kvartal 2025.", "2025-01-01", "2025-03-31"),
        ("Ruten lægges om i tredje kvartal 2027.", "2027-07-01", "2027-09-30"),
        ("I 1. og 2. kvartal 2026 bygges der.", "2026-01-01", "2026-06-30"),
        ("Det sker inden udgangen af 2027.", None, "2027-12-31"),
        ("Det sker senest den 1. april 2022.", None, "2022-04-01"),
        ("Det gælder fra og med den 15. august 2025.", "2025-08-15", None),
        ("Ordningen ophører pr. 1. januar 2024.", "2024-01-01", None),
        ("I perioden 2024–2026 prøves det af.", "2024-01-01", "2026-12-31"),
        ("Fra september 2024 til maj 2025 er der åbent.", "2024-09-01", "2025-05-31"),
        ("Fra august til oktober 2025 kører forsøget.", "2025-08-01", "2025-10-31"),
        ("Planen ligger klar medio 2026.", "2026-06-01", "2026-06-30"),
        ("Det sker ultimo 2025.", "2025-12-01", "2025-12-31"),
        ("I 2. halvår 2026 flytter klinikken.", "2026-07-01", "2026-12-31"),
        ("Det begynder i skoleåret 2025/26.", "2025-08-01", "2026-06-30"),
        ("Holdene starter i efteråret 2025.", "2025-09-01", "2025-11-30"),
        ("Bussen holder her i uge 36-44 2026.", "2026-08-31", "2026-11-01"),
        ("Kurset holdes i uge 5, 2026.", "2026-01-26", "2026-02-01"),
        ("Frist: 01.07.2026", "2026-07-01", "2026-07-01"),
        ("Det sker omkring årsskiftet 2025/26.", "2025-12-31", "2026-01-01"),
        ("Det er klar den 29. februar 2024.", "2024-02-29", "2024-02-29"),
    ],
)
def test_deadlines_name_their_days(nlp: Language, text: str, start: str | None, end: str | None) -> None:
    [anchor] = found(nlp, text, "deadline")
    assert anchor.value == Period(start, end)


@pytest.mark.parametrize(
    "text",
    [
        "Klinikken åbner senest 1. juli.",
        "Fra efteråret kører bussen.",
        "Patienten udredes inden for 30 dage.",
        "Der følges op hvert halve år.",
        "I løbet af foråret mødes parterne.",
        "Ved årsskiftet skiftes der system.",
        "Næste år udvides holdene.",
        "Der gives svar senest to uger efter mødet.",
        "Et toårigt forsøg sættes i gang.",
        "Status gives kvartalsvis.",
        "Hjælpen varer i op til fire måneder.",
        "Det er ikke en dato: 31. februar.",
        "Siden marts kører forsøget.",
        "Det sker i planperioden.",
    ],
)
def test_deadlines_without_a_year(nlp: Language, text: str) -> None:
    [anchor] = found(nlp, text, "deadline")
    assert anchor.value == Period()


@pytest.mark.parametrize(
    "text",
    [
        "Sundhedsprofilen 2021 peger på det samme.",
        "Det står i strategi 2022-2025.",
        "Tal fra 2022 peger på det samme.",
        "Udledningen er lavere i forhold til 2019.",
        "Borgere over 75 år får et brev.",
        "De 18-årige får et brev.",
        "Toårige børn får et brev.",
        "Der er åbent kl. 15-18.",
        "Om sommeren er der mange gæster.",
        "Beløbet er 500.000 kr. årligt.",
        "Programmet hedder Sundhed 2030.",
        "Vi vil styrke samarbejdet de kommende år.",
    ],
)
def test_times_that_are_no_deadline(nlp: Language, text: str) -> None:
    assert found(nlp, text, "deadline") == []


@pytest.mark.parametrize(
    ("text", "numbers", "unit"),
    [
        ("Der ansættes 12 sygeplejersker.", (12.0,), "sygeplejersker"),
        ("Der købes to nye biler.", (2.0,), "biler"),
        ("Halvdelen af holdene flytter.", (0.5,), ""),
        ("Andelen skal op på 70 pct.", (70.0,), "pct."),
        ("Andelen skal fra 78 til 92 procent.", (78.0, 92.0), "procent"),
        ("En tredjedel får tilbuddet.", (0.333,), ""),
        ("Hver femte får tilbuddet.", (0.2,), ""),
        ("Udledningen halveres.", (0.5,), ""),
        ("Der oprettes 2 x 12 pladser.", (2.0, 12.0), "pladser"),
        ("Der bygges femogtyve boliger.", (25.0,), "boliger"),
        ("Der plantes 12.500 træer.", (12500.0,), "træer"),
        ("Bussen får 1,5 mio. passagerer.", (1500000.0,), "passagerer"),
        ("Udledningen reduceres med 70%.", (70.0,), "%"),
        ("Mindst ét tog skal køre direkte.", (1.0,), ""),
        ("Fra 2025 til 3.400 kvinder.", (3400.0,), "kvinder"),
        ("Udledningen skal være nul.", (0.0,), ""),
        ("De sidste 112 oliefyr skiftes.", (112.0,), "oliefyr"),
        ("Teams på otte til ti medarbejdere.", (8.0, 10.0), "medarbejdere"),
    ],
)
def test_quantities_and_what_they_count(nlp: Language, text: str, numbers: tuple[float, ...], unit: str) -> None:
    [anchor] = found(nlp, text, "quantity")
    assert anchor.value == Count(numbers, unit)


@pytest.mark.parametrize(
    "text",
    [
        "Det følger af sundhedslovens § 3, stk. 2.",
        "Ring 1-1-2 eller 1818.",
        "Telefonen er 70 15 50 00.",
        "Regionens 17 kommuner er med.",
        "De 12 borgerløfter gælder.",
        "De tre regioner er enige.",
        "Patienten udredes inden for 30 dage.",
        "Ansvaret gælder i 72 timer.",
        "Bussen holder her hver anden tirsdag.",
        "Elever i 8. klasse får et brev.",
        "Linje 913 kører stadig.",
        "Borgere med type 2-diabetes får et brev.",
        "De 65-årige får et brev.",
        "Der er åbent kl. 15-18.",
        "En afdeling flytter, og et team følger med.",
        "Det sker i 2026 og 2027.",
        "Der er afsat 4,2 mio. kr.",
        "Bedre hjælp handler om to ting.",
        "Se bilag 4 og fase 2.",
    ],
)
def test_numbers_that_are_no_quantity(nlp: Language, text: str) -> None:
    assert found(nlp, text, "quantity") == []


@pytest.mark.parametrize(
    ("text", "kroner", "yearly"),
    [
        ("Der er afsat 4,2 mio. kr.", 4.2e6, False),
        ("Der gives 500.000 kr. årligt.", 5e5, True),
        ("Der er en ramme på 12 millioner kroner.", 12e6, False),
        ("Der investeres 1,5 mia. i byggeriet.", 1.5e9, False),
        ("Prisen er 2,5 mio.kr. i 2025.", 2.5e6, False),
        ("Der gives mellem 10 og 12 mio. kr.", 12e6, False),
        ("Tilskuddet er kr. 400.000.", 4e5, False),
        ("Puljen er en halv million kroner.", 5e5, False),
        ("Puljen er 350 tkr. pr. år.", 3.5e5, True),
        ("Anlægsrammen er 142 mio.", 142e6, False),
        ("Fem millioner kroner er sat af.", 5e6, False),
    ],
)
def test_budgets_in_kroner(nlp: Language, text: str, kroner: float, yearly: bool) -> None:
    [anchor] = found(nlp, text, "budget")
    assert isinstance(anchor.value, Amount)
    assert anchor.value.kroner == pytest.approx(kroner)
    assert anchor.value.yearly is yearly


def test_sums_with_a_decimal_point_are_read_and_other_figures_break_nothing(nlp: Language) -> None:
    [anchor] = found(nlp, "Rammen i budgettet er på 71.90 mio. kr.", "budget")
    assert anchor.value == Amount(71.9e6)
    assert found(nlp, "I budgettet står punkt 1.2.3 mio. som en fejl.", "budget") == []


@pytest.mark.parametrize("text", ["Bussen får 6 mio. passagerer.", "Der ansættes 12 læger i 2026.", "Det koster tid."])
def test_numbers_that_are_no_budget(nlp: Language, text: str) -> None:
    assert found(nlp, text, "budget") == []


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("I 2. kvartal 2024 åbner akutafdelingen i Holbæk et fast telefonspor.", "akutafdelingen i Holbæk"),
        ("Slagelse Sygehus ansætter 12 sygeplejersker.", "Slagelse Sygehus"),
        ("Fra 2025 kører Movia linjen med elbusser.", "Movia"),
        ("Planen følges op af Koncern HR.", "Koncern HR"),
        ("Det sker sammen med de praktiserende læger.", "de praktiserende læger"),
        ("Sundhedsklyngerne udarbejder en fælles plan i 2025.", "Sundhedsklyngerne"),
        ("I 2025 udpeger kommunerne en kontaktperson.", "kommunerne"),
        ("Ansvarlig: Center for Miljø", "Center for Miljø"),
        ("Røgfri zone ved 14 legepladser (Park og Vej)", "Park og Vej"),
        ("Det er aftalt, at Kirurgisk Afdeling i 3. kvartal 2025 åbner et ambulatorium.", "Kirurgisk Afdeling"),
        ("I 2026 afleverer en arbejdsgruppe sit forslag.", "en arbejdsgruppe"),
        ("Medicinsk afdeling indfører i 2024 en pårørendetime.", "Medicinsk afdeling"),
        ("Opgaven løses af kommunernes træningsenheder.", "kommunernes træningsenheder"),
        ("Udvalget for Social og Psykiatri har ansvaret.", "Udvalget for Social og Psykiatri"),
        ("Siden marts har hjemmeplejen kørt med faste teams.", "hjemmeplejen"),
        ("Mødet ledes af Styregruppen.", "Styregruppen"),
    ],
)
def test_actors(nlp: Language, text: str, actor: str) -> None:
    assert [anchor.text for anchor in found(nlp, text, "actor")] == [actor]


@pytest.mark.parametrize(
    "text",
    [
        "Vi vil styrke samarbejdet.",
        "Regionen åbner en klinik i 2026.",
        "Region Sjælland ansætter 12 læger i 2026.",
        "Regionsrådet har besluttet planen.",
        "På sygehuset i Slagelse indføres en ny vagtplan.",
        "Patienterne får et brev fra 2025.",
        "Der oprettes et ambulatorium i Næstved.",
        "Vi udvider akutafdelingen i Holbæk i 2026.",
        "Akutafdelingen i Holbæk udvides i 2026.",
        "Solceller på taget af Holbæk Sygehus i 2026.",
    ],
)
def test_who_is_no_actor(nlp: Language, text: str) -> None:
    assert found(nlp, text, "actor") == []


def test_who_owns_the_plan_decides_who_is_an_actor(nlp: Language) -> None:
    text = "I 2025 ansætter kommunen to vejledere."
    assert [anchor.text for anchor in found(nlp, text, "actor", REGION)] == ["kommunen"]
    assert found(nlp, text, "actor", MUNICIPALITY) == []
    other = "I 2025 ansætter regionen to vejledere."
    assert [anchor.text for anchor in found(nlp, other, "actor", MUNICIPALITY)] == ["regionen"]
    assert found(nlp, other, "actor", REGION) == []


def test_organisations_of_the_pipeline_count_as_known(nlp: Language) -> None:
    doc = nlp("Fra 2026 kører Nordlys bussen.")
    assert not [anchor for anchor in find_anchors(doc) if anchor.kind == "actor"]
    doc.ents = [Span(doc, 3, 4, label="ORG")]
    assert [anchor.text for anchor in find_anchors(doc) if anchor.kind == "actor"] == ["Nordlys"]


def test_background_sentences_hold_no_anchors_where_another_looks_ahead(nlp: Language) -> None:
    background = "I dag udgør de 71 pct. af forbruget."
    assert [anchor.text for anchor in found(nlp, background, "quantity")] == ["71 pct."]
    both = f"{background} Fra 2026 ansættes 12 rådgivere."
    assert [anchor.text for anchor in found(nlp, both, "quantity")] == ["12 rådgivere"]


LINES = (Path(__file__).parent / "anchor_sentences.tsv").read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split("\t")[-1][:60])
def test_sentences_written_for_it_name_what_they_name(nlp: Language, line: str) -> None:
    kind, named, owner, sentence = line.split("\t")
    assert bool(found(nlp, sentence, kind, (owner,))) is (named == "yes")


@pytest.mark.parametrize(
    ("title", "texts", "owner"),
    [
        ("Klimaplan for Køge Kommune 2024-2030", ["Vi bygger."], ("Køge Kommune",)),
        ("Sundhedsaftale for Region Syddanmarks borgere", ["Vi bygger."], ("Region Syddanmark",)),
        ("Virksomhedsplan. Regionshospitalet Horsens", ["Vi bygger."], ("Regionshospitalet Horsens",)),
        (
            "En dør at lukke",
            ["Kommunen bygger.", "Byrådet har afsat midler.", "Kommunens huse renoveres."],
            ("kommunen",),
        ),
        (
            "Cykelplan",
            [
                "Kommunen bygger.",
                "I Køge Kommune cykler vi.",
                "Køge Kommune og Stevns Kommune.",
                "Kommunen og byrådet.",
            ],
            ("kommunen", "Køge Kommune"),
        ),
        ("Fælles plan", ["Klyngen mødes.", "Klyngens parter er enige.", "I klyngen taler vi sammen."], ("klyngen",)),
        (
            "Plan",
            ["Regionen og hospitalet samarbejder.", "Regionen betaler.", "Regionsrådet beslutter."],
            ("regionen",),
        ),
        ("Plan", ["Alle skal med."], ()),
    ],
)
def test_a_plan_tells_whose_it_is(title: str, texts: list[str], owner: tuple[str, ...]) -> None:
    blocks = [Block("heading", title, level=1), *(Block("prose", text) for text in texts)]
    assert owner_names(build_document("plan.md", blocks).paragraphs) == owner


def test_nobody_acts_in_a_plan_without_paragraphs() -> None:
    assert owner_names([]) == ()


def test_a_component_sets_the_anchors() -> None:
    from strategitekst.language import components  # noqa: F401

    nlp = spacy.blank("da")
    nlp.add_pipe("strategitekst_anchors", config={"own_names": list(REGION)})
    assert [anchor.kind for anchor in nlp("Fra 2026 kører Movia to busser.")._.anchors] == [
        "deadline",
        "actor",
        "quantity",
    ]


WORDS = """2026 12 4,2 mio. kr. pct. senest i fra 1. juli kvartal uge Movia akutafdelingen halvdelen § stk. ( ) : . ,
hver femte årligt til og – ansætter af Koncern HR 1818 99. 31. februar 0 00 31.12.2025 9999999 x de tre"""
PIECES = st.sampled_from(re.findall(r"\S+", WORDS))


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=60))
def test_anchors_are_pieces_of_the_text(text: str) -> None:
    anchors = find_anchors(blank()(text), REGION)
    for anchor in anchors:
        assert anchor.text == text[anchor.start : anchor.end]
        assert anchor.text.strip()
        assert anchor.kind in ANCHOR_KINDS
    assert [anchor.start for anchor in anchors] == sorted(anchor.start for anchor in anchors)


@given(st.integers(0, 99_999_999))
def test_numbers_with_thousand_stops_are_read(number: int) -> None:
    assert parse_number(f"{number:,}".replace(",", ".")) == number


@pytest.mark.skipif(not SEEDS.exists(), reason="the real documents are not beside the repository")
def test_real_documents_have_anchors_of_every_kind_but_actors_named_after_the_owner(nlp: Language) -> None:
    lines = [
        line for path in SEEDS.glob("*.txt") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    anchors = [anchor for line in lines for anchor in find_anchors(nlp(line), REGION)]
    assert {anchor.kind for anchor in anchors} >= {"actor", "deadline", "quantity"}
    assert not [anchor for anchor in anchors if anchor.kind == "actor" and anchor.text == "Region Sjælland"]
