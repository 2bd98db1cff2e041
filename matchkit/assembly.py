"""Solution -> Matching: indices become ids, with evidence, ranks, reasons and remedies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from matchkit import __version__
from matchkit.cautions import cautions_of
from matchkit.constraints import Multiplier
from matchkit.continuity import Continuity
from matchkit.errors import Finding, Severity
from matchkit.matching import (
    AppliedCriterion,
    Certificate,
    Match,
    Matching,
    Part,
    Place,
    Reason,
    Record,
    Unmatched,
)
from matchkit.scoring.sides import blocks

if TYPE_CHECKING:
    from matchkit.assign import Solution
    from matchkit.rounds import Round

LIBRARIES = ("numpy", "scipy", "scikit-learn", "pydantic")
"""Libraries whose version can change a result."""


def assemble(round_: Round, solution: Solution) -> Matching:
    """Turn a verified solution into the result that people see."""
    matched = np.nonzero(solution.mentor_of >= 0)[0]
    lonely = np.nonzero(solution.mentor_of < 0)[0]
    matches = sorted(_matches(round_, solution, matched), key=lambda match: match.mentee)
    unmatched = sorted(_all_unmatched(round_, solution, lonely), key=lambda one: one.mentee)
    total = sum(match.points for match in matches)
    return Matching(
        matches=tuple(matches),
        unmatched=tuple(unmatched),
        places=_places(round_, solution),
        certificate=Certificate(
            status=solution.status,
            matched=solution.matched,
            matched_bound=solution.matched_bound,
            total=total,
            bound=solution.bound,
            gap=solution.gap,
            adjustment=solution.total - total,
            penalty=solution.penalty,
            bonus=solution.bonus,
            multipliers=_multipliers(round_, solution),
            worst=None if solution.fairness is None else solution.fairness.worst,
            worst_bound=None if solution.fairness is None else solution.fairness.bound,
        ),
        program=round_.program,
        record=_record(round_, solution),
        round_=round_,
        continuity=_continuity(round_, matches),
    )


def _multipliers(round_: Round, solution: Solution) -> tuple[Multiplier, ...]:
    """Return the multipliers that are not 0, by quota, group and id of the mentor."""
    said = []
    for at, value in enumerate(solution.multipliers):
        if not value.ndim:
            said += [Multiplier(at, int(value))] if value else []
            continue
        for group, col in zip(*np.nonzero(value), strict=True):
            mentor = str(round_.mentors.ids[col])
            said.append(Multiplier(at, int(value[group, col]), int(group), mentor))
    return tuple(sorted(said, key=lambda each: (each.quota, each.group, each.mentor)))


def _continuity(round_: Round, matches: Iterable[Match]) -> Continuity | None:
    """Say what became of the pairs of the round before."""
    if round_.previous is None:
        return None
    mentor_of = {match.mentee: match.mentor for match in matches}
    return Continuity.between(round_.previous, mentor_of, frozenset(round_.mentees.index))


def _matches(round_: Round, solution: Solution, rows: NDArray[np.int64]) -> list[Match]:
    """Return the match of every given row."""
    cols = solution.mentor_of[rows]
    points, known = round_.scorer.parts(rows, cols)
    rank, eligible, second, second_points = _standing(round_, rows, cols)
    locked, kept = (
        {(row, col) for row, col in pairs.tolist()} for pairs in (round_.locked, round_.kept)
    )
    mentees, mentors = round_.mentees.ids.tolist(), round_.mentors.ids.tolist()
    surpluses, tied = solution.surpluses.tolist(), solution.tied.tolist()
    found = []
    for at, (row, col) in enumerate(zip(rows.tolist(), cols.tolist(), strict=True)):
        parts = _parts(round_, points[at], known[at], (row, col))
        found.append(
            Match(
                mentee=mentees[row],
                mentor=mentors[col],
                points=int(points[at].sum()),
                rank=int(rank[at]),
                eligible=int(eligible[at]),
                parts=parts,
                cautions=cautions_of(round_, parts, (row, col)),
                runner_up=mentors[second[at]] if second[at] >= 0 else "",
                runner_up_points=int(second_points[at]),
                surplus=tuple(surpluses[row]),
                locked=(row, col) in locked,
                tied=tied[row],
                kept=(row, col) in kept,
            )
        )
    return found


def _parts(
    round_: Round, points: NDArray[np.int64], known: NDArray[np.bool_], pair: tuple[int, int]
) -> tuple[Part, ...]:
    """Return the parts of one pair, with evidence where the criterion could tell."""
    each = zip(round_.scorer.criteria, points.tolist(), known.tolist(), strict=True)
    return tuple(
        Part(
            criterion=scored.name,
            points=given,
            weight=scored.weight,
            known=sure,
            evidence=scored.feature.evidence(*pair) if sure else (),
        )
        for scored, given, sure in each
    )


def _standing(
    round_: Round, rows: NDArray[np.int64], cols: NDArray[np.int64]
) -> tuple[NDArray[np.int64], ...]:
    """Return rank of the pair, number of mentors to choose from, runner-up and its points.

    Mentors who offer no place are nobody's choice.
    """
    source, width = round_.problem.stated, len(round_.mentors)
    rank, eligible, second, best = (np.zeros(len(rows), dtype=np.int64) for _ in range(4))
    everyone, resting = np.arange(width), round_.mentors.capacity == 0
    for part in blocks(len(rows), width):
        block = source.block(rows[part], everyone)
        own = np.arange(len(block)), cols[part]
        mine = source.pairs(rows[part], cols[part])
        block[:, resting] = -np.inf
        eligible[part] = np.isfinite(block).sum(axis=1)
        block[own] = -np.inf
        # What float32 cannot tell from the pair's own points is asked exactly.
        above = _float32(mine + source.error, np.inf)[:, None]
        below = _float32(mine - source.error, -np.inf)[:, None]
        close, other = np.nonzero((block >= below) & (block <= above))
        higher = source.pairs(rows[part][close], other) > mine[close]
        rank[part] = 1 + np.count_nonzero(block > above, axis=1)
        rank[part] += np.bincount(close, weights=higher, minlength=len(block)).astype(np.int64)
        second[part], best[part] = _best(round_, rows[part], block)
    return rank, eligible, second, best


def _float32(values: NDArray[np.floating[Any]], away: float) -> NDArray[np.float32]:
    """Round to float32 in one direction, so that no pair falls between two bounds."""
    return np.nextafter(values.astype(np.float32), np.float32(away))


def _best(
    round_: Round, rows: NDArray[np.int64], block: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best mentor of each row and its points: -1 and 0 where there is none."""
    source = round_.problem.stated
    top = block.max(axis=1, initial=-np.inf)
    enough = _float32(top - 2 * source.error, -np.inf)[:, None]
    row, col = np.nonzero((block >= enough) & np.isfinite(block))
    points = source.pairs(rows[row], col)
    order = np.lexsort((col, -points, row))
    _, first = np.unique(row[order], return_index=True)
    chosen = order[first]
    mentor, worth = np.full(len(rows), -1), np.zeros(len(rows), dtype=np.int64)
    mentor[row[chosen]], worth[row[chosen]] = col[chosen], points[chosen]
    return mentor, worth


