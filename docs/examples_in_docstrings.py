"""For the reference: show docstrings' "Example:" as code, as doctest reads them."""

from __future__ import annotations

import re
from typing import Any

import griffe

_HEADING = re.compile(r"^(\s*)Example:$", re.MULTILINE)


class Examples(griffe.Extension):
    """Griffe knows the section by its plural only, and takes the singular for running text."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Give the section the name that Griffe knows."""
        if obj.docstring:
            obj.docstring.value = _HEADING.sub(r"\1Examples:", obj.docstring.value)
