"""Kill runs at random moments, go on with the same command, and compare the tables with those of a run left alone.

python benchmarks/kill_and_resume.py --runs 20 --plans 300
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq
from plans import write_plans

TABLES = ("paragraphs", "coverage", "pledges", "documents", "embeddings")
_CODE = "from strategitekst.cli import main; main()"


def command(plans: Path, out: Path, workers: int) -> list[str]:
    """Give the command of a run."""
    return [sys.executable, "-c", _CODE, "analyze", str(plans), "--out", str(out), "--workers", str(workers)]


def run(
    plans: Path, out: Path, cache: Path, workers: int, *, seconds: float | None = None, documents: int | None = None
) -> float | None:
    """Run, or kill the run after some seconds or documents; return how long it took, or None where it was killed."""
    began = time.monotonic()
    environment = {**os.environ, "STRATEGITEKST_CACHE": str(cache)}
    process = subprocess.Popen(  # noqa: S603
        command(plans, out, workers), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None:
        late = seconds is not None and time.monotonic() - began >= seconds
        if late or (documents is not None and len(kept(out)) >= documents):
            process.send_signal(signal.SIGKILL)
            process.wait()
            return None
        time.sleep(0.01)
    if process.returncode:
        raise SystemExit(f"a run ended with {process.returncode}")
    return time.monotonic() - began


def kept(out: Path) -> dict[str, int]:
    """Give the results that lie in a folder, and when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in (out / ".work").glob("results/*/*/*.arrow")}


def differences(one: Path, other: Path) -> list[str]:
    """Name the tables that differ: as bytes, but for the times in the table of documents."""
    found = []
    for table in TABLES:
        if table == "documents":
            same = _timeless(one / f"{table}.parquet") == _timeless(other / f"{table}.parquet")
        else:
            same = (one / f"{table}.parquet").read_bytes() == (other / f"{table}.parquet").read_bytes()
        if not same:
            found.append(table)
    return found


def _lost(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Say whether a result that was kept is gone or was made again."""
    return [] if all(after.get(name) == written for name, written in before.items()) else ["a kept result was redone"]


def _timeless(path: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(path).drop_columns("seconds").to_pylist()
    return rows


def main() -> None:
    """Print a line a run; end with 1 where a table differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--kills", type=int, default=3, help="most kills a run")
    parser.add_argument("--plans", type=int, default=300)
    parser.add_argument("--paragraphs", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw = random.Random(given.seed)  # noqa: S311
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        plans, cache = base / "plans", base / "cache"
        write_plans(plans, given.plans, given.paragraphs, distinct=False)
        run(plans, base / "warm", cache, given.workers)
        alone = run(plans, base / "alone", cache, 1) or 0.0
        print(f"{given.plans} plans; a run left alone on one worker takes {alone:.1f} s")
        print("| run | killed after | documents kept at each kill | tables |")
        print("|---|---|---|---|")
        all_kept = len(kept(base / "alone"))
        wrong = amid = 0
        for number in range(1, given.runs + 1):
            out = base / f"run-{number}"
            kills: list[str] = []
            counts: list[int] = []
            differ: list[str] = []
            before: dict[str, int] = {}
            for _ in range(draw.randint(1, given.kills)):
                # Half of the kills come at any moment, start and tables included; the others while documents are done.
                if draw.random() < 0.5:
                    seconds = draw.uniform(0.2, alone)
                    done = run(plans, out, cache, given.workers, seconds=seconds)
                    moment = f"{seconds:.1f} s"
                else:
                    documents = draw.randint(min(len(before) + 1, all_kept), all_kept)
                    done = run(plans, out, cache, given.workers, documents=documents)
                    moment = f"{documents} documents"
                if done is not None:
                    break
                differ += _lost(before, kept(out))
                before = kept(out)
                kills.append(moment)
                counts.append(len(before))
            run(plans, out, cache, given.workers)
            differ += _lost(before, kept(out)) + differences(base / "alone", out)
            differ += [f"{path.name} is left" for path in out.glob(".*.tmp")]
            wrong += bool(differ)
            amid += any(0 < count < all_kept for count in counts)
            columns = (", ".join(kills) or "–", ", ".join(map(str, counts)) or "–", ", ".join(differ) or "identical")
            print(f"| {number} | {' | '.join(columns)} |", flush=True)
            shutil.rmtree(out)
        print(f"in {amid} of {given.runs} runs, some and not all of {all_kept} results were kept at a kill, and used")
        print(f"{given.runs - wrong} of {given.runs} runs gave identical tables")
        raise SystemExit(bool(wrong) or not amid)


if __name__ == "__main__":
    main()
