from __future__ import annotations

from collections.abc import Callable

from strategitekst.document import Document

Read = Callable[[str], Document]


def seen(document: Document) -> list[tuple[str, str]]:
    return [(paragraph.kind, paragraph.text) for paragraph in document.paragraphs]


def test_blocks_of_markdown(read: Read) -> None:
    document = read(
        "---\ntitel: Plan\n---\n# Plan\n\nEn linje\nog en til med **fed** [link](https://x.dk).\n\n"
        "1. Første\n   går videre\n2. Anden\n   - under\n\n> Citat.\n\n## Akut\n\n1. oktober åbner vi.\n"
    )
    assert document.format == "markdown"
    assert seen(document) == [
        ("prose", "En linje og en til med fed link."),
        ("item", "Første går videre"),
        ("item", "Anden"),
        ("item", "under"),
        ("prose", "Citat."),
        ("prose", "1. oktober åbner vi."),
    ]
    assert document.paragraphs[-1].heading == ("Plan", "Akut")


def test_a_row_of_a_table_names_its_columns(read: Read) -> None:
    document = read(
        "# Plan\n\n| Indsats | Ansvarlig | Frist |\n|---|:-:|--:|\n| Ny akutbil | Akut | 2025 |\n| Kursus | | Q2 |\n"
    )
    assert seen(document) == [
        ("row", "Indsats: Ny akutbil; Ansvarlig: Akut; Frist: 2025"),
        ("row", "Indsats: Kursus; Frist: Q2"),
    ]


def test_bold_lines_are_headings_below_the_marked_ones(read: Read) -> None:
    document = read("# Plan\n\n**Akut hjælp**\n\nVi kommer.\n\n## Busser\n\nDe kører.\n")
    assert [paragraph.heading for paragraph in document.paragraphs] == [("Plan", "Akut hjælp"), ("Plan", "Busser")]


def test_bullets_that_markdown_does_not_know(read: Read) -> None:
    assert seen(read("# Plan\n\n• en ting\n• to ting\n")) == [("item", "en ting"), ("item", "to ting")]


def test_an_indent_is_no_code(read: Read) -> None:
    assert seen(read("# Plan\n\n    Indrykket tekst om noget.\n")) == [("prose", "Indrykket tekst om noget.")]


def test_notes_stand_behind_their_paragraph(read: Read) -> None:
    assert seen(read("# Plan\n\nVi kommer.[^a] Altid.\n\nSå er det slut.\n\n[^a]: En note\n    over to linjer.\n")) == [
        ("prose", "Vi kommer. Altid."),
        ("prose", "En note over to linjer."),
        ("prose", "Så er det slut."),
    ]


def test_ruled_tables_are_rows(read: Read) -> None:
    simple = "  Indsats   Frist\n  --------- ------\n  Ny bil    2025\n  Kursus    2026\n"
    framed = "+---------+-------+\n| Indsats | Frist |\n+=========+=======+\n| Ny bil  | 2025  |\n+---------+-------+\n"
    rows = [("row", "Indsats: Ny bil; Frist: 2025")]
    assert seen(read(f"# Plan\n\n{simple}")) == [*rows, ("row", "Indsats: Kursus; Frist: 2026")]
    assert seen(read(f"# Plan\n\n{framed}")) == rows


def test_items_stand_under_their_lead_in_and_each_other(read: Read) -> None:
    document = read("# Plan\n\nVi vil:\n\n- købe\n  - biler\n- sælge\n")
    assert [paragraph.lead_in for paragraph in document.paragraphs] == ["", "Vi vil:", "købe", "Vi vil:"]
