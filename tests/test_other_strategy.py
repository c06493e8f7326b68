"""Everything on a strategy of another shape: three themes, seven pledges, no foundations, ids of its own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from strategitekst.analysis import Analysis, analyze
from strategitekst.differences import diff
from strategitekst.document import Block, build_document
from strategitekst.document_result import unread_pages
from strategitekst.errors import UsageError
from strategitekst.status import GAPS
from strategitekst.strategy import Strategy, load_strategy

PLANS = Path(__file__).parents[1] / "docs" / "examples" / "eksempelby"
CHILDREN, CLIMATE = "boern-og-unge-2025.md", "klimaplan-2026.md"


@pytest.fixture(scope="module")
def strategy() -> Strategy:
    return load_strategy("eksempelby-2024-2028")


@pytest.fixture(scope="module")
def analysis(strategy: Strategy) -> Analysis:
    return analyze(PLANS, strategy=strategy)


def test_every_pledge_has_its_rows(analysis: Analysis, strategy: Strategy) -> None:
    ids = [pledge.id for pledge in strategy.pledges]
    assert ids == [f"L{number}" for number in range(1, 8)]
    for document in (CHILDREN, CLIMATE, "*"):
        for table in (analysis.pledges, analysis.coverage):
            assert table[table["document"] == document]["pledge"].to_list() == ids
    assert analysis.manifest["models"]["themes"]["kind"] == "zero-shot"


def test_what_the_plans_are_about_is_found(analysis: Analysis) -> None:
    covered = analysis.coverage.set_index(["document", "pledge"])["coverage"]
    assert covered[CHILDREN, "L1"] > covered[CLIMATE, "L1"]
    assert covered[CLIMATE, "L6"] > covered[CHILDREN, "L6"]
    state = analysis.pledges.set_index(["document", "pledge"])["state"]
    assert state[CLIMATE, "L6"] == "concrete"
    assert state[CLIMATE, "L4"] in GAPS


def test_groups_of_plans_are_compared(analysis: Analysis, tmp_path: Path) -> None:
    table = pd.DataFrame({"document": ["boern-og-unge-2025", "klimaplan-2026"], "year": [2025, 2026]})
    table.to_csv(tmp_path / "planer.csv", index=False)
    compared = analysis.compare("year", metadata=tmp_path / "planer.csv")
    assert len(compared) == 14
    assert (compared["low"] <= compared["high"]).all()
    climate = compared[compared["pledge"] == "L6"].set_index("group")["difference"]
    assert climate[2026] == pytest.approx(-climate[2025])
    assert climate[2026] > 0
    with pytest.raises(UsageError, match="metadata"):
        analysis.compare("region")


def test_evidence_alignment_and_orphans(analysis: Analysis) -> None:
    best = analysis.evidence("L6", k=2)
    assert len(best) == 2
    assert best["document"].iloc[0] == CLIMATE
    assert analysis.alignment["alignment"].between(0, 1).all()
    assert set(analysis.orphans.columns) >= {"document", "paragraph", "initiative"}
    with pytest.raises(UsageError, match="P12"):
        analysis.evidence("P12")


def test_a_cell_is_explained(analysis: Analysis) -> None:
    told = analysis.explain(CLIMATE, "L6")
    assert told.state == "concrete"
    assert len(told.paragraphs) == 5
    assert any("deadline" in anchors for anchors in told.paragraphs["anchors"])
    assert told.paragraphs["initiative_words"].map(len).max() > 0


def test_a_new_version_moves_pledges(strategy: Strategy) -> None:
    thanks = Block("prose", "Tak til alle, der har bidraget.")
    old = build_document("plan", [Block("prose", "Vi vil gøre fjernvarmen grønnere."), thanks])
    new = build_document("plan", [Block("prose", "Fjernvarmen når Nordby i 2026 med 900 huse."), thanks])
    changed = diff(old, new, strategy=strategy)
    assert set(changed.paragraphs["change"]) <= {"came", "went", "changed"}
    assert "Tak til alle, der har bidraget." not in changed.paragraphs["text_after"].to_list()
    row = changed.pledges.set_index("pledge").loc["L6"]
    assert row["low"] <= row["difference"] <= row["high"]
    same = diff(old, old, strategy=strategy)
    assert not same.pledges["moved"].any()
    assert same.paragraphs.empty


def test_abstaining_is_asked_for_in_its_range(strategy: Strategy) -> None:
    states = analyze(PLANS, strategy=strategy, abstain=1.0).pledges["state"]
    assert (states == "uncertain").all()
    with pytest.raises(UsageError, match="abstain"):
        analyze(PLANS, strategy=strategy, abstain=0.2)


def test_pages_without_text_are_told_beside_gaps() -> None:
    blocks = [Block("prose", "Vi køber 12 elbusser i 2026.", page=1), Block("prose", "Slut.", page=4)]
    scanned = build_document("plan.pdf", blocks, format="pdf", pages=5)
    assert unread_pages(scanned) == [2, 3, 5]
    analysis = analyze(scanned)
    gaps = analysis.gaps[analysis.gaps["document"] == "plan.pdf"]
    assert gaps["reason"].str.contains("side 2, 3, 5").all()
    assert "side 2, 3, 5" in analysis.documents["message"].iloc[0]
