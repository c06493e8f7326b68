"""The main job: documents held against a strategy, as four tables and a manifest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from strategitekst.analyzing import Progress, Source, analyze_in_memory, list_work
from strategitekst.atomic import explained
from strategitekst.encoding import Encoder
from strategitekst.errors import UsageError
from strategitekst.frames import MANIFEST, REPORT, SCHEMAS, STRATEGY, LazyFrames, read_part, to_arrow, write_frame
from strategitekst.questions import Questions
from strategitekst.reading import Limits
from strategitekst.status import ALL, GAPS
from strategitekst.strategy import Strategy, load_strategy

if TYPE_CHECKING:
    import pandas as pd
    import polars


@dataclass(frozen=True)
class Analysis(Questions):
    """What an analysis found; the tables have the columns of ``frames.SCHEMAS``.

    Attributes:
        tables: The four tables by name, as their properties give them; what was saved is read when it is looked at.
        strategy: What the documents were held against.
        manifest: Versions, fingerprints, options and times.

    Example:
        >>> from strategitekst.document import Block, build_document
        >>> plan = build_document("plan", [Block("prose", "I 2026 køber Movia 12 elbusser.")])
        >>> analysis = analyze(plan)
        >>> analysis.paragraphs.loc[0, "statement"], len(analysis.gaps.query("document == 'plan'"))
        ('initiative', 11)
    """

    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    strategy: Strategy
    manifest: dict[str, Any]

    @property
    def paragraphs(self) -> pd.DataFrame:
        """A row a paragraph: themes, statement, specificity, anchors."""
        return self.tables["paragraphs"]

    @property
    def coverage(self) -> pd.DataFrame:
        """A row a pledge in a document, and in ``*`` for all documents: how much of it is taken up."""
        return self.tables["coverage"]

    @property
    def pledges(self) -> pd.DataFrame:
        """A row a pledge in a document, and in ``*``: its state, why, and the paragraphs behind it.

        In ``*`` rows paragraphs are numbered by their row in ``paragraphs``.
        """
        return self.tables["pledges"]

    @property
    def documents(self) -> pd.DataFrame:
        """A row a file given: what it is, or what is wrong with it."""
        return self.tables["documents"]

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

    def to_excel(self, path: str | Path, lang: str = "da") -> Path:
        """Write an Excel workbook: one sheet a table, no text in it ever taken for a formula.

        Args:
            path: The file to write.
            lang: ``da`` or ``en``.

        Returns:
            The file.

        Raises:
            UsageError: XlsxWriter is not installed, a table has more rows than a sheet, or the file cannot be written.
        """
        from strategitekst.excel import write_excel

        return write_excel(self.tables, self.strategy, self.manifest, path, lang)

    def save(self, folder: str | Path) -> Path:
        """Write the tables as Parquet, the manifest, the strategy and the report.

        Args:
            folder: Made if it is not there.

        Returns:
            The folder.

        Raises:
            UsageError: The folder cannot be written to.
        """
        target = Path(folder)
        with explained(target):
            target.mkdir(parents=True, exist_ok=True)
            for table in SCHEMAS:
                write_frame(self.tables[table], table, target)
            content = json.dumps(self.manifest, ensure_ascii=False, indent=2)
            (target / MANIFEST).write_text(content + "\n", encoding="utf-8")
            self.strategy.to_toml(target / STRATEGY)
            self.to_html(target / REPORT)
        return target

    def _repr_html_(self, lang: str = "da") -> str:
        from strategitekst.notebook import analysis_html

        return analysis_html(self.tables, self.strategy, lang)


def analyze(
    sources: Source | Iterable[Source],
    *,
    strategy: Strategy | None = None,
    encoder: Encoder | None = None,
    abstain: float | None = None,
    limits: Limits | None = None,
    password: str | None = None,
    ocr: bool = False,
    progress: Progress | bool | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    dask: Any = None,
    retry_failed: bool = False,
    models: str | Path | None = None,
) -> Analysis:
    """Hold documents against a strategy.

    A document that cannot be read gets its row in ``documents`` with the reason, and the others go on.

    Without ``out``, ``workers`` and ``dask`` everything happens here and in memory, as suits some dozens of documents.
    With ``out``, each result is kept there as it comes: the same call goes on where an interrupted one stopped, takes
    in what changed, and reads its tables when they are looked at.

    Args:
        sources: Files, folders or documents that were read; one or many.
        strategy: The strategy; the default one if None.
        encoder: What coverage is measured with; the one that ships if None. The heads that tell themes and statements
            read the encoder that ships, always.
        abstain: If given, from 0.5 to 1, a state is ``uncertain`` where it is less sure than this whether the pledge
            has a concrete initiative; its ``evidence`` lists the paragraphs to look at.
        limits: What reading a file may cost; the default limits if None.
        password: Opens the files that ask for one; it is kept nowhere.
        ocr: Recognise the pages of PDFs that are pictures; needs the extra ``ocr`` and tesseract's Danish data.
        progress: True for a bar, in a terminal or a notebook; or what is called for each document that is done, with
            its name, the number of those before it and the number of documents, and at the end with an empty name.
        out: A folder to keep the results in.
        workers: How many processes share the work; if None, one a core with ``out``, else none.
        dask: A ``distributed.Client`` or the address of a scheduler, whose workers share the work; they must see the
            files and ``out`` under the same paths.
        retry_failed: With ``out``: try documents again that failed before.
        models: A folder with a head trained for the strategy, as ``strategitekst train`` writes it; if None, themes are
            told by the head that ships, or by the strategy's own words where none does.

    Returns:
        The tables.

    Raises:
        UsageError: No source is given, ``abstain`` is no such certainty, or the results cannot be written.
        ModelError: A model cannot be loaded, the head in ``models`` is for another strategy or encoder, or there is no
            calibration for the encoder: see ``calibrate``.

    Example:
        >>> analysis = analyze("findes-ikke.pdf")
        >>> analysis.documents.loc[0, "status"], analysis.documents.loc[0, "message"]
        ('FileMissing', 'findes-ikke.pdf findes ikke: tjek stien')
    """
    limits = replace(limits or Limits(), ocr=True) if ocr else limits
    strategy = strategy or load_strategy()
    folder = None if out is None else Path(out)
    work = list_work(sources, folder)
    from strategitekst.batch import Options, run_batch, watching

    if folder is None and workers is None and dask is None:
        with watching(progress) as watcher:
            frames, manifest = analyze_in_memory(work, strategy, encoder, limits, watcher, abstain, password, models)
        return Analysis(frames, strategy, manifest)

    options = Options(
        workers=workers,
        limits=limits or Limits(),
        retry_failed=retry_failed,
        dask=dask,
        abstain=abstain,
        password=password,
        models=models,
    )
    with TemporaryDirectory() as temporary, watching(progress) as watcher:
        target = folder or Path(temporary)
        run_batch(work, target, strategy, encoder or Encoder(), options, watcher)
        analysis = load_analysis(target)
        # A temporary folder goes away: what lies there is read now.
        return analysis if folder else Analysis(dict(analysis.tables), strategy, analysis.manifest)


def load_analysis(folder: str | Path) -> Analysis:
    """Read what ``Analysis.save``, or ``analyze`` with ``out``, wrote.

    Args:
        folder: The folder.

    Returns:
        The analysis; each table is read when it is first looked at.

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
        tables = LazyFrames(source)
    except FileNotFoundError as error:
        missing = Path(str(error.filename or error)).name
        raise UsageError(f"{source} indeholder ingen analyse: {missing} mangler") from None
    except ValueError as error:
        raise UsageError(f"{source} indeholder en beskadiget analyse: analysér dokumenterne igen") from error
    return Analysis(tables, load_strategy(source / STRATEGY), manifest)


def load_overall(folder: Path) -> Analysis:
    """Read the rows on all plans together alone, of an analysis that may be too large for memory.

    Args:
        folder: What ``analyze`` with ``out`` wrote.

    Returns:
        The analysis; its tables of coverage and pledges have no other rows, and the others are not there.
    """
    tables = {table: read_part(table, folder, ALL) for table in ("coverage", "pledges")}
    return Analysis(tables, load_strategy(folder / STRATEGY), {})
