"""Bars of progress: one for terminals, one for notebooks, none where neither is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from importlib import import_module
from typing import Any, Protocol

from markupsafe import Markup
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

SECONDS_A_CHANGE = 0.2
"""A notebook keeps and sends every change: thousands of documents that were there already make a few."""


class Bar(Protocol):
    """What moves while a run goes on."""

    def start(self) -> None:
        """Show it."""

    def begin(self, stage: str, total: int) -> None:
        """Set it back to nothing."""

    def move(self, done: int, counts: str, name: str, line: str) -> None:
        """Show how far the stage is.

        Args:
            done: Documents.
            counts: What came of them.
            name: The last one.
            line: All of it but the name in one line, for where there are no columns.
        """

    def stop(self, line: str) -> None:
        """Take it away; the line says how the run ended."""


class _TwoLines(Progress):
    """A bar with a line of words below it: beside it, they would leave a narrow terminal no room for the bar."""

    words = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        yield self.make_tasks_table(self.tasks)
        yield Text(self.words, style="dim", no_wrap=True, overflow="ellipsis")


class TerminalBar:
    """A bar with time left and counts, which goes away when the run is over.

    Args:
        console: Where; a console that is no terminal shows nothing.
    """

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = _TwoLines(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=None)

    def start(self) -> None:
        """Show it."""
        self._bar.start()

    def begin(self, stage: str, total: int) -> None:
        """Set it back to nothing."""
        self._bar.reset(self._task, total=total, description=stage)

    def move(self, done: int, counts: str, name: str, line: str) -> None:
        """Show how far the stage is."""
        self._bar.words = f"{counts} · {name}"
        self._bar.update(self._task, completed=done)

    def stop(self, line: str) -> None:
        """Take it away."""
        self._bar.stop()


class NotebookBar:
    """A bar in the output of a cell, in plain HTML: no widget has to be installed. How the run ended stays there."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._shown = 0.0
        self._total = self._done = 0
        self._name, self._line = "", ""

    def start(self) -> None:
        """Show it."""
        self._handle = _ipython().display(_ipython().HTML(""), display_id=True)

    def begin(self, stage: str, total: int) -> None:
        """Set it back to nothing."""
        self._total, self._done, self._name, self._line = total, 0, "", stage
        self._show()

    def move(self, done: int, counts: str, name: str, line: str) -> None:
        """Show how far the stage is."""
        self._done, self._name, self._line = done, name, line
        if time.monotonic() - self._shown >= SECONDS_A_CHANGE:
            self._show()

    def stop(self, line: str) -> None:
        """Leave the last line alone."""
        self._update(Markup("<div>{}</div>").format(line))

    def _show(self) -> None:
        self._shown = time.monotonic()
        bar = Markup('<progress max="{}" value="{}" aria-label="{}" style="width:20em"></progress>').format(
            self._total, self._done, self._line
        )
        self._update(
            Markup("<div>{} {}</div><div style='opacity:.75'>{}&nbsp;</div>").format(bar, self._line, self._name)
        )

    def _update(self, html: Markup) -> None:
        if self._handle is not None:
            self._handle.update(_ipython().HTML(str(html)))


def _ipython() -> Any:
    return import_module("IPython.display")


def make_bar(console: Console) -> Bar:
    """Make the bar that fits where the run is shown."""
    return NotebookBar() if console.is_jupyter else TerminalBar(console)
