"""The main job: documents held against a strategy, as four tables and a manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from strategitekst.assessment import ALL, PlansTogether, make_yardstick
from strategitekst.classification import Classifier
from strategitekst.document import Document
from strategitekst.document_result import analyze_document
from strategitekst.encoding import Encoder
from strategitekst.errors import UsageError
from strategitekst.frames import SCHEMAS, make_frame, read_frame, to_arrow, write_frame
from strategitekst.manifest import make_manifest
from strategitekst.reading import FoundFile, find_files
from strategitekst.status import GAPS
from strategitekst.strategy import Strategy, load_strategy

if TYPE_CHECKING:
    import polars

Source = str | Path | Document
Progress = Callable[[str, int, int], object]
MANIFEST = "manifest.json"
STRATEGY = "strategy.toml"
REPORT = "report.html"


@dataclass(frozen=True)
class Analysis:
    """What an analysis found; the tables have the columns of ``frames.SCHEMAS``.

    Attributes:
        paragraphs: A row a paragraph: themes, statement, specificity, anchors.
        coverage: A row a pledge in a document, and in ``*`` for all documents: how much of it is taken up.
        pledges: A row a pledge in a document, and in ``*``: its state, why, and the paragraphs behind it. In ``*`` rows
            paragraphs are numbered by their row in ``paragraphs``.
        documents: A row a file given: what it is, or what is wrong with it.
        strategy: What the documents were held against.
        manifest: Versions, fingerprints, options and times.

    Example:
        >>> from strategitekst.document import Block, build_document
        >>> plan = build_document("plan", [Block("prose", "I 2026 køber Movia 12 elbusser.")])
        >>> analysis = analyze(plan)
        >>> analysis.paragraphs.loc[0, "statement"], len(analysis.gaps.query("document == 'plan'"))
        ('initiative', 11)
    """

    paragraphs: pd.DataFrame
    coverage: pd.DataFrame
    pledges: pd.DataFrame
    documents: pd.DataFrame
    strategy: Strategy
    manifest: dict[str, Any]

    @property
    def gaps(self) -> pd.DataFrame:
        """The part of ``pledges`` that has no concrete initiative: ``unmentioned`` or ``intent_only``."""
        return self.pledges[self.pledges["state"].isin(GAPS)].reset_index(drop=True)

    def to_polars(self) -> dict[str, polars.DataFrame]:
        """Give the four tables as Polars frames, by name.

        Raises:
            UsageError: Polars is not installed.
        """
        try:
            import polars
        except ImportError:
            raise UsageError('Polars er ikke installeret: pip install "strategitekst[polars]"') from None
        return {table: polars.DataFrame(to_arrow(getattr(self, table), table)) for table in SCHEMAS}

    def to_html(self, path: str | Path, lang: str = "da") -> Path:
        """Write the report: one file that opens offline.

        Args:
            path: The file to write.
            lang: ``da`` or ``en``.

        Returns:
            The file.

        Raises:
            UsageError: The file cannot be written.
        """
        target = Path(path)
        try:
            target.write_text(self.report(lang), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{target} kan ikke skrives ({error.strerror}): vælg et andet sted") from error
        return target

    def report(self, lang: str = "da") -> str:
        """Render the report as one HTML page."""
        from strategitekst.report import render_report

        tables = (self.paragraphs, self.coverage, self.pledges, self.documents)
        return render_report(*tables, self.manifest, self.strategy, lang=lang)

    def save(self, folder: str | Path) -> Path:
        """Write the tables as Parquet, the manifest, the strategy and the report.

        Args:
            folder: Made if it is not there.

        Returns:
            The folder.

        Raises:
            UsageError: The folder cannot be written to.
        """
        target = make_folder(Path(folder))
        try:
            for table in SCHEMAS:
                write_frame(getattr(self, table), table, target)
            content = json.dumps(self.manifest, ensure_ascii=False, indent=2)
            (target / MANIFEST).write_text(content + "\n", encoding="utf-8")
            self.strategy.to_toml(target / STRATEGY)
            self.to_html(target / REPORT)
        except OSError as error:
            raise UsageError(f"{target} kan ikke skrives ({error.strerror}): vælg en anden mappe") from error
        return target

    def _repr_html_(self) -> str:
        states = self.pledges[self.pledges["document"] != ALL]
        grid = states.pivot(index="pledge", columns="document", values="state")
        names = [pledge.id for pledge in self.strategy.pledges]
        gaps = self.gaps[self.gaps["document"] == ALL][["pledge", "state", "reason"]]
        return grid.reindex(names).to_html() + gaps.to_html(index=False)


def analyze(
    sources: Source | Iterable[Source],
    *,
    strategy: Strategy | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Hold documents against a strategy.

    A document that cannot be read gets its row in ``documents`` with the reason, and the others go on.

    Args:
        sources: Files, folders or documents that were read; one or many.
        strategy: The strategy; the default one if None.
        encoder: What coverage is measured with; the one that ships if None. Themes and statements are always told by
            the models that ship, on their own encoder.
        progress: Called before each document with its name, its number from 0 and the number of documents; at the end
            with an empty name.

    Returns:
        The tables.

    Raises:
        UsageError: No source is given.
        ModelError: A model cannot be loaded.

    Example:
        >>> analysis = analyze("findes-ikke.pdf")
        >>> analysis.documents.loc[0, "status"], analysis.documents.loc[0, "message"]
        ('FileMissing', 'findes-ikke.pdf findes ikke: tjek stien')
    """
    started = datetime.now(UTC)
    strategy = strategy or load_strategy()
    work = _list_work([sources] if isinstance(sources, str | Path | Document) else list(sources))
    classifier = Classifier(strategy)
    encoder = encoder or classifier.encoder
    yardstick = make_yardstick(strategy, encoder)
    together = PlansTogether(yardstick)
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in SCHEMAS}
    for number, item in enumerate(work):
        if progress:
            progress(item.name, number, len(work))
        result = analyze_document(item, classifier, encoder, yardstick)
        if result.vectors is not None:
            together.add(result.name, len(rows["paragraphs"]), result.rows["paragraphs"], result.vectors)
        for table in SCHEMAS:
            rows[table] += result.rows[table]
    if progress:
        progress("", len(work), len(work))
    coverages, pledges = together.rows()
    rows["coverage"] += coverages
    rows["pledges"] += pledges
    frames = {table: make_frame(table, rows[table]) for table in SCHEMAS}
    manifest = make_manifest(strategy, classifier, encoder, started, statuses=frames["documents"]["status"])
    return Analysis(**frames, strategy=strategy, manifest=manifest)


