"""Matching -> Solution: what a result claims, in indices, for who checks it or goes on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from matchkit.errors import ProgramError

if TYPE_CHECKING:
    from matchkit.assign import Objective, Problem, Solution, Status
    from matchkit.matching import Matching
    from matchkit.rounds import Round


def proof(result: Matching) -> tuple[Problem, Solution]:
    """Return the problem that the prices of a result are those of, and what they prove.

    Parameters
    ----------
    result : Matching
        With its people.

    Raises
    ------
    ProgramError
        The round has no prices: it is stable, or a deadline cut it off.
    DetachedError
        The result was loaded without its people.
    """
    check_priced(result)
    return posed(result)[0], claimed(result, result.people)


def posed(result: Matching) -> tuple[Problem, Objective]:
    """Return the problem that a result solves, and what it is the best in there.

    A fair result is the best total without the pairs that are worse than its worst.

    Raises
    ------
    DetachedError
        The result was loaded without its people.
    """
    from matchkit.assign import floored

    problem, worst = result.people.problem, result.certificate.worst
    if worst is None:
        return problem, result.program.objective
    return floored(problem, worst), "total"


def check_priced(result: Matching) -> None:
    """Refuse a result whose places have no prices.

    Raises
    ------
    ProgramError
        The round is stable, or a deadline cut it off.
    """
    if not result.priced:
        why = "a stable matching has none" if result.program.stable else "a deadline cut it off"
        raise ProgramError(f"this round has no prices, {why}; match it again for the best total")


def claimed(result: Matching, round_: Round) -> Solution:
    """Return the solution that the result claims, in indices."""
    from matchkit.assign import Solution
    from matchkit.assign.multipliers import Multipliers

    mentees, mentors = round_.mentees.ids.tolist(), round_.mentors.ids.tolist()
    places = {place.mentor: place for place in result.places}
    people = {one.mentee: one for one in result.everyone}
    prices = [places[who].one_more for who in mentors]
    max_prices = [places[who].one_fewer for who in mentors]
    surpluses = [people[who].surplus for who in mentees]
    column = {match.mentee: round_.mentors.index[match.mentor] for match in result.matches}
    done = result.certificate
    multipliers = Multipliers.none(round_.problem).quotas
    for each in done.multipliers:
        at = (each.group, round_.mentors.index[each.mentor]) if each.mentor else ()
        multipliers[each.quota][at] = each.points
    return Solution(
        status=cast("Status", done.status),
        mentor_of=np.array([column.get(who, -1) for who in mentees], dtype=np.int64),
        matched=done.matched,
        matched_bound=done.matched_bound,
        total=done.total + done.adjustment,
        bound=done.bound,
        prices=np.array(prices, dtype=np.int64).reshape(-1, 2),
        max_prices=np.array(max_prices, dtype=np.int64).reshape(-1, 2),
        surpluses=np.array(surpluses, dtype=np.int64).reshape(-1, 2),
        tied=np.array([people[who].tied for who in mentees], dtype=np.bool_),
        multipliers=multipliers,
        bonus=done.bonus,
        penalty=done.penalty,
        objective=result.program.objective,
    )


def start_from(result: Matching, round_: Round) -> Solution | None:
    """Return a result as where to begin with nearly the same people, None if it has no prices.

    Whoever is new begins without a match, and a new place without a price.
    """
    from matchkit.assign import Solution

    if not result.priced:
        return None
    places = {place.mentor: place for place in result.places}
    one_more, one_fewer = (
        [getattr(places[who], price) if who in places else (0, 0) for who in round_.mentors.ids]
        for price in ("one_more", "one_fewer")
    )
    column = {
        match.mentee: round_.mentors.index[match.mentor]
        for match in result.matches
        if match.mentor in round_.mentors.index
    }
    n = len(round_.mentees)
    return Solution(
        status="feasible",
        mentor_of=np.array([column.get(who, -1) for who in round_.mentees.ids], dtype=np.int64),
        matched=len(column),
        matched_bound=n,
        total=0,
        bound=0,
        prices=np.array(one_more, dtype=np.int64).reshape(-1, 2),
        max_prices=np.array(one_fewer, dtype=np.int64).reshape(-1, 2),
        surpluses=np.zeros((n, 2), dtype=np.int64),
        tied=np.zeros(n, dtype=np.bool_),
    )
