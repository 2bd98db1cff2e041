"""An independent look at a finished result: allowed, added up, optimal.

Nothing here trusts what the result says of itself. Where the people are attached, every
pair is scored again, every rule is asked again, the stored prices are held against every
pair of the round, and what the result tells of each person is told again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from matchkit import __version__
from matchkit.assembly import assemble
from matchkit.assign import Fault, fairness_of, find_faults
from matchkit.claims import claimed
from matchkit.continuity import Continuity
from matchkit.errors import MatchkitError
from matchkit.matching import Match, Matching, Unmatched
from matchkit.rounds import precedence
from matchkit.scoring import POINTS

if TYPE_CHECKING:
    from matchkit.rounds import Round
    from matchkit.scoring import Criterion, Rule


def verify(
    result: Matching | str | PathLike[str], *, custom: Sequence[type[Criterion | Rule]] = ()
) -> tuple[Fault, ...]:
    """Check a result, or a saved directory against the people saved with it.

    Parameters
    ----------
    result : Matching or path
        A result, or a directory that the command line or ``export.save`` wrote. For a
        result without its people only what it says of itself can be checked: sums,
        places, pairs set by hand, and that its prices add up to its bound.
    custom : sequence of classes
        Your own criteria and rules that the program of a saved directory names.

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
            result = load(result, custom=custom)
        except MatchkitError as error:
            return tuple(Fault("unreadable", line) for line in error.lines)
    try:
        return tuple(_faults(result))
    except OverflowError:
        return (Fault("sum", "the result holds numbers too large to be checked"),)


def _faults(result: Matching) -> list[Fault]:
    faults = [*_people(result), *_places(result), *_sums(result), *_bound(result)]
    faults += [*_across(result), *_by_hand(result)]
    faults += _went_on(result)
    if result.round_ is not None:
        faults += _same_people(result, result.round_)
        faults += _pairs_again(result, result.round_)
        # The proof is about a result that hangs together.
        if not faults:
            faults += _proof_again(result, result.round_)
    return faults


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
    return said


def _people(result: Matching) -> list[Fault]:
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
    listed = Counter(place.mentor for place in result.places)
    said = [
        Fault("unknown", f"mentor {who} is not in the round")
        for who in sorted(taken.keys() - listed.keys())
    ]
    said += [
        Fault("duplicate", f"mentor {who} stands {n} times") for who, n in listed.items() if n > 1
    ]
    if len(result.places) != result.record.mentors:
        text = f"{result.record.mentors} mentors came in, {len(result.places)} came out"
        said.append(Fault("lost", text))
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
    """Prices and surpluses add up to the bound, and the total reaches it."""
    people = points = 0
    mentees = result.record.mentees
    for place in result.places:
        places = min(place.capacity, mentees)
        people, points = people + places * place.one_more[0], points + places * place.one_more[1]
    for one in result.everyone:
        people, points = people + one.surplus[0], points + one.surplus[1]
    done = result.certificate
    first = result.program.coverage == "first"
    said = []
    # With constraints across pairs the proof needs the people: it is held against them below.
    bound_alone = not result.record.constraints
    if bound_alone and (points != done.bound or (first and people != done.matched_bound)):
        text = f"prices and surpluses give {points}, the bound says {done.bound}"
        said.append(Fault("bound", text))
    if done.gap != (done.bound - done.maximized) / max(1, abs(done.bound)):
        said.append(Fault("bound", f"the gap {done.gap} does not follow from bound and total"))
    reached = done.maximized == done.bound and (not first or done.matched == done.matched_bound)
    if done.status != "deadline" and (done.status == "optimal") != reached:
        said.append(Fault("bound", f"the status is {done.status}, with a gap of {done.gap}"))
    return said


def _across(result: Matching) -> list[Fault]:
    """Constraints that must be kept are, and the penalty is that of the others."""
    done, across = result.certificate, result.record.constraints
    said = [
        Fault("quota", f"{each.name} is missed by {each.missed}, and must be kept")
        for each in across
        if each.missed and not each.soft
    ]
    if done.penalty != sum(each.penalty for each in across):
        said.append(Fault("total", f"the penalty {done.penalty} is not what the constraints cost"))
    return said


def _by_hand(result: Matching) -> list[Fault]:
    """Pairs set by hand are there and marked, forbidden ones are not, none is too weak."""
    mentor_of = {match.mentee: match.mentor for match in result.matches}
    locked = {(each.mentee, each.mentor) for each in result.program.locked}
    said = [
        Fault("lock", f"{mentee} is locked to {mentor} and has {mentor_of.get(mentee, 'nobody')}")
        for mentee, mentor in sorted(locked)
        if mentor_of.get(mentee) != mentor
    ]
    said += [
        Fault("lock", f"{match.mentee} with {match.mentor}: wrongly marked as set by hand or not")
        for match in result.matches
        if match.locked != ((match.mentee, match.mentor) in locked)
    ]
    said += [
        Fault("rule", f"{each.mentee} with {each.mentor} is forbidden by the program")
        for each in result.program.forbidden
        if mentor_of.get(each.mentee) == each.mentor
    ]
    least = round(result.program.least_score * POINTS)
    said += [
        Fault("rule", f"{match.mentee} with {match.mentor} is below min_score")
        for match in result.matches
        if match.points < least
    ]
    return said


