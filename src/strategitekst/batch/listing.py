"""Which documents a run has and where their results lie: what tables are made of, and what a shard leaves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strategitekst.atomic import writing
from strategitekst.batch.recipe import Recipe
from strategitekst.batch.records import Record
from strategitekst.batch.store import Store
from strategitekst.batch.tasks import Outcome
from strategitekst.errors import UsageError

SHARDS = "shards"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a run.

    Attributes:
        place: Its place in the tables.
        name: Its name in the tables.
        key: Under which its result is kept; None where it has none.
        row: Its row in ``documents`` where it failed; None where its result says all.
        store: Where the result lies.
    """

    place: int
    name: str
    key: str | None
    row: dict[str, Any] | None
    store: Store

    def record(self) -> Record:
        """Read the result, under this document's name."""
        assert self.key is not None  # noqa: S101 - a document without a result has a row
        return self.store.get(self.key).named(self.name)


def make_entry(outcome: Outcome, store: Store) -> Entry:
    """Keep of an outcome what the tables need."""
    return Entry(outcome.place, outcome.name, outcome.key, None if outcome.ok else outcome.row, store)


def digest(recipe: Recipe, entries: Iterable[Entry]) -> str:
    """Hash what decides the tables: tables of the same hash need not be written again.

    A failure's time is left out: it may have been taken anew.
    """
    total = hashlib.sha256(recipe.fingerprint.encode())
    for entry in entries:
        row = {**entry.row, "seconds": 0} if entry.row else None
        total.update(json.dumps([entry.name, entry.key, row]).encode())
    return total.hexdigest()


@dataclass(frozen=True, slots=True)
class Shard:
    """What one part of a run leaves for the merging.

    Attributes:
        recipe: What decided its results.
        number: Which part it is, from 1.
        parts: Of how many.
        entries: Its documents.
        models: The models, for the manifest.
        started: When it began.
    """

    recipe: Recipe
    number: int
    parts: int
    entries: Sequence[Entry]
    models: dict[str, Any]
    started: str


def write_shard(shard: Shard) -> None:
    """Lay a finished part down.

    Raises:
        OSError: The folder cannot be written to.
    """
    content = {
        "fingerprint": shard.recipe.fingerprint,
        "encoder": shard.recipe.encoder,
        "limits": shard.recipe.limits,
        "abstain": shard.recipe.abstain,
        "own_models": shard.recipe.models,
        "number": shard.number,
        "parts": shard.parts,
        "models": shard.models,
        "started": shard.started,
        "entries": [[entry.place, entry.name, entry.key, entry.row] for entry in shard.entries],
    }
    path = shard.recipe.folder / SHARDS / f"{shard.number}-of-{shard.parts}.json"
    with writing(path) as draft:
        draft.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def read_shards(work: Path, cache: Path) -> list[Shard]:
    """Read the finished parts that a folder holds.

    Args:
        work: The folder of the results.
        cache: The file of the vectors of this machine.

    Raises:
        UsageError: One is damaged.
    """
    shards = []
    for path in sorted((work / SHARDS).glob("*-of-*.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            recipe = Recipe(
                str(work.resolve()),
                content["encoder"],
                str(cache),
                content["limits"],
                content["fingerprint"],
                content["abstain"],
                models=content["own_models"],
            )
            store = Store(recipe)
            entries = [Entry(place, name, key, row, store) for place, name, key, row in content["entries"]]
            shards.append(
                Shard(recipe, content["number"], content["parts"], entries, content["models"], content["started"])
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path} er beskadiget: kør den del igen") from error
    return shards
