"""Turn the Danish lemma table of spacy-lookups-data into a table of endings for each part of speech.

The source gives every form one lemma and no part of speech, so that "taget" is always "tag" and never "tage". Which
lemmas are verbs, nouns or adjectives shows in their other forms; from those each part of speech gets its own forms. All
forms then go into a tree of endings, where an ending stays only if its edit differs from that of the next shorter one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from strategitekst.language.lemmas import START, Edit

Forms = dict[str, str]

NOUN_ENDINGS = ("en", "et", "n", "t", "er", "r", "e", "ene", "erne", "rne", "ne")
SHORTEST_ENDING = 7  # whole words from this length on are taken to end compounds, too
VOWELS = "aeiouyæøå"


def read_lookup() -> Forms:
    """Read the lemma table of spacy-lookups-data.

    Returns:
        From form to lemma; 553,116 forms.
    """
    import spacy_lookups_data
    import srsly

    path = Path(spacy_lookups_data.__file__).parent / "data" / "da_lemma_lookup.json.gz"
    return dict(srsly.read_gzip_json(path))


def in_use(word: str) -> bool:
    """Tell whether a word is common enough to stand in wordfreq's Danish list."""
    from wordfreq import zipf_frequency

    return bool(zipf_frequency(word, "da") > 0)


def _verb_forms(lemma: str) -> list[str]:
    stem = lemma.removesuffix("e") if len(lemma) > 2 else lemma
    forms = [lemma + ending for ending in ("", "r", "s", "nde", "de", "des", "t", "te", "des")]
    if stem != lemma:
        forms += [stem + ending for ending in ("", "te", "tes", "t", "et", "ede", "edes", "es")]
    return forms


def _noun_forms(lemma: str) -> list[str]:
    forms = [lemma, *(lemma + ending for ending in NOUN_ENDINGS)]
    if lemma.endswith("um"):
        forms += [lemma[:-2] + ending for ending in ("et", "er", "erne")]  # ministeriet
    if lemma.endswith(("el", "en", "er")):
        short = lemma[:-2] + lemma[-1]
        forms += [short + ending for ending in ("en", "et", "er", "erne", "e", "ene")]  # artiklen
    if lemma[-1] not in VOWELS:
        forms += [lemma + lemma[-1] + ending for ending in NOUN_ENDINGS if ending[0] == "e"]
    return forms + [form + "s" for form in forms]


def _is_verb(lemma: str, of: set[str]) -> bool:
    if lemma[-1] not in VOWELS:
        return False
    stem = lemma.removesuffix("e")
    return bool({lemma + "de", stem + "ede", stem + "te", lemma + "nde"} & of)


def _is_noun(lemma: str, of: set[str]) -> bool:
    if _is_verb(lemma, of):
        # The source gives every verb a noun in -en ("interesseren"); only one that is in use makes a noun of it.
        return lemma + "rne" in of or lemma + "ts" in of or (lemma + "n" in of and in_use(lemma + "n"))
    stems = (lemma,) if lemma[-1] in VOWELS else (lemma, lemma + lemma[-1])
    return any(stem + ending in of for stem in stems for ending in ("en", "et", "ene", "erne", "ne", "n", "t"))


def _adjective_base(form: str, known: Collection[str]) -> str | None:
    """Find the base of an adjective's form by its ending, among the forms that the source knows."""
    bases: list[str] = []
    for ending in ("ere", "este", "est", "e", "t"):
        if form.endswith(ending) and len(form) > len(ending) + 1:
            stem = form.removesuffix(ending)
            if ending == "t" and (stem[-1] in "eaost" or stem + "e" not in known):
                continue
            if stem.endswith("ed"):
                bases.append(stem[:-1] + "t")  # såkaldte, but øgede: øget
            bases.append(stem)
            if stem[-2:-1] == stem[-1]:
                bases.append(stem[:-1])  # smukke: smuk
            if stem[-1] in "lnr":
                bases.append(stem[:-1] + "e" + stem[-1])  # erfarne: erfaren
    return next((base for base in bases if base in known), None)


