"""How far the encoder in int8 says the same as in fp32, on the test part of the corpus.

    python models/train.py --wheels wheels --out models-again --fp32 fp32.onnx
    python benchmarks/precision.py fp32.onnx

The first command keeps the graph as it is before its weights are turned into int8.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np

from strategitekst.classification import Classifier
from strategitekst.corpus import load_corpus
from strategitekst.encoder_models import OnnxModel
from strategitekst.encoding import SHIPPED, Encoder
from strategitekst.resources import model_path
from strategitekst.strategy import load_strategy

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


def fp32_encoder(graph: Path, folder: Path) -> Encoder:
    """Make the encoder that ships with another graph.

    Args:
        graph: The fp32 graph.
        folder: An empty folder, for the encoder and its vectors.
    """
    model = folder / "encoder"
    shutil.copytree(model_path(SHIPPED), model)
    shutil.copy(graph, model / "model.onnx")
    encoder = Encoder(cache=folder / "vectors.sqlite")
    # Its fingerprint stays that of int8: heads refuse any other encoder.
    encoder._model = OnnxModel(model)
    return encoder


def main() -> None:
    """Print how many statements and main themes agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", type=Path, help="the fp32 graph")
    graph = parser.parse_args().graph
    strategy, documents = load_strategy(), load_corpus(CORPUS, "test")
    with tempfile.TemporaryDirectory() as temporary:
        both = Classifier(strategy), Classifier(strategy, fp32_encoder(graph, Path(temporary)))
        pairs = [
            pair
            for document in documents
            for pair in zip(
                *(one.classify([each.paragraph for each in document.paragraphs]) for one in both), strict=True
            )
        ]
    statements = np.mean([one.statement == two.statement for one, two in pairs])
    themes = np.mean([one.themes[:1] == two.themes[:1] for one, two in pairs])
    least = min(float(one.vector @ two.vector) for one, two in pairs)
    print(f"{len(pairs)} paragraphs, in int8 and in fp32: least cosine of vectors {least:.4f}")
    print(f"same statement {statements:.4f}, same main theme {themes:.4f}")


if __name__ == "__main__":
    main()
