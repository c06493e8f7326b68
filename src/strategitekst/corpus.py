"""Labelled plans: Markdown files with a file of labels beside each.

A corpus is a folder with ``plans/<id>.md`` and ``plans/<id>.jsonl``, and ``documents.csv`` that names them and their
part. A folder of one's own needs no ``documents.csv``: then every ``.md`` with a ``.jsonl`` beside it counts. A row of
labels is a paragraph: ``paragraph`` (0, 1, …), ``begins`` (its first words), ``themes`` (main first), ``statement`` and
``anchors``. Second labels of the same texts, by other readers, lie in ``annotators/<name>/<id>.jsonl``. A row of
``phrases.tsv`` is a phrase that shows its theme: the themes, separated by commas (``-`` for none), a tab, the phrase.
"""

from __future__ import annotations

import csv
from pathlib import Path

from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph, Problems, align, read_rows
from strategitekst.document import Document
from strategitekst.duplicates import near_duplicates
from strategitekst.errors import CorpusError, ReadingError
from strategitekst.reading import read_document
from strategitekst.strategy import Strategy, load_strategy

__all__ = [
    "PARTS",
    "LabelledDocument",
    "LabelledParagraph",
    "load_annotators",
    "load_corpus",
    "load_phrases",
    "validate",
]

PARTS = ("train", "dev", "loose", "test", "test_real")
"""``loose`` holds paragraphs without a plan around them: for training only."""
TABLE = "documents.csv"
PHRASES = "phrases.tsv"
ANNOTATORS = "annotators"
_COUNTED_WORDS = 5


def load_corpus(
    folder: str | Path, part: str | None = None, *, strategy: Strategy | None = None
) -> list[LabelledDocument]:
    """Load labelled documents.

    Args:
        folder: A corpus, or a folder of one's own with ``.md`` and ``.jsonl`` files.
        part: ``train``, ``dev``, ``test`` or ``test_real``; None for all.
        strategy: Whose themes the labels name; the default strategy's if None.

    Returns:
        The documents in the order of ``documents.csv``, else by file name.

    Raises:
        CorpusError: There is no such part, nothing in the folder, or a document and its labels do not fit together.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "a.md").write_text("# Akut\\n\\nFlere akutbiler.\\n", encoding="utf-8")
        ...     row = '{"paragraph": 0, "begins": "Flere", "themes": ["P2"], "statement": "ambition", "anchors": []}'
        ...     _ = Path(folder, "a.jsonl").write_text(row, encoding="utf-8")
        ...     [(each.paragraph.text, each.themes) for each in load_corpus(folder)[0].paragraphs]
        [('Flere akutbiler.', ('P2',))]
    """
    problems = Problems()
    documents = read_labelled(Path(folder), problems, strategy, part=part)
    if problems.fatal:
        more = f" (og {len(problems.fatal) - 1} fejl til)" if len(problems.fatal) > 1 else ""
        raise CorpusError(problems.fatal[0] + more)
    return documents


def load_annotators(folder: str | Path, *, strategy: Strategy | None = None) -> dict[str, list[LabelledDocument]]:
    """Load the second labels that a corpus holds in ``annotators/<name>/<id>.jsonl``.

    Args:
        folder: The corpus.
        strategy: Whose themes the labels name; the default strategy's if None.

    Returns:
        For each annotator, by name, the documents that they labelled; empty where the corpus has none.

    Raises:
        CorpusError: A document and its labels do not fit together.
    """
    labelled = {}
    for labels in annotator_folders(Path(folder)):
        problems = Problems()
        labelled[labels.name] = read_labelled(Path(folder), problems, strategy, labels=labels)
        if problems.fatal:
            raise CorpusError(f"{labels.name}: {problems.fatal[0]}")
    return labelled


def load_phrases(folder: str | Path) -> list[tuple[str, tuple[str, ...]]]:
    """Load the phrases of a corpus.

    Args:
        folder: The corpus.

    Returns:
        Each phrase with its themes; nothing where the corpus has none.

    Raises:
        CorpusError: A line is not themes, a tab and a phrase.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "phrases.tsv").write_text("P12\\tnatbus til stationen\\n-\\ttak til alle\\n")
        ...     load_phrases(folder)
        [('natbus til stationen', ('P12',)), ('tak til alle', ())]
    """
    path = Path(folder) / PHRASES
    phrases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else [], start=1):
        themes, tab, phrase = line.partition("\t")
        if not (themes and tab and phrase.strip()):
            raise CorpusError(f"{PHRASES}, linje {number}: skriv temaer, tabulator og en frase")
        phrases.append((phrase.strip(), () if themes == "-" else tuple(themes.split(","))))
    return phrases


