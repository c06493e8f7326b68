"""The bundled strategies, the TOML schema and its errors."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategitekst.errors import StrategyError
from strategitekst.strategy import (
    Ambition,
    Foundation,
    Initiative,
    Pledge,
    Strategy,
    Target,
    bundled_strategies,
    load_strategy,
)

REGION = load_strategy()
SEED = Path(__file__).parents[2] / "shared" / "seeds" / "001_a9c426a4670d8d43.txt"

MINIMAL = """\
id = "min"
name = "Min strategi"

[[ambitions]]
id = "X"
name = "Rent vand"

[[ambitions.pledges]]
id = "X1"
name = "Ingen gift i åen"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "min.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_region_has_its_ambitions_pledges_initiatives_and_foundations():
    assert [ambition.id for ambition in REGION.ambitions] == ["A1", "A2", "A3", "A4"]
    assert [len(ambition.pledges) for ambition in REGION.ambitions] == [3, 3, 3, 3]
    assert [len(ambition.initiatives) for ambition in REGION.ambitions] == [10, 9, 7, 8]
    assert [pledge.number for pledge in REGION.pledges] == list(range(1, 13))
    assert [len(foundation.points) for foundation in REGION.foundations] == [4, 5, 3, 2]
    assert REGION.pledges[6].name == "Borgerne får en tydelig plan for deres behandlingsforløb"
    assert {"Region Sjælland", "regionen", "vi"} <= set(REGION.own_names)


def test_every_initiative_of_the_region_serves_a_pledge_of_its_ambition():
    for ambition in REGION.ambitions:
        own = {pledge.id for pledge in ambition.pledges}
        assert all(initiative.pledges and own.issuperset(initiative.pledges) for initiative in ambition.initiatives)
    assert all(pledge.initiatives for pledge in REGION.pledges)


def test_the_targets_of_the_region():
    found = {
        (pledge.id, target.figure, target.unit, target.year) for pledge in REGION.pledges for target in pledge.targets
    }
    assert found == {
        ("P1", 30, "dage", None),
        ("P1", None, "", 2026),
        ("P2", None, "", 2022),
        ("P7", 72, "timer", None),
        ("P10", -70, "procent", 2030),
        ("P10", -75, "procent", None),
        ("P12", None, "", 2030),
    }


@pytest.mark.parametrize("name", bundled_strategies())
def test_bundled_descriptions_are_long_enough_to_be_embedded(name: str):
    strategy = load_strategy(name)
    themes = (*strategy.pledges, *strategy.foundations)
    assert all(2 <= theme.description.count(".") <= 6 and len(theme.description.split()) >= 20 for theme in themes)
    assert all(ambition.description for ambition in strategy.ambitions)


@pytest.mark.skipif(not SEED.exists(), reason="the strategy document lies outside the repository")
def test_descriptions_are_in_words_of_our_own():
    def runs(text: str) -> set[str]:
        words = re.findall(r"[^\W_]+", text.lower())
        return {" ".join(words[start : start + 7]) for start in range(len(words) - 6)}

    themes = (*REGION.ambitions, *REGION.pledges, *REGION.foundations)
    texts = [theme.description for theme in themes]
    texts += [point for foundation in REGION.foundations for point in foundation.points]
    texts += [target.text for pledge in REGION.pledges for target in pledge.targets]
    taken = runs(SEED.read_text(encoding="utf-8"))
    assert not [run for text in texts for run in runs(text) & taken]


def test_themes_are_pledges_then_foundations_then_ambitions():
    assert list(REGION.themes) == [f"P{n}" for n in range(1, 13)] + ["G1", "G2", "G3", "G4", "A1", "A2", "A3", "A4"]
    assert list(load_strategy("eksempelby-2024-2028").themes) == [f"L{n}" for n in range(1, 8)] + ["T1", "T2", "T3"]


def test_the_ambition_of_a_theme():
    assert [REGION.ambition_of(theme) for theme in ("P10", "A4", "G4")] == [REGION.ambitions[3]] * 2 + [None]
    with pytest.raises(KeyError):
        REGION.ambition_of("P13")


