from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from strategitekst.document import Document

Read = Callable[[str], Document]

LONG = (
    "Vi vil ansætte tolv nye sygeplejersker på akutafdelingen, så borgerne i den sydlige del af regionen kan få hjælp "
    "hele døgnet. Samtidig køber vi to akutbiler, som skal holde til i hver sin by, og som kan være fremme hurtigt."
)
OTHER = (
    "Busserne skal køre på strøm inden udgangen af perioden. Det kræver ladestandere ved alle endestationer, og dem "
    "sætter vi op sammen med kommunerne, som får del i udgiften efter den nøgle, der blev aftalt ved sidste møde."
)


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def paths(document: Document) -> list[tuple[str, ...]]:
    return [paragraph.heading for paragraph in document.paragraphs]


def kinds(document: Document) -> list[str]:
    return [paragraph.kind for paragraph in document.paragraphs]


@pytest.mark.parametrize("width", [60, 70, 90, 100])
@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_hard_wrapped_lines_are_joined(read: Read, width: int, between: str) -> None:
    wrapped = between.join(textwrap.fill(text, width, break_on_hyphens=False) for text in (LONG, OTHER))
    assert texts(read(wrapped)) == [LONG, OTHER]


def test_one_paragraph_a_line_is_not_joined(read: Read) -> None:
    assert texts(read(f"{LONG}\n{OTHER}\nKort linje til sidst.")) == [LONG, OTHER, "Kort linje til sidst."]


def test_a_word_broken_over_an_empty_line_is_joined(read: Read) -> None:
    assert texts(read("Her kan bor-\n\ngeren få hjælp.")) == ["Her kan borgeren få hjælp."]


def test_a_sentence_cut_by_a_page_end_is_joined(read: Read) -> None:
    cut = "Vi vil styrke det nære sundhedsvæsen sammen med kommunerne og\n\nalmen praksis i hele regionen."
    assert len(texts(read(cut))) == 1


def test_a_page_number_between_the_halves_does_not_part_them(read: Read) -> None:
    document = read(
        "Vi vil styrke det nære sundhedsvæsen sammen med kommunerne og\n\nSide 3\n\nalmen praksis i regionen."
    )
    assert kinds(document) == ["prose", "residue"]


def test_every_bullet_is_an_item(read: Read) -> None:
    items = ["* ansætte,\n  også om natten", "- købe", "• bygge", "– rive", "▪ grave", "o plante", "a) høste"]
    items += ["1) spise", "(2) ro"]
    document = read("\n".join(["Det vil vi:", *items]))
    assert texts(document) == [
        "Det vil vi:",
        "ansætte, også om natten",
        "købe",
        "bygge",
        "rive",
        "grave",
        "plante",
        "høste",
        "spise",
        "ro",
    ]
    assert kinds(document) == ["prose"] + ["item"] * 9


def test_a_lead_in_is_a_paragraph_and_the_context_of_its_items(read: Read) -> None:
    alone = read("Det vil vi:\n- ansætte\n- købe\n\nBusser\n\nDe kører.")
    assert kinds(alone) == ["prose", "item", "item", "prose"]
    assert [paragraph.lead_in for paragraph in alone.paragraphs] == ["", "Det vil vi:", "Det vil vi:", ""]
    followed = read("Det vil vi:\n- ansætte\n- købe\n\nSå følger der mere tekst.")
    assert kinds(followed) == ["prose", "item", "item", "prose"]
    assert paths(followed) == [()] * 4


def test_items_with_space_in_front_and_empty_lines_between(read: Read) -> None:
    assert kinds(read("Løfterne er delt i to. De lyder således:\n\n • Den ene ting.\n\n • Den anden ting.\n")) == [
        "prose",
        "item",
        "item",
    ]


@pytest.mark.parametrize("start", ["1. oktober 2024 åbner", "2. kvartal er", "3. etape går"])
def test_dates_are_no_list(read: Read, start: str) -> None:
    assert texts(read(f"{start} noget nyt.")) == [f"{start} noget nyt."]


