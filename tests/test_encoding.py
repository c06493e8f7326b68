"""Encoders: the one that ships, others, and the cache between them and the disk."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from strategitekst import encoding
from strategitekst.analysis import analyze
from strategitekst.calibration import save_calibrations, user_calibrations
from strategitekst.coverage import Calibration
from strategitekst.document import Block, build_document
from strategitekst.embedding_cache import EmbeddingCache, cache_key
from strategitekst.encoding import Encoder, OnnxModel, default_cache
from strategitekst.errors import ModelError
from strategitekst.resources import model_path

TEXTS = [
    "I 2026 køber Movia 12 elbusser.",
    "Vi vil styrke samarbejdet med kommunerne om de ældste patienter, så flere undgår at blive indlagt.",
    "Ja",
    "",
    "Æblegrød – «på» 3,5 mio. kr. 🚌",
]


@pytest.fixture
def fresh(tmp_path: Path) -> Encoder:
    """The encoder that ships, with an empty cache."""
    return Encoder(cache=tmp_path / "vectors.sqlite")


def count_runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each text that the model that ships is run on."""
    runs: list[str] = []
    embed = OnnxModel.embed

    def noting(self: OnnxModel, texts: Sequence[str]) -> Any:
        runs.extend(texts)
        return embed(self, texts)

    monkeypatch.setattr(OnnxModel, "embed", noting)
    return runs


def test_vectors_have_length_one(fresh: Encoder) -> None:
    vectors = fresh.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_rows(fresh: Encoder) -> None:
    assert fresh.encode([]).shape == (0, 384)


def test_a_vector_depends_on_its_text_alone(tmp_path: Path) -> None:
    together = Encoder(cache=tmp_path / "together").encode(TEXTS)
    backwards = Encoder(cache=tmp_path / "backwards").encode(TEXTS[::-1])[::-1]
    alone = [Encoder(cache=tmp_path / f"alone{number}").encode([text])[0] for number, text in enumerate(TEXTS)]
    assert together.tobytes() == np.ascontiguousarray(backwards).tobytes() == np.stack(alone).tobytes()


def test_near_texts_lie_nearer_than_others(fresh: Encoder) -> None:
    bus, other_bus, psychiatry = fresh.encode(
        ["Movia køber 12 elbusser.", "Nye eldrevne busser sættes i drift.", "Psykiatrien får flere senge til unge."]
    )
    assert bus @ other_bus > bus @ psychiatry


def test_query_and_passage_are_embedded_apart(fresh: Encoder) -> None:
    assert not np.array_equal(fresh.encode(TEXTS[:1], "query"), fresh.encode(TEXTS[:1], "passage"))