def forms_by_tag(lookup: Mapping[str, str]) -> dict[str, Forms]:
    """Give verbs, nouns and adjectives their own forms.

    Args:
        lookup: From form to lemma, one lemma a form.

    Returns:
        From part of speech to form to lemma, in lower case.
    """
    everything = {form.lower(): lemma.lower() for form, lemma in sorted(lookup.items(), reverse=True)}
    of: defaultdict[str, set[str]] = defaultdict(set)
    for form, lemma in everything.items():
        of[lemma].add(form)
    kinds = (("VERB", _is_verb, _verb_forms), ("NOUN", _is_noun, _noun_forms))
    result: dict[str, Forms] = {}
    for tag, belongs, inflect in kinds:
        lemmas = {lemma for lemma, forms in of.items() if belongs(lemma, forms)}
        forms: Forms = {}
        # Long lemmas first, so that of two readings the one that cuts more off stays.
        for lemma in sorted(lemmas, key=lambda text: (-len(text), text)):
            for form in inflect(lemma):
                if form in everything:
                    forms[form] = lemma
        # Irregular forms, and the source's own choice between two lemmas of the same kind.
        for form, lemma in everything.items():
            if lemma in lemmas:
                forms[form] = lemma
        result[tag] = forms
    # Months, mass nouns and others that the source does not inflect.
    result["NOUN"] = {form: lemma for form, lemma in everything.items() if form == lemma} | result["NOUN"]
    bases = {form: _adjective_base(form, everything) for form in everything}
    result["ADJ"] = {base: base for base in bases.values() if base} | {f: base for f, base in bases.items() if base}
    result["ADJ"] |= {form: form for form in everything if form.endswith("ende")}
    return result


def edit_between(form: str, lemma: str) -> Edit:
    """Say how a form's end changes into its lemma's.

    Args:
        form: The form.
        lemma: Its lemma.

    Returns:
        How many characters to cut, and what to add.

    Example:
        >>> edit_between("børnene", "barn")
        (6, 'arn')
    """
    shared = 0
    while shared < min(len(form), len(lemma)) and form[shared] == lemma[shared]:
        shared += 1
    return len(form) - shared, lemma[shared:]


def build_endings(forms: Mapping[str, str]) -> dict[str, Edit]:
    """Build the table of endings that gives back every form's lemma.

    Args:
        forms: From form to lemma, in lower case.

    Returns:
        From ending to edit; endings that agree with the next shorter one in the table are left out.
    """
    edits = {START + form: edit_between(form, lemma) for form, lemma in sorted(forms.items())}
    votes: defaultdict[str, Counter[Edit]] = defaultdict(Counter)
    for marked, edit in edits.items():
        for start in range(len(marked) + 1):
            votes[marked[start:]][edit] += 1
    table: dict[str, Edit] = {}
    for ending in sorted(votes, key=lambda text: (len(text), text)):
        # An edit must not cut off more than the ending shows, or it would eat into words that merely end alike.
        fitting = [(count, edit) for edit, count in votes[ending].items() if edit[0] <= len(ending.removeprefix(START))]
        if not fitting:
            continue
        best = max(fitting)[1]
        inherited = next((table[ending[k:]] for k in range(1, len(ending) + 1) if ending[k:] in table), None)
        if best != inherited:
            table[ending] = best
    return table


def add_words(table: dict[str, Edit], words: Iterable[tuple[str, str]]) -> None:
    """Put corrections into a table of endings.

    Args:
        table: The table, changed in place.
        words: Pairs of form and lemma in lower case.
    """
    for form, lemma in words:
        edit = edit_between(form, lemma)
        table[START + form] = edit
        if len(form) >= SHORTEST_ENDING and edit[0] < len(form):
            table[form] = edit


def build_table(corrections: Path) -> dict[str, dict[str, Edit]]:
    """Build the whole table of the lemmatizer.

    Args:
        corrections: Lines of part of speech, form and lemma: closed classes, and what the source gets wrong.

    Returns:
        From part of speech to ending to edit.
    """
    table = {tag: build_endings(forms) for tag, forms in forms_by_tag(read_lookup()).items()}
    table["AUX"] = dict(table["VERB"])
    words: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in corrections.read_text(encoding="utf-8").splitlines():
        tag, form, lemma = line.split("\t")
        words[tag].append((form, lemma))
    for tag, pairs in words.items():
        add_words(table.setdefault(tag, {}), pairs)
    return table
