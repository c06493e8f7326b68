"""Tables for print: what stands in them, in both forms and languages."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from strategitekst.labels import Labels
from strategitekst.print_tables import gap_table, pledge_table
from strategitekst.status import GAPS
from strategitekst.strategy import Ambition, Pledge, Strategy

HOSTILE = "<script>alert(1)</script> & 50 % _x_ {y} \\input{z}"


def test_every_pledge_has_its_row(make_analysis):
    analysis = make_analysis(3)
    tree = LexborHTMLParser(pledge_table(analysis).to_html())
    names = [cell.text() for cell in tree.css("tbody th")]
    assert names == [f"{pledge.id} {pledge.name}" for pledge in analysis.strategy.pledges]
    overall = analysis.coverage[analysis.coverage["document"] == "*"]
    shown = [row.css_first("td").text() for row in tree.css("tbody tr")]
    assert shown == [Labels("da").share(value) for value in overall["coverage"]]


def test_gaps_have_their_reasons(make_analysis):
    analysis = make_analysis(3)
    gaps = analysis.pledges.query("document == '*'")
    gaps = gaps[gaps["state"].isin(GAPS)]
    tree = LexborHTMLParser(gap_table(analysis).to_html())
    assert [row.css("td")[-1].text() for row in tree.css("tbody tr")] == gaps["reason"].tolist()
    english = gap_table(analysis, lang="en").data
    assert list(english.columns) == ["State", "Certainty", "Reason"]
    assert all(reason.startswith("Pledge ") for reason in english["Reason"])


@pytest.mark.parametrize("table", [gap_table, pledge_table])
def test_texts_are_escaped_for_what_they_are_written_as(make_analysis, table):
    strategy = Strategy("s", HOSTILE, (Ambition("A", "A", pledges=(Pledge("P", HOSTILE), Pledge("Q", HOSTILE))),))
    analysis = make_analysis(2, strategy=strategy)
    analysis.pledges["state"] = "unmentioned"
    tree = LexborHTMLParser(table(analysis).to_html())
    assert not tree.css("script")
    assert f"P {HOSTILE}" in tree.css_first("tbody th").text()
    assert HOSTILE in tree.css_first("caption").text()
    latex = table(analysis, target="latex").to_latex()
    assert r"\input" not in latex
    assert r"50 \%" in latex.replace("~", " ")


def test_without_gaps_the_table_is_empty(make_analysis):
    analysis = make_analysis(2)
    analysis.pledges["state"] = "concrete"
    assert len(gap_table(analysis).data) == 0
    assert "<table" in gap_table(analysis).to_html()


def test_latex_gets_no_styles_of_html(example_analysis):
    assert "text-align" in pledge_table(example_analysis).to_html()
    latex = pledge_table(example_analysis, target="latex").to_latex(hrules=True)
    assert "text-align" not in latex
    assert "row_heading" not in latex
