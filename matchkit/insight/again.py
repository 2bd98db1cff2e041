"""Answers by solving again, where prices alone don't hold them, and what that took."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from matchkit.claims import posed
from matchkit.errors import InfeasibleError, ProgramError

if TYPE_CHECKING:
    from matchkit.assign import Solution
    from matchkit.matching import Matching

Worth = tuple[int, int]
"""People, unless only points count, and what was maximized."""


class Again:
    """A round that is solved again and again with something changed.

    Parameters
    ----------
    matching : Matching
        The round's result, with its people.

    Raises
    ------
    ProgramError
        A deadline cut the round off.

    Attributes
    ----------
    problem : Problem
        The round as it was matched.
    rounds : int
        How often it was solved.
    """

    def __init__(self, matching: Matching) -> None:
        if matching.certificate.status == "deadline":
            raise ProgramError(
                "a deadline cut this round off before the best was found; match it again to ask "
                "what the best would lose or gain"
            )
        self.problem, self._objective = posed(matching)
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
            changed = self.problem.changed(**changes)
            done = solve(changed, objective=self._objective, start=self._before)
        except InfeasibleError:
            return None
        self._before = done
        return (done.matched if self.problem.coverage == "first" else 0), done.worth

    @property
    def seconds(self) -> float:
        """What it took until now."""
        return time.perf_counter() - self._started


def less(one: Worth, other: Worth) -> Worth:
    """Return how much more one round is worth than another."""
    return one[0] - other[0], one[1] - other[1]
