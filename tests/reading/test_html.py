from __future__ import annotations

from collections.abc import Callable

from strategitekst.document import Document

Read = Callable[[str], Document]

SENTENCE = "Vi vil ansætte nye læger i alle byer, så borgerne kan få hjælp tæt på, hvor de bor og arbejder hver dag."


def page(main: str) -> str:
    return (
        "<!DOCTYPE html><html lang=da><head><title>Plan</title><script>var hemmelig = 1;</script></head><body>"
        "<header><a href=#>Gå til indhold</a><nav><ul><li>Forside</li><li>Om os</li></ul></nav></header>"
        f"<main>{main}</main><footer>Storgade 15</footer></body></html>"
    )


def test_headings_lists_and_tables_of_a_page(read: Read) -> None:
    document = read(
        page(
            f"<h1>Plan 2024</h1><p>{SENTENCE}</p><h2>Akut</h2><p>{SENTENCE} <b>Også</b> om natten.</p>"
            "<ul><li>To biler<ul><li>i Nakskov</li></ul></li><li>En båd</li></ul>"
            "<table><tr><th>Indsats</th><th>Frist</th></tr><tr><td>Ny bil</td><td>2025</td></tr></table>"
        )
    )
    assert [(paragraph.kind, paragraph.text) for paragraph in document.paragraphs] == [
        ("prose", SENTENCE),
        ("prose", f"{SENTENCE} Også om natten."),
        ("item", "To biler"),
        ("item", "i Nakskov"),
        ("item", "En båd"),
        ("row", "Indsats: Ny bil; Frist: 2025"),
    ]
    assert document.paragraphs[-1].heading == ("Plan 2024", "Akut")


def test_a_page_that_the_extraction_keeps_little_of_is_read_as_it_stands(read: Read) -> None:
    boxes = "".join(f"<div class=comment><span>{SENTENCE} Nummer {number}.</span></div>" for number in range(8))
    document = read(page(f"<h1>Plan</h1>{boxes}"))
    assert [paragraph.text[-9:] for paragraph in document.paragraphs] == [
        f"Nummer {number}."[-9:] for number in range(8)
    ]


def test_deep_nesting_is_no_error(read: Read) -> None:
    assert (
        read("<html><body>" + "<div>" * 3000 + SENTENCE + "</div>" * 3000 + "</body></html>").paragraphs[0].text
        == SENTENCE
    )


def test_line_breaks_in_an_address(read: Read) -> None:
    document = read(page(f"<h1>Plan</h1><p>{SENTENCE}</p><p>Storgade 15<br>4180 Byen<br>Tlf. 12 34 56 78</p>"))
    assert document.paragraphs[-1].kind == "residue"
