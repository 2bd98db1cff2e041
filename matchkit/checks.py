"""An independent look at a finished result: allowed, added up, optimal.

Nothing here trusts what the result says of itself. Where the people are attached, every
pair is scored again, every rule is asked again, and the stored prices are held against
every pair of the round.
"""

from __future__ import annotations

from collections import Counter
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from matchkit.assign import Fault, Solution, find_faults
from matchkit.errors import MatchkitError
from matchkit.matching import Matching

if TYPE_CHECKING:
    from matchkit.matching import Match
    from matchkit.rounds import Round


def verify(result: Matching | str | PathLike[str]) -> tuple[Fault, ...]:
    """Check a result, or a saved directory against the people saved with it.

    Parameters
    ----------
    result : Matching or path
        A result, or a directory that the command line or ``export.save`` wrote. For a
        result without its people only what it says of itself can be checked: sums,
        places, and that its prices add up to its bound.

    Returns
    -------
    tuple of Fault
        Every fault found, each with a kind and a message; empty for a sound result.

    Examples
    --------
    >>> import matchkit as mk
    >>> matching = mk.match([{"id": "di", "skills": "sql:4"}], [{"id": "bo", "goals": "sql"}])
    >>> mk.verify(matching)
    ()
    """
    if not isinstance(result, Matching):
        from matchkit.documents import load

        try:
            result = load(result)
        except MatchkitError as error:
            return tuple(Fault("unreadable", line) for line in error.lines)
    faults = [*_sums(result), *_people_once(result), *_places(result), *_bound(result)]
    if result.round_ is None or faults:
        return tuple(faults)
    return (*_pairs_again(result, result.round_), *_proof_again(result, result.round_))


def _sums(result: Matching) -> list[Fault]:
    """Parts sum to points, points to the total, pairs to the number matched."""
    said = [
        Fault("sum", f"{match.mentee} with {match.mentor}: the parts do not sum to the points")
        for match in result.matches
        if sum(part.points for part in match.parts) != match.points
    ]
    done = result.certificate
    if done.total != sum(match.points for match in result.matches):
        said.append(Fault("total", f"the total {done.total} is not the sum of the matches"))
    if done.matched != len(result.matches):
        said.append(Fault("total", f"{done.matched} are said to be matched, {len(result)} are"))
    if done.gap != (done.bound - done.total) / max(1, abs(done.bound)):
        said.append(Fault("bound", f"the gap {done.gap} does not follow from bound and total"))
    return said


def _people_once(result: Matching) -> list[Fault]:
    """Every mentee stands once, matched or unmatched."""
    ids = [one.mentee for one in result.everyone]
    said = [
        Fault("duplicate", f"mentee {mentee} stands {count} times")
        for mentee, count in Counter(ids).items()
        if count > 1
    ]
    if len(ids) != result.record.mentees:
        said.append(Fault("lost", f"{result.record.mentees} mentees came in, {len(ids)} came out"))
    return said


def _places(result: Matching) -> list[Fault]:
    """Nobody has more mentees than places, and the places taken are counted right."""
    taken = Counter(match.mentor for match in result.matches)
    known = {place.mentor for place in result.places}
    said = [Fault("unknown", f"mentor {who} is not in the round") for who in taken.keys() - known]
    for place in result.places:
        count = taken[place.mentor]
        if count != place.taken:
            text = f"{place.mentor}: {place.taken} places said to be taken, {count} are"
            said.append(Fault("places", text))
        if count > place.capacity:
            text = f"{place.mentor}: {count} mentees for {place.capacity} places"
            said.append(Fault("capacity", text))
    return said


def _bound(result: Matching) -> list[Fault]:
    """Prices and surpluses add up to the bound."""
    people = points = 0
    mentees = result.record.mentees
    for place in result.places:
        places = min(place.capacity, mentees)
        people, points = people + places * place.one_more[0], points + places * place.one_more[1]
    for one in result.everyone:
        people, points = people + one.surplus[0], points + one.surplus[1]
    done = result.certificate
    first = result.program.coverage == "first"
    if points != done.bound or (first and people != done.matched_bound):
        return [Fault("bound", f"prices and surpluses give {points}, the bound says {done.bound}")]
    return []


def _indices(result: Matching, round_: Round) -> tuple[list[Match], list[int], list[int]]:
    """Return the matches whose people are in the round, as rows and columns."""
    mentees, mentors = round_.mentees.index, round_.mentors.index
    known = [m for m in result.matches if m.mentee in mentees and m.mentor in mentors]
    return known, [mentees[m.mentee] for m in known], [mentors[m.mentor] for m in known]


def _pairs_again(result: Matching, round_: Round) -> list[Fault]:
    """Score every pair again and ask every rule again."""
    known, rows, cols = _indices(result, round_)
    said = [Fault("unknown", f"{len(result) - len(known)} pairs name people not in the round")]
    if len(known) == len(result):
        said = []
    points, _ = round_.scorer.parts(np.array(rows, dtype=np.int64), np.array(cols, dtype=np.int64))
    for match, row, col, again in zip(known, rows, cols, points.tolist(), strict=True):
        name = f"{match.mentee} with {match.mentor}"
        if [part.points for part in match.parts] != again:
            said.append(Fault("points", f"{name}: scored again, the parts differ"))
        broken = round_.scorer.broken(row, col)
        said += [Fault("rule", f"{name} breaks {rule}: {why}") for rule, why in broken]
    return said


def _proof_again(result: Matching, round_: Round) -> tuple[Fault, ...]:
    """Hold the stored prices against every pair of the round."""
    _, rows, cols = _indices(result, round_)
    mentor_of = np.full(len(round_.mentees), -1, dtype=np.int64)
    mentor_of[rows] = cols
    places = {place.mentor: place for place in result.places}
    people = {one.mentee: one for one in result.everyone}
    if places.keys() != set(round_.mentors.ids) or people.keys() != set(round_.mentees.ids):
        return (Fault("unknown", "the people of the result are not those of the round"),)
    mentors = [places[who] for who in round_.mentors.ids]
    mentees = [people[who] for who in round_.mentees.ids]
    done = result.certificate
    solution = Solution(
        status="optimal",
        mentor_of=mentor_of,
        matched=done.matched,
        matched_bound=done.matched_bound,
        total=done.total,
        bound=done.bound,
        prices=np.array([place.one_more for place in mentors], dtype=np.int64).reshape(-1, 2),
        max_prices=np.array([place.one_fewer for place in mentors], dtype=np.int64).reshape(-1, 2),
        surpluses=np.array([one.surplus for one in mentees], dtype=np.int64).reshape(-1, 2),
        tied=np.array([one.tied for one in mentees], dtype=np.bool_),
    )
    return find_faults(round_.problem, solution)
