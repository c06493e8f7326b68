"""Strategies found in documents: the real one where it is at hand, and made-up ones of other shapes."""

from pathlib import Path

import pytest

from strategitekst.document import Block, Document, build_document
from strategitekst.errors import StrategyError
from strategitekst.strategy import Strategy, load_strategy
from strategitekst.strategy_lines import classify, fold
from strategitekst.strategy_reading import find_strategy, read_strategy

SEED = Path(__file__).parents[2] / "shared" / "seeds" / "001_a9c426a4670d8d43.txt"

MUNICIPAL = """\
# Sammen om Lyngby Strand

Strategi for Strandby Kommune 2023-2027

## Forord

Byrådet har sat retningen for de næste år. Strandby Kommune vil:

- lytte
- turde

## Tema 1: Et trygt børneliv

Børn skal have det godt, og voksne skal have tid til dem.

### Løfte 1: Alle børnehaver har uddannet personale

Pædagoger gør en forskel. Derfor skal der være flere af dem.

#### Det gør vi ved

- **Meritpladser:** tyve ansatte om året tager uddannelsen
- Pædagogisk vikarkorps. Korpset dækker hele kommunen.

### Løfte 2: Skoleveje er sikre

Ingen skal være bange for at cykle i skole.

#### Det gør vi ved

- Røde cykelbaner
- 30-zoner ved alle skoler

## Tema 2: Gamle hænder er guld værd

Seniorer er en kraft i byen.

### Løfte 3: Ældre vælger selv deres hjælp

Frit valg er mere end et papir.

#### Det gør vi ved

##### Klippekort

En halv time om ugen til det, borgeren har lyst til.

##### Madven

En frivillig spiser med.

## Opfølgning

Byrådet ser på løfterne hvert år.
"""

GOALS = """\
VANDKRAFT – STRATEGI FOR FORSYNINGEN

Indhold
Rent vand i hanen .......... 3
Mål 1: Vandet er rent .......... 3

Rent vand i hanen

Vand er vores vigtigste fødevare, og det skal kunne drikkes overalt.

Mål 1: Vandet er rent

Kilderne skal beskyttes mod gift fra marker og haver.

Mål 2: Spildet er lille

Gamle rør koster vand hver dag, og det kan gøres bedre.

Indsatser

Sprøjtefri zoner om alle boringer
Nye rør i den gamle bydel
Målere hos alle kunder

Kloakker til fremtidens regn

Skybrud bliver hyppigere, og kældre løber fulde.

Mål 3: Regnvand løber for sig selv

Der bygges nyt system til regnen, når gaderne alligevel graves op.

Indsatser

Bassin i Østparken
Grønne tage på kommunale bygninger
"""


def shape(strategy: Strategy) -> list[tuple[str, list[str], list[str]]]:
    return [
        (ambition.name, [pledge.name for pledge in ambition.pledges], [each.name for each in ambition.initiatives])
        for ambition in strategy.ambitions
    ]


def document(*blocks: tuple[str, str] | tuple[str, str, int], format: str = "text") -> Document:
    return build_document("plan.txt", [Block(*block) for block in blocks], format=format)  # type: ignore[arg-type]


@pytest.fixture
def municipal(tmp_path: Path) -> Strategy:
    path = tmp_path / "Strandby strategi.md"
    path.write_text(MUNICIPAL, encoding="utf-8")
    return read_strategy(path)


@pytest.fixture
def goals(tmp_path: Path) -> Strategy:
    path = tmp_path / "vandkraft.txt"
    path.write_text(GOALS, encoding="utf-8")
    return read_strategy(path)


@pytest.mark.skipif(not SEED.exists(), reason="the strategy document lies outside the repository")
def test_the_real_strategy_is_found_whole():
    found, known = read_strategy(SEED), load_strategy()

    def folded(strategy: Strategy) -> list[tuple[str, list[tuple[int | None, str]], list[str]]]:
        return [
            (
                fold(ambition.name),
                [(pledge.number, fold(pledge.name)) for pledge in ambition.pledges],
                [fold(initiative.name) for initiative in ambition.initiatives],
            )
            for ambition in strategy.ambitions
        ]

    assert folded(found) == folded(known)
    assert [fold(each.name) for each in found.foundations] == [fold(each.name) for each in known.foundations]
    assert [len(each.points) for each in found.foundations] == [4, 5, 3, 0]
    assert all(pledge.description for pledge in found.pledges)
    assert (found.organisation, found.period) == ("Region Sjælland", "2022-2025")
    assert list(found.themes) == list(known.themes)


