"""A process that analyses one document after the other: tasks come in on a pipe, outcomes go out on another."""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from contextlib import suppress
from typing import IO

from strategitekst.atomic import cannot_write
from strategitekst.batch.recipe import Recipe
from strategitekst.batch.tasks import Task
from strategitekst.batch.workbench import Workbench
from strategitekst.errors import StrategitekstError


def main() -> None:
    """Answer tasks until the parent closes the pipe or is gone."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches us too; the parent decides
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints must not print among the answers
    sys.meta_path.insert(0, _WithoutPandas)
    tasks: queue.Queue[str] = queue.Queue()
    recipe = Recipe.from_json(sys.stdin.readline())
    threading.Thread(target=_listen, args=(sys.stdin, tasks), daemon=True).start()
    try:
        bench = Workbench(recipe)
        _say(answers, models=bench.models())
        while True:
            task = Task.from_json(tasks.get())
            _say(answers, outcome=bench.analyze(task).to_json())
    except OSError as error:
        _say(answers, fatal=str(cannot_write(recipe.folder.parent, error)))
    except StrategitekstError as error:
        _say(answers, fatal=str(error))


class _WithoutPandas:
    """Says that pandas is not there: Arrow loads it at the first list that it is given, and nothing here needs it."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _listen(pipe: IO[str], tasks: queue.Queue[str]) -> None:
    """Pass tasks on; end the process at once where the parent is gone, whatever it is doing."""
    for line in pipe:
        tasks.put(line)
    os._exit(0)


def _say(pipe: IO[str], **message: object) -> None:
    pipe.write(json.dumps(message) + "\n")
    pipe.flush()


if __name__ == "__main__":
    main()
