"""Documents analysed by the workers of a Dask cluster, which see the same files under the same paths."""

from __future__ import annotations

import ctypes
import queue
import threading
import time
from contextlib import suppress
from functools import lru_cache
from typing import Any

from strategitekst.atomic import cannot_write
from strategitekst.batch.recipe import Recipe
from strategitekst.batch.tasks import Outcome, Task, failure
from strategitekst.errors import AnalysisCrashed, StrategitekstError, UsageError

_ASKED_AGAIN = 1.0
"""Seconds until the cluster is asked again how large it is: each question goes over the network and waits."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES, _MOST_MAPPED = 256 * 2**20, 32 * 2**20
_AHEAD = 3
"""Documents that wait at each thread of the cluster: a worker that is done need not ask over the network."""


class Cluster:
    """Analyses documents on a Dask cluster.

    Args:
        recipe: The run's.
        client: A ``distributed.Client``, or the address of a scheduler.

    Raises:
        UsageError: Dask is not installed, or the scheduler does not answer.
    """

    def __init__(self, recipe: Recipe, client: Any) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise UsageError('Dask er ikke installeret: pip install "strategitekst[dask]"') from None
        self._own = isinstance(client, str)
        try:
            self._client: Any = Client(client) if self._own else client  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise UsageError(f"Dask svarer ikke på {client} ({error}): tjek adressen") from error
        self.outcomes: queue.Queue[Outcome | BaseException] = queue.Queue()
        self.models: dict[str, Any] = {}
        self._recipe = recipe.to_json()
        self._waiting: dict[int, Any] = {}
        self._capacity, self._asked = 0, float("-inf")

    @property
    def capacity(self) -> int:
        """How many documents the cluster wants now; it may grow and shrink."""
        if time.monotonic() - self._asked > _ASKED_AGAIN:
            self._capacity = _AHEAD * max(1, int(sum(self._client.nthreads().values())))
            self._asked = time.monotonic()
        return self._capacity

    def submit(self, task: Task) -> None:
        """Have a document analysed."""
        future = self._client.submit(analyze_on_worker, self._recipe, task.to_json(), pure=False)
        self._waiting[task.place] = future
        future.add_done_callback(lambda done: self._came(task, done))

    def close(self) -> None:
        """Call back what is not done."""
        waiting = list(self._waiting.values())
        if waiting:
            self._client.cancel(waiting)
        if self._own:
            self._client.close()

    def _came(self, task: Task, future: Any) -> None:
        self._waiting.pop(task.place, None)
        if future.status == "finished":
            answer = future.result()
            if "fatal" in answer:
                self.outcomes.put(UsageError(answer["fatal"]))
                return
            self.models = answer["models"]
            self.outcomes.put(Outcome.from_json(answer["outcome"]))
        elif future.status == "error":
            error = future.exception()
            message = (
                f"{task.name} fik arbejdsprocesserne til at gå ned ({type(error).__name__}): "
                "analysér filen for sig, og meld fejlen"
            )
            self.outcomes.put(failure(task, None, AnalysisCrashed(message)))


def analyze_on_worker(recipe: str, task: str) -> dict[str, Any]:
    """Analyse one document in a process of the cluster.

    Args:
        recipe: Of the run, as JSON.
        task: The document, as JSON.

    Returns:
        ``outcome`` as JSON and ``models``, or ``fatal``: what ends the run.
    """
    try:
        with _LOCK:
            bench, models = _bench(recipe)
            return {"outcome": bench.analyze(Task.from_json(task)).to_json(), "models": models}
    except OSError as error:
        return {"fatal": str(cannot_write(Recipe.from_json(recipe).folder.parent, error))}
    except StrategitekstError as error:
        return {"fatal": str(error)}


_LOCK = threading.Lock()
"""A worker may have several threads; the models are for one at a time."""


@lru_cache(maxsize=1)
def _bench(recipe: str) -> tuple[Any, dict[str, Any]]:
    from strategitekst.batch.workbench import Workbench

    _keep_memory()
    bench = Workbench(Recipe.from_json(recipe))
    return bench, bench.models()


def _keep_memory() -> None:
    """Have memory stay with the process, where glibc manages it.

    Dask makes its workers hand back all they can at once; an encoder's numbers come and go with each text, and asking
    the system for them anew takes one in twenty-five of all processor time.
    """
    with suppress(OSError, TypeError, AttributeError):  # Windows, macOS, another C library
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
        libc.mallopt(_M_MMAP_THRESHOLD, _MOST_MAPPED)
