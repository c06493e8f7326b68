"""The command ``strategitekst``: files in, a folder of results out. What it says is Danish."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from strategitekst.errors import StrategitekstError, UsageError

app = typer.Typer(
    help="Holder danske planer op mod en strategi, afsnit for afsnit.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
out = Console()
errors = Console(stderr=True)

SOME_FAILED = 1
WRONG_USE = 2

StrategyOption = Annotated[
    str | None, typer.Option("--strategy", help="En medfølgende strategis navn eller en TOML-fil.", show_default=False)
]


@app.command()
def analyze(
    paths: Annotated[list[str], typer.Argument(help="Filer og mapper med planer.", show_default=False)],
    out_folder: Annotated[Path, typer.Option("--out", help="Mappe til resultaterne.", show_default=False)],
    strategy: StrategyOption = None,
    encoder: Annotated[
        str | None,
        typer.Option("--encoder", help="En anden sentence-transformers-model til dækningen.", show_default=False),
    ] = None,
) -> None:
    """Analysér planer: tabeller som Parquet, manifest og en rapport i HTML."""
    from strategitekst.analysis import REPORT, analyze, make_folder
    from strategitekst.encoding import Encoder
    from strategitekst.strategy import DEFAULT_STRATEGY, load_strategy
    from strategitekst.summary import summary_table

    loaded = load_strategy(strategy or DEFAULT_STRATEGY)
    make_folder(out_folder)
    with _progress() as progress:
        task = progress.add_task("Læser modeller", total=None)
        analysis = analyze(
            list(paths),
            strategy=loaded,
            encoder=Encoder(encoder) if encoder else None,
            progress=lambda name, done, total: progress.update(
                task, description=escape(name), completed=done, total=total, refresh=True
            ),
        )
    folder = analysis.save(out_folder)
    failed = analysis.documents[analysis.documents["status"] != "ok"]
    for row in failed.itertuples():
        errors.print(f"[red]{escape(str(row.status))}[/red]: {escape(str(row.message))}", soft_wrap=True)
    out.print(summary_table(analysis))
    out.print(f"Læst: {len(analysis.documents) - len(failed)}. Kunne ikke læses: {len(failed)}.")
    out.print(f"Rapport: {escape(str(folder / REPORT))}", soft_wrap=True)
    if len(failed):
        raise typer.Exit(SOME_FAILED)


@app.command()
def classify(
    text: Annotated[str, typer.Argument(help="Ét afsnit.", show_default=False)], strategy: StrategyOption = None
) -> None:
    """Klassificér ét afsnit: temaer, udsagn og det, der gør det konkret."""
    from strategitekst.classification import classify
    from strategitekst.strategy import DEFAULT_STRATEGY, load_strategy
    from strategitekst.summary import classification_table

    loaded = load_strategy(strategy or DEFAULT_STRATEGY)
    out.print(classification_table(classify(text, loaded), loaded))


@app.command("read-strategy")
def read_strategy(
    path: Annotated[Path, typer.Argument(help="En strategi som dokument.", show_default=False)],
    out_file: Annotated[Path, typer.Option("--out", help="TOML-filen med udkastet.", show_default=False)],
) -> None:
    """Find ambitioner, løfter, initiativer og grundlag i en strategi, og skriv et udkast til gennemsyn."""
    from strategitekst.strategy_reading import read_strategy

    draft = read_strategy(path)
    try:
        draft.to_toml(out_file)
    except OSError as error:
        raise UsageError(f"{out_file} kan ikke skrives ({error.strerror}): vælg en anden fil") from error
    out.print(
        f"{len(draft.ambitions)} ambitioner, {len(draft.pledges)} løfter, {len(draft.initiatives)} initiativer og "
        f"{len(draft.foundations)} grundlag: gennemse udkastet i {escape(str(out_file))}",
        soft_wrap=True,
    )


@app.command()
def strategies() -> None:
    """Vis de strategier, der følger med."""
    from strategitekst.strategy import bundled_strategies, load_strategy

    for name in bundled_strategies():
        strategy = load_strategy(name)
        out.print(f"{name}: {strategy.name} ({strategy.organisation}), {len(strategy.pledges)} løfter", soft_wrap=True)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Mappe med mærkede planer.", show_default=False)],
    out_folder: Annotated[Path | None, typer.Option("--out", help="Mappe til tabellerne.", show_default=False)] = None,
    strategy: StrategyOption = None,
) -> None:
    """Mål modellerne på mærkede planer, med baselines og intervaller."""
    from strategitekst.classification import Classifier
    from strategitekst.evaluation_report import evaluate_folder
    from strategitekst.strategy import DEFAULT_STRATEGY, load_strategy

    loaded = load_strategy(strategy or DEFAULT_STRATEGY)
    evaluate_folder(gold, Classifier(loaded).predict, out=out_folder, strategy=loaded, console=out)


def main() -> None:
    """Run the command; an error that a user can mend is one line, and the exit code is 2."""
    try:
        app()
    except StrategitekstError as error:
        errors.print(f"[red]Fejl:[/red] {escape(str(error))}", soft_wrap=True)
        sys.exit(WRONG_USE)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=errors, transient=True)