def validate(folder: str | Path, *, strategy: Strategy | None = None) -> list[str]:
    """Check a corpus: the labels, the rules of the codebook, and that its parts share neither documents nor paragraphs.

    Args:
        folder: A corpus, or a folder of one's own.
        strategy: Whose themes the labels name; the default strategy's if None.

    Returns:
        Every problem in one line, in Danish; empty for a corpus without problems.

    Example:
        >>> validate("no such folder")
        ['no such folder: mappen findes ikke; angiv en mappe med mærkede dokumenter']
    """
    problems = Problems()
    documents = read_labelled(Path(folder), problems, strategy)
    lines = problems.fatal + problems.rules + _between_parts(documents)
    for labels in annotator_folders(Path(folder)):
        second = Problems()
        read_labelled(Path(folder), second, strategy, labels=labels)
        lines += [f"{labels.name}/{line}" for line in second.fatal + second.rules]
    return list(dict.fromkeys(lines))


def _between_parts(documents: list[LabelledDocument]) -> list[str]:
    """Check what holds between documents: parts are known, and nothing stands in two of them."""
    lines = []
    seen: dict[str, str] = {}
    for each in documents:
        name, part = each.document.name, each.metadata.get("part", "")
        if part and part not in PARTS:
            lines.append(f'{TABLE}: {name} har delen "{part}"; brug {", ".join(PARTS)}')
        counted = each.metadata.get("paragraphs", "")
        if counted and counted != str(len(each.paragraphs)):
            lines.append(
                f"{TABLE}: {name} har {len(each.paragraphs)} afsnit, men tabellen siger {counted}; ret tabellen"
            )
        for key in (name, each.document.sha256):
            if key in seen:
                lines.append(f"{TABLE}: {name} er det samme dokument som {seen[key]}; lad det stå én gang")
                break
        seen.setdefault(name, f"{name} i delen {part or '–'}")
        seen.setdefault(each.document.sha256, f"{name} i delen {part or '–'}")
    # A lead-in of a few words may stand in any plan.
    spots = [
        (f"{each.document.name}, afsnit {one.number}", each.metadata.get("part", ""), one.text)
        for each in documents
        for one in each.document.paragraphs
        if len(one.text.split()) >= _COUNTED_WORDS
    ]
    for i, j, likeness in near_duplicates([text for _, _, text in spots], [part for _, part, _ in spots]):
        (place, part, _), (other, other_part, _) = spots[i], spots[j]
        lines.append(f"{place} ({part}) er næsten lig {other} ({other_part}), lighed {likeness:.2f}; skriv det ene om")
    return lines


def annotator_folders(folder: Path) -> list[Path]:
    """List the folders of second labels, by name."""
    root = folder / ANNOTATORS
    return sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []


def read_labelled(
    folder: Path,
    problems: Problems,
    strategy: Strategy | None = None,
    *,
    part: str | None = None,
    labels: Path | None = None,
) -> list[LabelledDocument]:
    """Read what can be read and note what is wrong.

    Args:
        folder: The corpus.
        problems: What is wrong is added to it.
        strategy: Whose themes the labels name; the default strategy's if None.
        part: Only documents of this part; None for all.
        labels: A folder of second labels; then only documents that have labels in it. None for those beside the text.

    Returns:
        The documents without fatal problems.
    """
    themes = strategy or load_strategy()
    texts = folder / "plans" if (folder / "plans").is_dir() else folder
    documents = []
    for metadata in _table(folder, texts, problems):
        name = metadata["document"]
        rows = (labels or texts) / f"{name}.jsonl"
        if (part and metadata.get("part") != part) or (labels and not rows.exists()):
            continue
        known = len(problems.fatal)
        document, read = _read_text(texts / f"{name}.md", problems), read_rows(rows, problems)
        if document is None or len(problems.fatal) > known:
            continue
        paragraphs = align(document, read, rows.name, themes, problems)
        if len(problems.fatal) == known:
            documents.append(LabelledDocument(document, metadata, paragraphs))
    if not documents and not problems.fatal and labels is None:
        what = (
            f"ingen dokumenter i delen {part}; delene er {', '.join(PARTS)}" if part else "ingen .md-filer med .jsonl"
        )
        problems.fatal.append(f"{folder}: {what}")
    return documents


def _table(folder: Path, texts: Path, problems: Problems) -> list[dict[str, str]]:
    """Read documents.csv, or make its rows up from the files."""
    path = folder / TABLE
    if not folder.is_dir():
        problems.fatal.append(f"{folder}: mappen findes ikke; angiv en mappe med mærkede dokumenter")
        return []
    if not path.exists():
        return [{"document": file.stem} for file in sorted(texts.glob("*.md")) if file.with_suffix(".jsonl").exists()]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [{key: value or "" for key, value in row.items() if key} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.fatal.append(
            f"{TABLE}: tabellen kan ikke læses ({error}); gem den som UTF-8 med komma mellem felterne"
        )
        return []
    if any(not row.get("document") for row in rows):
        problems.fatal.append(f'{TABLE}: en række mangler "document"; skriv dokumentets id i hver række')
        return []
    return rows


def _read_text(path: Path, problems: Problems) -> Document | None:
    try:
        return read_document(path, name=path.stem)
    except ReadingError as error:
        problems.fatal.append(str(error))  # it begins with the document's name
        return None
