"""A strategy as data: ambitions, the pledges under them, and the foundations that carry them.

A strategy is a TOML file. The bundled ones are found by name; any other is a file of one's own.

Example:
    >>> strategy = load_strategy()
    >>> strategy.pledges[6].id, strategy.pledges[6].initiatives
    ('P7', ('Borgeren tages i hånden', '72 timers behandlingsansvar'))
    >>> strategy.ambition_of("P7").name
    'Bedre sammenhæng'
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import tomli_w

from strategitekst.errors import StrategyError
from strategitekst.strategy_parts import Ambition, Foundation, Initiative, Pledge, Target, Unit
from strategitekst.strategy_toml import Table, parse_toml

__all__ = [
    "DEFAULT_STRATEGY",
    "Ambition",
    "Foundation",
    "Initiative",
    "Pledge",
    "Strategy",
    "Target",
    "Unit",
    "bundled_strategies",
    "load_strategy",
]

DEFAULT_STRATEGY = "region-sjaelland-2022-2025"


@dataclass(frozen=True)
class Strategy:
    """A strategy that plans are held against.

    Attributes:
        id: A short name for files and results.
        name: The title.
        organisation: Whose strategy it is.
        period: The years it covers, as written (``2022-2025``).
        ambitions: The ambitions in order; together they hold at least one pledge.
        foundations: The foundations in order; may be none.
        own_names: What plans call the organisation itself; such a word names no responsible actor.

    Raises:
        StrategyError: If there is no pledge, if two themes share an id, or if an initiative serves an unknown pledge.

    Example:
        >>> Strategy("by", "Byen", (Ambition("A1", "Vand", pledges=(Pledge("P1", "Rent vand"),)),)).themes
        {'P1': 'Rent vand', 'A1': 'Vand'}
    """

    id: str
    name: str
    ambitions: tuple[Ambition, ...]
    foundations: tuple[Foundation, ...] = ()
    organisation: str = ""
    period: str = ""
    own_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ids = Counter(theme for theme, _ in self._labels())
        twice = [theme for theme, times in ids.items() if times > 1]
        if twice:
            raise StrategyError(f'id "{twice[0]}" bruges {ids[twice[0]]} gange; giv hvert tema sit eget id')
        if not self.pledges:
            raise StrategyError("strategien har ingen løfter; skriv mindst én [[ambitions.pledges]] med id og name")
        known = {pledge.id for pledge in self.pledges}
        for initiative in self.initiatives:
            for pledge in initiative.pledges:
                if pledge not in known:
                    raise StrategyError(
                        f'initiativet "{initiative.name}": pledges nævner "{pledge}", som ikke er et løfte; '
                        f"brug {', '.join(sorted(known))}"
                    )
        # The ambitions' lists say which initiative serves which pledge; the pledges' own lists follow from them.
        object.__setattr__(self, "ambitions", tuple(self._with_initiatives(ambition) for ambition in self.ambitions))

    def _with_initiatives(self, ambition: Ambition) -> Ambition:
        served = {
            pledge.id: tuple(initiative.name for initiative in self.initiatives if pledge.id in initiative.pledges)
            for pledge in ambition.pledges
        }
        return replace(
            ambition, pledges=tuple(replace(pledge, initiatives=served[pledge.id]) for pledge in ambition.pledges)
        )

    @property
    def pledges(self) -> tuple[Pledge, ...]:
        """The pledges of all ambitions, in order."""
        return tuple(pledge for ambition in self.ambitions for pledge in ambition.pledges)

    @property
    def initiatives(self) -> tuple[Initiative, ...]:
        """The initiatives of all ambitions, in order."""
        return tuple(initiative for ambition in self.ambitions for initiative in ambition.initiatives)

    @property
    def themes(self) -> dict[str, str]:
        """Every theme id with its label: pledges first, then foundations, then ambitions."""
        return dict(self._labels())

    def _labels(self) -> list[tuple[str, str]]:
        return [
            *((pledge.id, pledge.name) for pledge in self.pledges),
            *((foundation.id, foundation.name) for foundation in self.foundations),
            *((ambition.id, ambition.name) for ambition in self.ambitions),
        ]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content in hexadecimal: equal exactly where the content is."""
        content = json.dumps(_to_dict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def ambition_of(self, theme: str) -> Ambition | None:
        """Find the ambition that a theme follows.

        Args:
            theme: The id of a pledge, an ambition or a foundation.

        Returns:
            The ambition above a pledge, an ambition itself, None for a foundation.

        Raises:
            KeyError: If the strategy has no such theme.

        Example:
            >>> load_strategy().ambition_of("G1") is None
            True
        """
        if theme not in self.themes:
            raise KeyError(theme)
        for ambition in self.ambitions:
            if theme == ambition.id or any(theme == pledge.id for pledge in ambition.pledges):
                return ambition
        return None

    def _repr_html_(self, lang: str = "da") -> str:
        from strategitekst.display import strategy

        pledges = [(p.id, p.name, len(p.initiatives), a.id, a.name) for a in self.ambitions for p in a.pledges]
        foundations = [(foundation.id, foundation.name) for foundation in self.foundations]
        return strategy(self.name, (self.organisation, self.period), pledges, foundations, lang)

    def to_toml(self, path: str | Path) -> None:
        """Write the strategy as TOML that ``load_strategy`` reads back equal.

        Args:
            path: The file to write; one that is there is replaced.
        """
        Path(path).write_text(tomli_w.dumps(_to_dict(self)), encoding="utf-8", newline="\n")


def bundled_strategies() -> tuple[str, ...]:
    """Name the strategies that come with the package.

    Example:
        >>> "region-sjaelland-2022-2025" in bundled_strategies()
        True
    """
    files = resources.files("strategitekst").joinpath("strategies").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load_strategy(name_or_path: str | Path = DEFAULT_STRATEGY) -> Strategy:
    """Load a bundled strategy by name, or a TOML file.

    Args:
        name_or_path: One of ``bundled_strategies()``, or the path of a file.

    Returns:
        The strategy.

    Raises:
        StrategyError: If there is no such strategy or the file breaks the schema. The message names the file, the
            table and the key, or the line where the syntax is broken.

    Example:
        >>> len(load_strategy().pledges)
        12
    """
    source = str(name_or_path)
    try:
        if source in bundled_strategies():
            content = resources.files("strategitekst").joinpath("strategies", f"{source}.toml").read_bytes()
        else:
            content = Path(name_or_path).read_bytes()
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        known = ", ".join(bundled_strategies())
        raise StrategyError(f"{source}: strategien findes ikke; angiv en TOML-fil eller en af {known}") from None
    except OSError as error:
        raise StrategyError(f"{source}: strategien kan ikke læses ({error.strerror}); angiv en TOML-fil") from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise StrategyError(f"{source}, linje {line}: filen er ikke UTF-8; gem den igen som UTF-8") from error
    table = parse_toml(text, source)
    fields = _read_strategy(table)
    try:
        return Strategy(**fields)
    except StrategyError as error:
        table.fail(str(error))


def _read_strategy(table: Table) -> dict[str, Any]:
    fields = {
        "id": table.identifier("id"),
        "name": table.text("name", required=True),
        "organisation": table.text("organisation"),
        "period": table.text("period"),
        "own_names": table.texts("own_names"),
        "ambitions": tuple(_read_ambition(each) for each in table.tables("ambitions")),
        "foundations": tuple(_read_foundation(each) for each in table.tables("foundations")),
    }
    table.close()
    return fields


def _read_ambition(table: Table) -> Ambition:
    ambition = Ambition(
        table.identifier("id"),
        table.text("name", required=True),
        table.text("description"),
        tuple(_read_pledge(each) for each in table.tables("pledges")),
        tuple(_read_initiative(each) for each in table.tables("initiatives")),
    )
    table.close()
    return ambition


def _read_pledge(table: Table) -> Pledge:
    pledge = Pledge(
        table.identifier("id"),
        table.text("name", required=True),
        table.integer("number"),
        table.text("description"),
        targets=tuple(_read_target(each) for each in table.tables("targets")),
    )
    table.close()
    return pledge


def _read_target(table: Table) -> Target:
    target = Target(
        table.text("text", required=True), table.number("figure"), table.text("unit"), table.integer("year")
    )
    table.close()
    return target


def _read_initiative(table: Table) -> Initiative:
    initiative = Initiative(table.text("name", required=True), table.texts("pledges"))
    table.close()
    return initiative


def _read_foundation(table: Table) -> Foundation:
    foundation = Foundation(
        table.identifier("id"),
        table.text("name", required=True),
        table.text("description"),
        table.texts("points"),
    )
    table.close()
    return foundation


def _to_dict(strategy: Strategy) -> dict[str, Any]:
    """Give the strategy the shape of its TOML file; what is empty is left out."""
    content: dict[str, Any] = _without_empty(asdict(strategy))
    for ambition in content["ambitions"]:
        for pledge in ambition.get("pledges", []):
            # The file says it once, at the initiative.
            pledge.pop("initiatives", None)
    return content


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if item not in (None, "", ())}
    if isinstance(value, tuple | list):
        return [_without_empty(item) for item in value]
    # A whole number is written as one, so that 30 and 30.0 are the same strategy.
    return int(value) if isinstance(value, float) and value.is_integer() else value
