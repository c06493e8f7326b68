"""Evaluation as a user runs it: a folder of labelled documents in, tables on the screen and files out."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategitekst.baselines import predict_baselines
from strategitekst.corpus import load_corpus
from strategitekst.corpus_labels import LabelledDocument
from strategitekst.evaluation import Evaluation, evaluate
from strategitekst.labels import Labels
from strategitekst.metrics import ClassScore, Estimate, Scores
from strategitekst.prediction import STATEMENTS, Predictor
from strategitekst.strategy import Strategy, load_strategy

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

HELD_OUT = ("test", "test_real")
TRAINING = "train"
MODEL = "model"
WHOLE = "alle"
_SHOWN_CONFUSIONS = 10


def evaluate_folder(
    folder: str | Path,
    predict: Predictor,
    *,
    out: str | Path | None = None,
    strategy: Strategy | None = None,
    console: Console | None = None,
) -> dict[str, Evaluation]:
    """Measure a predictor on labelled documents, print the figures and save them.

    Where ``documents.csv`` names test parts, each of them is measured and nothing else, since models were trained on
    the rest; a folder without parts is measured as a whole. The baselines stand beside it: fitted on the folder's part
    ``train``, or, where there is none, on the other plans of the folder.

    Args:
        folder: Labelled documents, see ``load_corpus``.
        predict: What is measured.
        out: Folder for ``evaluation.json``, ``classes.csv``, ``reliability.csv``, ``confusions.csv``,
            ``abstention.csv`` and ``baselines.csv``; made if it is not there. None to save nothing.
        strategy: Whose themes the labels name; the default strategy if None.
        console: Where the tables are printed; None for standard output.

    Returns:
        The evaluation of each part; of ``alle`` for a folder without parts.

    Raises:
        CorpusError: The folder holds no labelled documents, or labels that do not fit.
        UsageError: The predictions do not fit the documents.
    """
    from rich.console import Console

    strategy = strategy or load_strategy()
    documents = load_corpus(folder, strategy=strategy)
    train = [each for each in documents if each.metadata.get("part") == TRAINING]
    console = console or Console()
    evaluations: dict[str, Evaluation] = {}
    baselines: dict[str, dict[str, Evaluation]] = {}
    for part, gold in _parts(documents).items():
        evaluations[part] = evaluate(gold, predict([each.document for each in gold]), strategy=strategy)
        baselines[part] = {
            name: evaluate(gold, told, strategy=strategy)
            for name, told in predict_baselines(gold, train, strategy).items()
        }
        print_evaluation(evaluations[part], part, strategy, console)
        console.print(_comparison_table({MODEL: evaluations[part], **baselines[part]}))
    if out is not None:
        save_evaluations(evaluations, baselines, out)
    return evaluations


def _parts(documents: list[LabelledDocument]) -> dict[str, list[LabelledDocument]]:
    held_out = {part: [each for each in documents if each.metadata.get("part") == part] for part in HELD_OUT}
    return {part: found for part, found in held_out.items() if found} or {WHOLE: documents}


def print_evaluation(evaluation: Evaluation, part: str, strategy: Strategy, console: Console) -> None:
    """Print the figures as tables.

    Args:
        evaluation: The figures.
        part: What they were measured on, for the heading.
        strategy: Where the names of the themes stand.
        console: Where to print.
    """
    console.print(f"[bold]Del: {part}[/bold] · {evaluation.documents} dokumenter · {evaluation.paragraphs} afsnit")
    names = strategy.themes
    statements = {name: Labels("da").named("statement", name) for name in STATEMENTS}
    console.print(_class_table("Temaer", evaluation.themes, names))
    console.print(_class_table("Ambitioner (G: grundlag)", evaluation.ambitions, names))
    if evaluation.statements and evaluation.concrete:
        console.print(_class_table("Udsagn (mikro: andel rigtige)", evaluation.statements, statements))
        console.print(_class_table("Initiativ eller mål", evaluation.concrete, {}, summary=False))
    console.print(f"Helt rigtigt temasæt: {_number(evaluation.exact)}")
    for what, found in (("temaer", evaluation.theme_reliability), ("udsagn", evaluation.statement_reliability)):
        if found:
            console.print(f"Kalibreringsfejl (ECE), {what}: {found.error:.3f}".replace(".", ","))
    console.print(
        _table(
            "Hyppigste forvekslinger",
            ("Afsnit med", "Fejlagtigt sagt", "Antal", "Andel"),
            [
                (each.gold, each.predicted, str(each.paragraphs), _number(each.share))
                for level in ("themes", "statements")
                for each in [one for one in evaluation.confusions if one.level == level][:_SHOWN_CONFUSIONS]
            ],
        )
    )
    if evaluation.abstention:
        console.print(
            _table(
                "De sikreste afsnit",
                ("Andel afsnit", "F1 temaer", "Helt rigtigt temasæt", "Rigtige udsagn"),
                [
                    (f"{each.coverage:.0%}", *map(_number, (each.theme_f1, each.theme_exact, each.statement_accuracy)))
                    for each in evaluation.abstention
                ],
            )
        )


def _comparison_table(evaluations: Mapping[str, Evaluation]) -> Table:
    names = Labels("da")
    rows = [
        (names.named("baseline", name), *(_with_interval(figure) for figure in _main_figures(each).values()))
        for name, each in evaluations.items()
    ]
    figures = [names.named("measure", name) for name in _main_figures(next(iter(evaluations.values())))]
    return _table("Modellen og enklere metoder (95 %-interval)", ("Metode", *figures), rows)


def _main_figures(evaluation: Evaluation) -> dict[str, Estimate | None]:
    return {
        "themes_micro": evaluation.themes.micro,
        "themes_macro": evaluation.themes.macro,
        "ambitions_micro": evaluation.ambitions.micro,
        "statements_macro": evaluation.statements.macro if evaluation.statements else None,
        "concrete": evaluation.concrete.micro if evaluation.concrete else None,
    }


def _with_interval(estimate: Estimate | None) -> str:
    return "–" if estimate is None else "{} ({})".format(*_estimate(estimate))


def _class_table(title: str, scores: Scores, names: Mapping[str, str], *, summary: bool = True) -> Table:
    rows = [_class_row(each, names.get(each.name, "")) for each in scores.classes]
    if summary:
        micro = (_number(scores.precision), _number(scores.recall), *_estimate(scores.micro))
        support = str(sum(each.support for each in scores.classes))
        rows += [("mikro", "", *micro, support), ("makro", "", "", "", *_estimate(scores.macro), "")]
    return _table(title, ("Klasse", "Navn", "Præcision", "Genkald", "F1", "95 %-interval", "Antal"), rows)


def _class_row(each: ClassScore, name: str) -> tuple[str, ...]:
    figures = (_number(each.precision), _number(each.recall), *_estimate(each.f1))
    return (each.name, name, *figures, str(each.support))


def _estimate(estimate: Estimate) -> tuple[str, str]:
    interval = f"{_number(estimate.low)}–{_number(estimate.high)}" if estimate.low is not None else "–"
    return _number(estimate.value), interval


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace(".", ",")


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        words = place == 0 or column in ("Navn", "Fejlagtigt sagt")
        table.add_column(column, justify="left" if words else "right", no_wrap=column != "Navn")
    for row in rows:
        table.add_row(*row)
    return table


def save_evaluations(
    evaluations: Mapping[str, Evaluation], baselines: Mapping[str, Mapping[str, Evaluation]], out: str | Path
) -> None:
    """Save the figures: all of them as JSON, and each kind as a table in a CSV file.

    Args:
        evaluations: The evaluation of each part.
        baselines: Of each part, the evaluation of each baseline.
        out: The folder; made if it is not there.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        part: evaluation.to_dict() | {"baselines": {name: each.to_dict() for name, each in baselines[part].items()}}
        for part, evaluation in evaluations.items()
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / "evaluation.json").write_text(text + "\n", encoding="utf-8")
    kinds = ("classes", "reliability", "confusions", "abstention", "baselines")
    tables: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    for part, each in evaluations.items():
        tables["classes"] += [{"part": part, **row} for row in class_rows(each)]
        for level, found in (("themes", each.theme_reliability), ("statements", each.statement_reliability)):
            tables["reliability"] += [
                {"part": part, "level": level, **asdict(one)} for one in (found.bins if found else ())
            ]
        tables["confusions"] += [{"part": part, **asdict(one)} for one in each.confusions]
        tables["baselines"] += [
            {"part": part, "method": method, "figure": name, **asdict(figure)}
            for method, told in {MODEL: each, **baselines[part]}.items()
            for name, figure in _main_figures(told).items()
            if figure is not None
        ]
        tables["abstention"] += [{"part": part, **asdict(one)} for one in each.abstention]
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else ["part"])
            writer.writeheader()
            writer.writerows(rows)


def class_rows(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Flatten the scores of all levels: a row per class, and ``micro`` and ``macro`` for each level.

    Args:
        evaluation: The figures.

    Returns:
        Rows with ``level``, ``name``, ``precision``, ``recall``, ``f1``, ``low``, ``high`` and ``support``.
    """
    rows: list[dict[str, Any]] = []
    for level in ("themes", "ambitions", "statements", "concrete"):
        scores: Scores | None = getattr(evaluation, level)
        if scores is None:
            continue
        figures: list[tuple[str, float | None, float | None, Estimate, int | None]] = [
            (each.name, each.precision, each.recall, each.f1, each.support) for each in scores.classes
        ]
        if level != "concrete":
            support = sum(each.support for each in scores.classes)
            figures.append(("micro", scores.precision, scores.recall, scores.micro, support))
            figures.append(("macro", None, None, scores.macro, None))
        rows += [
            {
                "level": level,
                "name": name,
                "precision": precision,
                "recall": recall,
                "f1": f1.value,
                "low": f1.low,
                "high": f1.high,
                "support": count,
            }
            for name, precision, recall, f1, count in figures
        ]
    return rows
