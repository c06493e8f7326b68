"""Time and memory for 100, 1,000 and 10,000 plans.

    python benchmarks/scaling.py --plot scaling.svg

The plans are small, two paragraphs each, and share their paragraphs, whose vectors are mostly there already: ten
thousand whole plans would take an hour. What is measured is the run itself, not the encoder. Peak memory is the
parent's; workers and the process that draws the report are others.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from plans import write_plans

CLI = """
import resource, sys
from strategitekst.cli import main
try:
    main()
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def measure(plans: Path, out: Path, cache: Path, workers: int) -> tuple[float, float, float]:
    """Run once; give wall seconds, processor seconds of all processes, and the parent's peak memory in MB."""
    before = os.times()
    began = time.perf_counter()
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", CLI, "analyze", str(plans), "--out", str(out), "--workers", str(workers)],
        env={**os.environ, "STRATEGITEKST_CACHE": str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    wall = time.perf_counter() - began
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, processor, int(ended.stderr.split("peak")[-1]) / 1024


def main() -> None:
    """Print a line a size, and draw them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--paragraphs", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        write_plans(base / "warm", 1000, given.paragraphs, distinct=False)
        measure(base / "warm", base / "warm-out", base / "cache", given.workers)
        print(f"plans of {given.paragraphs} paragraphs that they share; most vectors are in the cache\n")
        print("| plans | wall (s) | wall a plan (ms) | processor a plan (ms) | peak memory of the parent (MB) |")
        print("|---|---|---|---|---|")
        for size in given.sizes:
            plans = base / f"plans-{size}"
            write_plans(plans, size, given.paragraphs, distinct=False, seed=size)
            wall, processor, peak = measure(plans, base / f"out-{size}", base / "cache", given.workers)
            rows.append((size, wall, processor, peak))
            a_plan = f"{1000 * wall / size:.1f} | {1000 * processor / size:.1f}"
            print(f"| {size} | {wall:.1f} | {a_plan} | {peak:.0f} |", flush=True)
        _judge(rows)
    if given.plot:
        _plot(rows, given.plot)


def _judge(rows: list[tuple[int, float, float, float]]) -> None:
    """Say what the last size costs more than the one before."""
    if len(rows) > 1:
        (few, _, few_processor, few_peak), (many, _, many_processor, many_peak) = rows[-2:]
        growth = many_processor / many / (few_processor / few) - 1
        print(f"\nfrom {few} to {many} plans: {100 * growth:+.0f} % processor time a plan, bar 15 %; ", end="")
        print(f"memory of the parent {many_peak - few_peak:+.0f} MB, bar 100 MB")


def _plot(rows: list[tuple[int, float, float, float]], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    sizes = [size for size, _, _, _ in rows]
    left.semilogx(sizes, [1000 * wall / size for size, wall, _, _ in rows], "o-", color="#4477aa")
    left.set_ylabel("milliseconds a plan")
    right.semilogx(sizes, [peak for _, _, _, peak in rows], "o-", color="#aa4455")
    right.set_ylabel("peak memory of the parent (MB)")
    for axes in (left, right):
        axes.set_xlabel("plans")
        axes.set_ylim(bottom=0)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)


if __name__ == "__main__":
    main()
