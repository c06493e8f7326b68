"""The words that readers meet, from one table in Danish and English, and how figures are written among them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from strategitekst.errors import UsageError

LANGUAGES = ("da", "en")


@cache
def label_table() -> Mapping[str, Mapping[str, str]]:
    """Read ``labels.toml``.

    Returns:
        For each key, dotted as in ``state.concrete``, the label in each of ``LANGUAGES``. Shared: never change it.

    Example:
        >>> label_table()["state.concrete"]["en"]
        'concrete'
    """
    text = (files(__package__) / "labels.toml").read_text(encoding="utf-8")
    return dict(_flatten(tomllib.loads(text)))


def _flatten(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, value in table.items():
        if all(isinstance(value.get(language), str) for language in LANGUAGES):
            yield f"{above}{key}", value
        else:
            yield from _flatten(value, f"{above}{key}.")


class Labels:
    """The labels of one language.

    Args:
        lang: One of ``LANGUAGES``.

    Raises:
        UsageError: If there are no labels in the language.

    Example:
        >>> t = Labels("da")
        >>> t("state.unmentioned"), t.share(0.634), t.probability(0.9999), t.number(50000)
        ('ikke omtalt', '63\\xa0%', 'over 99\\xa0%', '50.000')
    """

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise UsageError(f'der er ingen tekster på "{lang}"; brug {" eller ".join(LANGUAGES)}')
        self.lang = lang
        self._table = _labels_in(lang)

    def __call__(self, key: str, **values: object) -> str:
        """Return a label with its placeholders filled.

        Args:
            key: The label's dotted key.
            values: What its placeholders stand for.

        Raises:
            KeyError: If there is no such label, or a placeholder has no value.
        """
        return self._table[key].format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the label ``key.one`` or ``key.many`` with ``{number}`` filled.

        Example:
            >>> Labels("en").count("unit.paragraph", 1), Labels("en").count("unit.paragraph", 1200)
            ('1 paragraph', '1,200 paragraphs')
        """
        form = "one" if number == 1 else "many"
        return self(f"{key}.{form}", number=self.number(number), **values)

    def named(self, group: str, value: str) -> str:
        """Return the label of a value in a group, or the value itself where the table does not know it.

        Example:
            >>> Labels("da").named("statement", "target"), Labels("da").named("statement", "poem")
            ('mål', 'poem')
        """
        return self._table.get(f"{group}.{value}", value)

    def group(self, group: str) -> dict[str, str]:
        """Return the labels directly under a group, in the table's order, without their placeholders filled.

        Example:
            >>> list(Labels("da").group("anchor"))
            ['actor', 'deadline', 'quantity', 'budget']
        """
        start = f"{group}."
        return {key.removeprefix(start): label for key, label in self._table.items() if key.startswith(start)}

    def number(self, value: int) -> str:
        """Write a whole number with the language's mark between thousands."""
        return f"{value:,}".replace(",", self("figure.thousands"))

    def share(self, value: float | None) -> str:
        """Write a share of 0–1 in whole per cent, or the sign for none."""
        return self("figure.none") if value is None else self("figure.percent", value=round(100 * value))

    def range(self, low: float, high: float) -> str:
        """Write the ends of an interval of shares of 0–1 in whole per cent.

        Example:
            >>> Labels("da").range(0.518, 0.62)
            '52–62\\xa0%'
        """
        ends = self("figure.range", low=round(100 * low), high=round(100 * high))
        return self("figure.percent", value=ends)

    def probability(self, value: float | None) -> str:
        """Write a probability of 0–1 in whole per cent; a model is never wholly sure, so none is 0 or 100."""
        if value is None:
            return self("figure.none")
        percent = round(100 * value)
        if 0 < percent < 100:
            return self("figure.percent", value=percent)
        return self("figure.over" if percent else "figure.under")

    def certainty(self, value: float | None) -> str:
        """Say in words how sure a probability of 0–1 is."""
        if value is None:
            return self("certainty.unknown")
        return self("certainty.high" if value >= 0.9 else "certainty.middle" if value >= 0.7 else "certainty.low")


@cache
def _labels_in(lang: str) -> dict[str, str]:
    return {key: label[lang] for key, label in label_table().items()}