def test_a_wrapped_line_that_starts_with_a_dash_is_no_list(read: Read) -> None:
    text = (
        "Vi vil sammen med alle kommuner og almen praksis styrke hjælpen til alle\n"
        "– også dem, der bor langt fra et hospital, og som ikke har bil, men gerne\nvil have hjælp."
    )
    assert kinds(read(text)) == ["prose"]


def test_headings_by_mark(read: Read) -> None:
    text = "# Plan\n\nTekst et.\n\n## Akut\n\nTekst to.\n\nBusser\n------\n\nTekst tre.\n"
    assert paths(read(text)) == [("Plan",), ("Plan", "Akut"), ("Plan", "Busser")]


def test_headings_by_number(read: Read) -> None:
    text = "1. Indledning\n\nTekst et.\n\n1.1 Baggrund\n\nTekst to.\n\n2. Indsatser\n\nTekst tre.\n"
    assert paths(read(text)) == [("1. Indledning",), ("1. Indledning", "1.1 Baggrund"), ("2. Indsatser",)]


def test_numbered_items_are_no_headings(read: Read) -> None:
    for between in ("\n", "\n\n"):
        document = read(
            between.join(["Det vil vi:", "1. Ansætte læger", "2. Købe biler", "3. Bygge huse", "Slut på det."])
        )
        assert texts(document)[-4:] == ["Ansætte læger", "Købe biler", "Bygge huse", "Slut på det."]


def test_headings_by_shape(read: Read) -> None:
    text = f"Akut hjælp\n\n{LONG}\n\nBusser\n{OTHER}\n\n**Natur**\nVi planter.\n"
    assert paths(read(text)) == [("Akut hjælp",), ("Busser",), ("Natur",)]


def test_labelled_headings_stand_under_their_lead_in(read: Read) -> None:
    section = "\n\n".join(
        ["Tæt på", "Om det.", "Det lover vi alle:", "#1: Hjælp til alle", "Vi hjælper.", "Sådan gør vi det:"]
    )
    text = f"Plan 2024\n\n{section}\n\nNye biler\n\nVi køber.\n\n" + section.replace("Tæt på", "Rent vand").replace(
        "#1", "#2"
    )
    text += "\n\nNye brønde\n\nVi graver.\n"
    assert paths(read(text)) == [
        ("Plan 2024", "Tæt på"),
        ("Plan 2024", "Tæt på", "Det lover vi alle:", "#1: Hjælp til alle"),
        ("Plan 2024", "Tæt på", "Sådan gør vi det:", "Nye biler"),
        ("Plan 2024", "Rent vand"),
        ("Plan 2024", "Rent vand", "Det lover vi alle:", "#2: Hjælp til alle"),
        ("Plan 2024", "Rent vand", "Sådan gør vi det:", "Nye brønde"),
    ]


def test_a_first_heading_that_is_no_title_closes(read: Read) -> None:
    assert paths(read("Akut hjælp\n\nVi kommer.\n\nBusser\n\nDe kører.\n")) == [("Akut hjælp",), ("Busser",)]


def test_a_list_without_bullets_is_items(read: Read) -> None:
    assert kinds(read("Vi arbejder ikke alene. Disse er alle med:\nKommuner\nAlmen praksis\nCivilsamfund\n")) == [
        "prose",
        "item",
        "item",
        "item",
    ]


def test_a_line_with_nothing_under_it_is_no_heading(read: Read) -> None:
    assert kinds(read("Vi kommer.\n\nGod læselyst")) == ["prose", "prose"]


def test_web_residue_is_no_heading(read: Read) -> None:
    foot = "Oprettet\n29.10.15\nLink til denne side:\n\nMin side"
    text = f"Gå til indhold\n\nPlan for alle\n\nSe kontaktoplysninger\n{LONG}\n\n{foot}"
    document = read(text)
    assert kinds(document) == ["residue", "residue", "prose", "residue", "residue", "residue", "residue"]
    assert document.paragraphs[2].heading == ("Plan for alle",)