def _went_on(result: Matching) -> list[Fault]:
    """Count again what became of the pairs before, and what they add to the objective."""
    mentor_of = {match.mentee: match.mentor for match in result.matches}
    record, told = result.record, result.continuity
    said = []
    if told is not None:
        present = {one.mentee for one in result.everyone}
        if told != Continuity.between(told.previous, mentor_of, present):
            said.append(Fault("told", "what is said of the pairs of the previous round is not so"))
    before = set(told.previous.pairs) if told else set()
    said += [
        Fault("told", f"{match.mentee} with {match.mentor}: wrongly marked as kept or not")
        for match in result.matches
        if match.kept != ((match.mentee, match.mentor) in before)
    ]
    waiting = sum(mentee not in mentor_of for mentee in set(result.program.priority))
    first = precedence(record.mentees, record.mentors, record.places)
    adjustment = (told.bonus if told else 0) - waiting * first
    if result.certificate.adjustment != adjustment:
        text = f"the objective is said to add {result.certificate.adjustment}, it adds {adjustment}"
        said.append(Fault("total", text))
    return said


def _same_people(result: Matching, round_: Round) -> list[Fault]:
    """Compare the people attached with those whom the result names and was made from."""
    record = result.record
    said = []
    taxonomy = round_.taxonomy.fingerprint if round_.taxonomy is not None else None
    if taxonomy != record.hashes.get("taxonomy"):
        said.append(Fault("people", "the hash of the taxonomy is not that of the result"))
    for side, pool, named in (
        ("mentees", round_.mentees, {one.mentee for one in result.everyone}),
        ("mentors", round_.mentors, {place.mentor for place in result.places}),
    ):
        if pool.fingerprint != record.hashes.get(side):
            said.append(Fault("people", f"the hash of the {side} is not that of the result"))
        if named != set(pool.index):
            said.append(Fault("unknown", f"the {side} of the result are not those of the round"))
    return said


def _pairs_again(result: Matching, round_: Round) -> list[Fault]:
    """Score every pair again and ask every rule again."""
    mentees, mentors = round_.mentees.index, round_.mentors.index
    known = [m for m in result.matches if m.mentee in mentees and m.mentor in mentors]
    rows = np.array([mentees[match.mentee] for match in known], dtype=np.int64)
    cols = np.array([mentors[match.mentor] for match in known], dtype=np.int64)
    points, sure = round_.scorer.parts(rows, cols)
    said = [
        Fault("points", f"{match.mentee} with {match.mentor}: scored again, the parts differ")
        for match, again, told in zip(known, points.tolist(), sure.tolist(), strict=True)
        if [(part.points, part.known) for part in match.parts]
        != list(zip(again, told, strict=True))
    ]
    for at in np.flatnonzero(~round_.scorer.eligible_pairs(rows, cols)).tolist():
        name = f"{known[at].mentee} with {known[at].mentor}"
        broken = round_.scorer.broken(int(rows[at]), int(cols[at]))
        said += [Fault("rule", f"{name} breaks {rule}: {why}") for rule, why in broken]
    return said


def _proof_again(result: Matching, round_: Round) -> list[Fault]:
    """Hold the stored prices against every pair of the round, and tell everything again."""
    if strange := _strange_multipliers(result, round_):
        return strange
    solution = claimed(result, round_)
    if result.program.objective == "fair":
        done = result.certificate
        fairness = fairness_of(round_.problem, done.worst, done.worst_bound)
        solution = replace(solution, fairness=fairness)
    faults = find_faults(round_.problem, solution)
    if faults:
        return [Fault(fault.kind, _in_ids(fault.message, round_)) for fault in faults]
    again = assemble(round_, solution)
    words = result.record.versions.get("matchkit") == __version__
    said = [
        Fault("told", f"{one.mentee}: what is said of rank, reason or evidence is not so")
        for one, other in zip(result.everyone, again.everyone, strict=True)
        if _facts(one, words=words) != _facts(other, words=words)
    ]
    said += [
        Fault("told", f"what is said of the places of {place.mentor} is not so")
        for place, other in zip(result.places, again.places, strict=True)
        if place != other
    ]
    figures = ["places", "eligible_pairs", "criteria", "rules"]
    figures += ["skipped", "constraints"] if words else []
    said += [
        Fault("told", f"the record of {name} is not so")
        for name in figures
        if getattr(result.record, name) != getattr(again.record, name)
    ]
    return said


def _strange_multipliers(result: Matching, round_: Round) -> list[Fault]:
    """Find multipliers of constraints, groups or mentors that there are not."""
    groups = [getattr(quota, "number", 0) for quota in round_.problem.quotas]
    return [
        Fault("bound", f"a multiplier belongs to no constraint: {each}")
        for each in result.certificate.multipliers
        if not 0 <= each.quota < len(groups)
        or bool(each.mentor) != bool(groups[each.quota])
        or (each.mentor and each.mentor not in round_.mentors.index)
        or not 0 <= each.group < max(1, groups[each.quota])
    ]


def _facts(one: Match | Unmatched, *, words: bool) -> object:
    """Return what can be told again; the wording only where the same version told it."""
    if words:
        return one
    if isinstance(one, Unmatched):
        return (one.reason, one.blocking, one.eligible)
    parts = [(part.criterion, part.points, part.weight) for part in one.parts]
    return (one.rank, one.eligible, one.runner_up, one.runner_up_points, parts)


def _in_ids(message: str, round_: Round) -> str:
    """Put ids in the place of the indices that the engine speaks of."""
    pools = {"mentee": round_.mentees, "mentor": round_.mentors}

    def named(found: re.Match[str]) -> str:
        pool = pools[found["side"]]
        ids = [str(pool.ids[int(at)]) for at in found["at"].split(", ")]
        return f"{found['side']} {', '.join(ids)}"

    quotas = [term.constraint.name for term in round_.terms for _ in term.quotas]
    message = re.sub(r"quotas\[(\d+)\]", lambda found: quotas[int(found[1])], message)
    return re.sub(r"(?P<side>mentee|mentor) (?P<at>\d+(?:, \d+)*)", named, message)
