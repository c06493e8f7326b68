"""Print how much of a plan each reader gives back, ours and others', and how fast: the tables of docs/reading.md.

    python benchmarks/reading.py                    what Python writes
    python benchmarks/reading.py --tools            what pandoc, LibreOffice, Chromium and others write too, where they
                                                    are installed
    python benchmarks/reading.py --others           other libraries on the same files, those that are installed
    python benchmarks/reading.py --plans FOLDER     other plans: the Markdown files of a folder

First all formats but PDF, then PDF in one and two columns; benchmarks/reading_pdf.py is about its speed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from importlib import metadata
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import reading_layouts as pages
import reading_plans as plans

from strategitekst.document import Block
from strategitekst.reading.extraction import extract
from strategitekst.reading.markdown import read_markdown
from strategitekst.reading.text import read_text

Read = Callable[[bytes], list[Block]]


def ours(data: bytes) -> list[Block]:
    """Read with strategitekst, in this process."""
    return extract(data, "plan").blocks


def by_python_docx(data: bytes) -> list[Block]:
    """Read with python-docx: styles and cells as it gives them."""
    import docx
    from docx.table import Table

    blocks: list[Block] = []
    for part in docx.Document(BytesIO(data)).iter_inner_content():
        if isinstance(part, Table):
            rows = [[cell.text for cell in row.cells] for row in part.rows]
            blocks += [Block("row", plans.row_text(rows[0], row)) for row in rows[1:]]
        elif part.style.name.startswith("Heading"):
            blocks.append(Block("heading", part.text, int(part.style.name[-1])))
        elif part.text.strip():
            blocks.append(Block("prose", part.text))
    return blocks


def by_html(html: str) -> list[Block]:
    """Take headings, paragraphs, items and rows from the HTML that a library wrote."""
    from selectolax.lexbor import LexborHTMLParser

    blocks: list[Block] = []
    for node in LexborHTMLParser(html).css("h1, h2, h3, h4, p, li, tr"):
        tag = node.tag or ""
        if tag == "tr":
            blocks.append(Block("row", "; ".join(cell.text(strip=True) for cell in node.css("td, th"))))
        elif tag.startswith("h"):
            blocks.append(Block("heading", node.text(strip=True), int(tag[1])))
        elif not (tag == "li" and node.css_first("p")):
            own = node.text(deep=not node.css_first("ul, ol")).strip()
            blocks.append(Block("prose", own))
    return [block for block in blocks if block.text]


def by_mammoth(data: bytes) -> list[Block]:
    """Read with mammoth."""
    import mammoth

    return by_html(mammoth.convert_to_html(BytesIO(data)).value)


def by_markitdown(data: bytes) -> list[Block]:
    """Read with markitdown; its Markdown is read by ours."""
    from markitdown import MarkItDown

    return read_markdown(MarkItDown().convert_stream(BytesIO(data)).markdown)


def by_trafilatura(data: bytes) -> list[Block]:
    """Read with trafilatura."""
    import trafilatura

    options = {"include_tables": True, "include_formatting": True, "favor_recall": True}
    return by_html(trafilatura.extract(data.decode(), output_format="html", **options) or "")


def by_odfdo(data: bytes) -> list[Block]:
    """Read with odfdo: all headings, then all paragraphs; its walk does not say where lists and tables are."""
    import odfdo

    body = odfdo.Document(BytesIO(data)).body
    blocks = [
        Block("heading", each.inner_text, each.get_attribute_integer("text:outline-level")) for each in body.headers
    ]
    return blocks + [Block("prose", each.inner_text) for each in body.paragraphs if each.inner_text.strip()]


def by_odfpy(data: bytes) -> list[Block]:
    """Read with odfpy."""
    from odf import opendocument, teletype, text

    document = opendocument.load(BytesIO(data))
    heads = document.getElementsByType(text.H)
    blocks = [Block("heading", teletype.extractText(each), int(each.getAttribute("outlinelevel"))) for each in heads]
    found = (teletype.extractText(each) for each in document.getElementsByType(text.P))
    return blocks + [Block("prose", each) for each in found if each.strip()]


def by_striprtf(data: bytes) -> list[Block]:
    """Read with striprtf; its text is read by ours."""
    from striprtf.striprtf import rtf_to_text

    return read_text(rtf_to_text(data.decode("latin-1")))


OTHERS: dict[str, tuple[tuple[str, Read], ...]] = {
    "docx": (("python-docx", by_python_docx), ("mammoth", by_mammoth), ("markitdown", by_markitdown)),
    "odt": (("odfdo", by_odfdo), ("odfpy", by_odfpy)),
    "html": (("trafilatura", by_trafilatura), ("markitdown", by_markitdown)),
    "rtf": (("striprtf", by_striprtf),),
    "epub": (("markitdown", by_markitdown),),
}


def measure(kinds: dict[str, list[tuple[list[plans.Part], bytes]]], read: Read, name: str) -> None:
    """Print a line a kind of file."""
    for kind, files in kinds.items():
        counts: Counter[str] = Counter()
        started = time.process_time()
        try:
            found = [read(data) for _, data in files]
        except ImportError:
            continue
        milliseconds = (time.process_time() - started) / len(files) * 1000
        plain = kind.startswith(("text", "plain"))
        for (plan, _), blocks in zip(files, found, strict=True):
            counts += plans.score(plan, blocks, plain=plain, narrow="latin" in kind, noteless="python-docx" in kind)
        print(f"| {kind} | {name} | {shares(counts)} | {counts['extra']} | {milliseconds:.0f} |", flush=True)


def shares(counts: Counter[str]) -> str:
    """Write the shares that came back as cells of a table."""
    kinds = [("paragraphs",) * 2, ("headings",) * 2, ("levels", "headings"), ("rows",) * 2, ("notes",) * 2]
    found = [f"{counts[f'{what}_found'] / counts[of]:.3f}" if counts[of] else "–" for what, of in kinds]
    return " | ".join(found)


def measure_pages(loaded: Iterable[list[plans.Part]], *, tools: bool) -> None:
    """Print what comes back from PDF: by program, by the rules of tables, and in all."""
    tables: list[dict[tuple[str, int], Counter[str]]] = [{}, {}, {}]
    for plan in loaded:
        for layout, data in pages.layouts(plan, tools=tools):
            counts = pages.score_layout(plan, ours(data), layout)
            for table, name in zip(tables, (layout.tool, f"tables: {layout.rules}", "all"), strict=True):
                table[name, layout.columns] = table.get((name, layout.columns), Counter()) + counts
    print("\n| PDF | columns | paragraphs | headings | with level | rows | notes | not in the plan | running lines |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (name, columns), counts in (entry for table in tables for entry in table.items()):
        print(f"| {name} | {columns} | {shares(counts)} | {counts['extra']} | {counts['running']} |", flush=True)


def gather(loaded: Iterable[list[plans.Part]], *, tools: bool) -> dict[str, list[tuple[list[plans.Part], bytes]]]:
    """Write the plans to files, by kind."""
    kinds: dict[str, list[tuple[list[plans.Part], bytes]]] = {}
    for plan in loaded:
        files = plans.own_files(plan) | (plans.tool_files(plan) if tools else {})
        for kind, data in files.items():
            kinds.setdefault(kind, []).append((plan, data))
    return kinds


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", action="store_true", help="files of pandoc, LibreOffice and Chromium too")
    parser.add_argument("--others", action="store_true", help="other libraries too")
    parser.add_argument("--plans", type=Path, help="a folder with other plans")
    options = parser.parse_args()
    names = sorted(path.stem for path in options.plans.glob("*.md")) if options.plans else plans.NAMES
    loaded = [plans.load_plan(name, options.plans or plans.PLANS) for name in names]
    kinds = gather(loaded, tools=options.tools)
    ours(b"Vi kommer.")  # loads the word list
    print("| files | reader | paragraphs | headings | with level | rows | notes | not in the plan | ms a file |")
    print("|---|---|---|---|---|---|---|---|---|")
    measure(kinds, ours, "strategitekst")
    if options.others:
        for start, readers in OTHERS.items():
            chosen = {kind: files for kind, files in kinds.items() if kind.startswith(start)}
            for name, read in readers:
                try:
                    measure(chosen, read, f"{name} {metadata.version(name)}")
                except metadata.PackageNotFoundError:
                    print(f"{name} is not installed", file=sys.stderr)
    measure_pages(loaded, tools=options.tools)


if __name__ == "__main__":
    main()