def test_an_address_is_one_piece_of_residue(read: Read) -> None:
    document = read(f"{LONG}\n\nRegion Et Sted\nStorgade 15\n4180 Byen\nTlf. 12 34 56 78\n\nNæste emne\n\n{OTHER}")
    assert kinds(document) == ["prose", "residue", "prose"]
    assert document.paragraphs[1].text == "Region Et Sted Storgade 15 4180 Byen Tlf. 12 34 56 78"


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_signature_is_no_heading(read: Read, between: str) -> None:
    document = read(f"Forord\n\n{LONG}\n\nAnne Hansen{between}Regionsrådsformand\n\nOm planen\n\n{OTHER}")
    assert paths(document)[-1] == ("Om planen",)
    assert kinds(document) == ["prose", "residue", "prose"]


def test_a_table_of_contents_is_residue(read: Read) -> None:
    lines = ["Akut hjælp", "Busser i byen", "Natur og vand", "Skoler"]
    body = "\n\n".join(f"{line}\n\n{LONG}" for line in lines)
    document = read(
        "Indhold\n" + "\n".join(f"{line} ........ {page}" for page, line in enumerate(lines, 3)) + f"\n\n{body}"
    )
    assert kinds(document) == ["residue"] * 4 + ["prose"] * 4
    document = read("\n".join(lines) + f"\n\n{body}")
    assert [paragraph.kind for paragraph in document.paragraphs if paragraph.kind == "prose"] == ["prose"] * 4
    assert [path[-1] for path in paths(document)[-4:]] == lines


def test_a_running_title_is_residue(read: Read) -> None:
    document = read(f"PLAN FOR ALLE\n\nForord\n\n{LONG}\n\nPLAN FOR ALLE\n\nAkut hjælp\n\n{OTHER}\n\nPLAN FOR ALLE")
    assert kinds(document) == ["prose", "residue", "prose", "residue"]
    assert paths(document)[2] == ("PLAN FOR ALLE", "Akut hjælp")


@pytest.mark.parametrize(
    "table",
    [
        "Indsats\tFrist\nNy bil\t2025\n",
        "Indsats | Frist\nNy bil | 2025\n",
        "Indsats  Frist\n-------  -----\nNy bil   2025\n",
    ],
)
def test_drawn_tables_are_rows(read: Read, table: str) -> None:
    document = read(f"Plan 2024\n\n{LONG}\n\n{table}\n{OTHER}\n")
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.kind == "row"] == [
        "Indsats: Ny bil; Frist: 2025"
    ]
    assert texts(document)[-1] == OTHER


def test_marks_of_notes_go_where_the_notes_are_in_the_text(read: Read) -> None:
    assert texts(read("Vi kommer.[1]\n\nMere tekst her.\n\n[1] En note.\n")) == [
        "Vi kommer.",
        "Mere tekst her.",
        "En note.",
    ]
    assert "Vi kommer.[1]" in read("Vi kommer.[1]\n\nMere tekst her.\n").text


def test_an_item_that_starts_like_a_date_stays_with_its_list(read: Read) -> None:
    found = read(
        "Vi åbner i denne orden:\n\n1. November 2024 i Hobro\n2. Klinikken i Skive\n3. Januar 2026 i Thisted\n"
    )
    assert kinds(found) == ["prose", "item", "item", "item"]
    assert texts(found)[1::2] == ["November 2024 i Hobro", "Januar 2026 i Thisted"]


def test_a_date_inside_a_wrapped_item_starts_no_other(read: Read) -> None:
    item = "Vi åbner en ny klinik på hospitalet i Thisted, den 2. november 2024, hvis alt går, som vi har tænkt."
    wrapped = f"1. {item}".replace(" 2. november", "\n2. november")
    found = read(f"{textwrap.fill(LONG, 60)}\n\n{wrapped}\n2. Vi åbner en til.\n")
    assert texts(found) == [LONG, item, "Vi åbner en til."]
