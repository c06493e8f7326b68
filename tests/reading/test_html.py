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


PARAGRAPHS = "".join(f"<p>{SENTENCE} Det er afsnit nummer {number}.</p>" for number in range(6))


def saved(main: str) -> str:
    """A page of a site that marks its main part in no way."""
    return (
        "<!DOCTYPE html><html><head><script src=x.js></script></head><body>"
        "<div class='cookie-banner'><p>Vi bruger cookies til statistik, og du kan læse mere om dem her.</p></div>"
        "<div id='top-menu'><ul><li><a href=/a>Sundhed</a></li><li><a href=/b>Om os</a></li></ul></div>"
        f"<div class='wrap has-sidebar'><div class='content'>{main}</div></div>"
        "<div class='boks'><h3>Læs også</h3><ul><li><a href=/x>Nyt fra regionen</a></li></ul></div>"
        "<footer><p>Region Testland, Storgade 15, 4180 Byen. Telefon 70 15 50 00. Åbent alle hverdage.</p></footer>"
        "</body></html>"
    )


def test_what_stands_around_the_text_of_a_page_is_left_out(read: Read) -> None:
    end = "<ul><li>Kort sidste punkt</li></ul>"
    document = read(saved(f"<h1>Plan 2024</h1>{PARAGRAPHS}<h2>Akut</h2>{end}"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert len(texts) == 7
    assert texts[-1] == "Kort sidste punkt"
    assert document.paragraphs[-1].heading == ("Plan 2024", "Akut")


def test_a_large_element_is_kept_whatever_it_is_called(read: Read) -> None:
    document = read(page(f"<h1>Plan</h1><div class='sidebar'>{PARAGRAPHS}</div>"))
    assert len(document.paragraphs) == 6


def test_marks_of_notes_are_no_part_of_the_sentence(read: Read) -> None:
    document = read(
        "<html><body><p>Vi kommer.<a href='#fn1'><sup>1</sup></a></p><p>CO<sub>2</sub> og m<sup>2</sup>.</p>"
        "<ol><li id=fn1>En note. <a href='#r1'>↩︎</a></li></ol></body></html>"
    )
    assert [paragraph.text for paragraph in document.paragraphs] == ["Vi kommer.", "CO2 og m2.", "En note."]


def test_cells_over_rows_and_columns(read: Read) -> None:
    document = read(
        "<html><body><table><thead><tr><th rowspan=2>Mål<th colspan=2>Tal</tr><tr><th>2025<th>2026</tr></thead>"
        "<tr><td rowspan=2>Akut<td>1<td>2</tr><tr><td>3<td>4</tr></table></body></html>"
    )
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "Mål: Akut; Tal 2025: 1; 2026: 2",
        "Mål: Akut; Tal 2025: 3; 2026: 4",
    ]
