from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from strategitekst.document import Document
from strategitekst.errors import CorruptFile, EncryptedFile, NoTextLayer
from strategitekst.reading import read_document

Make = Callable[..., bytes]
Placed = tuple[float, float, str, str, float]

BODY, BOLD = "Helvetica", "Helvetica-Bold"


def lines(texts: list[str], top: float, left: float = 60, font: str = BODY, size: float = 11) -> list[Placed]:
    return [(left, top - 14 * place, text, font, size) for place, text in enumerate(texts)]


def frame(number: int, count: int) -> list[Placed]:
    return [(60, 815, "Plan for alle borgere", BODY, 8), (500, 25, f"Side {number} af {count}", BODY, 8)]


def seen(document: Document) -> list[tuple[str, str, int | None]]:
    return [(paragraph.kind, paragraph.text, paragraph.page) for paragraph in document.paragraphs]


def test_a_document_of_two_pages(make_pdf: Make) -> None:
    first = [
        *frame(1, 2),
        (60, 760, "Plan for hele", BOLD, 22),
        (60, 734, "regionen", BOLD, 22),
        (60, 690, "Akut hjælp", BOLD, 15),
        *lines(["Vi vil ansætte nye læger i alle byer, så borgerne kan få sund-", "hed tæt på, hvor de bor."], 660),
        *lines(["Det andet afsnit handler om noget helt andet end det første, og"], 620),
    ]
    second = [
        *frame(2, 2),
        *lines(["det går videre på den næste side."], 770),
        (60, 740, "Sådan gør vi", BOLD, 11),
        (66, 720, "•", BODY, 11),
        *lines(["Vi køber to biler, som kan køre på strøm, og som skal", "holde i Nakskov."], 720, left=84),
        (66, 692, "•", BODY, 11),
        *lines(["Vi bygger et hus."], 692, left=84),
        *lines(["Til sidst følger vi op hvert år."], 660),
    ]
    document = read_document(make_pdf([first, second]), name="plan.pdf")
    assert (document.format, document.pages) == ("pdf", 2)
    assert seen(document) == [
        ("prose", "Vi vil ansætte nye læger i alle byer, så borgerne kan få sundhed tæt på, hvor de bor.", 1),
        (
            "prose",
            "Det andet afsnit handler om noget helt andet end det første, og det går videre på den næste side.",
            1,
        ),
        ("item", "Vi køber to biler, som kan køre på strøm, og som skal holde i Nakskov.", 2),
        ("item", "Vi bygger et hus.", 2),
        ("prose", "Til sidst følger vi op hvert år.", 2),
    ]
    assert document.paragraphs[0].heading == ("Plan for hele regionen", "Akut hjælp")
    assert document.paragraphs[2].heading == ("Plan for hele regionen", "Akut hjælp", "Sådan gør vi")


def test_columns_are_read_one_after_the_other(make_pdf: Make) -> None:
    left = [f"Linje {number} til venstre har disse ord her." for number in range(12)]
    right = [f"Linje {number} til højre har disse andre ord." for number in range(12)]
    page = [
        (60, 780, "En overskrift, der går over begge spalter", BOLD, 18),
        *lines(left, 740),
        *lines(right, 740, left=320),
    ]
    text = read_document(make_pdf([page]), name="plan.pdf").text
    places = [text.index(line) for line in left + right]
    assert places == sorted(places)
    assert text.startswith("En overskrift, der går over begge spalter\n\n")


def test_text_at_the_top_of_every_page_stays_where_it_is_part_of_the_text(make_pdf: Make) -> None:
    body = [f"Linje {number} af teksten siger noget nyt om planen." for number in range(6)]
    pages = [lines(["Hver side begynder med den samme linje her i planen.", *body], 770) for _ in range(3)]
    document = read_document(make_pdf(pages), name="plan.pdf")
    assert sum("Hver side begynder" in paragraph.text for paragraph in document.paragraphs) == 3


def test_what_cannot_be_read(make_pdf: Make) -> None:
    with pytest.raises(NoTextLayer):
        read_document(make_pdf([[], []]), name="scan.pdf")
    with pytest.raises(EncryptedFile):
        read_document(make_pdf([lines(["Hej."], 700)], password="hemmelig"), name="laast.pdf")  # noqa: S106
    with pytest.raises(CorruptFile):
        read_document(make_pdf([lines(["Hej."], 700)])[:200], name="halv.pdf")


SENTENCES = [
    "Regionen åbner to nye klinikker i Nakskov og Kalundborg, så borgerne får kortere vej til en læge.",
    "Når en patient udskrives, skal den praktiserende læge have besked samme dag.",
    "Det kræver, at sygehusene og kommunerne bruger de samme skemaer og taler det samme sprog.",
    "I 2026 skal ni ud af ti ambulancer være fremme inden for et kvarter, også i yderområderne.",
    "Medarbejderne har peget på, at vagtplanerne bør ligge fast mindst fire uger frem.",
    "Vi vil følge indsatsen tæt og fortælle åbent om det, der ikke lykkes.",
    "Ordningen med fælles indkøb har sparet otte millioner kroner, og pengene går til behandling.",
]
HEADER = ["Indsats", "Ansvarlig", "Frist"]


