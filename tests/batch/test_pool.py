"""Worker processes that hang, die or eat memory: the others go on, and the document is named."""

from __future__ import annotations

import io
import queue
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from strategitekst.batch import Shown, pool
from strategitekst.batch.pool import WorkerPool
from strategitekst.batch.progress import SECONDS_A_LINE
from strategitekst.batch.recipe import Recipe
from strategitekst.batch.tasks import Outcome, Task, failure
from strategitekst.errors import AnalysisTimeout, UsageError

# What a worker does that has no models: its document's name says how it ends.
STUB = """
import json, os, sys, time
sys.stdin.readline()
print(json.dumps({"models": {}}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    name = task["name"]
    if name == "hænger":
        time.sleep(600)
    elif name == "dør":
        os.abort()
    elif name == "dør-en-gang" and not os.path.exists(sys.argv[1] + "/set"):
        open(sys.argv[1] + "/set", "w").close()
        os._exit(9)
    elif name == "spiser":
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28))
        b"x" * 2**30
    elif name == "fuld":
        print(json.dumps({"fatal": "Der er ikke plads"}), flush=True)
    row = {"document": name, "status": "ok", "message": "", "seconds": 0.0}
    outcome = {"place": task["place"], "name": name, "key": "k", "row": row, "reused": False}
    print(json.dumps({"outcome": json.dumps(outcome)}), flush=True)
"""


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(pool, "_COMMAND", STUB)
    monkeypatch.setattr(pool, "_PACKAGE_ROOT", str(tmp_path))
    return tmp_path


def run(names: list[str], log: Path, workers: int = 2, seconds: float = 2.0) -> list[Outcome]:
    with log.open("a", encoding="utf-8") as file:
        crew = WorkerPool(Recipe("", None, ""), workers, seconds, file)
        try:
            for place, name in enumerate(names):
                crew.submit(Task(place, name, name))
            came = [_result(crew.outcomes) for _ in names]
        finally:
            crew.close()
    return sorted(came, key=lambda each: each.place)


def _result(outcomes: queue.Queue[Outcome | BaseException]) -> Outcome:
    outcome = outcomes.get(timeout=60)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


@pytest.mark.skipif(sys.platform == "win32", reason="limits as on POSIX")
def test_three_bad_documents_of_a_hundred_end_alone(stub: Path) -> None:
    names = [f"{number}.txt" for number in range(100)]
    names[10], names[50], names[90] = "hænger", "dør", "spiser"
    began = time.monotonic()
    came = run(names, stub / "log", seconds=2.0)
    assert [outcome.name for outcome in came] == names
    status = {outcome.name: outcome.row["status"] for outcome in came if not outcome.ok}
    assert status == {"hænger": "AnalysisTimeout", "dør": "AnalysisCrashed", "spiser": "AnalysisCrashed"}
    assert all(outcome.name in outcome.row["message"] for outcome in came if not outcome.ok)
    assert time.monotonic() - began < 60


def test_a_worker_that_was_lost_once_costs_no_document(stub: Path) -> None:
    assert all(outcome.ok for outcome in run(["a", "dør-en-gang", "b"], stub / "log"))
    assert (stub / "set").exists()


def test_what_ends_a_worker_for_good_ends_the_run(stub: Path) -> None:
    with pytest.raises(UsageError, match="ikke plads"):
        run(["a", "fuld"], stub / "log")


def test_workers_that_do_not_start_end_the_run(stub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_COMMAND", "raise SystemExit(3)")
    with pytest.raises(UsageError, match="--workers 1"):
        run(["a"], stub / "log")


def test_closing_ends_a_worker_that_hangs(stub: Path) -> None:
    with (stub / "log").open("a", encoding="utf-8") as file:
        crew = WorkerPool(Recipe("", None, ""), 1, 600.0, file)
        crew.submit(Task(0, "a", "a"))
        _result(crew.outcomes)
        crew.submit(Task(1, "hænger", "hænger"))
        time.sleep(0.3)
        workers = [worker.process for worker in crew._running]
        began = time.monotonic()
        crew.close()
    assert time.monotonic() - began < 5
    assert all(process.poll() is not None for process in workers)


def test_without_a_terminal_there_is_a_line_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.StringIO()
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with Shown(Console(file=said, width=200)) as shown:
        shown.stage("analysing", 100)
        for place in range(20):
            now[0] += SECONDS_A_LINE / 10
            shown.came(Outcome(place, f"{place}.txt", "k", {"status": "ok"}))
        shown.came(failure(Task(20, "lang [b].txt"), None, AnalysisTimeout("lang [b].txt tog for længe")))
    lines = said.getvalue().splitlines()
    assert [line for line in lines if line.startswith("Analyserer: ")] == [
        "Analyserer: 10 af 100, ca. 9 min. tilbage · 10 i minuttet · 10 nye · 0 genbrugt · 0 fejl",
        "Analyserer: 20 af 100, ca. 8 min. tilbage · 10 i minuttet · 20 nye · 0 genbrugt · 0 fejl",
    ]
    assert "AnalysisTimeout: lang [b].txt tog for længe" in lines