def _all_unmatched(
    round_: Round, solution: Solution, rows: NDArray[np.int64]
) -> Iterator[Unmatched]:
    """Say why each of these mentees has no mentor and what would help."""
    survey = round_.survey
    dearest, room = _dearest(round_, solution, rows), _room(round_, solution, rows)
    for row, mentor, counts in zip(
        rows.tolist(), dearest.tolist(), survey.removed[rows].tolist(), strict=True
    ):
        removed = sorted((-count, name) for name, count in zip(survey.rules, counts, strict=True))
        reason: Reason
        # Points are never below those of staying unmatched, and equals go to being matched: who
        # has an eligible mentor and no match found every place of theirs taken, unless there
        # are constraints across pairs.
        if mentor >= 0 and room[row]:
            reason, remedy = "constraints", _constraint_remedy(round_)
        elif mentor >= 0:
            reason, remedy = "places_ran_out", _place_remedy(round_, solution, mentor)
        else:
            reason, remedy = "no_eligible_mentor", _rule_remedy(round_, row)
        yield Unmatched(
            mentee=str(round_.mentees.ids[row]),
            reason=reason,
            blocking=tuple((name, -count) for count, name in removed if count),
            remedy=remedy,
            eligible=int(survey.eligible[row]),
            surplus=_pair(solution.surpluses[row]),
            tied=bool(solution.tied[row]),
        )