def paragraph(number: int) -> str:
    return f"Afsnit {number}. " + " ".join(SENTENCES[(number * 3 + place) % 7] for place in range(2 + number % 3))


def rows(count: int) -> list[list[str]]:
    return [
        [f"{SENTENCES[number % 7][:-1]}, trin {number}", "Sundhed og drift", f"Juni {2024 + number % 4}"]
        for number in range(count)
    ]


def as_text(row: list[str]) -> str:
    return "; ".join(f"{name}: {cell}" for name, cell in zip(HEADER, row, strict=True))


@pytest.fixture
def make_story() -> Callable[..., bytes]:
    """Set paragraphs, items and tables over pages with running heads, as a program does."""
    platypus = pytest.importorskip("reportlab.platypus", reason="reportlab, a development dependency, sets the pages")
    from reportlab.lib.styles import ParagraphStyle

    def make(story: list[tuple[str, object]], columns: int = 1, rules: list[tuple[object, ...]] | None = None) -> bytes:
        body = ParagraphStyle("body", fontName=BODY, fontSize=10, leading=13, spaceAfter=6)
        styles = {
            "h1": ParagraphStyle("h1", body, fontName=BOLD, fontSize=20, leading=24),
            "h2": ParagraphStyle("h2", body, fontName=BOLD, fontSize=14, leading=17, spaceBefore=8),
            "item": ParagraphStyle("item", body, leftIndent=18, bulletIndent=6),
        }
        width = (595 - 120 - 24 * (columns - 1)) / columns
        flow = []
        for kind, content in story:
            if kind == "table":
                cells = [[platypus.Paragraph(cell, body) for cell in row] for row in [HEADER, *content]]  # type: ignore[attr-defined]
                cells[0] = [platypus.Paragraph(f"<b>{cell}</b>", body) for cell in HEADER]
                style = [("VALIGN", (0, 0), (-1, -1), "TOP"), *(rules or [])]
                shares = [width * 0.5, width * 0.28, width * 0.22]
                flow.append(platypus.Table(cells, colWidths=shares, repeatRows=1, style=style))
            else:
                mark = {"bulletText": "•"} if kind == "item" else {}
                flow.append(platypus.Paragraph(str(content), styles.get(kind, body), **mark))

        def frame_page(canvas: Any, template: Any) -> None:
            canvas.setFont(BODY, 8)
            canvas.drawString(60, 815, "Plan for alle borgere")
            canvas.drawRightString(535, 25, f"Side {canvas.getPageNumber()}")

        frames = [
            platypus.Frame(60 + place * (width + 24), 50, width, 740, leftPadding=0, rightPadding=0)
            for place in range(columns)
        ]
        buffer = BytesIO()
        document = platypus.BaseDocTemplate(buffer, pagesize=(595, 842))
        document.addPageTemplates([platypus.PageTemplate("page", frames, onPage=frame_page)])
        document.build(flow)
        return buffer.getvalue()

    return make


@pytest.mark.parametrize("columns", [1, 2])
def test_paragraphs_headings_and_items_come_back_from_set_pages(make_story: Make, columns: int) -> None:
    story = [("h1", "Plan for sundhed 2024-2027")]
    for number in range(30):
        if number % 6 == 0:
            story.append(("h2", f"{number // 6 + 1}. Kapitel om emne {number}"))
        story.append(("item" if number % 5 == 4 else "prose", paragraph(number)))
    document = read_document(make_story(story, columns), name="plan.pdf")
    assert (document.pages or 0) > 1
    assert [(part.kind, part.text) for part in document.paragraphs] == [part for part in story if part[0][0] != "h"]
    assert {part.heading for part in document.paragraphs} == {
        ("Plan for sundhed 2024-2027", text) for kind, text in story if kind == "h2"
    }


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize(
    "rules",
    [
        [("GRID", (0, 0), (-1, -1), 0.5, "black")],
        [("LINEBELOW", (0, 0), (-1, -1), 0.5, "grey")],
        [("ROWBACKGROUNDS", (0, 0), (-1, -1), ["white", "lightgrey"])],
    ],
)
def test_tables_become_rows_with_the_names_of_their_columns(
    make_story: Make, columns: int, rules: list[tuple[object, ...]]
) -> None:
    table = rows(24)
    story = [("h2", "Indsatser"), ("prose", paragraph(1)), ("table", table), ("prose", paragraph(2))]
    document = read_document(make_story(story, columns, rules), name="plan.pdf")
    assert [part.text for part in document.paragraphs if part.kind == "row"] == [as_text(row) for row in table]
    assert [part.text for part in document.paragraphs if part.kind == "prose"] == [paragraph(1), paragraph(2)]


