"""Answers about a finished round: why this pair, and why not another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from matchkit.claims import posed, proof
from matchkit.errors import InfeasibleError
from matchkit.remedies import Nearest, Remedy, came_close
from matchkit.scoring import POINTS
from matchkit.shown import Shown, effort, worth_of

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.matching import Match, Matching, Place, Unmatched
    from matchkit.rounds import Round


@dataclass(frozen=True, slots=True)
class Explanation(Shown):
    """Why a mentee got this mentor, or none.

    ``str()`` tells it in lines; the fields are for programs.

    Attributes
    ----------
    mentee : str
        Id.
    match : Match or None
        The pair, with parts and evidence.
    unmatched : Unmatched or None
        The reason, where there is no pair.
    place : Place or None
        The places of the mentor, where there is a pair, and what they are worth to others;
        None as well where constraints across pairs leave that open.
    nearest : tuple of Nearest
        Where there is no pair and the people are at hand: the mentors whom the mentee came
        closest to, and what each lacked.
    remedies : tuple of Remedy
        The same for what would help, and what it would add, the most first.
    """

    mentee: str
    match: Match | None
    unmatched: Unmatched | None
    place: Place | None = None
    nearest: tuple[Nearest, ...] = ()
    remedies: tuple[Remedy, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each criterion: ``criterion, points, weight, known, evidence``.

        For a mentee without a mentor: one row for each rule, ``rule, removed``.
        """
        import pandas as pd

        if self.match is None:
            rules = self.unmatched.blocking if self.unmatched is not None else ()
            return pd.DataFrame(list(rules), columns=["rule", "removed"])
        rows = [
            (part.criterion, part.points, part.weight, part.known, "; ".join(part.evidence))
            for part in self.match.parts
        ]
        return pd.DataFrame(rows, columns=["criterion", "points", "weight", "known", "evidence"])

    def __str__(self) -> str:
        """Tell it in lines."""
        if self.match:
            return "\n".join((*_match_lines(self.match), *_worth_lines(self.match, self.place)))
        lines = [str(self.unmatched)]
        if self.unmatched and self.unmatched.tied:
            lines.append("  Another matching of equal value gives this mentee a mentor.")
        lines += [f"  Close was {near}." for near in self.nearest]
        lines += [f"  It would help: {remedy}." for remedy in self.remedies]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Move:
    """One person who would be matched differently; ``None`` is nobody."""

    mentee: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """Say who goes where."""
        came = self.before or "nobody"
        return f"{self.mentee} would go from {came} to {self.after or 'nobody'}"


