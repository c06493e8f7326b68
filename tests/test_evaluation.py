"""Evaluation: values by hand, invariants, what is printed and saved, and the baselines."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from sklearn.metrics import f1_score

from strategitekst.baselines import (
    BASELINES,
    best_threshold,
    fit_cosine,
    fit_keywords,
    fit_majority,
    fit_tfidf,
    keywords,
    predict_baselines,
)
from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph
from strategitekst.document import Block, Document, build_document
from strategitekst.errors import UsageError
from strategitekst.evaluation import Evaluation, evaluate
from strategitekst.evaluation_report import evaluate_folder
from strategitekst.metrics import score
from strategitekst.prediction import STATEMENTS, Prediction
from strategitekst.reliability import reliability, surest
from strategitekst.strategy import load_strategy

THEMES = list(load_strategy().themes)

Label = tuple[tuple[str, ...], str]
labels = st.tuples(st.lists(st.sampled_from(THEMES), max_size=3, unique=True).map(tuple), st.sampled_from(STATEMENTS))
plans = st.lists(st.lists(st.tuples(labels, labels), min_size=1, max_size=5), min_size=1, max_size=5)


def labelled(name: str, *given_labels: Label, texts: tuple[str, ...] = ()) -> LabelledDocument:
    texts = texts or tuple(f"Afsnit {number}." for number in range(len(given_labels)))
    document = build_document(name, [Block("prose", text) for text in texts])
    return LabelledDocument(
        document,
        {},
        tuple(
            LabelledParagraph(name, paragraph, themes, statement)
            for paragraph, (themes, statement) in zip(document.paragraphs, given_labels, strict=True)
        ),
    )


def said(*given_labels: Label) -> list[Prediction]:
    return [
        Prediction(
            themes,
            {theme: 0.9 if theme in themes else 0.05 for theme in THEMES},
            statement,
            {name: 0.75 if name == statement else 0.05 for name in STATEMENTS},
        )
        for themes, statement in given_labels
    ]


def f1_of(evaluation: Evaluation, level: str) -> dict[str, float]:
    return {each.name: each.f1.value for each in getattr(evaluation, level).classes if each.support}


GOLD = [
    labelled("a", (("P1",), "initiative"), (("P2", "P1"), "target"), ((), "context")),
    labelled("b", (("G1",), "commitment"), (("P3",), "initiative")),
]
SAID = [
    said((("P1",), "initiative"), (("P2",), "initiative"), (("P1",), "context")),
    said((("G2",), "commitment"), (("A1",), "context")),
]


def test_figures_by_hand():
    result = evaluate(GOLD, SAID)
    # Themes: P1 found 1 of 2 and said once wrongly, P2 found, G1 and P3 missed: 2 right of 5 said and 5 there.
    assert (result.documents, result.paragraphs) == (2, 5)
    assert f1_of(result, "themes") == pytest.approx({"P1": 1 / 2, "P2": 1, "P3": 0, "G1": 0})
    assert result.themes.micro.value == pytest.approx(2 * 2 / 10)
    assert result.themes.macro.value == pytest.approx(1.5 / 4)
    assert (result.themes.precision, result.themes.recall) == pytest.approx((2 / 5, 2 / 5))
    assert result.exact == pytest.approx(1 / 5)
    # Ambitions: A1 is there in three paragraphs and said in four, three of them rightly; G is right.
    assert f1_of(result, "ambitions") == pytest.approx({"A1": 6 / 7, "G": 1})
    assert [each.name for each in result.ambitions.classes] == ["A1", "A2", "A3", "A4", "G"]
    # Statements: three of five right; of three initiatives or targets two are said to be one of the two.
    assert result.statements is not None
    assert result.statements.micro.value == pytest.approx(3 / 5)
    assert f1_of(result, "statements") == pytest.approx(
        {"initiative": 1 / 2, "target": 0, "commitment": 1, "context": 2 / 3}
    )
    assert result.concrete is not None
    assert result.concrete.micro.value == pytest.approx(4 / 5)


def test_confusions_name_what_is_there_and_what_is_wrongly_said():
    found = {(each.level, each.gold, each.predicted): each for each in evaluate(GOLD, SAID).confusions}
    assert set(found) == {
        ("themes", "G1", "G2"),
        ("themes", "P3", "A1"),
        ("themes", "P1", "–"),
        ("themes", "–", "P1"),
        ("statements", "target", "initiative"),
        ("statements", "initiative", "context"),
    }
    assert found["themes", "P1", "–"].share == pytest.approx(1 / 2)
    assert found["themes", "–", "P1"].share == 1
    assert found["statements", "initiative", "context"].share == pytest.approx(1 / 2)


def test_a_theme_said_beside_the_right_one_is_a_confusion_of_both():
    gold = [labelled("a", (("P7",), "context"))]
    (confusion,) = evaluate(gold, [said((("P7", "P8"), "context"))]).confusions
    assert (confusion.gold, confusion.predicted) == ("P7", "P8")


def test_scores_are_those_of_scikit_learn_and_lie_in_their_interval():
    random = np.random.default_rng(3)
    gold, predicted = random.random((200, 5)) < 0.3, random.random((200, 5)) < 0.3
    predicted |= gold & (random.random((200, 5)) < 0.6)
    documents = np.repeat(np.arange(20), 10)
    scores = score(gold, predicted, list("abcde"), documents, seed=1)
    assert scores.micro.value == pytest.approx(f1_score(gold, predicted, average="micro"))
    assert scores.macro.value == pytest.approx(f1_score(gold, predicted, average="macro"))
    for each in (scores.micro, scores.macro, *(one.f1 for one in scores.classes)):
        assert each.low is not None
        assert each.high is not None
        assert each.low < each.value < each.high
    assert scores == score(gold, predicted, list("abcde"), documents, seed=1)
    assert scores.micro != score(gold, predicted, list("abcde"), documents, seed=2).micro


def test_the_interval_is_as_wide_as_draws_of_documents_one_by_one_say():
    random = np.random.default_rng(5)
    # Whole documents are right or wrong, so that paragraphs drawn one by one would give far too narrow an interval.
    documents = np.repeat(np.arange(12), 25)
    gold = np.ones((300, 1), dtype=bool)
    predicted = (documents % 3 > 0)[:, None]
    interval = score(gold, predicted, ["x"], documents, draws=4000).micro
    drawn = []
    for _ in range(4000):
        share = (random.integers(0, 12, 12) % 3 > 0).mean()
        drawn.append(2 * share / (1 + share))
    assert (interval.low, interval.high) == pytest.approx(tuple(np.percentile(drawn, (2.5, 97.5))), abs=0.03)


def test_one_document_has_no_interval():
    result = evaluate(GOLD[:1], SAID[:1])
    assert (result.themes.micro.low, result.themes.micro.high) == (None, None)


@settings(max_examples=30, deadline=None)
@given(plans, st.randoms())
def test_the_order_of_documents_changes_nothing(pairs, random):
    gold = [labelled(f"d{k}", *(one for one, _ in plan)) for k, plan in enumerate(pairs)]
    predicted = [said(*(other for _, other in plan)) for plan in pairs]
    order = list(range(len(pairs)))
    random.shuffle(order)
    shuffled = evaluate([gold[k] for k in order], [predicted[k] for k in order], draws=50)
    assert shuffled == evaluate(gold, predicted, draws=50)


@settings(max_examples=30, deadline=None)
@given(plans)
def test_labels_against_themselves_are_right(pairs):
    gold = [labelled(f"d{k}", *(one for one, _ in plan)) for k, plan in enumerate(pairs)]
    result = evaluate(gold, [said(*(one for one, _ in plan)) for plan in pairs], draws=50)
    for level in ("themes", "ambitions", "statements", "concrete"):
        assert all(value == 1 for value in f1_of(result, level).values())
    assert result.statements is not None
    assert result.statements.micro.value == 1
    assert result.exact == 1
    assert result.confusions == ()
    assert result.theme_reliability is not None
    assert result.theme_reliability.error <= 0.1 + 1e-9


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_calibration_error_is_a_share_and_the_bins_hold_every_decision(decisions):
    scores, outcomes = np.array([s for s, _ in decisions]), np.array([o for _, o in decisions])
    result = reliability(scores, outcomes)
    assert 0 <= result.error <= 1
    assert sum(each.count for each in result.bins) == len(decisions)
    assert all(each.low - 1e-9 <= each.confidence <= each.high + 1e-9 for each in result.bins)


def test_calibration_error_by_hand():
    result = reliability(np.array([0.95, 0.95, 0.25, 0.05]), np.array([True, False, True, False]))
    assert result.error == pytest.approx((2 * 0.45 + 0.75 + 0.05) / 4)
    assert [(each.count, each.accuracy) for each in result.bins] == [(1, 0), (1, 1), (2, 0.5)]


def test_keeping_silent_where_unsure_helps_a_model_that_knows_what_it_knows():
    gold = [labelled("a", *[(("P1",), "initiative")] * 10)]
    right = Prediction(("P1",), {"P1": 0.95}, "initiative", {"initiative": 0.9, "context": 0.1})
    wrong = Prediction(("P2",), {"P2": 0.55}, "context", {"context": 0.5, "initiative": 0.4})
    points = evaluate(gold, [[right, wrong] * 5]).abstention
    assert (points[0].coverage, points[0].theme_f1, points[0].statement_accuracy) == (1.0, 0.5, 0.5)
    assert (points[-1].coverage, points[-1].theme_f1, points[-1].statement_accuracy) == (0.5, 1.0, 1.0)
    assert points[-1].theme_exact == 1


def test_the_surest_are_never_none():
    assert surest(np.array([0.1, 0.3]), 0.01).tolist() == [1]


def test_a_predictor_without_probabilities_or_statements_is_measured_on_what_it_gives():
    result = evaluate(GOLD, [[Prediction(each.themes) for each in plan] for plan in SAID])
    assert result.themes == evaluate(GOLD, SAID).themes
    assert (result.statements, result.concrete, result.theme_reliability, result.abstention) == (None, None, None, ())


def test_predictions_that_do_not_fit_are_refused():
    with pytest.raises(UsageError, match="passer ikke"):
        evaluate(GOLD, SAID[:1])
    with pytest.raises(UsageError, match="passer ikke"):
        evaluate(GOLD, SAID[::-1])
    with pytest.raises(UsageError, match='ukendt mærke "P99"'):
        evaluate(GOLD[1:], [said((("P99",), "context"), ((), "context"))])
    with pytest.raises(UsageError, match="ingen mærkede afsnit"):
        evaluate([], [])


def test_another_strategy_has_its_own_levels():
    own = load_strategy("eksempelby-2024-2028")
    gold = [labelled("a", (("L1",), "context"))]
    result = evaluate(gold, [[Prediction(("L2",))]], strategy=own)
    assert {each.name: each.f1.value for each in result.ambitions.classes} == {"T1": 1, "T2": 0, "T3": 0}


def written(folder: Path, parts: dict[str, str]) -> Path:
    (folder / "plans").mkdir()
    for name in parts:
        (folder / "plans" / f"{name}.md").write_text("Flere akutbiler.\n\nVild natur.\n", encoding="utf-8")
        rows = [
            {"paragraph": 0, "begins": "Flere", "themes": ["P2"], "statement": "commitment", "anchors": []},
            {"paragraph": 1, "begins": "Vild", "themes": ["P11"], "statement": "ambition", "anchors": []},
        ]
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / "plans" / f"{name}.jsonl").write_text(text, encoding="utf-8")
    with (folder / "documents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("document", "part"), *parts.items()])
    return folder


def always(documents: list[Document]) -> list[list[Prediction]]:
    return [said((("P2",), "commitment"), (("P2",), "ambition")) for _ in documents]


def test_a_folder_is_measured_part_by_part_and_saved(tmp_path: Path):
    folder = written(tmp_path, {"a": "train", "b": "test", "c": "test", "d": "test_real"})
    screen = io.StringIO()
    console = Console(file=screen, width=140)
    results = evaluate_folder(folder, always, out=tmp_path / "out", console=console)
    assert {part: each.documents for part, each in results.items()} == {"test": 2, "test_real": 1}
    assert results["test"].themes.micro.value == pytest.approx(1 / 2)
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text(encoding="utf-8"))["test"]["paragraphs"] == 4
    with (tmp_path / "out" / "classes.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["part"], row["level"], row["name"]): row for row in csv.DictReader(file)}
    assert float(rows["test", "themes", "P2"]["f1"]) == pytest.approx(2 / 3)
    assert float(rows["test", "statements", "micro"]["f1"]) == 1
    assert ("test", "concrete", "initiative|target") in rows
    names = {path.name for path in (tmp_path / "out").iterdir()}
    tables = {"classes.csv", "reliability.csv", "confusions.csv", "abstention.csv", "baselines.csv"}
    assert names == {"evaluation.json", *tables}
    with (tmp_path / "out" / "baselines.csv").open(encoding="utf-8", newline="") as file:
        beside = {(row["part"], row["method"], row["figure"]): row for row in csv.DictReader(file)}
    assert float(beside["test", "model", "themes_micro"]["value"]) == pytest.approx(1 / 2)
    # The commonest theme of the training plan is one of two that are equally common: right for half the paragraphs.
    assert float(beside["test", "majority", "themes_micro"]["value"]) == pytest.approx(1 / 2)
    assert ("test_real", "cosine", "themes_micro") in beside
    assert ("test", "tfidf", "themes_micro") not in beside  # one plan is too little to tune it on
    printed = screen.getvalue()
    assert "altid det hyppigste" in printed
    assert "Del: test_real" in printed
    assert "mikro" in printed
    assert "forpligtelse" in printed
    assert "0,50" in printed


def test_a_folder_without_test_parts_is_measured_as_a_whole(tmp_path: Path):
    folder = written(tmp_path, {"a": "train"})
    (folder / "documents.csv").unlink()
    results = evaluate_folder(folder, always, console=Console(file=io.StringIO()))
    assert {part: each.paragraphs for part, each in results.items()} == {"alle": 2}


def test_without_training_plans_baselines_learn_from_the_other_plans():
    plans = TRAIN + [replace(each, document=replace(each.document, name=f"{each.document.name}b")) for each in TRAIN]
    told = predict_baselines(plans, [])
    assert list(told) == ["majority", "keywords", "tfidf", "cosine"]
    assert [[len(each) for each in plans] for plans in told.values()] == [[4] * len(plans)] * 4
    right = [
        one.statement == gold.statement
        for plan, predicted in zip(plans, told["tfidf"], strict=True)
        for gold, one in zip(plan.paragraphs, predicted, strict=True)
    ]
    assert np.mean(right) > 0.9
    assert predict_baselines(TRAIN[:1], []) == {}


TRAIN = [
    labelled(
        f"d{k}",
        (("P2",), "initiative"),
        (("P11",), "ambition"),
        (("P2",), "commitment"),
        ((), "context"),
        texts=(
            f"I {2020 + k} sættes {k + 2} nye ambulancer i drift i Nakskov.",
            "Naturen skal være vild og rig på arter.",
            "Vi vil styrke ambulancerne.",
            "Planen har fire kapitler og et bilag.",
        ),
    )
    for k in range(12)
]


def test_the_majority_is_said_whatever_the_text():
    predict = fit_majority(TRAIN)
    (first, *rest) = predict([TRAIN[0].document])[0]
    assert first.themes == ("P2",)
    assert first.theme_scores["P2"] == pytest.approx(1 / 2)
    assert sum(first.statement_scores.values()) == pytest.approx(1)
    assert all(each == first for each in rest)


def test_keywords_stand_at_the_beginning_of_words_unless_marked():
    document = build_document("x", [Block("prose", "Nærhospitalet tager Ambulancer ind"), Block("prose", "Klimabilag")])
    found = fit_keywords()([document])[0]
    assert set(found[0].themes) == {"P1", "P2"}
    assert found[1].themes == ("P10",)
    assert set(keywords()) == set(THEMES)
    with pytest.raises(UsageError, match="nøgleordene"):
        fit_keywords(strategy=load_strategy("eksempelby-2024-2028"))


def test_tfidf_learns_what_words_tell():
    predict = fit_tfidf(TRAIN)
    document = labelled(
        "ny",
        (("P2",), "commitment"),
        (("P11",), "ambition"),
        texts=("Vi vil styrke ambulancerne mere.", "Naturen skal være rig."),
    )
    result = evaluate([document], predict([document.document]))
    assert result.themes.micro.value == 1
    assert result.statements is not None
    assert result.statements.micro.value == 1
    assert all(sum(each.statement_scores.values()) == pytest.approx(1) for each in predict([document.document])[0])


class WordEncoder:
    """Stands in for an encoder: a dimension each for acute help and nature."""

    def encode(self, texts, prompt="passage"):
        counts = [[text.lower().count("ambulance"), text.lower().count("natur"), 0.1] for text in texts]
        return np.array([np.array(row) / np.linalg.norm(row) for row in counts], dtype=np.float32)


def test_cosine_says_what_lies_nearest_the_descriptions():
    predict = fit_cosine(TRAIN, encoder=WordEncoder())
    found = predict([TRAIN[0].document])[0]
    assert "P2" in found[0].themes
    assert "P2" not in found[1].themes
    assert "P11" in found[1].themes


def test_the_threshold_is_the_best_one():
    random = np.random.default_rng(0)
    there = random.random((50, 3)) < 0.3
    scores = np.clip(0.3 * there + random.random((50, 3)) * 0.7, 0, 1)
    best = f1_score(there, scores >= best_threshold(scores, there), average="micro")
    assert best == pytest.approx(max(f1_score(there, scores >= t, average="micro") for t in np.unique(scores)))


def test_every_baseline_is_there_by_name():
    assert list(BASELINES) == ["majority", "keywords", "tfidf", "cosine"]
