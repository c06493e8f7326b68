"""What importing costs, and what the public names promise."""

from __future__ import annotations

import doctest
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import strategitekst

HEAVY = ("torch", "spacy", "sklearn")


def loaded_after(code: str, *arguments: str) -> set[str]:
    """Run code in a fresh process and name the heavy packages that it loaded."""
    probe = f"import sys\n{code}\nprint('loaded:', *[name for name in {HEAVY} if sys.modules.get(name)])"
    run = subprocess.run([sys.executable, "-c", probe, *arguments], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split()[1:])


def test_import_loads_nothing_heavy() -> None:
    assert loaded_after("import strategitekst") == set()


def test_a_strategy_loads_nothing_heavy() -> None:
    assert loaded_after("import strategitekst as st; st.load_strategy(); st.Document; st.StrategitekstError") == set()


def test_the_probe_sees_what_is_loaded() -> None:
    assert loaded_after("import sklearn") == {"sklearn"}


def test_analysis_loads_neither_torch_nor_sklearn(example: Path) -> None:
    code = "import strategitekst as st; assert len(st.analyze(sys.argv[1]).paragraphs) > 10"
    # Nor scikit-learn, which takes most of a second to load: the heads are plain arrays.
    assert loaded_after(code, str(example)) == {"spacy"}


def test_the_command_loads_nothing_heavy() -> None:
    assert loaded_after("import strategitekst.cli") == set()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        strategitekst.no_such_name  # noqa: B018 the access is what is tested


def test_all_names_are_listed() -> None:
    assert dir(strategitekst) == sorted(strategitekst.__all__)


@pytest.mark.parametrize("name", strategitekst.__all__)
def test_public_names_have_an_example(name: str) -> None:
    value = getattr(strategitekst, name)
    docstring = inspect.getdoc(value)
    assert docstring
    assert doctest.DocTestParser().get_examples(docstring), f"{name} has no example in its docstring"