def test_units_hold_name_sentences_initiatives_and_targets():
    units = REGION.pledges[6].units()
    kinds = [unit.kind for unit in units]
    assert kinds == ["name", *["sentence"] * kinds.count("sentence"), "initiative", "initiative", "target"]
    assert units[0].text == REGION.pledges[6].name
    assert " ".join(unit.text for unit in units if unit.kind == "sentence") == REGION.pledges[6].description
    assert all(unit.weight > 0 for unit in units)


def test_a_pledge_of_a_name_only_has_one_unit():
    assert len(Pledge("P1", "Rent vand").units()) == 1


def test_an_initiative_counts_for_each_pledge_that_it_serves():
    by_id = {pledge.id: pledge for pledge in REGION.pledges}
    femern = "Femern-forbindelsen som løftestang for vækst og udvikling"
    assert femern in by_id["P11"].initiatives
    assert femern in by_id["P12"].initiatives


def test_a_strategy_of_bare_names_is_enough(tmp_path: Path):
    strategy = load_strategy(written(tmp_path, MINIMAL))
    assert strategy.themes == {"X1": "Ingen gift i åen", "X": "Rent vand"}
    assert strategy.foundations == ()
    assert strategy.pledges[0].number is None


def test_a_file_from_windows_is_read(tmp_path: Path):
    path = tmp_path / "min.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load_strategy(str(path)) == load_strategy(written(tmp_path, MINIMAL))


@pytest.mark.parametrize("name", bundled_strategies())
def test_what_is_written_is_read_back(name: str, tmp_path: Path):
    strategy = load_strategy(name)
    strategy.to_toml(tmp_path / "kopi.toml")
    copy = load_strategy(tmp_path / "kopi.toml")
    assert copy == strategy
    assert copy.fingerprint == strategy.fingerprint
    assert list(tomllib.loads((tmp_path / "kopi.toml").read_text(encoding="utf-8")))[:2] == ["id", "name"]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
TARGETS = st.builds(
    Target,
    WORDS,
    st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6).map(float),
    WORDS | st.just(""),
    st.none() | st.integers(1900, 2100),
)


@st.composite
def any_strategy(draw: st.DrawFn) -> Strategy:
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    ids = [f"P{n}" for n in range(sum(shape))]
    return Strategy(
        id="s",
        name=draw(WORDS),
        ambitions=tuple(
            Ambition(
                f"A{index}",
                draw(WORDS),
                draw(WORDS | st.just("")),
                tuple(
                    Pledge(
                        each,
                        draw(WORDS),
                        draw(st.none() | st.integers()),
                        targets=tuple(draw(st.lists(TARGETS, max_size=2))),
                    )
                    for each in ids[sum(shape[:index]) : sum(shape[: index + 1])]
                ),
                tuple(
                    Initiative(draw(WORDS), tuple(draw(st.lists(st.sampled_from(ids), unique=True))))
                    for _ in range(draw(st.integers(0, 2)))
                ),
            )
            for index in range(len(shape))
        ),
        foundations=tuple(
            Foundation(f"G{n}", draw(WORDS), points=(draw(WORDS),)) for n in range(draw(st.integers(0, 2)))
        ),
        own_names=tuple(draw(st.lists(WORDS, max_size=2))),
    )


