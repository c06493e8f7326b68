"""Documents in, tables out, all in memory: how a few documents are analysed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategitekst.assessment import PlansTogether, make_yardstick
from strategitekst.classification import Classifier
from strategitekst.cores import one_thread
from strategitekst.document import Document
from strategitekst.document_result import analyze_document
from strategitekst.encoding import Encoder
from strategitekst.errors import UsageError
from strategitekst.frames import SCHEMAS, make_frame
from strategitekst.manifest import describe_models, make_manifest
from strategitekst.reading import FoundFile, Limits, find_files

if TYPE_CHECKING:
    import pandas as pd

    from strategitekst.batch.progress import Watcher
    from strategitekst.strategy import Strategy

Source = str | Path | Document
Progress = Callable[[str, int, int], object]


def analyze_in_memory(
    work: Sequence[FoundFile | Document],
    strategy: Strategy,
    encoder: Encoder | None,
    limits: Limits | None,
    watcher: Watcher,
    abstain: float | None = None,
    password: str | None = None,
    models: str | Path | None = None,
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Analyse documents one after the other.

    Args:
        work: The documents in the order of the tables.
        strategy: What they are held against.
        encoder: What coverage is measured with; the one that ships if None.
        limits: What reading a file may cost; the default limits if None.
        watcher: Is told how it goes.
        abstain: Certainty under which a state is ``uncertain``; None for never.
        password: Opens the files that ask for one.
        models: A folder of heads of one's own.

    Returns:
        The tables by name, and the manifest.

    Raises:
        ModelError: A model cannot be loaded, or the user's own heads are for another strategy or encoder.
    """
    from strategitekst.batch.tasks import Outcome

    started = datetime.now(UTC)
    classifier = Classifier(strategy, models=models)
    classifier.model_set.check(classifier.encoder.fingerprint)
    encoder = encoder or classifier.encoder
    yardstick = make_yardstick(strategy, encoder, models=classifier.model_set, abstain=abstain)
    together = PlansTogether(yardstick)
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in SCHEMAS}
    watcher.stage("analysing", len(work))
    for number, item in enumerate(work):
        with one_thread():
            result = analyze_document(item, classifier, encoder, yardstick, limits, password)
        if result.vectors is not None:
            together.add(result.name, len(rows["paragraphs"]), result.rows["paragraphs"], result.vectors)
        for table in SCHEMAS:
            rows[table] += result.rows[table]
        watcher.came(Outcome(number, item.name, None, result.rows["documents"][0]))
    watcher.stage("gathering", 0)
    coverages, pledges = together.rows()
    rows["coverage"] += coverages
    rows["pledges"] += pledges
    frames = {table: make_frame(table, rows[table]) for table in SCHEMAS}
    described = describe_models(classifier, encoder)
    return frames, make_manifest(strategy, described, started, statuses=frames["documents"]["status"])


def list_work(sources: Source | Iterable[Source], out: Path | None = None) -> list[FoundFile | Document]:
    """List what is to be analysed, each document under a name of its own.

    Args:
        sources: Files, folders or documents that were read; one or many.
        out: The folder of the results, which may lie among the plans: nothing in it is one.

    Returns:
        Files in the order of the paths given, those of a folder sorted by name; then documents.

    Raises:
        UsageError: There is nothing to analyse, a source is of another type, or ``out`` is a file or holds all plans.
    """
    if isinstance(sources, str | Path | Document) or not isinstance(sources, Iterable):
        given = [sources]
    else:
        given = list(sources)
    for source in given:
        if not isinstance(source, str | Path | Document):
            raise UsageError(f"{source!r} er hverken en sti eller et dokument: angiv filer, mapper eller dokumenter")
    if not given:
        raise UsageError("Der er ikke angivet noget at analysere: angiv en fil, en mappe eller et dokument")
    documents = [source for source in given if isinstance(source, Document)]
    files = find_files([source for source in given if not isinstance(source, Document)])
    if out is not None:
        own = out.resolve()
        if own.is_file():
            raise UsageError(f"{out} er en fil: angiv en mappe til resultaterne")
        outside = [file for file in files if file.error or not file.path.resolve().is_relative_to(own)]
        if files and not documents and not outside:
            raise UsageError(f"{out} skal have resultaterne, men planerne ligger i den: angiv en anden mappe til dem")
        files = outside
    if not documents and not files:
        raise UsageError("Der er ingen filer at analysere: mappen er tom eller rummer kun skjulte filer")
    return [*files, *_with_own_names(documents, {file.name for file in files})]


def _with_own_names(documents: Sequence[Document], taken: set[str]) -> list[Document]:
    """Put a number behind names that another document has: rows of the tables are told apart by name."""
    named = []
    for document in documents:
        name, number = document.name, 2
        while name in taken:
            name, number = f"{document.name} ({number})", number + 1
        taken.add(name)
        named.append(replace(document, name=name))
    return named
