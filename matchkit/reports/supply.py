"""Skills that are wanted against skills that are offered, as a heat map and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matchkit.demand import SkillDemand, skill_demand, skills_wanted

if TYPE_CHECKING:
    from matchkit.matching import Matching

SKILLS = 20
"""Skills shown, the most wanted; how many more there are is said."""

COLUMNS = ("Want it", "Places", "Met", "Unmet")

LABEL, CELL, ROW, TOP = 162, 50, 22, 20
"""Width of the names and of a cell, height of a row and of the headings, in chart units."""

STRONGEST = 0.45
"""Opacity of the fullest cell: numbers on it keep a contrast above 4.5 to 1."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the heat map: where it stands and how strong it is."""

    x: float
    number: int
    shade: float


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill: its numbers, and where they stand in the chart.

    Attributes
    ----------
    counted : SkillDemand
        The numbers.
    y : int
        Upper edge of its row in the chart.
    cells : tuple of Cell
        Wanted, places, met, unmet.
    """

    counted: SkillDemand
    y: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """Supply and demand by skill.

    Attributes
    ----------
    skills : tuple of Skill
        The most wanted first.
    more : int
        Skills that are wanted and not shown.
    width, height : int
        Size of the chart.
    heads : tuple of (float, str)
        Headings of the chart's columns.
    """

    skills: tuple[Skill, ...]
    more: int
    width: int
    height: int
    heads: tuple[tuple[float, str], ...]


def build(matching: Matching) -> Supply:
    """Return supply and demand by skill, for a round with its people."""
    counted = skill_demand(matching, most=SKILLS)
    top = max((number for one in counted for number in _numbers(one)), default=1)
    return Supply(
        skills=tuple(_skill(one, row, max(1, top)) for row, one in enumerate(counted)),
        more=skills_wanted(matching) - len(counted),
        width=LABEL + CELL * len(COLUMNS),
        height=TOP + ROW * len(counted),
        heads=tuple((_middle(at), name) for at, name in enumerate(COLUMNS)),
    )


def _numbers(one: SkillDemand) -> tuple[int, int, int, int]:
    return one.wanted, one.places, one.met, one.unmet


def _middle(column: int) -> float:
    return LABEL + CELL * (column + 0.5)


def _skill(one: SkillDemand, row: int, top: int) -> Skill:
    return Skill(
        counted=one,
        y=TOP + ROW * row,
        cells=tuple(
            Cell(_middle(at), number, round(STRONGEST * min(1, number / top), 2))
            for at, number in enumerate(_numbers(one))
        ),
    )
