from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from strategitekst.language.modality import FEATURE_NAMES, SIGNALS, modality, modality_vector, sentence_modality


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("da")
    nlp.add_pipe("sentencizer")
    return nlp


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Vi vil styrke indsatsen.", "modal_vil"),
        ("Vi vil styrke indsatsen.", "we_modal"),
        ("Vi vil styrke indsatsen.", "vague_after_modal"),
        ("Fremover skal vi styrke indsatsen.", "we_modal"),
        ("Borgerne skal opleve tryghed.", "skal_without_actor"),
        ("Borgerne skal opleve tryghed.", "citizens_modal"),
        ("Borgerne skal opleve tryghed.", "wishes"),
        ("Indsatsen bør udvides.", "modal_bør"),
        ("Det kan ske.", "modal_kan"),
        ("Ingen må vente.", "modal_må"),
        ("Der ansættes to læger.", "passive_s"),
        ("Der ansættes to læger.", "action_passive"),
        ("Klinikken bliver flyttet.", "passive_blive"),
        ("Der blev oprettet et hold.", "past"),
        ("Vi har åbnet en klinik.", "perfect"),
        ("Vi åbner en klinik.", "action_present"),
        ("Vi åbner en klinik.", "we_present"),
        ("Vi åbner en klinik.", "present"),
        ("Kommunen indførte ordningen.", "action_past"),
        ("Vi vil etablere et hold.", "action_after_modal"),
        ("Så vidt muligt gives der svar.", "hedges"),
        ("Det forventes klar.", "hedges"),
        ("Vi arbejder for bedre forløb.", "vague"),
        ("Resultatet blev godt.", "results"),
        ("Ifølge sundhedsloven er regionen forpligtet til det.", "duties"),
        ("Vi vil arbejde for:", "lead_in"),
        ("Hvem gør hvad?", "question"),
        ("Etablering af to klinikker", "nominal_start"),
        ("Forsøget kører stadig.", "ongoing"),
        ("Hvis det lykkes, fortsættes det.", "conditions"),
    ],
)
def test_a_signal_is_counted(nlp: Language, text: str, signal: str) -> None:
    assert modality(nlp(text))[signal] >= 1


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Vi skal styrke indsatsen.", "skal_without_actor"),
        ("Borgerne skal opleve tryghed.", "we_modal"),
        ("Kommunerne mødes, og deres hold findes stadig.", "passive_s"),
        ("Region Sjælland dækker 17 kommuner.", "action"),
        ("Vi vil åbne en klinik.", "past"),
        ("Vi åbner en klinik.", "perfect"),
        ("Vi åbner: en klinik.", "lead_in"),
    ],
)
def test_a_signal_is_not_counted(nlp: Language, text: str, signal: str) -> None:
    assert modality(nlp(text))[signal] == 0


def test_sentences_are_told_apart(nlp: Language) -> None:
    first, second = sentence_modality(nlp("I 2022 blev der åbnet to klinikker. Vi vil styrke indsatsen."))
    assert (first["past"], first["we_modal"]) == (1, 0)
    assert (second["past"], second["we_modal"]) == (0, 1)


def test_shares_and_last_sentence(nlp: Language) -> None:
    features = modality(nlp("Vi vil styrke indsatsen. Det er godt. Det er sundt. Der ansættes to læger."))
    assert features["sentences"] == 4
    assert features["we_modal_share"] == 0.25
    assert features["we_modal_last"] == 0
    assert features["action_passive_last"] == 1


def test_the_pipeline_needs_no_sentence_borders() -> None:
    assert modality(spacy.blank("da")("Vi vil. De kan."))["sentences"] == 1


def test_empty_text_has_no_signals(nlp: Language) -> None:
    assert not modality_vector(nlp("")).any()


def test_the_component_agrees_with_the_function(nlp: Language) -> None:
    from strategitekst.language import components  # noqa: F401

    other = spacy.blank("da")
    other.add_pipe("sentencizer")
    other.add_pipe("strategitekst_modality")
    assert other("Vi vil styrke indsatsen.")._.modality == modality(nlp("Vi vil styrke indsatsen."))


@cache
def blank() -> Language:
    return spacy.blank("da")


@settings(deadline=None)
@given(st.text(max_size=80))
def test_the_vector_is_finite_and_ordered(text: str) -> None:
    doc = blank()(text)
    vector = modality_vector(doc)
    assert vector.shape == (len(FEATURE_NAMES),)
    assert np.isfinite(vector).all()
    assert (vector >= 0).all()
    assert tuple(modality(doc)) == FEATURE_NAMES


def test_names_are_unique() -> None:
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES) == 2 + 3 * len(SIGNALS)
