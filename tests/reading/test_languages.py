from __future__ import annotations

import pytest

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