def test_a_municipal_strategy_in_markdown(municipal: Strategy):
    assert shape(municipal) == [
        (
            "Et trygt børneliv",
            ["Alle børnehaver har uddannet personale", "Skoleveje er sikre"],
            ["Meritpladser", "Pædagogisk vikarkorps", "Røde cykelbaner", "30-zoner ved alle skoler"],
        ),
        ("Gamle hænder er guld værd", ["Ældre vælger selv deres hjælp"], ["Klippekort", "Madven"]),
    ]
    assert municipal.foundations == ()
    assert (municipal.id, municipal.name) == ("strandby-strategi", "Sammen om Lyngby Strand")
    assert (municipal.organisation, municipal.period) == ("Strandby Kommune", "2023-2027")
    assert "kommunen" in municipal.own_names


def test_initiatives_serve_the_pledges_that_stand_before_their_list(municipal: Strategy, goals: Strategy):
    assert [pledge.initiatives for pledge in municipal.pledges] == [
        ("Meritpladser", "Pædagogisk vikarkorps"),
        ("Røde cykelbaner", "30-zoner ved alle skoler"),
        ("Klippekort", "Madven"),
    ]
    assert goals.pledges[0].initiatives == goals.pledges[1].initiatives
    assert len(goals.pledges[0].initiatives) == 3


def test_goals_in_plain_text_behind_a_table_of_contents(goals: Strategy):
    assert shape(goals) == [
        (
            "Rent vand i hanen",
            ["Vandet er rent", "Spildet er lille"],
            ["Sprøjtefri zoner om alle boringer", "Nye rør i den gamle bydel", "Målere hos alle kunder"],
        ),
        (
            "Kloakker til fremtidens regn",
            ["Regnvand løber for sig selv"],
            ["Bassin i Østparken", "Grønne tage på kommunale bygninger"],
        ),
    ]
    assert goals.pledges[0].description == "Kilderne skal beskyttes mod gift fra marker og haver."
    assert goals.foundations == ()


def test_a_draft_can_be_saved_and_loaded(municipal: Strategy, tmp_path: Path):
    municipal.to_toml(tmp_path / "udkast.toml")
    assert load_strategy(tmp_path / "udkast.toml") == municipal


def test_descriptions_are_cut_from_the_document(municipal: Strategy):
    assert municipal.ambitions[0].description == "Børn skal have det godt, og voksne skal have tid til dem."
    assert municipal.pledges[1].description == "Ingen skal være bange for at cykle i skole."


def test_numbered_headings_are_pledges_where_there_are_several():
    found = find_strategy(
        document(
            ("heading", "Vores by", 1),
            ("heading", "1. Flere træer", 2),
            ("prose", "Der plantes."),
            ("heading", "2. Færre biler", 2),
            ("prose", "Der cykles."),
            format="docx",
        )
    )
    assert [(pledge.number, pledge.name) for pledge in found.pledges] == [(1, "Flere træer"), (2, "Færre biler")]
    assert [ambition.name for ambition in found.ambitions] == ["Vores by"]


def test_goals_under_pledges_are_no_pledges():
    found = find_strategy(
        document(
            ("heading", "By og land"),
            ("prose", "Løfte 1: Der er bus til alle"),
            ("prose", "Mål 1: Ti afgange om dagen i hver landsby."),
            ("prose", "Løfte 2: Der er fiber til alle"),
        )
    )
    assert [pledge.name for pledge in found.pledges] == ["Der er bus til alle", "Der er fiber til alle"]
    assert "Ti afgange" in found.pledges[0].description


