from __future__ import annotations

import pytest

import strategitekst as st
from strategitekst.reading import read_document
from strategitekst.reading.languages import languages

DANISH = "Regionen vil sikre, at borgerne får hurtig hjælp tæt på, hvor de bor, og at ingen venter for længe."
OTHERS = {
    "no": "Kommunen skal sørge for at barna får en trygg oppvekst, og at foreldrene får hjelp når de trenger det mest.",
    "sv": "Kommunen ska se till att alla invånare får en god vård och att ingen behöver vänta för länge på hjälp.",
    "en": "The region will ensure that all citizens receive help close to where they live, at all hours of the day.",
    "de": "Die Region wird dafür sorgen, dass alle Bürger schnell Hilfe bekommen, auch in der Nacht und am Wochenende.",
}


@pytest.mark.parametrize("language", OTHERS)
def test_a_paragraph_that_is_not_danish_says_so(language: str) -> None:
    document = read_document(f"{DANISH}\n\n{OTHERS[language]}\n\n{DANISH}\n".encode(), name="plan")
    assert [paragraph.language for paragraph in document.paragraphs] == ["da", language, "da"]
    assert document.language == "da"


def test_what_is_too_short_goes_with_its_document() -> None:
    english = [OTHERS["en"]] * 3
    assert languages([*english, "Kontakt:", "2025"]) == ["en"] * 5
    assert languages(["Kontakt"]) == ["da"]
    assert languages([]) == []


def test_an_analysis_warns_of_plans_that_are_mostly_not_danish() -> None:
    danish = "Vi vil sikre, at alle borgere i regionen får hurtig hjælp, når de bliver akut syge."
    english = "The region will ensure that all citizens get help quickly when they fall acutely ill."
    swedish = "Regionen ska se till att alla medborgare får snabb hjälp när de blir akut sjuka på natten."
    plans = [(f"{danish}\n\n{english}\n\n{danish}", "da"), (f"{swedish}\n\n{swedish}", "sv")]
    analysis = st.analyze([read_document(text.encode(), name=name) for text, name in plans])
    assert analysis.documents["status"].to_list() == ["ok", "ok"]
    first, second = analysis.documents["message"]
    assert first == ""
    assert "ikke på dansk (sv)" in second
