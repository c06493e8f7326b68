"""One run over many documents: what is there already is kept, the rest is analysed, then the tables are written."""

from __future__ import annotations

import json
import queue
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from strategitekst.atomic import explained, writing
from strategitekst.batch.finishing import finish
from strategitekst.batch.listing import Entry, Shard, make_entry, write_shard
from strategitekst.batch.pool import Inline, WorkerPool
from strategitekst.batch.progress import Log, Silent, Watcher
from strategitekst.batch.recipe import Recipe, make_recipe
from strategitekst.batch.store import Store
from strategitekst.batch.tasks import Outcome, Task, content_key, list_tasks
from strategitekst.cores import available_cores
from strategitekst.document import Document
from strategitekst.encoding import Encoder
from strategitekst.reading import FoundFile, Limits
from strategitekst.strategy import Strategy

WORK = ".work"
FEW = 4
"""So few documents are done before another process has loaded its models."""
DOCUMENT_SECONDS = 900.0
_TICK = 1.0


class Executor(Protocol):
    """What analyses documents: this process, worker processes, a cluster.

    Attributes:
        outcomes: Where it puts what came of them, or the error that ends the run.
        models: Which models it uses, as soon as it knows.
    """

    outcomes: queue.Queue[Outcome | BaseException]
    models: dict[str, Any]

    @property
    def capacity(self) -> int:
        """How many documents it wants at a time."""

    def submit(self, task: Task) -> None:
        """Have a document analysed."""

    def close(self) -> None:
        """Stop, whatever is going on."""


