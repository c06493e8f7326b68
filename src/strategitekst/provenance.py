"""What a model was trained on, for its config: labelled texts as a hash, encoder, versions of packages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from strategitekst.corpus import LabelledDocument

PACKAGES = ("scikit-learn", "numpy", "spacy", "onnxruntime", "torch")
Phrases = Sequence[tuple[str, Sequence[str]]]


def data_fingerprint(documents: Sequence[LabelledDocument], phrases: Phrases = ()) -> str:
    """Hash texts and labels of documents and phrases: SHA-256 in hexadecimal."""
    rows: list[list[Any]] = [
        [document.document.name, each.paragraph.text, each.themes, each.statement]
        for document in documents
        for each in document.paragraphs
    ]
    rows += [[text, themes] for text, themes in phrases]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def package_versions() -> dict[str, str]:
    """Give the versions of the packages that decide a head."""
    return {package: version(package) for package in PACKAGES}


def about_training(
    plans: Sequence[LabelledDocument],
    encoder: str,
    beside: Sequence[LabelledDocument] = (),
    phrases: Phrases = (),
) -> dict[str, Any]:
    """Say in a model's config what it was trained on.

    Args:
        plans: The training plans, which are counted.
        encoder: Fingerprint of the encoder.
        beside: The other labelled documents: each reader's labels, loose paragraphs.
        phrases: The phrases with their themes.

    Returns:
        The encoder, a hash of all of these, the numbers of plans and of their paragraphs, and versions of packages.
    """
    return {
        "encoder": encoder,
        "training_data": data_fingerprint([*plans, *beside], phrases),
        "training_plans": len(plans),
        "training_paragraphs": sum(len(plan.paragraphs) for plan in plans),
        "packages": package_versions(),
    }
