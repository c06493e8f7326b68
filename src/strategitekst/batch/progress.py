"""What a run shows while it goes on: a bar in terminals and notebooks, a line a minute elsewhere, and a log file."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

from rich.console import Console
from rich.markup import escape

from strategitekst.batch.bars import make_bar
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
    """Shows a run in a terminal or notebook: a bar with rate, time left and counts, and failures as they happen.

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
        self._total, self._done, self._stage = 0, 0, ""
        self._began = self._said = time.monotonic()
        self._bar = make_bar(console)

    def __enter__(self) -> Shown:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop(self._t("batch.halted" if kind else "batch.finished", outcomes=self._outcomes()))

    def stage(self, key: str, total: int) -> None:
        """Begin a bar of its own."""
        self._stage, self._total, self._done = self._t(f"batch.{key}"), total, 0
        self._began = self._said = time.monotonic()
        self._bar.begin(self._stage, total)

    def came(self, outcome: Outcome) -> None:
        """Count a document, and show what is wrong with it."""
        self._counts["failed" if not outcome.ok else "reused" if outcome.reused else "done"] += 1
        if not outcome.ok:
            status, message = escape(outcome.row["status"]), escape(outcome.row["message"])
            self._console.print(f"[red]{status}[/red]: {message}", soft_wrap=True)
        self.step(outcome.name)

    def step(self, name: str) -> None:
        """Move the bar."""
        self._done += 1
        self._bar.move(self._done, self._figures(), name, self._line())
        self.tick()

    def tick(self) -> None:
        """Write a line where there is no bar and none came for a minute."""
        if self._console.is_terminal or self._console.is_jupyter or time.monotonic() - self._said < SECONDS_A_LINE:
            return
        self._said = time.monotonic()
        self._console.print(escape(self._line()), soft_wrap=True)

    def _line(self) -> str:
        """Say how far it is in one line."""
        rate = self._rate()
        left = self._minutes((self._total - self._done) / rate) if rate else self._t("figure.none")
        return self._t(
            "batch.line", stage=self._stage, done=self._done, total=self._total, left=left, counts=self._figures()
        )

    def _figures(self) -> str:
        return self._t("batch.counts", rate=self._t.number(round(60 * self._rate())), outcomes=self._outcomes())

    def _outcomes(self) -> str:
        counts = {kind: self._t.number(self._counts[kind]) for kind in ("done", "reused", "failed")}
        return self._t("batch.outcomes", **counts)

    def _rate(self) -> float:
        """Documents a second in this stage."""
        return self._done / max(time.monotonic() - self._began, 0.001)

    def _minutes(self, seconds: float) -> str:
        return self._t("batch.minutes", number=self._t.number(max(1, round(seconds / 60))))


@contextmanager
def watching(progress: Callable[[str, int, int], object] | bool | None) -> Iterator[Watcher]:
    """Watch a run as ``analyze`` was asked to.

    Args:
        progress: True for a bar, a function to call, False or None for nothing.
    """
    if progress is True:
        with Shown(Console(stderr=True)) as shown:
            yield shown
    else:
        yield Silent(progress or None)


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
