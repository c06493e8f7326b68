"""What narrow columns do to tables, items and words of a PDF; each test is a fault that was mended."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.pdfbase.pdfmetrics import stringWidth

from strategitekst.document import Document
from strategitekst.reading import read_document
from strategitekst.reading.pdf_aligned import aligned_tables
from strategitekst.reading.pdf_parts import Box, PdfLine
from strategitekst.reading.pdf_rows import row_bounds, row_starts

Make = Callable[..., bytes]
Placed = tuple[float, float, str, str, float]

BODY, BOLD = "Helvetica", "Helvetica-Bold"
STEP = 12.0


def column(texts: list[str], top: float, left: float, size: float = 10) -> list[Placed]:
    """Place lines below each other; empty ones leave their place free."""
    return [(left, top - STEP * place, text, BODY, size) for place, text in enumerate(texts) if text]


def table(rows: list[tuple[str, ...]], top: float, lefts: list[float]) -> list[Placed]:
    return [
        (left, top - STEP * place, text, BODY, 10)
        for place, row in enumerate(rows)
        for left, text in zip(lefts, row, strict=True)
        if text
    ]


def text_of(number: int) -> list[str]:
    """Lines of running text, as wide as a column."""
    return [f"linje {number}.{place} af en lang tekst om borgere og" for place in range(10)]


def rows(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.kind == "row"]


def line(text: str, left: float, right: float, place: int, *, bold: bool = False) -> PdfLine:
    bottom = 700 - STEP * place
    return PdfLine(text, Box(left, bottom - 2, right, bottom + 8), 10, bold, 1)


def test_rows_without_space_between_part_where_the_next_word_had_room(make_pdf: Make) -> None:
    lines = [
        ("Indsats", "Ansvarlig", "Frist"),
        ("Leverandør. Nogle", "Koncern", "3. kvar-"),
        ("gange er der", "HR", "tal 2028"),
        ("I dem. Vi skal blive", "Regional", "1. kvar-"),
        ("bedre til at se", "Udvikling", "tal 2028"),
        ("Kort", "Akut", "2027"),
        ("Og børn", "Koncern", "4. kvar-"),
        ("", "HR", "tal 2024"),
    ]
    document = read_document(make_pdf([table(lines, 760, [60, 180, 260])]), name="plan.pdf")
    assert rows(document) == [
        "Indsats: Leverandør. Nogle gange er der; Ansvarlig: Koncern HR; Frist: 3. kvartal 2028",
        "Indsats: I dem. Vi skal blive bedre til at se; Ansvarlig: Regional Udvikling; Frist: 1. kvartal 2028",
        "Indsats: Kort; Ansvarlig: Akut; Frist: 2027",
        "Indsats: Og børn; Ansvarlig: Koncern HR; Frist: 4. kvartal 2024",
    ]


def test_a_line_goes_on_with_its_cell_where_its_first_word_had_no_room() -> None:
    first = [line("Vi bygger et hus", 60, 140, 0), line("som alle kan bruge", 60, 142, 1)]
    second = [line("Regional", 180, 220, 0), line("Udvikling", 180, 222, 1)]
    assert row_starts([first, second]) == []
    third = line("Kort", 60, 80, 2), line("Akut", 180, 200, 2)
    assert row_starts([[*first, third[0]], [*second, third[1]]]) == [third[0].box.top]


def test_lines_that_overlap_are_no_table() -> None:
    lines = [line("Over", 60, 100, 0), line("Først", 60, 120, 1), line("Oveni", 90, 130, 1), line("Under", 60, 90, 2)]
    assert aligned_tables(lines, []) == []


def test_one_rule_parts_the_names_of_columns_from_the_rows() -> None:
    names, shares = [line("Mål", 60, 80, 1)], [line("Måltal", 200, 230, 0), line("2027", 200, 222, 1)]
    body = [line(f"Ny indsats {place}", 60, 120, place) for place in (3, 5)]
    numbers = [line(f"{place} pct.", 200, 225, place) for place in (3, 5)]
    rule = Box(58, 676, 300, 676)
    bounds, _ = row_bounds([[*names, *body], [*shares, *numbers]], Box(60, 600, 230, 710), [rule])
    assert len(bounds) == 2
    assert bounds[0] == 676


def test_a_table_that_the_end_of_a_column_cuts_keeps_its_names(make_pdf: Make) -> None:
    lefts = [60.0, 160.0, 220.0]
    page = [
        *column(text_of(1), 760, 60),
        *column(text_of(2), 630, 60),
        *table([("Indsats", "Ansvarlig", "Frist")], 500, lefts),
        *table(
            [
                ("Ny akutbil i byen", "Akut", "2026"),
                ("To læger", "Koncern", "2027"),
                ("Et hus", "Region", "2028"),
            ],
            760,
            [left + 250 for left in lefts],
        ),
        *column(text_of(3), 700, 310),
        *column(text_of(4), 570, 310),
    ]
    document = read_document(make_pdf([page]), name="plan.pdf")
    assert rows(document) == [
        "Indsats: Ny akutbil i byen; Ansvarlig: Akut; Frist: 2026",
        "Indsats: To læger; Ansvarlig: Koncern; Frist: 2027",
        "Indsats: Et hus; Ansvarlig: Region; Frist: 2028",
    ]


def test_text_behind_a_table_in_the_next_column_is_a_new_paragraph(make_pdf: Make) -> None:
    page = [
        *column(
            ["Planen blev vedtaget af et flertal i det nye byråd,", "som også gav den penge i et stort forlig i år."],
            760,
            60,
        ),
        *column(text_of(1), 700, 60),
        *table([("Indsats", "Frist", "År"), ("Ny bil", "Maj", "2026"), ("Hus", "Juni", "2027")], 560, [60, 160, 220]),
        *column(["Et helt nyt afsnit begynder i den anden spalte,", "og det handler om noget andet."], 760, 310),
        *column(text_of(2), 700, 310),
        *column(text_of(3), 570, 310),
    ]
    texts = [paragraph.text for paragraph in read_document(make_pdf([page]), name="plan.pdf").paragraphs]
    assert any(text.startswith("Et helt nyt afsnit") for text in texts)


def test_words_placed_one_by_one_part_where_the_gap_is_far_wider(make_pdf: Make) -> None:
    page = []
    for place, cells in enumerate(
        [("Indsats", "Frist"), ("Ny akut bil", "1. maj 2026"), ("Et stort hus", "2. juni 2027")]
    ):
        left = 60.0
        for number, cell in enumerate(cells):
            left = 60.0 if number == 0 else 120.0
            for word in cell.split():
                page.append((left, 760 - STEP * place, word, BODY, 10.0))
                left += stringWidth(word, BODY, 10) + 2.8
    document = read_document(make_pdf([page]), name="plan.pdf")
    assert rows(document) == ["Indsats: Ny akut bil; Frist: 1. maj 2026", "Indsats: Et stort hus; Frist: 2. juni 2027"]


def test_a_hyphen_that_was_drawn_by_itself_belongs_to_its_word(make_pdf: Make) -> None:
    start = "Regionen vil give alle borgere mere sund"
    end = 60 + stringWidth(start, BODY, 10)
    page = [(60, 760, start, BODY, 10), (end + 0.6, 760, "-", BODY, 10), (60, 748, "hed, hvor de bor.", BODY, 10)]
    document = read_document(make_pdf([page]), name="plan.pdf")
    assert document.paragraphs[0].text == "Regionen vil give alle borgere mere sundhed, hvor de bor."


def test_the_next_number_of_a_list_is_an_item_though_the_line_above_is_full(make_pdf: Make) -> None:
    lines = [
        "Rækkefølgen er denne:",
        "1. Direkte. Borgere og virksomheder kan søge og",
        "2. Klimasekretariatet hjælper til med det hele i",
        "3. Halvår lægges om",
    ]
    document = read_document(make_pdf([column(lines, 760, 60)]), name="plan.pdf")
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.kind == "item"] == [
        "Direkte. Borgere og virksomheder kan søge og",
        "Klimasekretariatet hjælper til med det hele i",
        "Halvår lægges om",
    ]


def test_a_note_as_large_as_the_text_is_a_note_where_both_numbers_are_raised(make_pdf: Make) -> None:
    end = 60 + stringWidth("Planen er vedtaget i byrådet.", BODY, 10)
    page = [
        (60, 760, "Planen er vedtaget i byrådet.", BODY, 10),
        (end, 764, "1", BODY, 6),
        *column(text_of(1), 730, 60),
        (60, 94, "1", BODY, 6),
        (66, 90, "Se bilag 2 om lovens krav.", BODY, 10),
    ]
    found = {paragraph.text: paragraph.kind for paragraph in read_document(make_pdf([page]), name="p.pdf").paragraphs}
    assert found["Se bilag 2 om lovens krav."] == "residue"
    assert "Planen er vedtaget i byrådet." in found


def test_a_line_that_announces_a_list_is_no_running_head(make_pdf: Make) -> None:
    things = ["bil", "hus", "klinik", "læge"]
    pages = [
        [
            (60, 770, "Rækkefølgen er denne:", BODY, 10),
            *column([f"1. Først en {thing}, som alle kan se", f"2. Så en {thing} mere til de andre"], 740, 60),
            *column([*text_of(number), "så er det slut."], 680, 60),
        ]
        for number, thing in enumerate(things)
    ]
    texts = [paragraph.text for paragraph in read_document(make_pdf(pages), name="plan.pdf").paragraphs]
    assert texts.count("Rækkefølgen er denne:") == 4
