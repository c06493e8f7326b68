"""What analyses documents in one process: models loaded once, results laid down where the run looks for them."""

from __future__ import annotations

import time
from typing import Any

from strategitekst.assessment import make_yardstick
from strategitekst.batch.recipe import Recipe, fingerprint
from strategitekst.batch.store import Store
from strategitekst.batch.tasks import Outcome, Task, content_key, failure
from strategitekst.classification import Classifier
from strategitekst.cores import one_thread
from strategitekst.document_result import DocumentResult, analyze_document
from strategitekst.errors import AnalysisCrashed, ModelError, UsageError
from strategitekst.manifest import describe_models
from strategitekst.reading import Limits


class Workbench:
    """Analyses documents of a run.

    Args:
        recipe: The run's.
        threads: How many texts are embedded at once.

    Raises:
        UsageError: This process has another version of the package or its models than the one that began the run.
        ModelError: A model cannot be loaded.
    """

    def __init__(self, recipe: Recipe, threads: int = 1) -> None:
        strategy = recipe.strategy()
        own, models = recipe.make_encoder(threads), recipe.model_set(strategy)
        if fingerprint(models, own, recipe.abstain, ocr=recipe.limits["ocr"]) != recipe.fingerprint:
            raise UsageError(
                "En arbejdsproces har en anden version af strategitekst eller af modellerne end den, der startede "
                "kørslen: brug samme version alle steder"
            )
        self._classifier = Classifier(strategy, own if own.ships else recipe.make_shipped(threads), models.own)
        self._encoder = self._classifier.encoder if own.ships else own
        self._yardstick = make_yardstick(strategy, self._encoder, models=models, abstain=recipe.abstain)
        self._limits, self._password = Limits(**recipe.limits), recipe.password
        self._store = Store(recipe)

    def models(self) -> dict[str, Any]:
        """Name the models for the manifest."""
        return describe_models(self._classifier, self._encoder)

    def analyze(self, task: Task) -> Outcome:
        """Analyse one document and keep its result.

        Raises:
            OSError: The result cannot be written.
            ModelError: A model cannot be loaded.
        """
        started = time.perf_counter()
        with one_thread():
            result = self._result(task)
        if isinstance(result, Outcome):
            return result
        row = result.rows["documents"][0]
        if row["status"] != "ok":
            # Not by the hash that the run may have taken: the file may have changed in between.
            key = content_key(task, self._limits.size)
            outcome = Outcome(task.place, task.name, key, row)
            if key is not None:
                self._store.put_failure(key, row)
            return outcome
        # Of a file, the hash of what was read: the file may have changed since the run took its own.
        kept = str(row["sha256"] if task.path is not None else content_key(task, 0))
        row["seconds"] = round(time.perf_counter() - started, 3)
        self._store.put(kept, result)
        return Outcome(task.place, task.name, kept, row)

    def _result(self, task: Task) -> DocumentResult | Outcome:
        try:
            return analyze_document(
                task.source(), self._classifier, self._encoder, self._yardstick, self._limits, self._password
            )
        except (OSError, MemoryError, ModelError, UsageError):
            raise
        except Exception as error:
            what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            return failure(task, None, AnalysisCrashed(f"{task.name} kunne ikke analyseres ({what}): meld fejlen"))