def make_folder(folder: Path) -> Path:
    """Make a folder for results, before the work whose results it is to hold.

    Raises:
        UsageError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} kan ikke laves ({error.strerror}): vælg en anden mappe") from error
    return folder


def load_analysis(folder: str | Path) -> Analysis:
    """Read what ``Analysis.save`` wrote.

    Args:
        folder: The folder.

    Returns:
        The analysis.

    Raises:
        UsageError: There is no analysis in the folder, or a damaged one.

    Example:
        >>> try:
        ...     load_analysis("findes-ikke")
        ... except UsageError as error:
        ...     print(error)
        findes-ikke indeholder ingen analyse: manifest.json mangler
    """
    source = Path(folder)
    try:
        manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        frames = {table: read_frame(table, source) for table in SCHEMAS}
    except FileNotFoundError as error:
        missing = Path(str(error.filename or error)).name
        raise UsageError(f"{source} indeholder ingen analyse: {missing} mangler") from None
    except ValueError as error:
        raise UsageError(f"{source} indeholder en beskadiget analyse: analysér dokumenterne igen") from error
    return Analysis(**frames, strategy=load_strategy(source / STRATEGY), manifest=manifest)


def _list_work(sources: Sequence[Source]) -> list[FoundFile | Document]:
    if not sources:
        raise UsageError("Der er ikke angivet noget at analysere: angiv en fil, en mappe eller et dokument")
    documents = [source for source in sources if isinstance(source, Document)]
    files = find_files([source for source in sources if not isinstance(source, Document)])
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
