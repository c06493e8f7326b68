from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategitekst.errors import ModelError
from strategitekst.language.pipeline import PUBLISHED, SHIPPED, load_pipeline, pipeline_version
from strategitekst.language.sentences import sentence_starts
from strategitekst.resources import model_path

SENTENCES = Path(__file__).with_name("administrative_sentences.txt")


def administrative_texts() -> list[list[str]]:
    lines = [line for line in SENTENCES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [block.split("\n") for block in "\n".join(lines).strip().split("\n\n")]


@pytest.fixture(scope="module")
def nlp():
    return load_pipeline(str(model_path(SHIPPED)))


def split(nlp, text: str) -> list[str]:
    return [sentence.text for sentence in nlp(text).sents]


def test_there_are_enough_administrative_sentences() -> None:
    assert sum(len(text) for text in administrative_texts()) >= 120


@pytest.mark.parametrize("sentences", administrative_texts(), ids=lambda sentences: sentences[0][:40])
def test_administrative_texts_are_split_where_they_should_be(nlp, sentences: list[str]) -> None:
    assert split(nlp, " ".join(sentences)) == sentences


def test_the_splits_do_not_depend_on_the_statistical_splitter(nlp) -> None:
    # The same texts with a splitter that has learned nothing: punctuation alone must do.
    for sentences in administrative_texts():
        doc = nlp.make_doc(" ".join(sentences))
        words, spaces = [token.text for token in doc], [bool(token.whitespace_) for token in doc]
        starts = sentence_starts(words, spaces, [False] * len(words))
        assert sum(starts) == len(sentences), sentences


@pytest.mark.parametrize("name", [None, PUBLISHED])
def test_the_published_pipeline_splits_the_same_way(name: str | None) -> None:
    if name is not None:
        pytest.importorskip(PUBLISHED, reason="the published pipeline is not installed")
    pipeline = load_pipeline(name)
    for sentences in administrative_texts():
        assert split(pipeline, " ".join(sentences)) == sentences


def test_only_what_the_analysis_uses_runs(nlp) -> None:
    assert set(nlp.pipe_names) == {"tok2vec", "morphologizer", "senter", "sentence_boundaries", "lemmatizer", "ner"}


def test_a_paragraph_gets_parts_of_speech_lemmas_and_names(nlp) -> None:
    doc = nlp("Region Sjælland ansatte tolv sygeplejersker på Holbæk Sygehus i 2024.")
    tags = {token.text: token.pos_ for token in doc}
    lemmas = {token.text: token.lemma_ for token in doc}
    assert tags["ansatte"] == "VERB"
    assert tags["sygeplejersker"] == "NOUN"
    assert lemmas["sygeplejersker"] == "sygeplejerske"
    assert lemmas["ansatte"] == "ansætte"
    assert any("Sjælland" in entity.text for entity in doc.ents)


@pytest.mark.parametrize(
    ("text", "word", "lemma"),
    [
        ("Borgeren blev taget med i beslutningen.", "taget", "tage"),
        ("De nye love gælder fra maj.", "love", "lov"),
        ("Vi kan ikke love noget.", "love", "love"),
        ("De store kommuner får flere penge.", "store", "stor"),
        ("Sundhedsindsatserne er blevet styrket.", "Sundhedsindsatserne", "sundhedsindsats"),
        ("Planen blev vedtaget af kommunerne.", "kommunerne", "kommune"),
        ("Der er brug for bedre hjælp.", "bedre", "god"),
        ("Børnene går i skole.", "Børnene", "barn"),
        ("Aftalen gælder Nakskovs borgere.", "Nakskovs", "Nakskov"),
    ],
)
def test_lemmas_follow_the_part_of_speech(nlp, text: str, word: str, lemma: str) -> None:
    assert next(token.lemma_ for token in nlp(text) if token.text == word) == lemma


def test_a_saved_pipeline_gives_the_same(nlp, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "copy")
    copy = load_pipeline(str(tmp_path / "copy"))
    text = "Kommunernes sundhedshuse i Nakskov og Vordingborg blev taget i brug den 1. maj af Hanne Holm."
    first, second = nlp(text), copy(text)
    assert [token.lemma_ for token in first] == [token.lemma_ for token in second]
    assert [token.pos_ for token in first] == [token.pos_ for token in second]
    assert [(name.text, name.label_) for name in first.ents] == [(name.text, name.label_) for name in second.ents]
    assert (first.tensor == second.tensor).all()


def test_the_version_can_stand_in_a_manifest(nlp) -> None:
    name, version = pipeline_version(nlp).split()
    assert name == "da_strategitekst"
    assert version[0].isdigit()


def test_a_pipeline_that_is_not_there_is_an_error_for_users(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="kan ikke indlæses"):
        load_pipeline(str(tmp_path / "none"))


def test_the_shipped_pipeline_is_small() -> None:
    size = sum(path.stat().st_size for path in model_path(SHIPPED).rglob("*") if path.is_file())
    assert size < 25_000_000


def test_no_word_is_without_a_vector(nlp) -> None:
    vectors = nlp.vocab.vectors
    words = ["sygehus", "Trabzonbyggefelterne", "æøå", "DSB", "2027"]
    rows = vectors.get_batch([nlp.vocab.strings.add(word) for word in words])
    assert rows.shape == (len(words), vectors.vectors_length)
    assert (rows != 0).any(axis=1).all()
    assert (rows[0] == vectors["sygehus"]).all()


def test_vectors_do_not_change_when_the_cache_is_full(nlp, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"ord{number}" for number in range(20)]
    expected = nlp.vocab.vectors.get_batch(words)
    monkeypatch.setattr("strategitekst.language.word_vectors._CACHED_WORDS", 5)
    assert (nlp.vocab.vectors.get_batch(words[::-1]) == expected[::-1]).all()
    assert (nlp.vocab.vectors.get_batch(words) == expected).all()


WORDS = st.lists(st.sampled_from(["Region", "borger", ".", "kr.", "jf.", "1.", "juli", '"', ")", "?", "25", ":", "–"]))


@settings(max_examples=200)
@given(WORDS, st.randoms(use_true_random=False))
def test_the_first_token_starts_a_sentence_and_closing_signs_never_do(words: list[str], rng) -> None:
    spaces = [rng.random() < 0.8 for _ in words]
    guesses = [rng.random() < 0.3 for _ in words]
    starts = sentence_starts(words, spaces, guesses)
    assert len(starts) == len(words)
    assert starts[:1] == [True] * bool(words)
    assert not any(start for start, word in zip(starts[1:], words[1:], strict=True) if word in {".", ")", "?", ":"})


@pytest.mark.parametrize("text", ["", " ", "\n", "…", "§", "Ø"])
def test_tiny_texts_pass(nlp, text: str) -> None:
    assert "".join(sentence.text_with_ws for sentence in nlp(text).sents) == text
