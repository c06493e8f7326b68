"""Goals against passages: any language, any number, by words and by meaning."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from strategitekst.document import Paragraph
from strategitekst.encoding import Encoder
from strategitekst.errors import UsageError
from strategitekst.ranking import relevance
from strategitekst.strategy import Pledge, load_strategy

ENGLISH = {
    "Reduce the maternal mortality ratio to less than 70 per 100,000 live births": (
        "Midwives are trained and posted to remote clinics; waiting homes are built for expectant mothers.",
        "Emergency obstetric care and skilled attendance at delivery are available in every district hospital.",
    ),
    "Achieve universal and equitable access to safe and affordable drinking water": (
        "Boreholes and piped schemes bring clean water within 500 metres of every homestead.",
        "Tariffs for the first ten cubic metres are kept low so that poor households can afford the tap.",
    ),
    "Increase substantially the share of renewable energy in the energy mix": (
        "Solar parks of 200 megawatts and wind farms on the coast are tendered.",
        "Small hydro and biogas replace diesel generators in off-grid islands.",
    ),
    "Effectively regulate harvesting and end overfishing and illegal fishing": (
        "Trawlers carry satellite trackers, and quotas are set on the advice of marine biologists.",
        "Patrol vessels stop foreign boats without licence in the exclusive economic zone.",
    ),
    "Substantially reduce corruption and bribery in all their forms": (
        "Officials declare their assets, and the anti-graft bureau gets powers to prosecute.",
        "Procurement goes online so that kickbacks become harder.",
    ),
    "Ensure that all girls and boys complete free primary and secondary education": (
        "School fees are abolished up to grade twelve and textbooks are handed out at no charge.",
        "Dropout after the sixth grade is to be reduced with bursaries and transport for pupils.",
    ),
}


def test_english_goals_find_their_passages() -> None:
    passages = [passage for some in ENGLISH.values() for passage in some]
    scores = relevance(list(ENGLISH), passages)
    assert scores.shape == (6, 12)
    assert ((scores >= 0) & (scores <= 1)).all()
    best = np.argsort(-scores, axis=1)[:, :2]
    hits = sum(passage // 2 == goal for goal, row in enumerate(best) for passage in row)
    assert hits >= 8


def test_initiatives_find_the_ambition_that_lists_them() -> None:
    strategy = load_strategy()
    initiatives = [(each.name, ambition.id) for ambition in strategy.ambitions for each in ambition.initiatives]
    names = [name for name, _ in initiatives]
    hits = 0
    for number, (name, right) in enumerate(initiatives):
        texts, ambitions = [], []
        for ambition in strategy.ambitions:
            texts.append(f"{ambition.name}. {ambition.description}")
            for pledge in ambition.pledges:
                without = replace(pledge, initiatives=tuple(each for each in pledge.initiatives if each != name))
                texts.append(" ".join(f"{unit.text.rstrip('.')}." for unit in without.units()))
            ambitions += [ambition.id] * (1 + len(ambition.pledges))
        hits += ambitions[int(relevance(names, texts)[number].argmax())] == right
    assert len(initiatives) == 34
    assert hits / len(initiatives) >= 0.90


def test_pledges_and_paragraphs_may_be_objects() -> None:
    bus, water = Pledge("A", "Grøn transport", description="Elbusser og cykelstier."), Pledge("B", "Rent drikkevand")
    text = "Movia køber tolv elbusser."
    scores = relevance([bus, water], [Paragraph(0, text, 0, len(text)), "Grundvandet beskyttes mod pesticider."])
    assert scores.argmax(axis=1).tolist() == [0, 1]


def test_order_of_goals_and_passages_changes_no_score() -> None:
    goals, passages = list(ENGLISH), [some[0] for some in ENGLISH.values()]
    scores = relevance(goals, passages)
    turned = relevance(goals[::-1], passages[::-1])[::-1, ::-1]
    assert turned == pytest.approx(scores, abs=1e-6)


def test_one_goal_is_enough() -> None:
    passages = ["Solar parks and wind farms are tendered.", "Officials declare their assets.", "Clinics get midwives."]
    assert int(relevance(["Increase the share of renewable energy"], passages).argmax()) == 0


def test_nothing_asked_gives_an_empty_matrix() -> None:
    assert relevance([], ["tekst"]).shape == (0, 1)
    assert relevance(["mål"], []).shape == (1, 0)


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(UsageError, match="tom"):
        relevance(["mål"], [" "])


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = Path(__file__).resolve().parents[1] / "benchmarks" / "relevance.py"
    spec = importlib.util.spec_from_file_location("relevance_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize(("plans", "floor"), [(("en",), 0.75), (("en", "en2"), 0.60), (("da",), 0.60)])
def test_passages_are_found_for_goals_nothing_was_picked_on(
    benchmark: ModuleType, plans: tuple[str, ...], floor: float
) -> None:
    """Better than words, than meaning and than their fused ranks, in a plan that shuns the goals' words and with one
    that does not."""
    beds = [benchmark.read_bed(plan) for plan in plans]
    bed = beds[0] if len(beds) == 1 else benchmark.together(*beds)
    some = np.array([not benchmark.is_picked_on(goal) for goal in bed.ids])
    found = {
        name: benchmark.recall(scores, bed.matches, 30)[some].mean()
        for name, scores in benchmark.rank(bed, Encoder()).items()
    }
    ours = found.pop("st.relevance")
    assert ours >= floor
    assert ours > max(found.values())
    assert ours >= 1.2 * found["BM25"]
