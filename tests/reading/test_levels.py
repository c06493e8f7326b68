"""The levels of headings that nothing marks: told from what follows them, from their numbers, from what they share."""

from __future__ import annotations

import pytest

from strategitekst.reading.text import read_text

TEXT = "Vi kommer hjem til borgeren, når der er brug for det, og det er der ofte."


def levels(plan: str) -> list[int]:
    """Read a plan in which ``>`` stands for a paragraph; a line without one stands right above the next heading."""
    lines = [line.strip() for line in plan.strip().splitlines()]
    text = "\n\n".join(line.removesuffix(">").strip() + f"\n\n{TEXT}" * line.endswith(">") for line in lines)
    blocks = [block for block in read_text(text) if block.kind == "heading"]
    assert [block.text for block in blocks] == [line.removesuffix(">").strip() for line in lines]
    return [block.level for block in blocks]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        pytest.param(
            """Sundhedsplan 2024
            Forord >
            Værdier
            Ligeværd >
            Rummelighed >
            Det vil vi med psykiatrien
            Krop og psyke >
            Det vil vi med sygehusene >""",
            [1, 2, 2, 3, 3, 2, 3, 2],
            id="a heading above a heading opens a section, and its like closes it",
        ),
        pytest.param(
            """Handleplan 2022
            Om planen >
            Spor 1
            1.1 Det, vi kender >
            1.2 Uden for åbningstid >
            Spor 2 >
            2.1 Mødet >
            Det, der bærer planen >""",
            [1, 2, 2, 3, 3, 2, 3, 2],
            id="numbers of two parts lie under counted chapters",
        ),
        pytest.param(
            """Sundhedsaftale 2024
            Del I. Rammen
            Kapitel 1. Hjem >
            Kapitel 2. Klynger >
            Del II. Mennesker
            Kapitel 3. Pårørende >""",
            [1, 2, 3, 3, 2, 3],
            id="what goes on behind another lies above it",
        ),
        pytest.param(
            """Sag om busser
            Indstilling >
            Sagsfremstilling
            1. Baggrund for sagen >
            2. Udgifter og tal >
            Høring >""",
            [1, 2, 2, 3, 3, 2],
            id="numbers inside one section",
        ),
        pytest.param(
            """Godt liv i Nordjylland
            Ambition 1: Tæt på >
            Sundhedshuse med mere i >
            En læge, man kender >
            Ambition 2: Mennesket først >
            Nærvær i mødet >
            Opfølgning >""",
            [1, 2, 3, 3, 2, 3, 2],
            id="sections between chapters are theirs",
        ),
        pytest.param(
            """Klimaplan 2025
            A. Formål >
            B. Indkøb
            B.1 Generelt >
            B.2 Engang >
            C. Affald >""",
            [1, 2, 2, 3, 3, 2],
            id="letters count as numbers do",
        ),
        pytest.param(
            """Digital retning 2025
            Vision >
            Principper >
            Princip 1. Værdi >
            Princip 2. Borgeren >
            Økonomi >""",
            [1, 2, 2, 3, 3, 2],
            id="a list named by the heading above it",
        ),
        pytest.param(
            """Grøn handleplan 2024
            1 Energi og bygninger
            1.1 Status >
            2 Indkøb >
            3 Affald >""",
            [1, 2, 3, 2, 2],
            id="numbers without a full stop",
        ),
        pytest.param(
            """Nordjylland 2026
            Forord >
            Ambition: Nær for alle >
            Løfte 1: Hænder >
            Løfte 2: Hjælp >
            Det vil vi arbejde for >
            Ventetiden ned >
            Egen læge >
            Ambition: Sundere længere >
            Løfte 3: Mødet >
            Løfte 4: Før sygdommen >
            Det vil vi arbejde for >
            De pårørende >""",
            [1, 2, 2, 3, 3, 3, 4, 4, 2, 3, 3, 3, 4],
            id="a label in front counts, and what comes again in each chapter is under it",
        ),
        pytest.param(
            """Handleplan 2025
            Indledning >
            Punkt 1-2
            Punkt 1 >
            Punkt 2 >
            Punkt 3-4 >
            Punkt 3 >
            Punkt 4 >""",
            [1, 2, 2, 3, 3, 2, 3, 3],
            id="a range of numbers is above each of them",
        ),
        pytest.param(
            """Sag om nærhospitaler
            Resumé >
            Sagsfremstilling >
            Den ældre patient >
            Teknologi i hjemmet >
            Økonomi >""",
            [1, 2, 2, 3, 3, 2],
            id="the case of a committee goes on until its frame does",
        ),
        pytest.param(
            """Sundhedspolitik 2024
            Forord >
            Tre spor >
            Sunde rammer >
            Sundhed for alle >
            Sammen om sygdom >
            Fra politik til handling >""",
            [1, 2, 2, 3, 3, 3, 2],
            id="a heading that says how many parts it has",
        ),
        pytest.param(
            """Psykiatriplan 2025
            Børn >
            Situationen >
            Mål >
            Indsatser >
            Voksne >
            Situationen >
            Mål >
            Indsatser >""",
            [1, 2, 3, 3, 3, 2, 3, 3, 3],
            id="headings that come again in the same order",
        ),
        pytest.param(
            """Aftale om deling af oplysninger
            § 1. Formål >
            § 2. Hvad der deles >
            § 3. Ophør >""",
            [1, 2, 2, 2],
            id="sections of an agreement",
        ),
    ],
)
def test_headings_without_marks_lie_within_each_other(plan: str, expected: list[int]) -> None:
    assert levels(plan) == expected


def test_the_first_line_of_many_headings_is_the_title() -> None:
    assert levels("Mennesket først >\nVision for alle >\nVærdier >\nSamarbejde >") == [1, 2, 2, 2]


def test_sections_without_a_title_are_alike() -> None:
    assert levels("Baggrund >\nAkut hjælp >\nPsykiatri >\nSamarbejde >") == [1, 1, 1, 1]


def test_a_numbered_heading_below_a_bullet_is_no_item() -> None:
    plan = f"Program 2025\n\nIndhold\n\n{TEXT}\n\n- Ti læger\n\n1. Lungen\n\n1.1 Udbredelse\n\n{TEXT}"
    headings = [(block.text, block.level) for block in read_text(plan) if block.kind == "heading"]
    assert headings == [("Program 2025", 1), ("Indhold", 2), ("1. Lungen", 2), ("1.1 Udbredelse", 3)]


def test_a_numbered_heading_goes_on_below_a_list_of_its_own() -> None:
    items = "\n".join(f"{number}. Ting {number} som vi vil gøre;" for number in (1, 2, 3))
    chapters = [f"{number}. Kapitel {number}\n\n{TEXT}" for number in (1, 2, 3, 4)]
    plan = "\n\n".join([*chapters[:3], "Vi gør:", items, chapters[3]])
    headings = [block.text for block in read_text(plan) if block.kind == "heading"]
    assert headings == ["1. Kapitel 1", "2. Kapitel 2", "3. Kapitel 3", "4. Kapitel 4"]
