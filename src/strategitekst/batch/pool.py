"""Worker processes of this machine: each with a limit on time, none that takes another with it.

No ``multiprocessing``: it would run a user's script or notebook a second time where that has no main guard.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from strategitekst.batch.recipe import Recipe
from strategitekst.batch.tasks import Outcome, Task, failure
from strategitekst.errors import AnalysisCrashed, AnalysisTimeout, UsageError

ATTEMPTS = 2
"""A worker may be lost through no fault of the document: killed by hand, or by a system out of memory."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM")
_KEEP = ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")
"""With glibc, memory up to this size stays with the process: an encoder's numbers come and go with each text, and
asking the system for them anew takes one in twenty-five of all processor time."""
_KEPT_BYTES = str(256 * 2**20)
_PACKAGE_ROOT = str(Path(__file__).parents[2])
# The working folder stays out of the path (-P): a module lying beside a stranger's files must not be run.
_COMMAND = "import sys; sys.path.append(sys.argv[1]); from strategitekst.batch.worker import main; main()"


class _LostError(Exception):
    """The worker ended before it answered."""


class _Worker:
    """One process and the pipes to it."""

    def __init__(self, recipe: Recipe, log: IO[str]) -> None:
        environment = {
            **dict.fromkeys(_KEEP, _KEPT_BYTES),
            **os.environ,
            **dict.fromkeys(_THREADS, "1"),
            "TOKENIZERS_PARALLELISM": "false",
        }
        self.process = subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-P", "-c", _COMMAND, _PACKAGE_ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            text=True,
            encoding="utf-8",
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert self.process.stdin is not None  # noqa: S101 - both were asked for
        assert self.process.stdout is not None  # noqa: S101
        self._tasks, self._answers = self.process.stdin, self.process.stdout
        self._recipe = recipe

    def load(self) -> dict[str, Any]:
        """Wait until the models are loaded; return which they are."""
        self._send(self._recipe.to_json())
        models: dict[str, Any] = self._receive()["models"]
        return models

    def do(self, task: Task) -> Outcome:
        self._send(task.to_json())
        return Outcome.from_json(self._receive()["outcome"])

    def _send(self, line: str) -> None:
        try:
            self._tasks.write(line + "\n")
            self._tasks.flush()
        except OSError:
            raise _LostError from None

    def _receive(self) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = json.loads(self._answers.readline())
        except (OSError, ValueError):
            raise _LostError from None
        if "fatal" in answer:
            raise UsageError(answer["fatal"])
        return answer

    def end(self) -> int:
        """Kill the process if it has not ended; return its exit status."""
        self.process.kill()
        for pipe in (self._tasks, self._answers):
            with suppress(OSError):
                pipe.close()
        return self.process.wait()


class WorkerPool:
    """Analyses documents in worker processes.

    Args:
        recipe: The run's.
        workers: How many processes.
        seconds: Time that one document may take.
        log: Where the workers' own error output goes.
    """

    def __init__(self, recipe: Recipe, workers: int, seconds: float, log: IO[str]) -> None:
        self.capacity = 2 * workers
        self.outcomes: queue.Queue[Outcome | BaseException] = queue.Queue()
        self.models: dict[str, Any] = {}
        self._recipe, self._seconds, self._log = recipe, seconds, log
        self._tasks: queue.Queue[Task | None] = queue.Queue()
        self._running: set[_Worker] = set()
        self._closed = False
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Task) -> None:
        """Have a document analysed; its outcome, or what ended the run, comes in ``outcomes``."""
        self._tasks.put(task)

    def close(self) -> None:
        """End the workers, whatever they are doing: what they have not finished is done by the next run."""
        self._closed = True
        for _ in self._threads:
            self._tasks.put(None)
        for worker in list(self._running):
            worker.process.kill()
        for thread in self._threads:
            thread.join(timeout=10)

    def _serve(self) -> None:
        worker: _Worker | None = None
        try:
            while (task := self._tasks.get()) is not None:
                worker, outcome = self._attempt(task, worker)
                self.outcomes.put(outcome)
        except BaseException as error:  # whatever it is, the run must hear of it: nobody else listens to a thread
            if not self._closed:
                self.outcomes.put(error)
        finally:
            if worker is not None:
                self._end(worker)

    def _attempt(self, task: Task, worker: _Worker | None) -> tuple[_Worker | None, Outcome]:
        for _ in range(ATTEMPTS):
            worker = worker or self._start()
            expired = threading.Event()
            timer = threading.Timer(self._seconds, self._expire, [worker, expired])
            timer.start()
            try:
                return worker, worker.do(task)
            except _LostError:
                self._end(worker)
                worker = None
                if self._closed:
                    raise
                if expired.is_set():
                    return None, self._timeout(task)
            finally:
                timer.cancel()
        message = f"{task.name} fik to gange arbejdsprocessen til at gå ned: analysér filen for sig, og meld fejlen"
        return None, failure(task, None, AnalysisCrashed(message))

    def _timeout(self, task: Task) -> Outcome:
        message = f"{task.name} tog over {self._seconds:.0f} sekunder at analysere: del filen op, eller hæv grænsen"
        return failure(task, None, AnalysisTimeout(message), self._seconds)

    def _start(self) -> _Worker:
        for _ in range(ATTEMPTS):
            try:
                worker = _Worker(self._recipe, self._log)
            except OSError as error:
                raise UsageError(
                    f"Der kan ikke startes en arbejdsproces ({error.strerror}): frigør hukommelse"
                ) from error
            self._running.add(worker)
            try:
                self.models = worker.load()
            except _LostError:
                self._end(worker)
            else:
                return worker
        raise UsageError("Arbejdsprocesserne kan ikke starte: se loggen, og prøv med --workers 1")

    def _end(self, worker: _Worker) -> None:
        self._running.discard(worker)
        worker.end()

    @staticmethod
    def _expire(worker: _Worker, expired: threading.Event) -> None:
        expired.set()
        worker.process.kill()


class Inline:
    """Analyses documents in this very process, one at a time, as they are submitted.

    Args:
        recipe: The run's.
        threads: How many texts are embedded at once.
    """

    capacity = 1

    def __init__(self, recipe: Recipe, threads: int) -> None:
        self.outcomes: queue.Queue[Outcome | BaseException] = queue.Queue()
        self.models: dict[str, Any] = {}
        self._recipe, self._threads = recipe, threads
        self._bench: Any = None

    def submit(self, task: Task) -> None:
        """Analyse a document."""
        if self._bench is None:
            from strategitekst.batch.workbench import Workbench

            self._bench = Workbench(self._recipe, self._threads)
            self.models = self._bench.models()
        self.outcomes.put(self._bench.analyze(task))

    def close(self) -> None:
        """Do nothing: what was submitted is done."""
