"""What a run shows while it goes on: a bar on a terminal, a line a minute elsewhere, and a log file always."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from strategitekst.batch.tasks import Outcome
from strategitekst.labels import Labels

SECONDS_A_LINE = 60.0
LOG = "analyse.log"


class Watcher(Protocol):
    """What is told how a run goes."""

    def stage(self, key: str, total: int) -> None:
        """A stage begins: its label's key under ``batch``, and of how many documents."""

    def came(self, outcome: Outcome) -> None:
        """A document is done."""

    def step(self, name: str) -> None:
        """A stage is one document further."""

    def tick(self) -> None:
        """Time has passed."""


class Silent:
    """Shows nothing; calls a function for each document, as ``analyze`` promises.

    Args:
        call: Called with the name of a document, how many are done and how many there are; or None.
    """

    def __init__(self, call: Callable[[str, int, int], object] | None = None) -> None:
        self._call = call
        self._total = self._done = 0

    def stage(self, key: str, total: int) -> None:
        """Note how many documents there are; tell the end of the analysis."""
        if key == "analysing":
            self._total = total
        elif key == "gathering" and self._call:
            self._call("", self._total, self._total)

    def came(self, outcome: Outcome) -> None:
        """Tell which document is done."""
        if self._call:
            self._call(outcome.name, self._done, self._total)
        self._done += 1

    def step(self, name: str) -> None:
        """Say nothing."""

    def tick(self) -> None:
        """Say nothing."""


class Shown:
    """Shows a run in a terminal: a bar with rate, time left and counts, and failures as they happen.

    Args:
        console: Where.
        lang: ``da`` or ``en``.

    Example:
        >>> from io import StringIO
        >>> with Shown(Console(file=StringIO())) as shown:
        ...     shown.stage("analysing", 1)
        ...     shown.tick()
    """

    def __init__(self, console: Console, lang: str = "da") -> None:
        self._console, self._t = console, Labels(lang)
        self._counts: Counter[str] = Counter()
        self._total, self._done, self._stage, self._name = 0, 0, "", ""
        self._began = self._said = time.monotonic()
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[counts]}"),
            TextColumn("[dim]{task.fields[name]}"),
        )
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=None, counts="", name="")

    def __enter__(self) -> Shown:
        self._bar.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._bar.stop()

    def stage(self, key: str, total: int) -> None:
        """Begin a bar of its own."""
        self._stage, self._total, self._done = self._t(f"batch.{key}"), total, 0
        self._began = self._said = time.monotonic()
        self._bar.reset(
            self._task, total=total, description=self._stage, counts=self._figures(), name=escape(self._name)
        )

    def came(self, outcome: Outcome) -> None:
        """Count a document, and show what is wrong with it."""
        self._counts["reused" if outcome.reused else "done"] += 1
        if not outcome.ok:
            self._counts["failed"] += 1
            status, message = escape(outcome.row["status"]), escape(outcome.row["message"])
            self._console.print(f"[red]{status}[/red]: {message}", soft_wrap=True)
        self.step(outcome.name)

    def step(self, name: str) -> None:
        """Move the bar."""
        self._done, self._name = self._done + 1, name
        self._bar.update(self._task, completed=self._done, counts=self._figures(), name=escape(name))
        self.tick()

    def tick(self) -> None:
        """Write a line where there is no bar and none came for a minute."""
        if self._console.is_terminal or time.monotonic() - self._said < SECONDS_A_LINE:
            return
        self._said = time.monotonic()
        rate = self._rate()
        left = self._minutes((self._total - self._done) / rate) if rate else self._t("figure.none")
        line = self._t(
            "batch.line", stage=self._stage, done=self._done, total=self._total, left=left, counts=self._figures()
        )
        self._console.print(escape(line), soft_wrap=True)

    def _figures(self) -> str:
        counts = {kind: self._t.number(self._counts[kind]) for kind in ("done", "reused", "failed")}
        return self._t("batch.counts", rate=self._t.number(round(60 * self._rate())), **counts)

    def _rate(self) -> float:
        """Documents a second in this stage."""
        return self._done / max(time.monotonic() - self._began, 0.001)

    def _minutes(self, seconds: float) -> str:
        return self._t("batch.minutes", number=self._t.number(max(1, round(seconds / 60))))


class Log:
    """The log file of a run: a line a document, with time, status and what is wrong.

    Args:
        folder: Where the results go.
    """

    def __init__(self, folder: Path) -> None:
        self._file = (folder / LOG).open("a", encoding="utf-8")

    @property
    def file(self) -> IO[str]:
        """The open file."""
        return self._file

    def line(self, text: str) -> None:
        """Write a line with the time in front."""
        folded = " ".join(text.split())
        self._file.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {folded}\n")
        self._file.flush()

    def came(self, outcome: Outcome) -> None:
        """Write what came of a document."""
        row = outcome.row
        what = f"{row['seconds']} s" if outcome.ok else row["message"]
        self.line(f"{row['status']} {outcome.name}: {what}")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