def test_a_summary_in_front_does_not_double_the_pledges():
    found = find_strategy(
        document(
            ("heading", "Kort fortalt"),
            ("item", "Løfte 1: Lys i mørket"),
            ("item", "Løfte 2: Varme i kulden"),
            ("heading", "Et godt sted"),
            ("prose", "Vi lover:"),
            ("prose", "Løfte 1: Lys i mørket"),
            ("prose", "Lamper på alle stier."),
            ("prose", "Løfte 2: Varme i kulden"),
            ("prose", "Ovne i alle huse."),
            ("prose", "Det gør vi ved:"),
            ("item", "Lampepulje"),
        )
    )
    assert shape(found) == [("Et godt sted", ["Lys i mørket", "Varme i kulden"], ["Lampepulje"])]
    assert found.pledges[0].initiatives == ("Lampepulje",)


def test_numbering_may_start_again_under_each_ambition():
    found = find_strategy(
        document(
            ("heading", "Ambition 1: Sundhed"),
            ("prose", "Mål 1: Kortere køer"),
            ("heading", "Ambition 2: Skole"),
            ("prose", "Mål 1: Flere lærere"),
        )
    )
    assert shape(found) == [("Sundhed", ["Kortere køer"], []), ("Skole", ["Flere lærere"], [])]


def test_running_headers_are_no_ambitions():
    header = ("heading", "Strategi for Nordby")
    found = find_strategy(
        document(
            header,
            ("heading", "Fritid"),
            ("prose", "Leg og idræt."),
            ("prose", "Løfte 1: Åbne haller"),
            header,
            ("prose", "Hallerne er åbne."),
            ("prose", "Løfte 2: Lån en bold"),
            header,
        )
    )
    assert shape(found) == [("Fritid", ["Åbne haller", "Lån en bold"], [])]


def test_foundations_end_where_the_next_chapter_begins():
    found = find_strategy(
        document(
            ("heading", "Fritid", 1),
            ("heading", "Løfte 1: Åbne haller", 2),
            ("heading", "Vores fundament", 1),
            ("heading", "Økonomi", 2),
            ("prose", "Pengene rækker."),
            ("prose", "Vi skal arbejde for:"),
            ("item", "budget i balance"),
            ("heading", "Kontakt", 1),
            ("prose", "Ring til os."),
            format="markdown",
        )
    )
    assert [(each.name, each.description, each.points) for each in found.foundations] == [
        ("Økonomi", "Pengene rækker.", ("budget i balance",))
    ]


def test_headings_without_text_are_initiatives_up_to_the_next_chapter():
    found = find_strategy(
        document(
            ("heading", "Tema 1: Fritid", 1),
            ("heading", "Løfte 1: Åbne haller", 2),
            ("prose", "Alle kan komme ind."),
            ("heading", "Det gør vi ved", 3),
            ("heading", "Digital lås", 4),
            ("heading", "Hallebro", 4),
            ("heading", "Eksempler", 2),
            ("prose", "Se kortet."),
            ("heading", "Løfte 2: Lån en bold", 2),
            ("prose", "Alle kan spille."),
            ("heading", "Tema 2: Skole", 1),
            ("prose", "Alle lærer noget."),
            ("heading", "Løfte 3: Små klasser", 2),
            format="docx",
        )
    )
    assert shape(found) == [
        ("Fritid", ["Åbne haller", "Lån en bold"], ["Digital lås", "Hallebro"]),
        ("Skole", ["Små klasser"], []),
    ]


@pytest.mark.parametrize(
    "blocks", [[("prose", "Vi drøftede sagen.")], [("heading", "1. Om planen"), ("prose", "Tekst.")]]
)
def test_where_nothing_is_found_the_error_says_what_was_looked_for(blocks: list[tuple[str, str]]):
    with pytest.raises(StrategyError, match=r'plan\.txt: ingen løfter fundet.*"#1: …".*"Løfte 1: …".*"Mål 1: …".*TOML'):
        find_strategy(document(*blocks))


def test_residue_is_passed_over():
    lines = classify(document(("residue", "Del på Facebook"), ("prose", "Løfte 1: Ro")))
    assert [line.text for line in lines] == ["Ro"]
