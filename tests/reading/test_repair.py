from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategitekst.reading.repair import clean, is_broken, join, join_lines, repair
from strategitekst.reading.words import is_word


@pytest.mark.parametrize(
    ("line", "following", "joined"),
    [
        ("mere sund-", "hed til alle", "mere sundhed til alle"),
        ("mere sund\xad", "hed", "mere sundhed"),
        ("mere sund\u2010", "hed", "mere sundhed"),
        ("mere sund\ufffe", "hed", "mere sundhed"),
        ("på et e-", "hospital", "på et e-hospital"),
        ("nye it-", "systemer", "nye it-systemer"),
        ("børne-", "og ungeområdet", "børne- og ungeområdet"),
        ("social- ", "eller sundhedsområdet", "social- eller sundhedsområdet"),
        ("ti pro-", "cent", "ti procent"),
        ("vær opmærk-", "som på", "vær opmærksom på"),
        ("EN PERSON-", "LIG PLAN", "EN PERSONLIG PLAN"),
        ("i 2018-", "2021", "i 2018-2021"),
        ("CO2-", "udledningen", "CO2-udledningen"),
        ("EU-", "midler", "EU-midler"),
        ("Region Øst-", "Jylland", "Region Øst-Jylland"),
        ("en ting -", "og en til", "en ting - og en til"),
        ("to ord", "til", "to ord til"),
        ("mave-tarm-", "kirurgi", "mave-tarm-kirurgi"),
        ("cpr-", "nummer", "cpr-nummer"),
        ("ikke-", "universitære", "ikke-universitære"),
        ("A-", "kørsler", "A-kørsler"),
        ("ti el-", "ler tolv", "ti eller tolv"),
        ("en Femern-", "forbindelse", "en Femern-forbindelse"),
    ],
)
def test_lines_are_joined(line: str, following: str, joined: str) -> None:
    assert join(clean(line), clean(following)) == joined


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("viden- deling", "videndeling"),
        ("u hensigts- mæssige", "uhensigtsmæssige"),
        ("kerneop- gaven", "kerneopgaven"),
        ("videreud-vikling", "videreudvikling"),
        ("behand ling", "behandling"),
        ("bor geren", "borgeren"),
    ],
)
def test_broken_words_are_mended(broken: str, mended: str) -> None:
    assert repair(f"Det gælder {broken} her.") == f"Det gælder {mended} her."


@pytest.mark.parametrize(
    "text",
    [
        "kerne-ydelser",
        "el-biler og it-udstyr",
        "e-hospitalet",
        "behandlings- og rehabiliteringsforløb",
        "hjerte-kar-sygdomme",
        "Femern-forbindelsen",
        "dansk-tyske",
        "tv-kanaler",
        "på en gang",
        "for en tid",
        "ca. 12 mio. kr. om året",
        "kr one",
        "i dag til alle",
    ],
)
def test_whole_words_are_left_alone(text: str) -> None:
    assert repair(text) == text


def test_ligatures_and_combining_marks_are_letters() -> None:
    assert clean("\ufb01nde a\u030aret") == "finde året"


def test_a_word_of_any_length_is_looked_up_fast() -> None:
    assert not is_word("sundhed" * 100_000)


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["hos Syge-", "husle-", "delserne"], "hos Sygehusledelserne"),
        (["et e\u2010", "hospital"], "et ehospital"),
        (["et sundheds\u2011", "system"], "et sundheds-system"),
        (["børne\u2011", "og ungeområdet"], "børne- og ungeområdet"),
        (["to", "", "linjer"], "to linjer"),
        ([], ""),
    ],
)
def test_lines_are_joined_by_what_is_known_of_their_hyphens(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


def test_broken_needs_a_small_letter() -> None:
    assert is_broken("sund-", "hed")
    assert not is_broken("sund-", "Hed")
    assert not is_broken("sund", "hed")


@given(st.lists(st.text(alphabet="abenæøå-. \u00ad\u2010", max_size=12), max_size=5))
def test_no_letter_is_lost_or_changed(lines: list[str]) -> None:
    text = ""
    for line in lines:
        text = join(text, clean(line))
    assert _letters(repair(text)) == _letters("".join(lines))


@given(st.text(max_size=60))
def test_repair_is_done_after_one_go_over_hyphens(text: str) -> None:
    once = " ".join(clean(text).split())
    assert _letters(repair(once)) == _letters(once)


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())
