"""Three bad files among a hundred, with real workers, readers and models."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import time
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from strategitekst.analyzing import list_work
from strategitekst.batch import Options, pool, run_batch
from strategitekst.batch.tasks import Outcome, Task
from strategitekst.encoding import Encoder
from strategitekst.reading import Limits
from strategitekst.strategy import load_strategy

SECONDS = 6.0
MEMORY = 350
HANGS, EATS, DIES = "hænger.txt", "spiser.html", "styrter.txt"


def _hostile() -> ModuleType:
    path = Path(__file__).parents[1] / "fuzz" / "hostile.py"
    spec = importlib.util.spec_from_file_location("hostile", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits as on Linux")
def test_three_bad_files_of_a_hundred_end_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = _hostile().SENTENCE
    plans = tmp_path / "planer"
    plans.mkdir()
    for number in range(97):
        text = f"Plan {number}\n\n{sentence}\n\nVi vil styrke indsatsen for de borgere, der har mest brug for os.\n"
        (plans / f"{number:02}.txt").write_text(text, encoding="utf-8")
    (plans / HANGS).write_bytes(("ord " * 5_000_000).encode())
    (plans / EATS).write_bytes(b"<html><body>" + f"<p>{sentence}</p>".encode() * 600_000)
    (plans / DIES).write_text(f"Plan\n\n{sentence}\n", encoding="utf-8")
    do = pool._Worker.do

    def do_or_die(worker: pool._Worker, task: Task) -> Outcome:
        # No file is known that makes the libraries crash: the signal of such a crash comes while the worker is at it.
        if task.name == DIES:
            os.kill(worker.process.pid, signal.SIGSEGV)
        return do(worker, task)

    monkeypatch.setattr(pool._Worker, "do", do_or_die)
    limits = Limits(seconds=SECONDS, memory_mb=MEMORY)
    began = time.monotonic()
    options = Options(workers=2, limits=limits)
    summary = run_batch(list_work(plans), tmp_path / "ud", load_strategy(), Encoder(), options)
    bad_took = time.monotonic() - began
    assert summary.failed.keys() <= {"ReadingTimeout", "ReadingMemory", "ReaderCrashed", "AnalysisCrashed"}
    documents = pd.read_parquet(tmp_path / "ud" / "documents.parquet").set_index("document")
    assert (documents["status"] == "ok").sum() == 97
    # Which limit such a file meets first depends on how busy the machine is; some libraries fall over without memory.
    limited = {"ReadingTimeout", "ReadingMemory", "ReaderCrashed"}
    for name, status in ((HANGS, limited), (EATS, limited), (DIES, {"AnalysisCrashed"})):
        assert documents.loc[name, "status"] in status
        assert name in documents.loc[name, "message"]
    assert documents.loc[[HANGS, EATS], "seconds"].max() < limits.wall_seconds + 5
    # Two files at their limits, and each of the two workers that died started again.
    assert bad_took < 2 * limits.wall_seconds + 120
