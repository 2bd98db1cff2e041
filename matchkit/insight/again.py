"""Answers by solving again, where prices alone don't hold them, and what that took."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from matchkit.errors import InfeasibleError

if TYPE_CHECKING:
    from matchkit.assign import Solution
    from matchkit.rounds import Round

Worth = tuple[int, int]
"""People, unless only points count, and what was maximized."""


class Again:
    """A round that is solved again and again with something changed.

    Parameters
    ----------
    round_ : Round
        The round.

    Attributes
    ----------
    rounds : int
        How often it was solved.
    """

    def __init__(self, round_: Round) -> None:
        self._problem, self._objective = round_.problem, round_.program.objective
        self._before: Solution | None = None
        self._started = time.perf_counter()
        self.rounds = 0

    def worth(self, **changes: Any) -> Worth | None:
        """Return what the best matching is worth, None where there is none.

        Parameters
        ----------
        **changes
            Parts of the problem, by name.
        """
        from matchkit.assign import solve

        self.rounds += 1
        try:
            changed = self._problem.changed(**changes)
            done = solve(changed, objective=self._objective, start=self._before)
        except InfeasibleError:
            return None
        self._before = done
        return (done.matched if self._problem.coverage == "first" else 0), done.worth

    @property
    def seconds(self) -> float:
        """What it took until now."""
        return time.perf_counter() - self._started


def less(one: Worth, other: Worth) -> Worth:
    """Return how much more one round is worth than another."""
    return one[0] - other[0], one[1] - other[1]
