"""The order in which boxes, quotations, key figures and columns are read; each test is a fault that was mended."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from strategitekst.document import Document
from strategitekst.reading import read_document
from strategitekst.reading.pdf_parts import Box, PdfLine
from strategitekst.reading.pdf_sequence import are_apart, are_rows, bands

Make = Callable[..., bytes]
Placed = tuple[float, float, str, str, float]

BODY, BOLD = "Helvetica", "Helvetica-Bold"
STEP = 12.0
WORDS = "Akut Astma Børn Demens Diabetes Epidemi Hospice Jordemødre Kommuner Kost Lighed Medicin Motion Pleje".split()  # noqa: SIM905 - reads better so


def column(texts: list[str], top: float, left: float, size: float = 10, font: str = BODY) -> list[Placed]:
    return [(left, top - STEP * place, text, font, size) for place, text in enumerate(texts)]


def running(name: str, count: int) -> list[str]:
    return [f"{name} linje {number} af en lang tekst om borgere og" for number in range(count)]


def read(make_pdf: Make, page: list[Placed]) -> Document:
    return read_document(make_pdf([page]), name="plan.pdf")


def assert_in_order(text: str, wanted: list[str]) -> None:
    places = [text.find(each) for each in wanted]
    assert -1 not in places
    assert places == sorted(places), text


def test_an_index_in_narrow_columns_is_no_table(make_pdf: Make) -> None:
    entries = [f"{word} {number + 3}, {number + 40}" for number, word in enumerate(WORDS)]
    others = [f"{word} {number + 5}, {number + 60}" for number, word in enumerate(WORDS)]
    page = [*column(entries, 760, 60), *column(others, 760, 220), (300, 30, "7", BODY, 10)]
    document = read(make_pdf, page)
    assert not [part for part in document.paragraphs if part.kind == "row"]
    assert_in_order(document.text, entries + others)


def test_short_cells_that_are_written_row_by_row_stay_a_table(make_pdf: Make) -> None:
    cells = [(f"{word} i alt", f"{number + 5} pct. i år") for number, word in enumerate(WORDS)]
    page = [
        (left, 760 - STEP * place, text, BODY, 10.0)
        for place, row in enumerate([("Område", "Andel"), *cells])
        for left, text in zip((60, 220), row, strict=True)
    ]
    rows = [part.text for part in read(make_pdf, page).paragraphs if part.kind == "row"]
    assert rows == [f"Område: {name}; Andel: {share}" for name, share in cells]


def test_key_figures_keep_the_line_below_them(make_pdf: Make) -> None:
    figures = [
        ("87 %", "af borgerne er trygge", "ved deres egen læge"),
        ("1.450", "flere behandlinger", "i hjemmet om året"),
        ("30 %", "færre indlæggelser", "inden årets udgang"),
    ]
    page = column(["Vi følger planen op med tre tal, som alle kan finde på vores hjemmeside hvert år i maj."], 780, 60)
    for left, (figure, *texts) in zip((70, 240, 410), figures, strict=True):
        page += [(left + 25, 740, figure, BOLD, 20.0), *column(texts, 722, left)]
    page += column(["Tallene bliver gjort op af regionen og af kommunerne, og de bliver drøftet i klyngerne."], 670, 60)
    assert_in_order(read(make_pdf, page).text, [text for each in figures for text in each])


def test_boxes_in_rows_are_read_row_by_row(make_pdf: Make) -> None:
    cards = {name: running(name, 7) for name in ("Første", "Anden", "Tredje", "Fjerde")}
    page: list[Placed] = []
    for place, texts in enumerate(cards.values()):
        page += column(texts, 760 - 130 * (place // 2), 60 + 260 * (place % 2))
    assert_in_order(read(make_pdf, page).text, [line for texts in cards.values() for line in texts])


def test_a_quotation_amid_columns_does_not_cut_them(make_pdf: Make) -> None:
    left, right = running("Venstre", 20), running("Højre", 20)
    narrow = [" ".join(line.split()[:5]) for line in left[8:12]]
    left[8:12] = narrow
    quote = ["»Spørg os først,", "så går det«"]
    page = [
        *column(left, 760, 60),
        *[(320 + 60 * (8 <= place < 12), 760 - STEP * place, line, BODY, 10.0) for place, line in enumerate(right)],
        (200, 760 - STEP * 9, quote[0], BODY, 18.0),
        (200, 740 - STEP * 9, quote[1], BODY, 18.0),
    ]
    assert_in_order(read(make_pdf, page).text, [*left, *right, " ".join(quote)])


def test_the_number_of_a_formula_stays_in_its_column(make_pdf: Make) -> None:
    left, right = running("Venstre", 12), running("Højre", 12)
    left[5] = "Udgift = pris gange antal"
    page = [*column(left, 760, 60), *column(right, 760, 318)]
    page.insert(6, (287, 760 - STEP * 5, "(1)", BODY, 10))
    assert_in_order(read(make_pdf, page).text, [*left[:6], "(1)", *left[6:], *right])


def test_numbers_in_front_of_headings_belong_to_their_column(make_pdf: Make) -> None:
    page: list[Placed] = []
    wanted = []
    for place, name in enumerate(("Først", "Tæt på", "Sammen", "Grønt")):
        left, top = 60 + 260 * (place % 2), 760 - 150 * (place // 2)
        texts = running(name, 7)
        page += [(left, top, str(place + 1), BODY, 14), (left + 30, top, name, BOLD, 11)]
        page += column(texts, top - 16, left + 30)
        wanted += [f"{place + 1} {name}", *texts]
    assert_in_order(read(make_pdf, page).text, wanted)


def test_a_long_word_may_stick_out_of_its_column(make_pdf: Make) -> None:
    left = [f"{word} {number + 3}" for number, word in enumerate(WORDS)]
    left[6] = "Sundhedsberedskabsplanlægning 9"
    right = [f"{word} {number + 50}" for number, word in enumerate(WORDS)]
    page = [*column(left, 760, 60), *column(right, 760, 56 + stringWidth(left[6], BODY, 10))]
    assert_in_order(read(make_pdf, page).text, left + right)


def test_a_narrow_paragraph_goes_on_where_the_next_word_had_no_room(make_pdf: Make) -> None:
    intro = ["Teknologi skal frigive", "tid til omsorg i", "regionens", "sundhedsvæsen og give", "tryghed."]
    page = [*column(intro, 760, 60, size=12), *column(running("Højre", 20), 760, 240)]
    assert " ".join(intro) in [part.text for part in read(make_pdf, page).paragraphs]


@pytest.mark.parametrize(
    ("initial", "rest", "start"), [("D", "et nære", "Det nære"), ("I", "dag har vi", "I dag har vi")]
)
def test_a_large_first_letter_is_part_of_its_word(make_pdf: Make, initial: str, rest: str, start: str) -> None:
    texts = [f"{rest} sundhedsvæsen, som alle i kommunen kan", "komme til, og vi åbner tolv huse i de", "kommende år."]
    left = 63 + stringWidth(initial, BODY, 40)
    page = [(60, 742, initial, BODY, 40), *column(texts[:2], 758, left), *column(texts[2:], 734, 60)]
    assert [part.text for part in read(make_pdf, page).paragraphs] == [
        " ".join([start + texts[0][len(rest) :], *texts[1:]])
    ]


@pytest.mark.parametrize("narrower", [0.0, 1.0])
def test_a_table_with_a_coloured_head_is_whole(narrower: float) -> None:
    buffer = BytesIO()
    drawing = canvas.Canvas(buffer, pagesize=(595, 842))
    drawing.setFillGray(0.8)
    drawing.rect(60, 700, 478 - narrower, 20, stroke=0, fill=1)
    drawing.setFillGray(0)
    drawing.setFont(BODY, 9)
    rows = [("Mål", "Indsats", "Frist")]
    rows += [
        (f"Mål {number} for alle", f"Vi åbner hus {number} i en by nær dig", str(2026 + number)) for number in range(4)
    ]
    for place, row in enumerate(rows):
        top = 707.0 if place == 0 else 690.0 - 70.0 * (place - 1)
        for left, text in zip((64, 190, 480), row, strict=True):
            drawing.drawString(left, top, text)
        if place:
            for number in range(1, 4):
                drawing.drawString(190, top - 12 * number, f"og det gør vi {number} gange om året,")
            drawing.line(60, top - 48, 538, top - 48)
    drawing.save()
    found = [part.text for part in read_document(buffer.getvalue(), name="plan.pdf").paragraphs if part.kind == "row"]
    assert [text.split("; ")[0] for text in found] == [f"Mål: {row[0]}" for row in rows[1:]]
    assert [text.split("; ")[-1] for text in found] == [f"Frist: {row[2]}" for row in rows[1:]]


def at(text: str, left: float, row: int, place: int) -> PdfLine:
    bottom = 700 - STEP * row
    return PdfLine(text, Box(left, bottom - 2, left + 80, bottom + 8), 10, False, 1, place=place)


def test_what_the_order_of_the_file_tells() -> None:
    left = [at("Akut hjælp", 60, row, row) for row in range(6)]
    right = [at("Sund kost", 200, row, 6 + row) for row in range(6)]
    assert are_apart(left, right)
    assert not are_rows(left, right)
    left = [at("Akut hjælp", 60, row, 2 * row) for row in range(6)]
    right = [at("Sund kost", 200, row, 2 * row + 1) for row in range(6)]
    assert not are_apart(left, right)
    assert are_rows(left, right)
    assert not are_apart([at("12", 60, row, row) for row in range(6)], [at("7", 200, row, 6 + row) for row in range(6)])


def test_columns_are_no_rows_of_boxes() -> None:
    left = [at("Akut hjælp", 60, row, place) for place, row in enumerate((0, 1, 2, 4, 5, 6))]
    right = [at("Sund kost", 200, row, 6 + place) for place, row in enumerate((0, 1, 2, 4, 5, 6))]
    page = sorted([*left, *right], key=lambda line: -line.box.middle)
    assert bands(page) == [page]
