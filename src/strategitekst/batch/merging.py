"""Shards → one analysis: the parts of a run that machines did each for itself, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from strategitekst.atomic import explained, writing
from strategitekst.batch.finishing import finish
from strategitekst.batch.listing import Entry, Shard, read_shards
from strategitekst.batch.progress import Silent, Watcher
from strategitekst.batch.recipe import STRATEGY, Recipe
from strategitekst.batch.run import WORK, Summary
from strategitekst.encoding import default_cache
from strategitekst.errors import UsageError


def merge_shards(folders: Sequence[Path], out: Path, watcher: Watcher | None = None) -> Summary:
    """Write the tables of a run that was done in parts.

    Args:
        folders: Where the parts were written: one folder that all machines shared, or several.
        out: Where the tables go; may be one of the folders.
        watcher: Is told how it goes.

    Returns:
        How the run ended.

    Raises:
        UsageError: A part is missing, or two are not of the same run, or the folder cannot be written to.
    """
    shards = [shard for folder in folders for shard in read_shards(folder / WORK, default_cache())]
    _check(shards, folders)
    entries = _together(shards)
    first = shards[0]
    with explained(out):
        out.mkdir(parents=True, exist_ok=True)
        recipe = _recipe_in(out / WORK, first)
        models = next((shard.models for shard in shards if shard.models), {})
        started = datetime.fromisoformat(min(shard.started for shard in shards))
        finish(entries, recipe, out, models, started, watcher or Silent())
    failed = Counter(entry.row["status"] for entry in entries if entry.row)
    return Summary(len(entries), len(entries), dict(failed.most_common()))


def _check(shards: Sequence[Shard], folders: Sequence[Path]) -> None:
    named = ", ".join(str(folder) for folder in folders)
    if not shards:
        raise UsageError(f"{named} rummer ingen dele: kør først analyze med --shard 1/N, 2/N og så videre")
    if len({(shard.recipe.fingerprint, shard.parts) for shard in shards}) > 1:
        raise UsageError(
            f"Delene i {named} hører ikke til samme kørsel (version, strategi eller antal dele er forskellige): "
            "kør dem igen med samme kommando, i en ny mappe"
        )
    parts = shards[0].parts
    missing = sorted(set(range(1, parts + 1)) - {shard.number for shard in shards})
    if missing:
        numbers = ", ".join(f"{number}/{parts}" for number in missing)
        raise UsageError(f"Der mangler dele i {named}: kør analyze med --shard {numbers}, og saml så igen")


def _together(shards: Sequence[Shard]) -> list[Entry]:
    """Put the documents in the order of the whole run; each part once, even where its folder was given twice."""
    by_number = {shard.number: shard for shard in shards}
    entries = [entry for shard in by_number.values() for entry in shard.entries]
    return sorted(entries, key=lambda entry: (entry.place, entry.name))


def _recipe_in(work: Path, shard: Shard) -> Recipe:
    """Set the recipe of a part down in the folder of the whole."""
    source = shard.recipe.folder / STRATEGY
    if source.resolve() != (work / STRATEGY).resolve():
        with writing(work / STRATEGY) as draft:
            draft.write_bytes(source.read_bytes())
    return replace(shard.recipe, work=str(work.resolve()))
