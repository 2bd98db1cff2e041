"""Criteria and rules of one's own: what they may give, and what is said of what they may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import matchkit as mk
from matchkit.scoring import tables
from matchkit.scoring.sides import Side
from tests.scoring.values import allowed, every_pair, everyone, feature, scorer, values
from tests.strategies import People, people


class NearFloor(mk.Criterion):
    """People a few floors apart meet more often."""

    needs = ("floor",)

    def value(self, mentee: Side, mentor: Side) -> Any:
        """Return 1 on the same floor and 0 from five floors on."""
        apart = np.abs(mentee.number("floor") - mentor.number("floor"))
        return 1 - np.minimum(apart, 5) / 5


class Given(mk.Criterion):
    """Gives whatever the floors say."""

    needs = ("floor",)

    def value(self, mentee: Side, mentor: Side) -> Any:
        """Return the sum of the floors."""
        return mentee.number("floor") + mentor.number("floor")


class SameFloor(mk.Rule):
    """People on one floor."""

    needs = ("floor",)

    def allows(self, mentee: Side, mentor: Side) -> Any:
        """Return True on the same floor."""
        return mentee.text("floor") == mentor.text("floor")


def on(*floors: object) -> list[dict[str, Any]]:
    """Return people on these floors."""
    return [{"id": f"p{at}", "floor": floor} for at, floor in enumerate(floors)]


def test_a_criterion_in_ten_lines() -> None:
    """The promise of the documentation would not hold."""
    assert values(NearFloor(), on(1, 4, ""), on(3, 9)) == [[0.6, 0.8, None], [0, 0, None]]
    assert feature(NearFloor(), on(1), on(3)).evidence(0, 0) == ("floor: 3 and 1",)


def test_a_rule_in_five_lines() -> None:
    """The promise of the documentation would not hold."""
    assert allowed(SameFloor(), on("A", "b", ""), on("a", "")) == [[True, False, True], [True] * 3]


@pytest.mark.parametrize("floors", [(0.5, 0.6), (-1, 0.5)])
@pytest.mark.parametrize("cells", [tables.TABLE_CELLS, 0])
def test_values_outside_the_scale_are_refused(
    floors: tuple[float, float], cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A criterion could outweigh all others, or push people below nothing."""
    monkeypatch.setattr(tables, "TABLE_CELLS", cells)
    with pytest.raises(mk.ProgramError, match=r"Given gave .*: a criterion's values must lie"):
        values(Given(), on(floors[0]), on(floors[1]))


def test_blanks_are_nobodys_fault() -> None:
    """What an expression makes of a blank would be taken for its answer."""

    class Wild(mk.Criterion):
        """Gives 7 for a blank."""

        needs = ("floor",)

        def value(self, mentee: Side, mentor: Side) -> Any:
            """Return 1, or 7 where a floor is blank."""
            blank = (mentee.text("floor") == "") | (mentor.text("floor") == "")
            return np.where(blank, 7, 1)

    assert values(Wild(), on(1, ""), on("", 1)) == [[None, None], [1, None]]


@pytest.mark.parametrize("given_", ["text", None, np.ones(7), [[1, 2], [3]]])
def test_answers_that_are_no_numbers_are_refused(given_: object) -> None:
    """A slip in a criterion of one's own would end in NumPy's traceback."""

    class Odd(mk.Criterion):
        """Gives something odd."""

        needs = ("floor",)

        def value(self, mentee: Side, mentor: Side) -> Any:  # noqa: ARG002
            """Return it."""
            return given_

    if given_ is None:
        assert values(Odd(), on(1, 2), on(1, 2)) == [[None, None], [None, None]]
        return
    with pytest.raises(mk.ProgramError, match="Odd gave"):
        values(Odd(), on(1, 2), on(1, 2))


def test_one_number_for_all() -> None:
    """A constant would have to be spread by hand."""

    class Half(mk.Criterion):
        """One half for everybody who has a floor."""

        needs = ("floor",)

        def value(self, mentee: Side, mentor: Side) -> Any:  # noqa: ARG002
            """Return one half."""
            return 0.5

    assert values(Half(), on(1, ""), on(3)) == [[0.5, None]]


def test_nothing_to_compute_is_a_clear_error() -> None:
    """A class without its method would fail in an odd place."""
    with pytest.raises(mk.ProgramError, match=r"Criterion gives no value: define value"):
        values(mk.Criterion(), on(1), on(1))
    with pytest.raises(mk.ProgramError, match=r"Rule allows nothing: define allows"):
        allowed(mk.Rule(), on(1), on(1))


def test_different_columns_on_the_two_sides() -> None:
    """A criterion could not compare a wish with an offer."""

    class Offers(mk.Criterion):
        """Whether the mentor has the room that the mentee wants."""

        def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
            """Return what is needed."""
            return ("wants",), ("room",)

        def value(self, mentee: Side, mentor: Side) -> Any:
            """Return 1 where they fit."""
            return mentee.text("wants") == mentor.text("room")

    mentors, mentees = [{"id": "di", "room": "Red"}], [{"id": "ana", "wants": "red"}]
    bound = feature(Offers(), mentors, mentees)
    assert bound.pairs(np.array([0]), np.array([0])).tolist() == [1]
    assert bound.evidence(0, 0) == ("mentee's wants: red; mentor's room: Red",)


def test_numbers_that_are_none_are_named() -> None:
    """A word among numbers would become NaN in silence."""
    with pytest.raises(mk.ProfileError, match="'two'"):
        values(NearFloor(), on(1, "two"), on(3))


@given(people(["team", "level"]), people(["team", "level"]))
def test_with_and_without_a_table_is_the_same(mentors: People, mentees: People) -> None:
    """Large rounds would be scored differently from small ones."""
    shape = len(mentees), len(mentors)
    found = []
    for cells in (tables.TABLE_CELLS, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tables, "TABLE_CELLS", cells)
            bound = scorer(
                mentors,
                mentees,
                criteria=[mk.SameValue("team"), mk.DifferentValue("level")],
                rules=[mk.Different("team"), mk.Same("level")],
            )
            found.append(faces(bound, shape))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("cells", [tables.TABLE_CELLS, 0])
def test_no_pairs_at_all(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large round in which nobody is matched would fail."""
    monkeypatch.setattr(tables, "TABLE_CELLS", cells)
    bound = feature(NearFloor(), on(1), on(3))
    nobody = np.zeros(0, dtype=np.int64)
    assert bound.pairs(nobody, nobody).shape == (0,)
    assert bound.grid(nobody, np.arange(1)).shape == (0, 1)


def faces(bound: Any, shape: tuple[int, int]) -> Sequence[Any]:
    """Return points and rules of every pair by both faces."""
    pairs = every_pair(*shape)
    masks = [mask for _, mask in bound.allowed_grid(*everyone(*shape))]
    return [
        bound.grid(*everyone(*shape)),
        *bound.parts(*pairs),
        bound.eligible_pairs(*pairs),
        *masks,
    ]
