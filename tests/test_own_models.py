"""A head trained for a strategy of one's own: it runs, the manifest says so, and what does not fit is refused."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import strategitekst as st
from strategitekst.batch import Options, merge_shards, run_batch
from strategitekst.cli import main
from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph
from strategitekst.document import Block, build_document
from strategitekst.encoding import Encoder
from strategitekst.errors import CorpusError, ModelError
from strategitekst.model_set import ModelSet
from strategitekst.persistence import CONFIG, load_model
from strategitekst.reading import find_files
from strategitekst.strategy import Strategy, load_strategy

# "Blå bog" is a word of this house alone: no words of the strategy tell what it is about.
STRATEGY = """
id = "vores-by"
name = "Vores by"

[[ambitions]]
id = "T"
name = "God by"

[[ambitions.pledges]]
id = "L1"
name = "Det er nemt at cykle"

[[ambitions.pledges]]
id = "L2"
name = "Varmen er grøn"
"""
TEXTS = {
    "L1": [
        "I {year} anlægger vi {n} km cykelsti ved skolen.",
        "Den blå bog får {n} nye sider i {year}.",
        "Vi sætter {n} nye ladcykler til udlån i {year}.",
        "Arbejdet med den blå bog fortsætter med {n} møder.",
    ],
    "L2": [
        "I {year} får {n} huse fjernvarme.",
        "Varmepumper erstatter {n} oliefyr inden {year}.",
        "Der lægges {n} km fjernvarmerør i {year}.",
        "Vi skifter {n} gasfyr ud i {year}.",
    ],
    "": [
        "Byrådet mødes {n} gange i {year}.",
        "Bilaget har {n} sider.",
        "Der bor {n} tusind borgere i byen.",
        "Udvalget har {n} medlemmer i {year}.",
    ],
}
ONLY_A_HEAD_KNOWS = "I 2027 ansætter kommunen to forfattere til den blå bog."


def labelled_plans() -> list[LabelledDocument]:
    plans = []
    for number in range(6):
        pairs = [(theme, text) for theme, texts in TEXTS.items() for text in texts]
        texts = [text.format(year=2024 + number, n=3 * number + 2) for _, text in pairs]
        document = build_document(f"plan{number}", [Block("prose", text) for text in texts])
        labels = tuple(
            LabelledParagraph(document.name, paragraph, (theme,) if theme else (), "initiative")
            for paragraph, (theme, _) in zip(document.paragraphs, pairs, strict=True)
        )
        plans.append(LabelledDocument(document, {"hand": f"hånd {number % 3}"}, labels))
    return plans


@pytest.fixture(scope="module")
def strategy(tmp_path_factory: pytest.TempPathFactory) -> Strategy:
    file = tmp_path_factory.mktemp("strategi") / "vores-by.toml"
    file.write_text(STRATEGY, encoding="utf-8")
    return load_strategy(file)


@pytest.fixture(scope="module")
def models(strategy: Strategy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modeller")
    trained = st.train(labelled_plans(), strategy, folder)
    assert (trained.plans, trained.paragraphs, trained.writers) == (6, 72, 3)
    assert trained.examples == {"L1": 24, "L2": 24, "T": 0}
    assert trained.held_out > 0.9 > trained.zero_shot
    return folder


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planer")
    (folder / "en.txt").write_text(f"{ONLY_A_HEAD_KNOWS}\n", encoding="utf-8")
    (folder / "to.txt").write_text("I 2027 får 300 huse fjernvarme.\n", encoding="utf-8")
    return folder


def test_a_head_is_a_folder_without_pickle(models: Path) -> None:
    assert sorted(path.name for path in models.iterdir()) == ["themes-vores-by"]
    assert {path.name for path in models.rglob("*.*")} == {CONFIG, "weights.safetensors"}
    config, _ = load_model(models / "themes-vores-by", Encoder().fingerprint)
    assert (config["labels"], config["training_plans"]) == (["L1", "L2", "T"], 6)


def test_what_was_trained_is_what_tells_the_themes(strategy: Strategy, models: Path, plans: Path) -> None:
    assert st.classify(ONLY_A_HEAD_KNOWS, strategy).themes == ()
    assert st.classify(ONLY_A_HEAD_KNOWS, strategy, models=models).themes == ("L1",)
    trained = st.analyze(plans, strategy=strategy, models=models)
    zero_shot = st.analyze(plans, strategy=strategy)
    assert trained.paragraphs["themes"].map(list).to_list() == [["L1"], ["L2"]]
    assert zero_shot.paragraphs["themes"].map(list).to_list()[0] == []
    states, without = (each.pledges.set_index(["document", "pledge"])["state"] for each in (trained, zero_shot))
    assert states["en.txt", "L1"] == "concrete"
    assert without["en.txt", "L1"] == "unmentioned"


def test_the_manifest_says_which_head_ran(strategy: Strategy, models: Path, plans: Path) -> None:
    told = st.analyze(plans, strategy=strategy, models=models).manifest["models"]
    assert (told["themes"]["name"], told["themes"]["kind"]) == ("themes-vores-by", "trained")
    assert told["own"] == {"folder": str(models), "fingerprint": ModelSet(strategy, models).fingerprint}
    shipped = st.analyze(plans, strategy=strategy).manifest["models"]
    assert shipped["themes"]["kind"] == "zero-shot"
    assert "own" not in shipped
    assert told["statements"] == shipped["statements"]


def test_a_run_on_disk_gives_the_same(strategy: Strategy, models: Path, plans: Path, tmp_path: Path) -> None:
    here = st.analyze(plans, strategy=strategy, models=models)
    there = st.analyze(plans, strategy=strategy, models=models, out=tmp_path / "ud", workers=2)
    for table in ("paragraphs", "coverage", "pledges"):
        assert here.tables[table].equals(there.tables[table]), table
    assert there.manifest["models"] == here.manifest["models"]
    zero_shot = st.analyze(plans, strategy=strategy, out=tmp_path / "ud")
    assert zero_shot.manifest["models"]["themes"]["kind"] == "zero-shot"
    assert zero_shot.paragraphs["themes"].map(len).to_list()[0] == 0


def test_parts_of_a_run_are_merged_with_the_head(strategy: Strategy, models: Path, plans: Path, tmp_path: Path) -> None:
    whole = st.analyze(plans, strategy=strategy, models=models)
    for number in (1, 2):
        options = Options(workers=1, shard=(number, 2), models=models)
        run_batch(find_files([plans]), tmp_path / f"del{number}", strategy, Encoder(), options)
    merge_shards([tmp_path / "del1", tmp_path / "del2"], tmp_path / "samlet")
    merged = st.load_analysis(tmp_path / "samlet")
    assert merged.pledges.equals(whole.pledges)
    assert merged.manifest["models"] == whole.manifest["models"]


def test_an_explanation_has_the_words_of_the_head(strategy: Strategy, models: Path, plans: Path) -> None:
    told = st.analyze(plans, strategy=strategy, models=models).explain("en.txt", "L1")
    assert {"blå", "bog"} & {word for word, _ in told.paragraphs["theme_words"].iloc[0]}


def test_an_explanation_wants_the_models_that_ran(
    strategy: Strategy, models: Path, plans: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "modeller"
    shutil.copytree(models, moved)
    analysis = st.analyze(plans, strategy=strategy, models=moved)
    shutil.rmtree(moved)
    with pytest.raises(ModelError, match="analysér planerne igen"):
        analysis.explain("en.txt", "L1")


def refused(models: Path, strategy: Strategy, plans: Path, tmp_path: Path) -> str:
    """What a run says before it reads anything, in memory and on disk."""
    with pytest.raises(ModelError) as here:
        st.analyze(plans, strategy=strategy, models=models)
    with pytest.raises(ModelError) as there:
        st.analyze(plans, strategy=strategy, models=models, out=tmp_path / "ud")
    with pytest.raises(ModelError) as one:
        st.classify(ONLY_A_HEAD_KNOWS, strategy, models=models)
    assert str(here.value) == str(there.value) == str(one.value)
    assert "\n" not in str(here.value)
    return str(here.value)


def test_a_head_of_another_strategy_is_refused(models: Path, plans: Path, tmp_path: Path) -> None:
    said = refused(models, load_strategy("eksempelby-2024-2028"), plans, tmp_path)
    assert "themes-eksempelby-2024-2028 mangler" in said


def test_a_head_of_other_themes_is_refused(strategy: Strategy, models: Path, plans: Path, tmp_path: Path) -> None:
    file = tmp_path / "ny.toml"
    file.write_text(STRATEGY.replace('id = "L2"', 'id = "L9"'), encoding="utf-8")
    said = refused(models, load_strategy(file), plans, tmp_path)
    assert "L1, L2, T" in said
    assert "L1, L9, T" in said


def change(models: Path, tmp_path: Path, **config: object) -> Path:
    folder = tmp_path / "andre"
    shutil.copytree(models, folder)
    file = folder / "themes-vores-by" / CONFIG
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **config}), encoding="utf-8")
    return folder


def test_a_head_of_another_encoder_is_refused(strategy: Strategy, models: Path, plans: Path, tmp_path: Path) -> None:
    said = refused(change(models, tmp_path, encoder="0" * 64), strategy, plans, tmp_path)
    assert "en anden encoder" in said


def test_a_head_that_reads_another_attention_is_refused(
    strategy: Strategy, models: Path, plans: Path, tmp_path: Path
) -> None:
    said = refused(change(models, tmp_path, readings=[0, 1, 2]), strategy, plans, tmp_path)
    assert "attention" in said


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"labels": 3}'])
def test_a_damaged_head_is_refused(
    damage: bytes, strategy: Strategy, models: Path, plans: Path, tmp_path: Path
) -> None:
    folder = change(models, tmp_path)
    (folder / "themes-vores-by" / CONFIG).write_bytes(damage)
    assert "themes-vores-by" in refused(folder, strategy, plans, tmp_path)


def test_a_folder_that_is_not_there_is_refused(strategy: Strategy, plans: Path, tmp_path: Path) -> None:
    assert "har intet hoved" in refused(tmp_path / "ingen", strategy, plans, tmp_path)


def test_retraining_gives_the_same_head(strategy: Strategy, models: Path, tmp_path: Path) -> None:
    st.train(labelled_plans(), strategy, tmp_path)
    name = "themes-vores-by/weights.safetensors"
    assert (tmp_path / name).read_bytes() == (models / name).read_bytes()


def test_too_little_to_learn_from_is_refused(strategy: Strategy, tmp_path: Path) -> None:
    [first, *_] = labelled_plans()
    with pytest.raises(CorpusError, match="skribent"):
        st.train([first, first], strategy, tmp_path / "a")
    bare = tuple(LabelledParagraph("p", each.paragraph, (), "context") for each in first.paragraphs)
    with pytest.raises(CorpusError, match="Færre end to temaer"):
        st.train([LabelledDocument(first.document, {}, bare)], strategy, tmp_path / "b")
    assert not list(tmp_path.iterdir())


def write_gold(folder: Path) -> Path:
    folder.mkdir()
    rows = ["document,part,hand"]
    for number, plan in enumerate(labelled_plans()):
        name = plan.document.name
        text = "\n\n".join(each.paragraph.text for each in plan.paragraphs)
        (folder / f"{name}.md").write_text(text + "\n", encoding="utf-8")
        lines = [
            {"paragraph": each.paragraph.number, "begins": each.paragraph.text[:20], "themes": each.themes,
             "statement": each.statement, "anchors": []}
            for each in plan.paragraphs
        ]  # fmt: skip
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
        rows.append(f"{name},{'test' if number == 5 else 'train'},{plan.metadata['hand']}")
    (folder / "documents.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_the_command_trains_measures_and_uses_a_head(
    strategy: Strategy, plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, toml, models, out = (tmp_path / name for name in ("guld", "s.toml", "modeller", "ud"))
    write_gold(gold)
    strategy.to_toml(toml)
    monkeypatch.setenv("COLUMNS", "150")

    def run(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["strategitekst", *map(str, arguments), "--strategy", str(toml)])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        assert not end.value.code, said.err
        return said.out

    told = run("train", gold, "--out", models)
    assert "5 planer, 60 afsnit, 3 skribenter" in told  # the test plan stays unseen
    assert f"--models {models}" in told
    run("analyze", plans, "--out", out, "--models", models, "--workers", 1)
    assert st.load_analysis(out).manifest["models"]["themes"]["kind"] == "trained"
    assert "L1" in run("classify", ONLY_A_HEAD_KNOWS, "--models", models)
    run("evaluate", gold, "--out", tmp_path / "maalt", "--models", models)
    measured = json.loads((tmp_path / "maalt" / "evaluation.json").read_text(encoding="utf-8"))
    assert measured["test"]["themes"]["micro"]["value"] > 0.9


def test_what_replaces_a_shipped_model_runs(strategy: Strategy, models: Path, plans: Path, tmp_path: Path) -> None:
    """What ``models/train.py --out`` writes has states of its own too."""
    folder = change(models, tmp_path)
    (folder / "states").mkdir()
    shipped = Path(__file__).parents[1] / "models" / "states" / CONFIG
    numbers = json.loads(shipped.read_text(encoding="utf-8"))
    numbers["models"]["trained"]["initiative"][2] = -40.0
    (folder / "states" / CONFIG).write_text(json.dumps(numbers), encoding="utf-8")
    states = st.analyze(plans, strategy=strategy, models=folder).pledges["state"]
    assert "concrete" not in set(states)
    assert ModelSet(strategy, folder).fingerprint != ModelSet(strategy, models).fingerprint
    assert np.isfinite(st.analyze(plans, strategy=strategy, models=folder).coverage["coverage"]).all()