@dataclass(frozen=True, slots=True)
class WhyNot(Shown):
    """Why a mentee did not get a certain mentor.

    Attributes
    ----------
    mentee, mentor : str
        Ids.
    matched : bool
        They are matched: there is nothing to answer.
    broken : tuple of (str, str)
        Rules that the pair breaks and both sides' values; then the rest is empty.
    fewer : int
        How many fewer people would be matched if the pair were forced.
    regret : int
        Micro-points that the round would lose, exactly. Where fewer people would be
        matched, their points are part of it.
    moves : tuple of Move
        Everybody who would be matched differently: the mentee first, then each who makes
        room for the one before, then those who fill the place that was left.
    seconds : float or None
        What it took to solve the round again, where constraints across pairs ask for that;
        no part of what two answers are compared by.
    """

    mentee: str
    mentor: str
    matched: bool = False
    broken: tuple[tuple[str, str], ...] = ()
    fewer: int = 0
    regret: int = 0
    moves: tuple[Move, ...] = ()
    seconds: float | None = field(default=None, compare=False)

    @property
    def loses_match(self) -> tuple[str, ...]:
        """Ids of those who would be left without a mentor."""
        return tuple(move.mentee for move in self.moves if move.before and not move.after)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each person who would move: ``mentee, before, after``.

        Blank is nobody. Where a rule stands in the way: ``rule, why``.
        """
        import pandas as pd

        if self.broken:
            return pd.DataFrame(list(self.broken), columns=["rule", "why"])
        rows = [(move.mentee, move.before or "", move.after or "") for move in self.moves]
        return pd.DataFrame(rows, columns=["mentee", "before", "after"])

    def __str__(self) -> str:
        """Tell it in sentences: people before points."""
        pair = f"{self.mentee} with {self.mentor}"
        if self.matched:
            return f"{pair}: they are matched."
        if self.broken:
            return f"{pair} is not possible: " + "; ".join(f"{a} ({b})" for a, b in self.broken)
        lines = [f"{pair} is possible, but not in the best matching."]
        if self.fewer > 0:
            noun = "person" if self.fewer == 1 else "people"
            lines.append(f"It would leave {self.fewer} more {noun} without a mentor.")
        if self.loses_match:
            lines.append(f"Left without a mentor: {', '.join(self.loses_match)}.")
        lost = self.regret / POINTS
        if self.regret > 0:
            lines.append(f"The round would lose {self.regret:,} points (score {lost:.3f}).")
        elif self.fewer > 0:
            lines.append(f"The points would rise by {-self.regret:,}, but people come first.")
        elif not self.fewer and not self.regret:
            lines.append("It would cost nothing: another matching of equal value has this pair.")
        else:
            better = f"{-self.fewer:+} people, {-self.regret:+,} points"
            lines.append(f"A better matching has this pair: {better}; this one is not the best.")
        lines += [f"  {move}" for move in self.moves]
        if self.seconds is not None:
            lines.append(effort(1, self.seconds))
        return "\n".join(lines)


def explain(matching: Matching, mentee: str) -> Explanation:
    """Say why a mentee got this mentor, or why none.

    Everything comes from what the result stores, at once, in rounds of any size. Only for
    somebody without a mentor are the people looked at: whom the mentee came close to, what
    each of them lacked, and what a change would add.

    Parameters
    ----------
    matching : Matching
        The result; one without its people answers from the evidence stored in it.
    mentee : str
        Id.

    Returns
    -------
    Explanation
        Parts with evidence, cautions, rank and runner-up; or reason and remedy.

    Raises
    ------
    UnknownPersonError
        No mentee has this id; the nearest ids are named.

    Examples
    --------
    >>> import matchkit as mk
    >>> matching = mk.match([{"id": "di", "skills": "sql:4"}], [{"id": "bo", "goals": "sql"}])
    >>> print(mk.explain(matching, "bo"))
    bo with di: score 0.893, choice 1 of 1
      SkillCoverage  607,143 of 714,286  goal 'sql' <- skill 'sql' level 4
      TextFit        285,714 of 285,714  shared words: sql
      No other mentor is possible.
      Every best matching has this pair.
      Nobody else waits for the place.
    """
    for one in matching.unmatched:
        if one.mentee == mentee:
            near, remedies = ((), ()) if matching.round_ is None else came_close(matching, mentee)
            return Explanation(mentee, None, one, None, near, remedies)
    match = matching[mentee]
    places = matching.places if matching.priced else ()
    place = next((place for place in places if place.mentor == match.mentor), None)
    return Explanation(mentee, match, None, place)


def _match_lines(match: Match) -> list[str]:
    rank = f"choice {match.rank} of {match.eligible}"
    lines = [f"{match.mentee} with {match.mentor}: score {match.score:.3f}, {rank}"]
    wide = max((len(part.criterion) for part in match.parts), default=0)
    for part in sorted(match.parts, key=lambda part: -part.points):
        why = "; ".join(part.evidence) if part.known else "unknown: the mean of the round"
        given = f"{part.points:,} of {part.weight:,}"
        lines.append(f"  {part.criterion:<{wide}}  {given:>18}  {why}".rstrip())
    lines += [f"  Look at: {caution}" for caution in match.cautions]
    if match.locked:
        lines.append("  The pair was set by hand.")
    if match.tied:
        lines.append("  Another matching of equal value gives this mentee somebody else.")
    if not match.runner_up:
        lines.append("  No other mentor is possible.")
    else:
        less = match.points - match.runner_up_points
        than = f"{abs(less):,} points {'less' if less > 0 else 'more'}" if less else "equal points"
        lines.append(f"  Best other mentor: {match.runner_up}, {than}.")
    return lines


def _worth_lines(match: Match, place: Place | None) -> list[str]:
    """Say how sure the pair is, and what it costs or gives the rest of the round."""
    lines: list[str] = []
    if place is None:
        return lines
    if not match.tied and not match.locked:
        lines.append("  Every best matching has this pair.")
    if place.one_more == (0, 0):
        lines.append("  Nobody else waits for the place.")
    else:
        bring, lose = worth_of(*place.one_more), worth_of(*match.surplus)
        lines.append(f"  The place would bring others {bring}: without the pair, {lose} less.")
    return lines


def why_not(matching: Matching, mentee: str, mentor: str) -> WhyNot:
    """Say why a mentee did not get a certain mentor: a broken rule, or the exact price.

    In a fair round, a pair that is worse than its worst counts as a broken rule; in a stable
    one the answer is who of the two would rather not. Otherwise the price is exactly what
    the best matching with this pair loses against the best matching without that condition.
    It comes from the proof of the optimum, not from solving again: a shortest chain of moves
    that makes room. Of chains that cost the same, it is one that moves the fewest people.

    Parameters
    ----------
    matching : Matching
        The result, with its people.
    mentee, mentor : str
        Ids.

    Returns
    -------
    WhyNot
        Broken rules with both sides' values; or regret, moves and who would lose a match.

    Raises
    ------
    DetachedError
        The result was loaded without its people.
    UnknownPersonError
        An id that nobody has; the nearest ids are named.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql:4"}, {"id": "gil", "skills": "python:5"}]
    >>> mentees = [{"id": "ana", "goals": "python"}, {"id": "bo", "goals": "sql"}]
    >>> answer = mk.why_not(mk.match(mentors, mentees), "ana", "di")
    >>> answer.fewer, answer.regret > 0, [str(move) for move in answer.moves]
    (0, True, ['ana would go from gil to di', 'bo would go from di to gil'])
    """
    round_ = matching.people
    row, col = round_.row(mentee), round_.column(mentor)
    if mentee in matching and matching[mentee].mentor == mentor:
        return WhyNot(mentee, mentor, matched=True)
    broken = _obstacles(round_, row, col) or tuple(_against(matching, row, col))
    if broken:
        return WhyNot(mentee, mentor, broken=broken)
    return _priced(matching, round_, row, col)


def _obstacles(round_: Round, row: int, col: int) -> tuple[tuple[str, str], ...]:
    """Return every hard condition that the pair breaks, with the values."""
    said = list(round_.scorer.broken(row, col))
    if [row, col] in round_.forbidden.tolist():
        said.append(("Forbidden", "the program forbids this pair"))
    said += [
        ("Locked", f"the mentee is locked to {round_.mentors.ids[other]}")
        for person, other in round_.locked.tolist()
        if person == row
    ]
    places = int(round_.mentors.capacity[col])
    taken = int((round_.locked[:, 1] == col).sum())
    if not places:
        said.append(("capacity", "the mentor offers no place"))
    elif taken >= places:
        held = "the only place" if places == 1 else f"all {places} places"
        said.append(("Locked", f"{held} of the mentor went to locked pairs"))
    return tuple(said)


def _against(matching: Matching, row: int, col: int) -> Iterator[tuple[str, str]]:
    """Yield what a fair or a stable round has against a pair that the rules allow."""
    round_, worst = matching.people, matching.certificate.worst
    mentee, mentor = str(round_.mentees.ids[row]), str(round_.mentors.ids[col])
    points = _points(round_, row, col)
    if worst is not None and points < worst:
        least = f"nobody in this round has to take less than {worst / POINTS:.3f}"
        yield "fair", f"the pair scores {points / POINTS:.3f}, and {least}"
    if matching.program.stable:
        own = matching[mentee].mentor if mentee in matching else ""
        if own and _points(round_, row, round_.column(own)) >= points:
            yield "stable", f"{mentee} scores no less with {own}"
        else:
            yield "stable", f"every mentee of {mentor} scores no less, in the mentor's own eyes"


def _points(round_: Round, row: int, col: int) -> int:
    """Return what a pair counts in the round."""
    return int(round_.problem.source.pairs(np.array([row]), np.array([col]))[0])


def _priced(matching: Matching, round_: Round, row: int, col: int) -> WhyNot:
    """Price the pair by the shortest chain of moves that makes it, from the stored proof."""
    from matchkit.assign import Residual

    if not matching.priced:
        return _solved_again(matching, round_, row, col)
    forced = Residual(*proof(matching)).forced(row, col)
    mentees, mentors = round_.mentees.ids.tolist(), [*round_.mentors.ids.tolist(), None]
    moves = tuple(Move(mentees[who], mentors[a], mentors[b]) for who, a, b in forced.moves)
    left = [move.after is None for move in moves].count(True)
    came = [move.before is None for move in moves].count(True)
    return WhyNot(mentees[row], mentors[col], fewer=left - came, regret=forced.points, moves=moves)


def _solved_again(matching: Matching, round_: Round, row: int, col: int) -> WhyNot:
    """Price the pair by another solve: with constraints across pairs no chain of moves tells it."""
    from matchkit.assign import solve

    mentees, mentors = round_.mentees.ids.tolist(), [*round_.mentors.ids.tolist(), None]
    problem, objective = posed(matching)
    locked = [*problem.locked.tolist(), [row, col]]
    started = time.perf_counter()
    try:
        other = solve(problem.changed(locked=locked), objective=objective)
    except InfeasibleError:
        named = ", ".join(term.constraint.name for term in round_.terms)
        why = "the pair cannot be made without breaking one of them"
        return WhyNot(mentees[row], mentors[col], broken=((named, why),))
    before = {match.mentee: match.mentor for match in matching.matches}
    after = [mentors[at] for at in other.mentor_of.tolist()]
    moves = [
        Move(who, before.get(who), now)
        for who, now in zip(mentees, after, strict=True)
        if before.get(who) != now
    ]
    done = matching.certificate
    return WhyNot(
        mentees[row],
        mentors[col],
        fewer=done.matched - other.matched,
        regret=done.maximized - other.worth,
        moves=tuple(sorted(moves, key=lambda move: (move.mentee != mentees[row], move.mentee))),
        seconds=time.perf_counter() - started,
    )
