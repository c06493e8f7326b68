"""The report at sizes from a few plans to a huge run: time to make, peak memory, size, and time to see and to filter.

Run ``python benchmarks/report.py``; what a browser does is measured where Playwright and Chromium are installed.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

from strategitekst.frames import SCHEMAS, make_frame
from strategitekst.prediction import STATEMENTS
from strategitekst.report import render_report
from strategitekst.status import STATES
from strategitekst.strategy import load_strategy

SIZES = {"500": (5, 100), "50,000": (500, 100), "1,000,000": (10_000, 100)}
KEPT = 150_000
"""Of more paragraphs than that a part is handed to the report, as a batch run does."""
SENTENCES = Path(__file__).parents[1] / "corpus" / "plans"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
FILTER = """() => new Promise((done) => {
  const field = document.getElementById('f-text'), start = performance.now();
  new MutationObserver(() => requestAnimationFrame(() => done(performance.now() - start)))
    .observe(document.getElementById('count'), {childList: true});
  field.value = 'borger 1';
  field.dispatchEvent(new Event('input'));
})"""


def made_up(plans: int, paragraphs: int) -> dict[str, pd.DataFrame]:
    """Make tables of made-up plans from the corpus' own words, which pack as badly as any plan's."""
    draw = random.Random(0)  # noqa: S311 - made-up plans need no secret
    words = " ".join(file.read_text(encoding="utf-8") for file in sorted(SENTENCES.glob("*.md"))).split()
    strategy = load_strategy()
    themes = list(strategy.themes)
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in SCHEMAS}
    for plan in range(plans):
        name = f"planer/plan {plan:05}.pdf"
        rows["documents"].append(
            {"document": name, "sha256": "", "format": "pdf", "pages": 20, "paragraphs": paragraphs, "status": "ok",
             "message": "", "seconds": 1.0}
        )  # fmt: skip
        for number in range(paragraphs if len(rows["paragraphs"]) < KEPT else 0):
            given = draw.sample(themes, draw.choice([0, 1, 1, 2]))
            scores = {theme: round(draw.random() if theme in given else 0.05 * draw.random(), 4) for theme in themes}
            rows["paragraphs"].append(
                {"document": name, "paragraph": number, "page": number // 5 + 1, "heading": [f"Kapitel {number // 10}"],
                 "text": " ".join(draw.choices(words, k=45)), "start": 0, "end": 1, "themes": given,
                 "theme_scores": scores,
                 "ambitions": [], "statement": draw.choice(STATEMENTS),
                 "statement_scores": dict.fromkeys(STATEMENTS, round(draw.random(), 4)), "specificity": draw.random(),
                 "actor": None, "deadline": "i 2026", "quantity": None, "budget": None}
            )  # fmt: skip
        for pledge in strategy.pledges:
            rows["coverage"].append(
                {"document": name, "pledge": pledge.id, "coverage": draw.random(), "low": 0.1, "high": 0.9,
                 "paragraphs": 8, "initiatives": 2, "best_paragraph": 0}
            )  # fmt: skip
            rows["pledges"].append(
                {"document": name, "pledge": pledge.id, "state": draw.choice(STATES), "confidence": draw.random(),
                 "evidence": draw.sample(range(paragraphs), 10), "reason": "Løftet omtales i 8 afsnit."}
            )  # fmt: skip
    return {table: make_frame(table, rows[table]) for table in SCHEMAS}


def measure(plans: int, paragraphs: int) -> tuple[float, float, float, float | None, float | None]:
    """Make one report: seconds, growth of the peak in MB, size in MB, and first view and filter in milliseconds."""
    tables = made_up(plans, paragraphs)
    strategy = load_strategy()
    before = peak(reset=True)
    start = time.perf_counter()
    page = render_report(*(tables[name] for name in ("paragraphs", "coverage", "pledges", "documents")), {}, strategy)
    seconds = time.perf_counter() - start
    growth = peak() - before
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(page, encoding="utf-8")
        return seconds, growth, file.stat().st_size / 1e6, *seen(file)


def peak(*, reset: bool = False) -> float:
    """Tell the most memory that this process has held, in MB; or let the count start again at what it holds now."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def seen(file: Path) -> tuple[float | None, float | None]:
    """Open a report in Chromium and search it once."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None, None
    if not chromium:
        return None, None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("#explorer[aria-busy=false]")
        first, found = page.evaluate(PAINT), page.evaluate(FILTER)
        browser.close()
    return first, found


def main() -> None:
    """Measure each size in a process of its own, so that peaks do not add up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=SIZES)
    size = parser.parse_args().size
    if size:
        seconds, growth, megabytes, first, found = measure(*SIZES[size])
        told = ["–" if each is None else f"{each:.0f} ms" for each in (first, found)]
        cells = [size, SIZES[size][0], f"{seconds:.1f} s", f"{growth:.0f} MB", f"{megabytes:.1f} MB", *told]
        print("|", " | ".join(map(str, cells)), "|")
        return
    print("| paragraphs | plans | made in | peak grew by | file | first view | search |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for name in SIZES:
        subprocess.run([sys.executable, __file__, "--size", name], check=True)  # noqa: S603 - this very file


if __name__ == "__main__":
    main()
