"""The command ``strategitekst``: files in, a folder of results out. What it says is Danish."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from strategitekst.errors import StrategitekstError, UsageError

if TYPE_CHECKING:
    from strategitekst.batch import Shown, Summary

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
STOPPED = 130
ASK = "-"

StrategyOption = Annotated[
    str | None, typer.Option("--strategy", help="En medfølgende strategis navn eller en TOML-fil.", show_default=False)
]

ModelsOption = Annotated[
    Path | None,
    typer.Option("--models", help="Mappe med et hoved, som train har trænet til strategien.", show_default=False),
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
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Antal processer; ellers én pr. kerne.", show_default=False)
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Prøv igen med filer, der fejlede sidst.")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option("--shard", help="Kun del I af N, skrevet I/N; saml delene med merge.", show_default=False),
    ] = None,
    dask: Annotated[
        str | None, typer.Option("--dask", help="Adressen på en Dask-scheduler.", show_default=False)
    ] = None,
    abstain: Annotated[
        float | None,
        typer.Option(
            "--abstain",
            min=0.5,
            max=1.0,
            help="Skriv usikker, hvor tilstanden er mindre sikker end dette, for eksempel 0.8.",
            show_default=False,
        ),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option("--password", help="Adgangskode til beskyttede filer; - for at blive spurgt.", show_default=False),
    ] = None,
    models: ModelsOption = None,
    ocr: Annotated[bool, typer.Option("--ocr", help="Genkend teksten på sider, der er billeder (tesseract).")] = False,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="Processortid til at læse én fil.")] = 20.0,
    memory: Annotated[int, typer.Option("--memory", min=64, help="Hukommelse til at læse én fil, i MB.")] = 800,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Største antal sider i en PDF.")] = 10_000,
    size: Annotated[int, typer.Option("--size", min=1, help="Største fil, også pakket ud, i MB.")] = 200,
) -> None:
    """Analysér planer: tabeller og rapport.

    Tabellerne skrives som Parquet og rapporten som HTML, med et manifest. Resultaterne gemmes undervejs: Samme kommando
    igen går videre, hvor den slap, og tager kun det, der er ændret.
    """
    from strategitekst.analyzing import list_work
    from strategitekst.batch import Options, parse_shard, run_batch
    from strategitekst.encoding import Encoder
    from strategitekst.reading import Limits
    from strategitekst.strategy import DEFAULT_STRATEGY, load_strategy

    loaded = load_strategy(strategy or DEFAULT_STRATEGY)
    options = Options(
        workers=workers,
        limits=Limits(seconds=seconds, memory_mb=memory, size_mb=size, pages=pages, ocr=ocr),
        retry_failed=retry_failed,
        shard=parse_shard(shard) if shard else None,
        dask=dask,
        abstain=abstain,
        password=typer.prompt("Adgangskode", hide_input=True, err=True) if password == ASK else password,
        models=models,
    )
    work = list_work(list(paths), out_folder)
    with _watching() as watcher:
        summary = run_batch(work, out_folder, loaded, Encoder(encoder), options, watcher)
    if options.shard:
        number, parts = options.shard
        failed = sum(summary.failed.values())
        values = {"number": number, "parts": parts, "documents": summary.documents, "failed": failed}
        _print("batch.part", **values, folder=out_folder)
        if failed:
            raise typer.Exit(SOME_FAILED)
    else:
        _conclude(summary, out_folder)


@app.command()
def merge(
    folders: Annotated[list[Path], typer.Argument(help="Mapper, som delene er skrevet i.", show_default=False)],
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Mappe til tabellerne; ellers den første mappe.", show_default=False)
    ] = None,
) -> None:
    """Saml delene af en kørsel med --shard."""
    from strategitekst.batch import merge_shards

    target = out_folder or folders[0]
    with _watching() as watcher:
        summary = merge_shards(folders, target, watcher)
    _conclude(summary, target)


@app.command()
def classify(
    text: Annotated[str, typer.Argument(help="Ét afsnit.", show_default=False)],
    strategy: StrategyOption = None,
    models: ModelsOption = None,
) -> None:
    """Klassificér ét afsnit.

    Viser temaer, udsagn og det, der gør afsnittet konkret, med sandsynligheder.
    """
    from strategitekst.classification import classify
    from strategitekst.strategy import DEFAULT_STRATEGY, load_strategy
    from strategitekst.summary import classification_table

    loaded = load_strategy(strategy or DEFAULT_STRATEGY)
    out.print(classification_table(classify(text, loaded, models=models), loaded))


@app.command("read-strategy")
def read_strategy(
    path: Annotated[Path, typer.Argument(help="En strategi som dokument.", show_default=False)],
    out_file: Annotated[Path, typer.Option("--out", help="TOML-filen med udkastet.", show_default=False)],
) -> None:
    """Skriv et udkast til en strategi som TOML.

    Ambitioner, løfter, initiativer og grundlag findes i dokumentet; gennemse udkastet, før det bruges.
    """
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
    models: ModelsOption = None,
) -> None:
    """Mål modellerne på mærkede planer.

    Tallene kommer med intervaller og ved siden af simple metoder (baselines).
    """
    from strategitekst.classification import Classifier
    from strategitekst.evaluation_report import evaluate_folder
    from strategitekst.strategy import DEFAULT_STRATEGY, load_strategy

    loaded = load_strategy(strategy or DEFAULT_STRATEGY)
    evaluate_folder(gold, Classifier(loaded, models=models).predict, out=out_folder, strategy=loaded, console=out)


@app.command()
def train(
    gold: Annotated[Path, typer.Argument(help="Mappe med mærkede planer.", show_default=False)],
    out_folder: Annotated[Path, typer.Option("--out", help="Mappe til hovedet.", show_default=False)],
    strategy: StrategyOption = None,
) -> None:
    """Træn et hoved til strategiens temaer.

    Hovedet trænes på mærkede planer af mindst to skribenter; analyze bruger det med --models.
    """
    from strategitekst.own_training import train
    from strategitekst.strategy import DEFAULT_STRATEGY, load_strategy
    from strategitekst.summary import training_table

    loaded = load_strategy(strategy or DEFAULT_STRATEGY)
    trained = train(gold, loaded, out_folder)
    out.print(training_table(trained, loaded))
    _print("training.next", folder=out_folder)


def main() -> None:
    """Run the command; an error that a user can mend is one line, and the exit code is 2."""
    try:
        app()
    except StrategitekstError as error:
        errors.print(f"[red]Fejl:[/red] {escape(str(error))}", soft_wrap=True)
        sys.exit(WRONG_USE)


@contextmanager
def _watching() -> Iterator[Shown]:
    """Show a run; where the user stops it, say how it goes on."""
    from strategitekst.batch import Shown
    from strategitekst.labels import Labels

    try:
        with Shown(errors) as watcher:
            yield watcher
    except KeyboardInterrupt:
        errors.print(Labels("da")("batch.stopped"), soft_wrap=True)
        raise typer.Exit(STOPPED) from None


def _conclude(summary: Summary, folder: Path) -> None:
    """Show what a run found; its exit code says whether a document failed."""
    from strategitekst.analysis import load_overall
    from strategitekst.frames import REPORT
    from strategitekst.labels import Labels
    from strategitekst.summary import summary_table

    failed = sum(summary.failed.values())
    if failed < summary.documents:
        out.print(summary_table(load_overall(folder)))
    else:
        _print("summary.nothing")
    for status, number in summary.failed.items():
        _print("batch.kind", status=status, name=Labels("da").named("status", status), number=number)
    _print("batch.read", ok=summary.documents - failed, reused=summary.reused, failed=failed)
    _print("batch.report", path=folder / REPORT)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _print(key: str, **values: object) -> None:
    from strategitekst.labels import Labels

    out.print(escape(Labels("da")(key, **values)), soft_wrap=True)
