"""The end of a run: tables, manifest and report, unless they are there already and nothing has changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from strategitekst.assessment import make_yardstick
from strategitekst.atomic import writing
from strategitekst.batch.drawing import draw
from strategitekst.batch.listing import Entry, digest
from strategitekst.batch.progress import Watcher
from strategitekst.batch.recipe import Recipe
from strategitekst.batch.tables import EMBEDDINGS, write_tables
from strategitekst.errors import UsageError
from strategitekst.frames import MANIFEST, REPORT, SCHEMAS, STRATEGY, table_path
from strategitekst.manifest import make_manifest

STATE = "tables.json"
FEW = 300
"""The report of more documents is drawn by a process of its own, whose memory is given back; of fewer, loading all
that it needs once more would take longer than drawing does."""
_PACKAGE_ROOT = str(Path(__file__).parents[2])
_COMMAND = "import sys; sys.path.append(sys.argv[1]); from strategitekst.batch.drawing import main; main()"


def finish(
    entries: Sequence[Entry],
    recipe: Recipe,
    folder: Path,
    models: dict[str, Any],
    started: datetime,
    watcher: Watcher,
) -> None:
    """Write what a run has found.

    Args:
        entries: Its documents in the order of the tables.
        recipe: What decided the results.
        folder: Where the tables go.
        models: The models, for the manifest.
        started: When the run began.
        watcher: Is told how it goes.

    Raises:
        OSError: The disk is full.
        UsageError: A result is damaged, or the report cannot be drawn.
    """
    state = recipe.folder / STATE
    wanted = digest(recipe, entries)
    watcher.stage("gathering", len(entries))
    if _read_state(state) == {"digest": wanted, "sizes": _sizes(folder)}:
        return
    for path in folder.glob(".*.tmp"):  # what killed runs left
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    strategy = recipe.strategy()
    encoder = recipe.make_encoder(1)
    manifest = folder / MANIFEST
    write_tables(
        entries,
        make_yardstick(strategy, encoder, models=recipe.model_set(strategy), abstain=recipe.abstain),
        folder,
        watcher.step,
        # Without a manifest there is no analysis: nobody reads some old tables beside some new ones.
        seal=lambda: manifest.unlink(missing_ok=True),
    )
    watcher.stage("drawing", 1)
    strategy.to_toml(folder / STRATEGY)
    statuses = [entry.row["status"] if entry.row else "ok" for entry in entries]
    content = make_manifest(strategy, models, started, statuses)
    with writing(manifest) as draft:
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _draw(folder, len(entries))
    with writing(state) as draft:
        draft.write_text(json.dumps({"digest": wanted, "sizes": _sizes(folder)}), encoding="utf-8")
    watcher.step(REPORT)


def _draw(folder: Path, documents: int) -> None:
    if documents <= FEW:
        draw(folder)
        return
    command = [sys.executable, "-P", "-c", _COMMAND, _PACKAGE_ROOT, str(folder.resolve())]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")  # noqa: S603
    if ended.returncode:
        reason = (ended.stderr.strip().splitlines() or [f"slutkode {ended.returncode}"])[-1]
        raise UsageError(f"Rapporten kunne ikke tegnes ({reason}): tabellerne er færdige; kør samme kommando igen")


def _read_state(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _sizes(folder: Path) -> dict[str, int]:
    """Measure what a finished run leaves, so that what was deleted or cut short since is made again."""
    paths = [*(table_path(table, folder) for table in (*SCHEMAS, EMBEDDINGS)), *(folder / name for name in _FILES)]
    return {path.name: _size(path) for path in paths}


_FILES = (MANIFEST, STRATEGY, REPORT)


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(part.stat().st_size for part in path.iterdir())
    return path.stat().st_size if path.exists() else -1