def test_a_table_without_rules_is_told_by_its_columns(make_story: Make) -> None:
    table = rows(5)
    document = read_document(make_story([("prose", paragraph(1)), ("table", table)]), name="plan.pdf")
    assert [part.text for part in document.paragraphs if part.kind == "row"] == [as_text(row) for row in table]


def test_notes_and_captions_stand_apart_and_contents_are_no_paragraphs(make_pdf: Make) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    end = 60 + stringWidth("gælder i fire år, hvis ikke den bliver ændret", BODY, 11)
    first = [
        (60, 770, "Indhold", BOLD, 14),
        *lines(["Forord ............................ 2", "Akut hjælp ........................ 3"], 740),
        *lines(["Planen er vedtaget i byrådet, og den", "gælder i fire år, hvis ikke den bliver ændret"], 700),
        (end, 690, "1", BODY, 6),
        *lines(["1 Se bilag 2 om lovens krav til planer."], 60, size=8),
    ]
    second = [
        *lines(["af et flertal, som byrådet selv finder."], 770),
        *lines(["Figur 1: Ventetid i dage"], 730, size=9),
        *lines(["Efter figuren går teksten videre med noget nyt."], 700),
    ]
    document = read_document(make_pdf([first, second]), name="plan.pdf")
    texts = {part.text: part.kind for part in document.paragraphs}
    assert texts["Se bilag 2 om lovens krav til planer."] == "residue"
    assert texts["Figur 1: Ventetid i dage"] == "residue"
    assert texts["Forord ............................ 2"] == "residue"
    assert [text for text, kind in texts.items() if kind == "prose"] == [
        "Planen er vedtaget i byrådet, og den gælder i fire år, hvis ikke den bliver ændret af et flertal, "
        "som byrådet selv finder.",
        "Efter figuren går teksten videre med noget nyt.",
    ]


def test_a_side_note_does_not_cut_the_text_beside_it(make_pdf: Make) -> None:
    main = [f"Linje {number} af teksten går videre i den næste, og den er lang nok," for number in range(10)]
    side = ["En note i margen", "som fortæller om", "noget ved siden af"]
    page = [*lines(main, 760), *lines(side, 732, left=430, size=9)]
    texts = [part.text for part in read_document(make_pdf([page]), name="plan.pdf").paragraphs]
    assert " ".join(main) in texts
    assert " ".join(side) in texts


def test_a_bullet_may_be_drawn_or_stand_out_of_order(make_pdf: Make) -> None:
    page = [
        *lines(["Regionen vil i de kommende år gøre følgende:"], 780),
        *lines(["Vi køber to biler."], 760, left=80),
        *lines(["Vi bygger et hus, som alle kan komme ind i, og som", "står færdigt i 2027."], 742, left=80),
        (66, 760, "•", BODY, 11),
        (66, 742, "•", BODY, 11),
    ]
    items = [part.text for part in read_document(make_pdf([page]), name="plan.pdf").paragraphs if part.kind == "item"]
    assert items == [
        "Vi køber to biler.",
        "Vi bygger et hus, som alle kan komme ind i, og som står færdigt i 2027.",
    ]


def test_the_outline_tells_headings_that_look_like_text(make_pdf: Make) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2")
    from reportlab.pdfgen import canvas

    buffer = BytesIO()
    drawing = canvas.Canvas(buffer, pagesize=(595, 842))
    drawing.setFont(BODY, 11)
    for place, text in enumerate(["Akut hjælp", "Vi kommer hurtigt.", "Psykiatri", "Vi lytter først."]):
        if place % 2 == 0:
            drawing.bookmarkPage(text)
            drawing.addOutlineEntry(text, text, level=0)
        drawing.drawString(60, 760 - 40 * place, text)
    drawing.save()
    assert len(list(pypdfium2.PdfDocument(buffer.getvalue()).get_toc())) == 2
    document = read_document(buffer.getvalue(), name="plan.pdf")
    assert [(part.heading, part.text) for part in document.paragraphs] == [
        (("Akut hjælp",), "Vi kommer hurtigt."),
        (("Psykiatri",), "Vi lytter først."),
    ]


def test_a_page_on_its_side_is_read_upright() -> None:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab, a development dependency, draws it")
    buffer = BytesIO()
    drawing = canvas.Canvas(buffer, pagesize=(595, 842))
    drawing.rotate(90)
    drawing.setFont(BODY, 11)
    for place, text in enumerate(["Den første linje går videre i den", "anden, og så er der ikke mere."]):
        drawing.drawString(60, -200 - 14 * place, text)
    drawing.save()
    document = read_document(buffer.getvalue(), name="plan.pdf")
    assert [part.text for part in document.paragraphs] == [
        "Den første linje går videre i den anden, og så er der ikke mere."
    ]