def test_equal_texts_are_embedded_once(fresh: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = count_runs(monkeypatch)
    vectors = fresh.encode(["Nyt hus", "Ny vej", "Nyt hus"])
    assert runs == ["passage: Nyt hus", "passage: Ny vej"]
    assert np.array_equal(vectors[0], vectors[2])


def test_long_texts_are_read_to_the_end(fresh: Encoder) -> None:
    words = ["Sygehuset bygger nye sengestuer og ansætter flere sygeplejersker."] * 250
    assert len(" ".join(words).split()) == 2000
    same, other = fresh.encode([" ".join(words), " ".join([*words[:150], *["Drikkevand og vild natur."] * 200])])
    np.testing.assert_allclose(np.linalg.norm([same, other], axis=1), 1.0, atol=1e-5)
    assert same @ other < 0.999


def test_the_cache_gives_the_same_bytes_without_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Encoder(cache=tmp_path / "vectors.sqlite").encode(TEXTS)
    runs = count_runs(monkeypatch)
    second = Encoder(cache=tmp_path / "vectors.sqlite").encode(TEXTS)
    assert second.tobytes() == first.tobytes()
    assert runs == []


def test_an_interruption_loses_one_chunk_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "CHUNK", 2)
    embed = OnnxModel.embed

    def interrupted(self: OnnxModel, texts: Sequence[str]) -> Any:
        if any("stop" in text for text in texts):
            raise KeyboardInterrupt
        return embed(self, texts)

    with monkeypatch.context() as patch:
        patch.setattr(OnnxModel, "embed", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Encoder(cache=tmp_path / "vectors.sqlite").encode(["a", "b", "c", "stop"])
    runs = count_runs(monkeypatch)
    Encoder(cache=tmp_path / "vectors.sqlite").encode(["a", "b", "c"])
    assert runs == ["passage: c"]


def test_progress_counts_every_text(fresh: Encoder) -> None:
    steps: list[int] = []
    fresh.encode(["a", "b", "a"], progress=steps.append)
    fresh.encode(["a", "c"], progress=steps.append)
    assert sum(steps) == 5


def test_a_model_is_loaded_on_first_use_only() -> None:
    Encoder("/no/such/folder")


def test_the_cache_folder_is_set_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATEGITEKST_CACHE", str(tmp_path))
    assert default_cache().parent == tmp_path
    monkeypatch.delenv("STRATEGITEKST_CACHE")
    assert "strategitekst" in default_cache().parent.name


def test_cache_keys_tell_model_prompt_and_text_apart() -> None:
    keys = {cache_key(*parts) for parts in [("m", "p", "t"), ("mp", "", "t"), ("m", "pt", ""), ("n", "p", "t")]}
    assert len(keys) == 4


def test_a_stored_vector_stays(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "a" / "b" / "vectors.sqlite")
    cache.store({b"k": np.ones(2, dtype=np.float32)})
    cache.store({b"k": np.zeros(2, dtype=np.float32)})
    cache.close()
    keys = [b"%d" % number for number in range(1200)] + [b"k"]
    assert {key: value.tolist() for key, value in cache.find(keys).items()} == {b"k": [1.0, 1.0]}


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("content", [None, b"", b"garbage", b"{}"], ids=["missing", "empty", "garbage", "braces"])
def test_a_damaged_model_is_one_line(tmp_path: Path, file: str, content: bytes | None) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for source in model_path("e5-small-da").iterdir():
        # The graph is large: a link will do, since only the file under test is replaced.
        (folder / source.name).symlink_to(source)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    with pytest.raises(ModelError) as raised:
        Encoder(folder, cache=tmp_path / "cache").encode(["a"])
    assert "\n" not in str(raised.value)
    assert "model" in str(raised.value)


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        Encoder(tmp_path / "nothing", cache=tmp_path / "cache").encode(["a"])
    assert "\n" not in str(raised.value)
    assert "nothing" in str(raised.value)


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder with a tiny BERT of random weights."""
    torch = pytest.importorskip("torch")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules
    from transformers import BertConfig, BertModel, BertTokenizerFast

    base, folder = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("other")
    signs = "abcdefghijklmnopqrstuvwxyzæøå0123456789.,:?!-"
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *signs, *(f"##{sign}" for sign in signs)]
    (base / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(str(base / "vocab.txt"), strip_accents=False).save_pretrained(base)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(vocab_size=len(vocabulary), max_position_embeddings=128, **sizes)
    BertModel(config).save_pretrained(base)
    parts = [modules.Transformer(str(base)), modules.Pooling(32)]
    prompts = {"query": "find: ", "document": "tekst: "}
    SentenceTransformer(modules=parts, prompts=prompts, device="cpu").save(str(folder))
    return folder


@pytest.mark.slow
def test_another_model_embeds(other_model: Path, tmp_path: Path, encoder: Encoder) -> None:
    other = Encoder(other_model, cache=tmp_path / "vectors.sqlite")
    vectors = other.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    alone = Encoder(other_model, cache=tmp_path / "alone.sqlite").encode(TEXTS[1:2])
    np.testing.assert_allclose(alone[0], vectors[1], atol=1e-5)
    assert other.encode(TEXTS).tobytes() == vectors.tobytes()
    assert other.fingerprint != encoder.fingerprint
    assert Encoder(other_model).fingerprint == other.fingerprint


@pytest.mark.slow
def test_another_model_gets_its_own_prompts(other_model: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    other = Encoder(other_model, cache=tmp_path / "vectors.sqlite")
    plain = SentenceTransformer(str(other_model), device="cpu")
    for prompt, front in [("query", "find: "), ("passage", "tekst: ")]:
        expected = plain.encode([front + TEXTS[0]], prompt="", normalize_embeddings=True)
        np.testing.assert_allclose(other.encode([TEXTS[0]], prompt), expected, atol=1e-5)  # type: ignore[arg-type]


@pytest.mark.slow
def test_another_model_takes_no_texts(other_model: Path, tmp_path: Path) -> None:
    assert Encoder(other_model, cache=tmp_path / "vectors.sqlite").encode([]).shape == (0, 32)


@pytest.mark.slow
def test_another_model_measures_coverage(other_model: Path, tmp_path: Path, encoder: Encoder) -> None:
    plan = build_document("plan", [Block("prose", text) for text in TEXTS[:2]])
    other = Encoder(other_model, cache=tmp_path / "vectors.sqlite")
    with pytest.raises(ModelError, match="kalibrering"):
        analyze(plan, encoder=other)
    save_calibrations(user_calibrations(), {other.fingerprint: Calibration(0.8, 20.0)})
    analysis, default = analyze(plan, encoder=other), analyze(plan)
    assert analysis.manifest["models"]["coverage_encoder"]["fingerprint"] == other.fingerprint
    assert analysis.manifest["models"]["encoder"]["fingerprint"] == encoder.fingerprint
    assert analysis.coverage["coverage"].between(0, 1).all()
    assert not analysis.coverage["coverage"].equals(default.coverage["coverage"])
    # Themes and statements are told by the models that ship, whatever coverage is measured with.
    assert analysis.paragraphs.equals(default.paragraphs)


@pytest.mark.slow
def test_sentence_transformers_loads_the_model_that_ships(fresh: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(model_path("e5-small-da")), trust_remote_code=True)
    texts = [text for text in TEXTS if text]
    np.testing.assert_allclose(model.encode_document(texts), fresh.encode(texts), atol=1e-6)
    np.testing.assert_allclose(model.encode_query(texts), fresh.encode(texts, "query"), atol=1e-6)


def test_the_hub_is_not_asked_for_a_model_that_ships(tmp_path: Path) -> None:
    """A copy of the folder is enough: it needs neither a name nor torch."""
    shutil.copytree(model_path("e5-small-da"), tmp_path / "copy")
    copy = Encoder(tmp_path / "copy", cache=tmp_path / "cache")
    assert copy.fingerprint == Encoder().fingerprint