@given(strategy=any_strategy())
def test_any_strategy_survives_its_file(strategy: Strategy, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("strategi") / "s.toml"
    strategy.to_toml(path)
    copy = load_strategy(path)
    assert copy == strategy
    assert copy.fingerprint == strategy.fingerprint


def test_the_fingerprint_follows_the_content():
    first, *others = REGION.ambitions
    described = replace(REGION, ambitions=(replace(first, description="Andet."), *others))
    renamed = replace(REGION, own_names=("os",))
    unassigned = replace(REGION, ambitions=(replace(first, initiatives=first.initiatives[1:]), *others))
    assert len({each.fingerprint for each in (REGION, described, renamed, unassigned)}) == 4


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "Min strategi"', "name = Min", r"min\.toml, linje 2: ugyldig TOML .*; ret linjen"),
        ('name = "Min strategi"', 'name = "Min', r"min\.toml, linje 2: ugyldig TOML"),
        ('id = "min"\n', "", r'min\.toml: nøglen "id" mangler; tilføj id = "…"'),
        ('"Min strategi"', '" "', r'min\.toml: nøglen "name" er tom'),
        ('"Min strategi"', "7", r'min\.toml: nøglen "name" skal være en tekst, men er et heltal'),
        (
            '"X1"',
            '"X 1"',
            r'\[\[ambitions\]\] nr\. 1, \[\[ambitions\.pledges\]\] nr\. 1: id = "X 1" kan ikke være et id',
        ),
        ('"X1"', '"X"', r'min\.toml: id "X" bruges 2 gange; giv hvert tema sit eget id'),
        ('name = "Rent', 'navn = "Rent', r'min\.toml: \[\[ambitions\]\] nr\. 1: nøglen "name" mangler'),
        ('id = "X"\n', 'id = "X"\ndescripton = ""\n', r'nr\. 1: ukendt nøgle "descripton"; mente du "description"\?'),
        ('id = "X"\n', 'id = "X"\nqqq = 1\n', r'nr\. 1: ukendt nøgle "qqq"; her kan stå id, name, description'),
        ('id = "X1"\n', 'id = "X1"\nnumber = "1"\n', r'nøglen "number" skal være et heltal, men er en tekst'),
        ('id = "X1"\n', 'id = "X1"\nnumber = true\n', r'nøglen "number" skal være et heltal, men er sand/falsk'),
        ('id = "min"\n', 'id = "min"\nown_names = ["vi", 3]\n', r'nøglen "own_names" skal være en liste af tekster'),
        (
            'id = "min"\n',
            'id = "min"\nfoundations = ["Penge"]\n',
            r"tabeller, der hver begynder med \[\[foundations\]\]",
        ),
        (
            "[[ambitions.pledges]]",
            "[[ambitions.initiatives]]",
            r'\[\[ambitions\.initiatives\]\] nr\. 1: ukendt nøgle "id"',
        ),
        ('[[ambitions.pledges]]\nid = "X1"', "[[ambitions.initiatives]]", r"min\.toml: strategien har ingen løfter"),
    ],
)
def test_an_error_names_the_file_the_place_and_what_to_do(
    old: str, new: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    written(tmp_path, MINIMAL.replace(old, new, 1))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StrategyError, match=message) as caught:
        load_strategy("min.toml")
    assert "\n" not in str(caught.value)


def test_an_initiative_of_an_unknown_pledge(tmp_path: Path):
    text = MINIMAL + '\n[[ambitions.initiatives]]\nname = "Ny bro"\npledges = ["X2"]\n'
    with pytest.raises(
        StrategyError, match=r'initiativet "Ny bro": pledges nævner "X2", som ikke er et løfte; brug X1'
    ):
        load_strategy(written(tmp_path, text))


def test_a_figure_must_be_finite(tmp_path: Path):
    text = MINIMAL + '\n[[ambitions.pledges.targets]]\ntext = "Rent"\nfigure = nan\n'
    with pytest.raises(
        StrategyError, match=r'\[\[ambitions\.pledges\.targets\]\] nr\. 1: nøglen "figure" skal være et'
    ):
        load_strategy(written(tmp_path, text))


def test_an_unknown_name_lists_the_bundled_ones():
    with pytest.raises(StrategyError, match=r"region-fyn: strategien findes ikke; .*region-sjaelland-2022-2025"):
        load_strategy("region-fyn")


def test_a_folder_and_a_file_that_is_no_text(tmp_path: Path):
    with pytest.raises(StrategyError, match="kan ikke læses"):
        load_strategy(tmp_path)
    (tmp_path / "latin.toml").write_bytes('id = "x"\nname = "Åen"\n'.encode("latin-1"))
    with pytest.raises(StrategyError, match=r"latin\.toml, linje 2: filen er ikke UTF-8"):
        load_strategy(tmp_path / "latin.toml")