def test_letters_turned_over_twice_are_read_upright() -> None:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab, a development dependency, draws it")
    buffer = BytesIO()
    drawing = canvas.Canvas(buffer, pagesize=(595, 842))
    for place, text in enumerate(["Den første linje går videre i den", "anden, og så er der ikke mere."]):
        line = drawing.beginText()
        line.setFont(BODY, -11)
        line.setTextTransform(-1, 0, 0, -1, 60, 700 - 14 * place)
        line.textOut(text)
        drawing.drawText(line)
    drawing.save()
    document = read_document(buffer.getvalue(), name="plan.pdf")
    assert [part.text for part in document.paragraphs] == [
        "Den første linje går videre i den anden, og så er der ikke mere."
    ]


def test_numbers_of_lines_in_the_margin_are_no_text(make_pdf: Make) -> None:
    text = [f"Vi kommer hjem til borgeren i kommune nummer {number} og hjælper med det" for number in range(20)]
    numbers = [placed for place in range(20) for placed in lines([str(place + 1)], 750 - 20 * place, left=30)]
    placed = [each for place, line in enumerate(text) for each in lines([line], 750 - 20 * place)]
    found = read_document(make_pdf([[*numbers, *placed]]), name="plan.pdf")
    assert " ".join(paragraph.text for paragraph in found.paragraphs) == " ".join(text)


def test_numbers_of_rows_stay_in_their_table(make_pdf: Make) -> None:
    rows = [["Nr.", "Indsats", "Frist"], *([str(row), f"Ny akutbil til kreds {row}", "2026"] for row in range(1, 11))]
    placed = [
        each
        for place, row in enumerate(rows)
        for cell, left in zip(row, (60, 120, 400), strict=True)
        for each in lines([cell], 700 - 20 * place, left=left)
    ]
    found = read_document(make_pdf([placed]), name="plan.pdf")
    assert found.paragraphs[2].text == "Nr.: 3; Indsats: Ny akutbil til kreds 3; Frist: 2026"


def test_a_page_that_starts_below_zero_may_have_rules() -> None:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab, a development dependency, draws it")
    buffer = BytesIO()
    page = canvas.Canvas(buffer, pagesize=(595, 842))
    page.setFont(BODY, 11)
    for row, texts in enumerate([["Indsats", "Frist"], ["Ny akutbil i Thisted", "2026"], ["Flere jordemødre", "2027"]]):
        for column, text in enumerate(texts):
            page.drawString(-540 + 250 * column, -100 - 20 * row, text)
    page.grid([-545, -295, -150], [-85, -105, -125, -145])
    page.save()
    document = read_document(buffer.getvalue().replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [-600 -850 0 0]"))
    assert [paragraph.kind for paragraph in document.paragraphs] == ["row", "row"]
    assert document.paragraphs[0].text == "Indsats: Ny akutbil i Thisted; Frist: 2026"


def test_scans_are_named_with_their_pages(make_pdf: Make) -> None:
    with pytest.raises(NoTextLayer, match=r"side 1-3\b"):
        read_document(make_pdf([[], [], []]), name="scan.pdf")


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("tagged", [True, False])
def test_pages_printed_by_chromium_come_back(tmp_path: Path, tagged: bool) -> None:
    table = rows(6)
    body = "".join(f"<h2>Kapitel {number}</h2><p>{paragraph(number)}</p>" for number in range(8))
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table)
    names = "".join(f"<th>{name}</th>" for name in HEADER)
    style = "body{font:11pt serif;hyphens:auto} td,th{border:1px solid;text-align:left} @page{size:A4;margin:20mm}"
    source = tmp_path / "plan.html"
    source.write_text(
        f'<html lang="da"><meta charset="utf-8"><style>{style}</style><h1>Plan for sundhed</h1>{body}'
        f"<ul><li>{SENTENCES[0]}</li><li>{SENTENCES[1]}</li></ul><table><tr>{names}</tr>{cells}</table></html>",
        encoding="utf-8",
    )
    target = tmp_path / "plan.pdf"
    flags = [] if tagged else ["--disable-pdf-tagging"]
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", *flags]
    subprocess.run([*command, f"--print-to-pdf={target}", str(source)], check=True, capture_output=True, timeout=120)
    document = read_document(target)
    expected = [("prose", paragraph(number)) for number in range(8)]
    expected += [("item", SENTENCES[0]), ("item", SENTENCES[1]), *(("row", as_text(row)) for row in table)]
    assert [(part.kind, part.text) for part in document.paragraphs] == expected
    assert document.paragraphs[3].heading == ("Plan for sundhed", "Kapitel 3")
