"""TOML tables that are read key by key, with errors that say where the file is wrong.

Example:
    >>> table = parse_toml('id = "x"', "min.toml")
    >>> table.text("id")
    'x'
    >>> table.text("name", required=True)
    Traceback (most recent call last):
    strategitekst.errors.StrategyError: min.toml: nøglen "name" mangler; tilføj name = "…"
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Mapping
from typing import Any, NoReturn

from strategitekst.errors import StrategyError

_TYPES = {str: "en tekst", int: "et heltal", float: "et tal", list: "en liste", dict: "en tabel", bool: "sand/falsk"}


class Table:
    """A TOML table whose keys are asked for one by one; what was never asked for is an unknown key.

    Args:
        data: The parsed table.
        source: The file's name, for messages.
        key: The table's full key (``ambitions.pledges``); empty for the file itself.
        place: Where it stands, in words, for messages; empty for the file itself.
    """

    def __init__(self, data: Mapping[str, Any], source: str, key: str = "", place: str = "") -> None:
        self._data = data
        self._source = source
        self._key = key
        self._place = place
        self._asked: list[str] = []

    def fail(self, message: str) -> NoReturn:
        """Raise a StrategyError that names the file and this table."""
        raise StrategyError(": ".join(part for part in (self._source, self._place, message) if part))

    def text(self, key: str, *, required: bool = False) -> str:
        """Read a text, white space folded; empty where the key is absent and not required."""
        text = " ".join(str(self._value(key, str) or "").split())
        if required and not text:
            self.fail(f'nøglen "{key}" {"er tom" if key in self._data else "mangler"}; tilføj {key} = "…"')
        return text

    def identifier(self, key: str) -> str:
        """Read a required text that can serve as an id: no white space in it."""
        text = self.text(key, required=True)
        if " " in text or text == "*":
            self.fail(f'{key} = "{text}" kan ikke være et id; brug bogstaver og tal uden mellemrum')
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts; empty where the key is absent."""
        values = self._value(key, list) or []
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.fail(f'nøglen "{key}" skal være en liste af tekster, ingen af dem tomme: {key} = ["…", "…"]')
        return tuple(" ".join(value.split()) for value in values)

    def integer(self, key: str) -> int | None:
        """Read a whole number, or None where the key is absent."""
        value: int | None = self._value(key, int)
        return value

    def number(self, key: str) -> float | None:
        """Read a finite number, or None where the key is absent."""
        value = self._value(key, int, float)
        if value is not None and not math.isfinite(value):
            self.fail(f'nøglen "{key}" skal være et endeligt tal, ikke {value}')
        return None if value is None else float(value)

    def tables(self, key: str) -> list[Table]:
        """Read an array of tables; empty where the key is absent."""
        full_key = f"{self._key}.{key}" if self._key else key
        values = self._value(key, list) or []
        if not all(isinstance(value, dict) for value in values):
            self.fail(f'nøglen "{key}" skal være tabeller, der hver begynder med [[{full_key}]]')
        places = [f"[[{full_key}]] nr. {number}" for number in range(1, len(values) + 1)]
        outer = f"{self._place}, " if self._place else ""
        return [
            Table(value, self._source, full_key, outer + place) for value, place in zip(values, places, strict=True)
        ]

    def close(self) -> None:
        """Complain about keys that nobody asked for: most likely slips of the keyboard.

        Raises:
            StrategyError: If there is one.
        """
        for key in self._data.keys() - set(self._asked):
            near = difflib.get_close_matches(key, self._asked, n=1)
            advice = f'mente du "{near[0]}"?' if near else f"her kan stå {', '.join(self._asked)}"
            self.fail(f'ukendt nøgle "{key}"; {advice}')

    def _value(self, key: str, *types: type) -> Any:
        self._asked.append(key)
        value = self._data.get(key)
        # bool is a kind of int in Python, but true is no number in a strategy.
        if value is not None and type(value) not in types:
            found = _TYPES.get(type(value), "en dato")
            self.fail(f'nøglen "{key}" skal være {_TYPES[types[-1]]}, men er {found}')
        return value


def parse_toml(text: str, source: str) -> Table:
    """Parse TOML.

    Args:
        text: The file's content.
        source: The file's name, for messages.

    Returns:
        The outermost table.

    Raises:
        StrategyError: If the syntax is broken; the message names the line.
    """
    try:
        return Table(tomllib.loads(text), source)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).rpartition(" (at ")
        found = re.match(r"line (\d+), column (\d+)", place)
        line = int(found[1]) if found else text.count("\n") + 1
        raise StrategyError(f"{source}, linje {line}: ugyldig TOML ({reason}); ret linjen") from error
