"""Pledges over plans that come one after another: the same as over all at once, in any order, from rows too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from strategitekst.analysis import Analysis
from strategitekst.assessment import PlansTogether, Tables, Yardstick, assess, make_yardstick
from strategitekst.batch.records import read_record, write_record
from strategitekst.classification import Classification, Classifier
from strategitekst.document import Block, build_document
from strategitekst.encoding import Encoder
from strategitekst.signs import row_of
from strategitekst.strategy import load_strategy

SENTENCES = (
    "I 2026 køber Movia 12 elbusser.",
    "Vi vil styrke indsatsen mod rygning blandt unge.",
    "Fra 2024 rykker to nye ambulancer ud fra Nakskov.",
    "Borgerne skal opleve tryghed, når de udskrives.",
    "Senest i 2027 er alle kørende maskiner på sygehusene uden benzin.",
    "Tak til alle, der har bidraget.",
)


@pytest.fixture(scope="module")
def yardstick(encoder: Encoder) -> Yardstick:
    return make_yardstick(load_strategy(), encoder)


@pytest.fixture(scope="module")
def plans() -> list[list[Classification]]:
    """Three plans that share some paragraphs."""
    classifier = Classifier(load_strategy())
    texts = (SENTENCES[:4], SENTENCES[2:], SENTENCES[::-1])
    documents = [build_document(f"plan {n}", [Block("prose", text) for text in some]) for n, some in enumerate(texts)]
    return [classifier.classify(document.paragraphs) for document in documents]


def together(yardstick: Yardstick, plans: list[list[Classification]], order: list[int]) -> Tables:
    gathered = PlansTogether(yardstick)
    for number in order:
        first = sum(len(plan) for plan in plans[:number])
        vectors = np.array([each.vector for each in plans[number]])
        gathered.add(f"plan {number}", first, plans[number], vectors)
    return gathered.rows()


@pytest.mark.parametrize("order", [[2, 1, 0], [1, 2, 0]])
def test_the_order_of_plans_changes_nothing(
    yardstick: Yardstick, plans: list[list[Classification]], order: list[int]
) -> None:
    assert together(yardstick, plans, order) == together(yardstick, plans, [0, 1, 2])


def test_plan_by_plan_is_the_same_as_all_at_once(yardstick: Yardstick, plans: list[list[Classification]]) -> None:
    everything = [each for plan in plans for each in plan]
    rows = [{**row_of(each), "paragraph": number} for number, each in enumerate(everything)]
    at_once = assess("*", rows, np.array([each.vector for each in everything]), yardstick)
    one_by_one = together(yardstick, plans, [0, 1, 2])
    assert one_by_one[0] == at_once[0]
    for one, other in zip(one_by_one[1], at_once[1], strict=True):
        assert {**one, "reason": ""} == {**other, "reason": ""}


def test_rows_read_back_from_disk_give_the_same(
    yardstick: Yardstick, plans: list[list[Classification]], tmp_path: Path
) -> None:
    rows = [{"document": "plan", **row_of(each)} for plan in plans for each in plan]
    empty: dict[str, list[dict[str, Any]]] = {"coverage": [], "pledges": [], "documents": []}
    write_record({**empty, "paragraphs": rows}, np.empty((0, 0), dtype=np.float32), tmp_path / "record")
    stored = read_record(tmp_path / "record").paragraphs()
    gathered = PlansTogether(yardstick)
    first = 0
    for number, plan in enumerate(plans):
        part = stored[first : first + len(plan)]
        gathered.add(f"plan {number}", first, part, np.array([each.vector for each in plan]))
        first += len(plan)
    assert gathered.rows() == together(yardstick, plans, [0, 1, 2])


def test_a_place_is_named_by_its_number_in_its_plan(yardstick: Yardstick, plans: list[list[Classification]]) -> None:
    _, pledges = together(yardstick, plans, [1, 0, 2])
    bus = next(row for row in pledges if row["pledge"] == "P12")
    best = bus["evidence"][0]
    ends = np.cumsum([len(plan) for plan in plans])
    plan = int(np.searchsorted(ends, best, side="right"))
    assert f"afsnit {best - (ends[plan] - len(plans[plan]))} i plan {plan}" in bus["reason"]


def test_rows_on_all_plans_are_those_of_the_analysis(example_analysis: Analysis) -> None:
    """Over one plan they say the same as the plan's own."""
    for table in (example_analysis.coverage, example_analysis.pledges):
        one, every = (
            table[table["document"] == name].drop(columns=["document", "pledge"]) for name in ("*", "handleplan.md")
        )
        columns = [column for column in one.columns if column != "reason"]
        assert one[columns].to_dict("records") == every[columns].to_dict("records")


def test_nothing_read_gives_no_rows(yardstick: Yardstick) -> None:
    assert PlansTogether(yardstick).rows() == ([], [])


def test_what_is_kept_grows_by_a_few_bytes_a_paragraph(yardstick: Yardstick, plans: list[list[Classification]]) -> None:
    """Ten thousand plans must fit: no texts, no vectors, no scores of themes that are not served."""
    rows = [{**row_of(plans[0][number % 4]), "text": f"Afsnit {number}"} for number in range(2000)]
    vectors = np.random.default_rng(0).normal(size=(2000, 384)).astype(np.float32)
    gathered = PlansTogether(yardstick)
    gathered.add("stor", 0, rows, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    kept = sum(hits.nbytes for hits in gathered._gathered._hits)
    assert kept / len(rows) < 100
