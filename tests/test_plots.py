"""Plots: they show the numbers of the round, on the axes that they are given."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

import matchkit as mk
from matchkit.demand import skill_demand
from matchkit.errors import DetachedError, ProgramError, UnknownPersonError


@cache
def matching() -> mk.Matching:
    """Return the round of a small cohort."""
    program = mk.Program(start=date(2027, 1, 11))
    return mk.match(*mk.datasets.cohort(8, 20), program=program)


@pytest.fixture(autouse=True)
def no_window() -> Iterator[None]:
    """Draw without a screen, and leave no figure open."""
    mpl.use("agg")
    yield
    plt.close("all")


def widths(bars: list[Rectangle]) -> list[float]:
    """Return the lengths of bars."""
    return [bar.get_width() for bar in bars]


def rectangles(axes: object) -> list[Rectangle]:
    """Return the bars of a plot, in the order in which they were drawn."""
    return [patch for patch in getattr(axes, "patches", []) if isinstance(patch, Rectangle)]


def test_the_histogram_counts_every_match() -> None:
    """A match would be missing from the picture."""
    axes = matching().plot.scores()
    assert sum(bar.get_height() for bar in rectangles(axes)) == len(matching())
    assert axes.get_xlabel() == "score"


def test_a_round_without_matches_can_be_drawn() -> None:
    """An empty round would end in a traceback."""
    empty = mk.match([], [{"id": "ana", "goals": "sql"}])
    assert not sum(bar.get_height() for bar in rectangles(empty.plot.scores()))
    assert not rectangles(empty.plot.load())


def test_parts_of_a_waterfall_end_at_the_score() -> None:
    """The bars would not add up to the number below them."""
    for match in matching():
        axes = matching().plot.waterfall(match.mentee)
        count = len(match.parts)
        given = rectangles(axes)[count : 2 * count]
        assert given[-1].get_x() + given[-1].get_width() == pytest.approx(match.score)
        assert widths(rectangles(axes))[-1] == match.score
        hatched = [bar.get_hatch() == "///" for bar in given]
        assert hatched == [not part.known for part in match.parts]
        plt.close("all")


def test_a_waterfall_of_nobody_names_the_nearest() -> None:
    """A misspelled id would give an empty picture."""
    with pytest.raises(UnknownPersonError, match="did you mean"):
        matching().plot.waterfall(matching().matches[0].mentee + "x")


def test_demand_shows_the_numbers_of_the_page() -> None:
    """The notebook and the report would tell different stories."""
    axes = matching().plot.demand(most=7)
    counted = skill_demand(matching(), most=7)
    assert [label.get_text() for label in axes.get_yticklabels()] == [one.name for one in counted]
    shown = [int(text.get_text()) for text in axes.texts]
    assert shown == [
        number for one in counted for number in (one.wanted, one.places, one.met, one.unmet)
    ]


def test_demand_needs_people_and_goals() -> None:
    """A detached round would be drawn as one in which nobody wants anything."""
    with pytest.raises(DetachedError):
        replace(matching(), round_=None).plot.demand()
    with pytest.raises(ProgramError, match="no mentee named a goal"):
        mk.match([{"id": "di"}], [{"id": "ana"}]).plot.demand()


def test_load_shows_places_offered_and_taken() -> None:
    """A full mentor would look free."""
    axes = matching().plot.load(most=5)
    bars = widths(rectangles(axes))
    shown = [label.get_text() for label in axes.get_yticklabels()]
    places = {place.mentor: place for place in matching().places}
    assert bars[:5] == [places[mentor].capacity for mentor in shown]
    assert bars[5:] == [places[mentor].taken for mentor in shown]
    assert axes.get_title() == "Load (and 3 more mentors)"


def test_axes_that_are_given_are_used() -> None:
    """Two plots could not stand side by side."""
    _, pair = plt.subplots(1, 2)
    mentee = matching().matches[0].mentee
    assert matching().plot.scores(ax=pair[0]) is pair[0]
    assert matching().plot.waterfall(mentee, ax=pair[1]) is pair[1]
    assert len(plt.get_fignums()) == 1


def test_without_matplotlib_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A missing extra would show as a traceback about somebody else's module."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ProgramError, match=r"pip install 'matchkit\[plot\]'"):
        matching().plot.scores()


def test_one_skill_by_several_names_is_counted_once() -> None:
    """The page would call for mentors in a skill that is there by another name."""
    mentors = [{"id": "di", "skills": "Kubernetes; k8s"}]
    mentees = [{"id": "ana", "goals": "K8S; kubernetes"}, {"id": "bo", "goals": "K8s"}]
    (one,) = skill_demand(mk.match(mentors, mentees), most=9)
    assert (one.name, one.wanted, one.mentors, one.met) == ("Kubernetes", 2, 1, 1)