@dataclass(frozen=True)
class Options:
    """How a run goes about it; nothing but ``abstain`` and ``models`` changes a result.

    Attributes:
        workers: Processes; None for one a core, or none of their own for a few documents.
        seconds: Time that one document may take in a worker.
        limits: What reading a file may cost.
        retry_failed: Whether documents that failed before are tried again.
        shard: Which of how many parts to do, from 1.
        dask: A ``distributed.Client`` or the address of a scheduler, whose workers to use.
        abstain: Certainty under which a state is ``uncertain``; None for never.
        password: Opens the files that ask for one.
        models: A folder of the user's own models; None for those that ship.
    """

    workers: int | None = None
    seconds: float = DOCUMENT_SECONDS
    limits: Limits = field(default_factory=Limits)
    retry_failed: bool = False
    shard: tuple[int, int] | None = None
    dask: Any = None
    abstain: float | None = None
    password: str | None = field(default=None, repr=False)
    models: str | Path | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended.

    Attributes:
        documents: How many it had.
        reused: How many of them were there already.
        failed: How many failed, by the error's name.
    """

    documents: int
    reused: int
    failed: dict[str, int]


def run_batch(
    work: Sequence[FoundFile | Document],
    folder: Path,
    strategy: Strategy,
    encoder: Encoder,
    options: Options,
    watcher: Watcher | None = None,
) -> Summary:
    """Analyse documents into a folder; what an earlier run with the same folder did is not done again.

    Args:
        work: The documents in the order of the tables.
        folder: Where the results go.
        strategy: What the documents are held against.
        encoder: What coverage is measured with.
        options: How.
        watcher: Is told how it goes.

    Returns:
        How it ended.

    Raises:
        UsageError: The folder cannot be written to, or a worker does not start.
        ModelError: A model cannot be loaded.
        KeyboardInterrupt: The user stopped it; the same call goes on.
    """
    started = datetime.now(UTC)
    watcher = watcher or Silent()
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        recipe = make_recipe(
            folder / WORK, strategy, encoder, options.limits, options.abstain, options.password, options.models
        )
        with closing(Log(folder)) as log:
            log.line(f"begynder: {len(work)} dokumenter, strategi {strategy.id}")
            try:
                entries, reused, models = _analyze(work, recipe, options, watcher, log)
                if options.shard:
                    write_shard(Shard(recipe, *options.shard, entries, models, started.isoformat(timespec="seconds")))
                else:
                    finish(entries, recipe, folder, models, started, watcher)
            except BaseException as error:
                log.line(f"stoppet: {type(error).__name__} {error}")
                raise
            failed = Counter(entry.row["status"] for entry in entries if entry.row)
            log.line(f"færdig: {len(entries) - failed.total()} analyseret, {failed.total()} fejlet")
    return Summary(len(entries), reused, dict(failed.most_common()))


def _analyze(
    work: Sequence[FoundFile | Document], recipe: Recipe, options: Options, watcher: Watcher, log: Log
) -> tuple[list[Entry], int, dict[str, Any]]:
    """Have every document analysed that has no result yet; give all of them in the order of the tables."""
    store = Store(recipe)
    given = list(list_tasks(work, options.shard))
    watcher.stage("analysing", len(given))
    entries: list[Entry] = []
    reused = 0
    with closing(_Crew(lambda: _executor(recipe, options, len(given), log))) as crew:
        for outcome in _outcomes(given, store, options, crew, watcher):
            entries.append(make_entry(outcome, store))
            reused += outcome.reused
            if not outcome.reused:
                log.came(outcome)
            watcher.came(outcome)
        models = _models(recipe, crew)
    entries.sort(key=lambda entry: entry.place)
    return entries, reused, models


class _Crew:
    """An executor that is called together when the first document needs it."""

    def __init__(self, make: Callable[[], Executor]) -> None:
        self._make = make
        self._executor: Executor | None = None

    @property
    def executor(self) -> Executor:
        if self._executor is None:
            self._executor = self._make()
        return self._executor

    @property
    def models(self) -> dict[str, Any]:
        return self._executor.models if self._executor else {}

    def close(self) -> None:
        if self._executor:
            self._executor.close()


def _executor(recipe: Recipe, options: Options, documents: int, log: Log) -> Executor:
    if options.dask is not None:
        from strategitekst.batch.cluster import Cluster

        return Cluster(recipe, options.dask)
    few = options.workers is None and documents <= FEW
    workers = options.workers or (1 if few else available_cores())
    if workers == 1:
        return Inline(recipe, available_cores() if few else 1)
    return WorkerPool(recipe, min(workers, documents), options.seconds, log.file)


def _outcomes(
    given: Iterable[Task | Outcome], store: Store, options: Options, crew: _Crew, watcher: Watcher
) -> Iterator[Outcome]:
    """Keep the executor supplied, and give outcomes as they come."""
    keys: dict[int, str | None] = {}

    def receive() -> Iterator[Outcome]:
        while True:
            try:
                came = crew.executor.outcomes.get(timeout=_TICK)
                break
            except queue.Empty:
                watcher.tick()
        if isinstance(came, BaseException):
            raise came
        key = keys.pop(came.place)
        if came.key is None and key is not None and not came.ok:
            store.put_failure(key, came.row)  # the worker could not: it was lost
            came = replace(came, key=key)
        yield came

    for each in given:
        if isinstance(each, Outcome):
            yield each
            continue
        key = content_key(each, options.limits.size)
        kept = _kept(each, key, store, options)
        if kept is not None:
            yield kept
            continue
        while len(keys) >= crew.executor.capacity:
            yield from receive()
        keys[each.place] = key
        crew.executor.submit(each)
    while keys:
        yield from receive()


def _kept(task: Task, key: str | None, store: Store, options: Options) -> Outcome | None:
    """Find what an earlier run left of a document."""
    if key is None:
        return None
    if store.has(key):
        return Outcome(task.place, task.name, key, {"status": "ok"}, reused=True)
    row = None if options.retry_failed else store.failure(key, task.name)
    return Outcome(task.place, task.name, key, row, reused=True) if row else None


def _models(recipe: Recipe, crew: _Crew) -> dict[str, Any]:
    """Name the models: as the executor does, or as an earlier run noted."""
    note = recipe.results / "models.json"
    if crew.models:
        with writing(note) as draft:
            draft.write_text(json.dumps(crew.models), encoding="utf-8")
        return crew.models
    try:
        models: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        from strategitekst.batch.workbench import Workbench

        return Workbench(recipe).models()
    return models
