"""A matching as plots, for notebooks; needs Matplotlib, the extra ``[plot]``.

Each plot is a function that takes a matching and, if wanted, the axes to draw on, and
returns the axes; ``matching.plot`` offers the same as methods. Matplotlib was chosen over
plots that a browser draws, because its figures need no network and no script and stay in a
notebook that is sent by mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matchkit.demand import skill_demand
from matchkit.errors import ProgramError
from matchkit.scoring import POINTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from matchkit.matching import Matching

_FILL, _INK, _ROOM, _EDGE = "#2b7a83", "#1f2630", "#e7e2d7", "#8d8778"
_ROW, _WIDE = 0.34, 7.0  # inches


@dataclass(frozen=True, slots=True)
class Plots:
    """The plots of one matching.

    Attributes
    ----------
    matching : Matching
        What is drawn.
    """

    matching: Matching

    def scores(self, *, ax: Axes | None = None) -> Axes:
        """Draw how the scores are spread; see :func:`scores`."""
        return scores(self.matching, ax=ax)

    def waterfall(self, mentee: str, *, ax: Axes | None = None) -> Axes:
        """Draw what one match's score is made of; see :func:`waterfall`."""
        return waterfall(self.matching, mentee, ax=ax)

    def demand(self, *, most: int = 20, ax: Axes | None = None) -> Axes:
        """Draw skills wanted against skills offered; see :func:`demand`."""
        return demand(self.matching, most=most, ax=ax)

    def load(self, *, most: int = 40, ax: Axes | None = None) -> Axes:
        """Draw how full the mentors are; see :func:`load`."""
        return load(self.matching, most=most, ax=ax)


def scores(matching: Matching, *, ax: Axes | None = None) -> Axes:
    """Draw how the scores of the matches are spread.

    Parameters
    ----------
    matching : Matching
        The round.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        A histogram in steps of 0.05, and a line at the mean.

    Raises
    ------
    ProgramError
        Matplotlib is not installed.

    Examples
    --------
    >>> import matchkit as mk
    >>> matching = mk.match([{"id": "gil", "skills": "sql"}], [{"id": "ana", "goals": "sql"}])
    >>> matching.plot.scores().get_xlabel()  # doctest: +SKIP
    'score'
    """
    axes = ax or _axes(3.2)
    values = [match.score for match in matching]
    axes.hist(values, bins=[step / 20 for step in range(21)], color=_FILL, edgecolor="white")
    if values:
        mean = sum(match.points for match in matching) / len(values) / POINTS
        axes.axvline(mean, color=_INK, linestyle="--", label=f"mean {mean:.3f}")
        axes.legend(frameon=False)
    axes.set(xlim=(0, 1), xlabel="score", ylabel="matches", title="Scores of the matches")
    axes.locator_params(axis="y", integer=True)
    return axes


def waterfall(matching: Matching, mentee: str, *, ax: Axes | None = None) -> Axes:
    """Draw what the score of one match is made of.

    Each bar begins where the one above it ends; hatched bars are means, given where the
    criterion could not tell; the pale bar behind each is what it could have given.

    Parameters
    ----------
    matching : Matching
        The round.
    mentee : str
        Id.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Raises
    ------
    UnknownPersonError
        No mentee with this id is matched.
    ProgramError
        Matplotlib is not installed.
    """
    match = matching[mentee]
    names = [part.criterion for part in match.parts]
    given = np.array([part.points for part in match.parts]) / POINTS
    room = np.array([part.weight for part in match.parts]) / POINTS
    start = np.cumsum(given) - given
    axes = ax or _axes(1.2 + _ROW * (len(names) + 1))
    rows = np.arange(len(names))
    axes.barh(rows, room, left=start, height=0.62, color=_ROOM)
    bars = axes.barh(rows, given, left=start, height=0.62, color=_FILL)
    for bar, part in zip(bars, match.parts, strict=True):
        if not part.known:
            bar.set(hatch="///", facecolor="white", edgecolor=_FILL)
    axes.barh([len(names)], [match.score], height=0.62, color=_INK)
    for row, (at, value) in enumerate(zip(start + given, given, strict=True)):
        axes.annotate(f" {value:.3f}", (at, row), va="center")
    axes.annotate(f" {match.score:.3f}", (match.score, len(names)), va="center", weight="bold")
    axes.set_yticks([*rows, len(names)], [*names, "score"])
    axes.set(xlim=(0, 1.12), xlabel="score", title=f"{match.mentee} with {match.mentor}")
    axes.invert_yaxis()
    return axes


def demand(matching: Matching, *, most: int = 20, ax: Axes | None = None) -> Axes:
    """Draw skills wanted against skills offered as a heat map with its numbers.

    Parameters
    ----------
    matching : Matching
        A round with its people.
    most : int, default 20
        Skills to show: those that most mentees want.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Raises
    ------
    DetachedError
        The result was loaded without its people.
    ProgramError
        Matplotlib is not installed, or nobody named a goal.
    """
    counted = skill_demand(matching, most=most)
    if not counted:
        raise ProgramError("no mentee named a goal: there is no demand to draw")
    numbers = np.array([(one.wanted, one.places, one.met, one.unmet) for one in counted])
    axes = ax or _axes(1.2 + _ROW * len(counted))
    axes.imshow(numbers, aspect="auto", cmap="BuGn", vmin=0, vmax=2.2 * max(1, numbers.max()))
    for (row, column), number in np.ndenumerate(numbers):
        axes.annotate(str(number), (column, row), ha="center", va="center", color=_INK)
    axes.set_xticks(range(4), ["want it", "places", "met", "unmet"])
    axes.set_yticks(range(len(counted)), [one.name for one in counted])
    axes.set_title("Skills wanted and offered")
    return axes


def load(matching: Matching, *, most: int = 40, ax: Axes | None = None) -> Axes:
    """Draw how full the mentors are.

    Parameters
    ----------
    matching : Matching
        The round.
    most : int, default 40
        Mentors to show: those who offer most places, equals by id.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Raises
    ------
    ProgramError
        Matplotlib is not installed.
    """
    places = sorted(matching.places, key=lambda place: (-place.capacity, place.mentor))[:most]
    axes = ax or _axes(1.2 + _ROW * len(places))
    rows = range(len(places))
    axes.barh(rows, [place.capacity for place in places], color=_ROOM, label="offered")
    taken = [place.taken for place in places]
    axes.barh(rows, taken, height=0.5, color=_FILL, label="taken")
    axes.set_yticks(rows, [place.mentor for place in places])
    more = len(matching.places) - len(places)
    axes.set(xlabel="places", title="Load" + (f" (and {more} more mentors)" if more else ""))
    axes.locator_params(axis="x", integer=True)
    axes.legend(frameon=False, loc="lower right")
    axes.invert_yaxis()
    return axes


def _axes(height: float) -> Axes:
    """Return the axes of a new figure, so high."""
    try:
        from matplotlib import pyplot as plt
    except ModuleNotFoundError as error:
        raise ProgramError(
            "plots need Matplotlib: install it with pip install 'matchkit[plot]'"
        ) from error
    _, axes = plt.subplots(figsize=(_WIDE, height), layout="constrained")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_EDGE)
    return axes