def _room(round_: Round, solution: Solution, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell who of all has an eligible mentor with a place left, where constraints may say no."""
    room = np.zeros(len(round_.mentees), dtype=bool)
    if not round_.problem.across:
        return room
    matched = solution.mentor_of[solution.mentor_of >= 0]
    load = np.bincount(matched, minlength=len(round_.mentors))
    free = np.flatnonzero(load < round_.mentors.capacity)
    for part in blocks(len(rows), max(1, free.size)):
        block = round_.problem.stated.block(rows[part], free)
        room[rows[part]] = np.isfinite(block).any(axis=1)
    return room


def _constraint_remedy(round_: Round) -> str:
    """Name the constraints that could be eased."""
    return f"Ease one of {', '.join(term.constraint.name for term in round_.terms)}."


def _dearest(round_: Round, solution: Solution, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each row's eligible mentor whose further place is worth most, -1 without any.

    Of equals it is the one with whom the mentee has the most points.
    """
    source, width = round_.problem.stated, len(round_.mentors)
    _, rank = np.unique(solution.prices, axis=0, return_inverse=True)
    found = np.full(len(rows), -1)
    for part in blocks(len(rows), width):
        block = source.block(rows[part], np.arange(width))
        worth = np.where(np.isfinite(block), rank.reshape(-1), -1)
        block[worth < worth.max(axis=1, initial=-1)[:, None]] = -np.inf
        found[part], _ = _best(round_, rows[part], block)
    return found


def _rule_remedy(round_: Round, row: int) -> str:
    """Name the rule whose removal alone opens the most mentors."""
    survey = round_.survey
    if not round_.mentors.capacity.any():
        return "Recruit mentors."
    at = int(survey.alone[row].argmax())
    count = int(survey.alone[row, at])
    if not count:
        return "Every mentor with a place breaks at least two rules: recruit one who meets them."
    noun = "mentor" if count == 1 else "mentors"
    return f"Without {survey.rules[at]}, {count} {noun} would be possible."


def _place_remedy(round_: Round, solution: Solution, mentor: int) -> str:
    """Say what a further place with a mentor would be worth, as far as prices tell."""
    if round_.program.stable or solution.status != "optimal":
        return f"More places with mentors such as {round_.mentors.ids[mentor]} could help."
    people, points = _pair(solution.prices[mentor])
    who = round_.mentors.ids[mentor]
    if round_.problem.across:
        return f"One more place with {who} may help, as far as the constraints allow."
    if people == 0 and points > 0:
        return f"One more place with {who} would be worth {points:,} points to the round."
    return f"One more place with {who} would match one more person."


def _places(round_: Round, solution: Solution) -> tuple[Place, ...]:
    """Return every mentor's places and what they are worth, sorted by id."""
    taken = np.bincount(solution.mentor_of[solution.mentor_of >= 0], minlength=len(round_.mentors))
    found = [
        Place(
            mentor=str(round_.mentors.ids[col]),
            capacity=int(round_.mentors.capacity[col]),
            taken=int(taken[col]),
            one_more=_pair(solution.prices[col]),
            one_fewer=_pair(solution.max_prices[col]),
        )
        for col in range(len(round_.mentors))
    ]
    return tuple(sorted(found, key=lambda place: place.mentor))


def _pair(values: NDArray[np.int64]) -> tuple[int, int]:
    people, points = values.tolist()
    return people, points


def _record(round_: Round, solution: Solution) -> Record:
    """Say how the round was run."""
    survey, (n, m) = round_.survey, round_.scorer.shape
    removed = zip(survey.rules, survey.removed.sum(axis=0).tolist(), strict=True)
    always = {rule.name for rule, _ in round_.scorer.rules}
    return Record(
        mentees=n,
        mentors=m,
        places=int(round_.mentors.capacity.sum()),
        eligible_pairs=int(survey.eligible.sum()),
        criteria=tuple(
            AppliedCriterion(scored.name, scored.weight, scored.mean, scored.known)
            for scored in round_.scorer.criteria
        ),
        rules=tuple((name, count) for name, count in removed if count or name in always),
        skipped=round_.scorer.skipped,
        findings=_findings((*round_.findings, *_loud(round_, solution))),
        mapping={
            "mentors": dict(sorted(round_.mentors.mapping.items())),
            "mentees": dict(sorted(round_.mentees.mapping.items())),
        },
        hashes={
            "mentors": round_.mentors.fingerprint,
            "mentees": round_.mentees.fingerprint,
        }
        | ({"taxonomy": round_.taxonomy.fingerprint} if round_.taxonomy is not None else {}),
        versions={"matchkit": __version__} | {name: version(name) for name in LIBRARIES},
        constraints=tuple(term.told(solution.mentor_of) for term in round_.terms),
    )


def _findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as results store them: without file and row, in an order of their own."""
    kinds = get_args(Severity)
    return tuple(
        sorted(
            (finding.without_place() for finding in findings),
            key=lambda one: (-kinds.index(one.severity), one.column, one.id, one.message),
        )
    )


def _loud(round_: Round, solution: Solution) -> list[Finding]:
    """Report what nobody should miss: nothing to score by, nobody matched."""
    n, m = round_.scorer.shape
    said = []
    if not round_.scorer.criteria:
        said.append(
            Finding(
                "warning",
                "no criterion applied, so every pair scores 0 and the choice is by rules alone",
                mend="add columns such as skills and goals, or criteria on columns that are there",
            )
        )
    if not solution.matched and n:
        why = (
            "there is no mentor"
            if not m
            else "no mentor offers a place"
            if not round_.mentors.capacity.any()
            else "no pair meets every rule"
            if not round_.survey.eligible.any()
            else "no pair is worth making"
        )
        said.append(Finding("warning", f"nobody could be matched: {why}"))
    return said
