from __future__ import annotations

from collections.abc import Callable

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
