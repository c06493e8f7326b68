"""Rich displays: what they show, in which language, and that no text in them can act."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from strategitekst.classification import classify
from strategitekst.display import MOST_PLANS, paragraph
from strategitekst.document import Block, build_document
from strategitekst.labels import Labels, label_table
from strategitekst.marks import MARKS
from strategitekst.notebook import MOST_GAPS
from strategitekst.strategy import Ambition, Foundation, Pledge, Strategy, load_strategy

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def text_of(html: str) -> str:
    tree = LexborHTMLParser(html)
    for node in tree.css("style"):
        node.decompose()
    return " ".join(tree.body.text(separator=" ").split())


def test_an_analysis_shows_the_finding_the_map_and_the_gaps(example_analysis):
    tree = LexborHTMLParser(example_analysis._repr_html_())
    assert "løfter har intet konkret initiativ" in tree.css_first("strong").text()
    cells = tree.css("td.f")
    assert len(cells) == 12
    states = dict(example_analysis.pledges.query("document != '*'")[["pledge", "state"]].values)
    assert [cell.css_first(".sign").text() for cell in cells] == [MARKS[state].glyph for state in states.values()]
    gaps = example_analysis.gaps.query("document == '*'")
    for reason in gaps["reason"]:
        assert reason.replace("\u00a0", " ") in text_of(example_analysis._repr_html_()).replace("\u00a0", " ")


def test_reasons_of_an_english_display_are_english(example_analysis):
    words = text_of(example_analysis._repr_html_("en"))
    assert re.search(r"Pledge \d+ is (not )?mentioned", words)
    assert "omtales" not in words


@pytest.mark.parametrize(("plans", "columns"), [(3, 4), (12, 13), (120, 13)])
def test_few_plans_stand_side_by_side_and_many_below_one_another(make_analysis, plans, columns):
    tree = LexborHTMLParser(make_analysis(plans, 2)._repr_html_())
    table = tree.css_first("table")
    assert len(table.css("thead th")) == columns
    if plans > MOST_PLANS:
        assert len(table.css("tbody tr")) == MOST_PLANS
        assert Labels("da")("display.more_plans", number=plans - MOST_PLANS) in tree.body.text()


def test_gaps_of_single_plans_are_listed_with_their_plan_and_bounded(make_analysis):
    few, many = make_analysis(3), make_analysis(40)
    for analysis in (few, many):
        gaps = analysis.gaps.query("document != '*'")
        tree = LexborHTMLParser(analysis._repr_html_())
        lines = tree.css("details tbody tr")
        assert len(lines) == min(len(gaps), MOST_GAPS)
        assert lines[0].css_first("th").text() == gaps.iloc[0]["document"]
        assert lines[0].css("td")[-1].text() == gaps.iloc[0]["reason"]
    assert "se analysis.gaps" in tree.css_first("details").text()


def test_unread_plans_and_unknown_states_have_a_mark(make_analysis):
    analysis = make_analysis(2, failed=1)
    analysis.pledges.loc[0, "state"] = "uncertain"
    words = text_of(analysis._repr_html_())
    assert MARKS["unread"].glyph in words
    assert MARKS["uncertain"].glyph in words


def test_an_analysis_of_nothing_says_so(make_analysis):
    assert Labels("da")("summary.nothing") in make_analysis(0, failed=2)._repr_html_()


def test_a_classification_marks_its_anchors():
    result = classify("I 2026 køber Movia 12 elbusser.", heading=["Busser"])
    tree = LexborHTMLParser(result._repr_html_())
    marks = {mark.css_first("small").text(): mark.text(deep=False) for mark in tree.css("mark")}
    assert marks == {"frist": "I 2026", "ansvarlig": "Movia", "antal": "12 elbusser"}
    assert "P12" in tree.css_first(".chip").text()
    assert "Busser" in tree.body.text()


def test_overlapping_anchors_lose_no_text():
    shown = paragraph("abcdef", [(0, 4, "actor"), (2, 6, "budget")], [], ("context", 1.0), 0.0)
    assert "<mark>abcd<small>ansvarlig</small></mark>ef" in shown


def test_a_document_shows_its_first_paragraphs_under_their_numbers():
    document = build_document("p", [Block("heading", "H", level=1), *[Block("prose", f"t{n}") for n in range(40)]])
    words = text_of(document._repr_html_()).replace("\u00a0", " ")
    assert "afsnit 0" in words
    assert "afsnit 29" in words
    assert "t30" not in words
    assert "Og 10 afsnit mere." in words


def test_a_strategy_shows_its_pledges_under_their_ambitions():
    strategy = load_strategy()
    words = text_of(strategy._repr_html_())
    assert all(f"{pledge.id} {pledge.name}" in words for pledge in strategy.pledges)
    assert "G1" in words


def test_hostile_text_adds_no_element(make_analysis):
    def shown(text: str) -> list[str]:
        strategy = Strategy(
            "s", text, (Ambition("A", text, pledges=(Pledge("P", text),)),), (Foundation("G", text),), text, text
        )  # fmt: skip
        document = build_document(text, [Block("heading", text, level=1), Block("prose", text)])
        one = paragraph(text, [(0, 3, "actor")], [(text, 1.0)], (text, 1.0), 0.5, [text])
        return [
            make_analysis(2, strategy=strategy, text=text)._repr_html_(),
            strategy._repr_html_(),
            document._repr_html_(),
            one,
        ]

    def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(node.tag, tuple(sorted(node.attributes))) for node in LexborHTMLParser(html).css("*")]

    for hostile, harmless in zip(shown(HOSTILE), shown("x" * len(HOSTILE)), strict=True):
        assert shape(hostile) == shape(harmless)
        assert HOSTILE[3:] in text_of(hostile).replace(" ", "") or HOSTILE in text_of(hostile)


@pytest.mark.parametrize(("lang", "other"), [("da", "en"), ("en", "da")])
def test_no_label_of_the_other_language_is_left(make_analysis, lang, other):
    strategy = Strategy("s", "7", (Ambition("A1", "7", pledges=(Pledge("Q1", "7", 1),)),))
    analysis = make_analysis(70, 2, strategy, text="7")
    document = build_document("7", [Block("prose", "7")] * 40)
    one = paragraph("777", [(0, 3, "actor")], [], ("target", 0.5), 0.5, lang=lang)
    words = " ".join(
        text_of(html)
        for html in (analysis._repr_html_(lang), analysis.strategy._repr_html_(lang), document._repr_html_(lang), one)
    )
    for key, label in label_table().items():
        if not key.startswith(("advice.", "figure.", "field.", "sheet.")):
            pieces = {side: {p.strip(" :.,()") for p in re.split(r"\{\w+\}", label[side])} for side in (lang, other)}
            for piece in pieces[other] - pieces[lang]:
                if len(piece) > 2:
                    assert not re.search(rf"(?<!\w){re.escape(' '.join(piece.split()))}(?!\w)", words), (key, piece)


def test_the_pledges_of_a_tall_heat_map_are_named(make_analysis):
    """Columns that are called P1 to P12 say nothing to who does not know the strategy by heart."""
    for plans in (3, 12):
        shown = make_analysis(plans)._repr_html_()
        assert all(pledge.name in shown for pledge in load_strategy().pledges), plans
