"""Speed, memory and gain of the PDF reader, against pdfplumber in the same run.

Pages are set with reportlab: one and two columns, running heads, lists, tables with and without rules. Rates are pages
a CPU second, structure included: reading order, headings, lists, notes, tables. pdfplumber is asked for what comes
closest, words with font and size and tables, which leaves its user to put paragraphs and headings together; and beside
it for text alone. ``pdfplumber`` and ``reportlab`` are in the ``dev`` extra.

Example:
    $ python benchmarks/reading_pdf.py --pages 400
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SENTENCES = [
    "Regionen åbner to nye klinikker i Nakskov og Kalundborg, så borgerne får kortere vej til en læge.",
    "Når en patient udskrives, skal den praktiserende læge have besked samme dag.",
    "I 2026 skal ni ud af ti ambulancer være fremme inden for et kvarter, også i yderområderne.",
    "Medarbejderne har peget på, at vagtplanerne bør ligge fast mindst fire uger frem.",
]


def make_pdf(pages: int, columns: int) -> bytes:
    """Set a plan of about so many pages."""
    from reportlab import platypus
    from reportlab.lib.styles import ParagraphStyle

    body = ParagraphStyle("body", fontName="Helvetica", fontSize=10.5, leading=13.5, spaceAfter=6)
    head = ParagraphStyle("head", body, fontName="Helvetica-Bold", fontSize=15, leading=18)
    item = ParagraphStyle("item", body, leftIndent=18, bulletIndent=6)
    width = (475 - 24 * (columns - 1)) / columns
    frames = [platypus.Frame(60 + place * (width + 24), 50, width, 740, 0, 0, 0, 0) for place in range(columns)]
    flow: list[object] = []
    for number in range(pages * 2):
        text = " ".join(SENTENCES[(number + place) % 4] for place in range(5))
        flow.append(platypus.Paragraph(f"{number + 1}. Kapitel", head))
        flow += [platypus.Paragraph(text, body) for _ in range(2)]
        flow += [platypus.Paragraph(SENTENCES[place], item, bulletText="•") for place in range(2)]
        if number % 4 == 0:
            cells = [["Indsats", "Ansvarlig", "Frist"], *([f"Indsats {row}", "Region", "2026"] for row in range(8))]
            style = [("GRID", (0, 0), (-1, -1), 0.5, "black")] if number % 8 else []
            flow.append(platypus.Table(cells, style=style))

    def running(canvas: object, template: object) -> None:
        canvas.drawString(60, 815, "Plan for alle borgere")  # type: ignore[attr-defined]
        canvas.drawString(500, 25, f"Side {canvas.getPageNumber()}")  # type: ignore[attr-defined]

    buffer = io.BytesIO()
    document = platypus.BaseDocTemplate(buffer, pagesize=(595, 842))
    document.addPageTemplates([platypus.PageTemplate("page", frames, onPage=running)])
    document.build(flow)
    return buffer.getvalue()


def measure_child(path: Path) -> None:
    """Read a file in this process and print pages, CPU seconds and peak memory in MB."""
    from strategitekst.reading.child import peak_memory
    from strategitekst.reading.limits import MEGABYTE
    from strategitekst.reading.pdf import read_pdf

    read_pdf(make_pdf(1, 1), "warm-up")
    started = time.process_time()
    pages = read_pdf(path.read_bytes(), path.name).pages
    seconds = time.process_time() - started
    print(pages, seconds, peak_memory() / MEGABYTE)  # without what the parent held


def plumber_text(page: Any) -> None:
    """Ask pdfplumber for the text of a page and nothing else."""
    page.extract_text()


def plumber_structure(page: Any) -> None:
    """Ask pdfplumber for what structure is made of: words with font and size, and tables."""
    page.extract_words(extra_attrs=["fontname", "size"])
    page.find_tables()


def plumber_rate(data: bytes, ask: Callable[[Any], None], most: int = 20) -> float:
    """Return how many pages a CPU second pdfplumber reads."""
    import pdfplumber

    started = time.process_time()
    with pdfplumber.open(io.BytesIO(data)) as document:
        count = min(most, len(document.pages))
        for page in document.pages[:count]:
            ask(page)
    return count / (time.process_time() - started)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--child", type=Path)
    given = parser.parse_args()
    if given.child:
        measure_child(given.child)
        return
    import tempfile

    print("columns | pages | pages/s | MB | pdfplumber, words and tables: pages/s | times | text: pages/s | times")
    with tempfile.TemporaryDirectory() as folder:
        for columns in (1, 2):
            path = Path(folder) / f"plan{columns}.pdf"
            path.write_bytes(data := make_pdf(given.pages, columns))
            command = [sys.executable, __file__, "--child", str(path)]
            found = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this file
            pages, seconds, memory = map(float, found.stdout.split())
            rate = pages / seconds
            others = [plumber_rate(data, ask) for ask in (plumber_structure, plumber_text)]
            compared = " | ".join(f"{other:.1f} | {rate / other:.1f}" for other in others)
            print(f"{columns} | {pages:.0f} | {rate:.1f} | {memory:.0f} | {compared}", flush=True)


if __name__ == "__main__":
    main()
