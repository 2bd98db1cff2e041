"""Skills that are wanted against skills that are offered, as a heat map and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matchkit.profiles.skills import vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from matchkit.matching import Matching
    from matchkit.profiles import Lists

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
    """One skill: who wants it, who offers it, and what came of it.

    Attributes
    ----------
    name : str
        As most people wrote it.
    wanted, mentors, places, met, unmet : int
        Mentees who have it as a goal; mentors with places who have it and the places they
        offer; mentees among the first whose mentor has it, and the others.
    y : int
        Upper edge of its row in the chart.
    cells : tuple of Cell
        Wanted, places, met, unmet.
    """

    name: str
    wanted: int
    mentors: int
    places: int
    met: int
    unmet: int
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


def build(matching: Matching, *, least: int = 1) -> Supply:
    """Return supply and demand by skill.

    Parameters
    ----------
    matching : Matching
        A round with its people.
    least : int, default 1
        Skills that fewer mentees want are left out.
    """
    mentees, mentors = matching.people.mentees, matching.people.mentors
    goals, skills = mentees.goals, mentors.skills
    labels, (goal_map, skill_map) = vocabulary(goals, skills)
    wanted = np.bincount(goal_map[goals.codes], minlength=len(labels))
    order = [at for at in np.lexsort((np.arange(len(labels)), -wanted)) if wanted[at] >= least]
    shown = np.array(order[:SKILLS], dtype=np.int64)
    wants = _has(goals, goal_map, shown)
    offers = _has(skills, skill_map, shown) & (mentors.capacity > 0)[:, None]
    pairs = [(mentees.index[one.mentee], mentors.index[one.mentor]) for one in matching.matches]
    rows, cols = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    columns = np.stack(
        [
            wanted[shown],
            offers.sum(axis=0),
            np.minimum(mentors.capacity, len(mentees)) @ offers,
            (wants[rows] & offers[cols]).sum(axis=0),
        ]
    )
    names = dict(zip(goals.labels, goals.written, strict=True))
    top = int(columns.max(initial=1))
    return Supply(
        skills=tuple(
            _skill(names[labels[at]], columns[:, row].tolist(), row, top)
            for row, at in enumerate(shown.tolist())
        ),
        more=len(order) - len(shown),
        width=LABEL + CELL * len(COLUMNS),
        height=TOP + ROW * len(shown),
        heads=tuple((_middle(at), name) for at, name in enumerate(COLUMNS)),
    )


def _has(lists: Lists, codes: NDArray[np.int64], shown: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say who has which of the shown labels, shape (people, labels shown)."""
    owner, entries = np.repeat(np.arange(len(lists)), lists.lengths), codes[lists.codes]
    table = np.zeros((len(lists), len(shown)), dtype=bool)
    for column, label in enumerate(shown.tolist()):
        table[owner[entries == label], column] = True
    return table


def _middle(column: int) -> float:
    return LABEL + CELL * (column + 0.5)


def _skill(name: str, numbers: list[int], row: int, top: int) -> Skill:
    wanted, mentors, places, met = numbers
    shown = wanted, places, met, wanted - met
    return Skill(
        name=name,
        wanted=wanted,
        mentors=mentors,
        places=places,
        met=met,
        unmet=wanted - met,
        y=TOP + ROW * row,
        cells=tuple(
            Cell(_middle(at), number, round(STRONGEST * min(1, number / top), 2))
            for at, number in enumerate(shown)
        ),
    )
