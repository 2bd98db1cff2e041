"""What if: the same round with something changed, matched again and held against the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from matchkit.answers import Move
from matchkit.constraints import Forbidden, Locked
from matchkit.errors import ProgramError, UnknownPersonError, nearest
from matchkit.pipeline import rematch
from matchkit.program import Program
from matchkit.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.matching import Matching
    from matchkit.profiles import Pool
    from matchkit.rounds import Round

Pairs = tuple[str, str] | Iterable[tuple[str, str]]

_MOST = 1 << 31  # places more or fewer: as good as any number


@dataclass(frozen=True, eq=False, repr=False)
class WhatIf(Shown):
    """A round matched again under other conditions, and what is different.

    Attributes
    ----------
    asked : tuple of str
        What was changed, in words.
    before, matching : Matching
        The result that was given, and the new one, as complete as any.
    moves : tuple of Move
        Mentees of both rounds who are matched differently, by id.
    """

    asked: tuple[str, ...]
    before: Matching
    matching: Matching
    moves: tuple[Move, ...]

    @property
    def people(self) -> int:
        """How many more are matched; below 0 for fewer."""
        return len(self.matching) - len(self.before)

    @property
    def points(self) -> int:
        """How many more points the pairs sum to; below 0 for fewer."""
        return self.matching.certificate.total - self.before.certificate.total

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each mentee who is matched differently.

        Columns ``mentee, before, after, points_before, points_after``; blank and missing
        where there is nobody.
        """
        import pandas as pd

        rows = []
        for move in self.moves:
            both = (self.before, self.matching)
            points = [one[move.mentee].points if move.mentee in one else None for one in both]
            rows.append((move.mentee, move.before or "", move.after or "", *points))
        columns = ["mentee", "before", "after", "points_before", "points_after"]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype(dict.fromkeys(columns[3:], "Int64"))

    def __str__(self) -> str:
        """Say what was changed, what it adds or costs, and who would move."""
        asked = "; ".join(self.asked) or "nothing changed"
        lines = [f"If {asked}:", *self._outcome()]
        if self.moves:
            who = "1 mentee" if len(self.moves) == 1 else f"{len(self.moves)} mentees"
            lines.append(f"{who} would be matched differently.")
        else:
            lines.append("Nobody would be matched differently.")
        return "\n".join([*lines, *(f"  {move}" for move in self.moves)])

    def _outcome(self) -> list[str]:
        old, new = (f"{len(one)} of {one.record.mentees}" for one in (self.before, self.matching))
        said = [f"{new} mentees matched, {'as before' if new == old else f'before {old}'}."]
        if self.points:
            verb = "more" if self.points > 0 else "fewer"
            said.append(f"The pairs would sum to {abs(self.points):,} {verb} points.")
        return said

    def __repr__(self) -> str:
        """Return the difference on one line."""
        return f"WhatIf({self.people:+} people, {self.points:+,} points, {len(self.moves)} moved)"


def what_if(
    matching: Matching,
    *,
    lock: Pairs = (),
    forbid: Pairs = (),
    drop: str | Iterable[str] = (),
    add_places: Mapping[str, int] | None = None,
    program: Program | None = None,
) -> WhatIf:
    """Change something, match again, and say what is different.

    Parameters
    ----------
    matching : Matching
        The result, with its people; it stays as it is.
    lock, forbid : pair or iterable of pairs
        Pairs (mentee, mentor) to set or to forbid, beside those of the program.
    drop : str or iterable of str
        Ids of people who leave, from whatever side they are on. What the program says of
        them goes with them.
    add_places : mapping of str to int
        Places to add for each mentor, below 0 to take some away.
    program : Program, optional
        Another program; that of the result where none is given.

    Returns
    -------
    WhatIf
        The new matching, and who would be matched differently.

    Raises
    ------
    DetachedError
        The result was loaded without its people.
    UnknownPersonError
        An id that nobody has; the nearest ids are named.
    InfeasibleError
        The conditions can't be met together.
    ProgramError
        A mentor would be left with fewer than no places.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql:4"}, {"id": "gil", "skills": "python:5"}]
    >>> mentees = [{"id": "ana", "goals": "python"}, {"id": "bo", "goals": "sql"}]
    >>> print(mk.what_if(mk.match(mentors, mentees), drop="gil"))
    If gil leaves:
    1 of 2 mentees matched, before 2 of 2.
    The pairs would sum to 892,857 fewer points.
    1 mentee would be matched differently.
      ana would go from gil to nobody
    """
    round_ = matching.people
    locks, bans = _pairs(lock), _pairs(forbid)
    gone = tuple(map(str, (drop,) if isinstance(drop, str | int) else drop))
    more = _more(add_places or {})
    _check_people(round_, gone, more)
    chosen = _without(program or round_.program, frozenset(gone))
    extra = [*(Locked(*pair) for pair in locks), *(Forbidden(*pair) for pair in bans)]
    changed = rematch(
        round_,
        program=chosen.model_copy(update={"constraints": (*chosen.constraints, *extra)}),
        mentees=_staying(round_.mentees, gone),
        mentors=_staying(with_places(round_.mentors, more), gone),
        result=matching,
    )
    asked = [
        *(f"{mentee} is matched with {mentor}" for mentee, mentor in locks),
        *(f"{mentee} may not have {mentor}" for mentee, mentor in bans),
        *(f"{who} leaves" for who in gone),
        *(f"{who} has {_places(count)}" for who, count in more.items() if count),
        *(["another program applies"] if program and program != round_.program else []),
    ]
    return WhatIf(tuple(asked), matching, changed, _moves(matching, changed))


def _pairs(given: Pairs) -> tuple[tuple[str, str], ...]:
    """Return pairs, of which one may be given by itself."""
    listed = tuple(given)
    if len(listed) == 2 and all(isinstance(who, str | int) for who in listed):
        return ((str(listed[0]), str(listed[1])),)
    for pair in listed:
        if isinstance(pair, str | int) or len(pair) != 2:
            raise ProgramError(f"{pair!r} is no pair; give (mentee, mentor)")
    return tuple((str(pair[0]), str(pair[1])) for pair in listed)


def _more(given: Any) -> dict[str, int]:
    """Return by how many places mentors have more; refuse what is no whole number."""
    if not isinstance(given, Mapping):
        raise ProgramError(f"add_places is {given!r}; give numbers by mentor, such as {{'gil': 1}}")
    asked: dict[Any, Any] = dict(given)
    wrong = [
        f"{who} can't have {count!r} more places; give a whole number"
        for who, count in asked.items()
        if isinstance(count, bool)
        or not isinstance(count, int | np.integer)
        or abs(int(count)) > _MOST
    ]
    if wrong:
        raise ProgramError("\n".join(wrong))
    return {str(who): int(count) for who, count in asked.items()}


def _check_people(round_: Round, gone: Iterable[str], more: Mapping[str, int]) -> None:
    """Name everybody whom the round does not have, and places that can't be."""
    ids = [*round_.mentees.ids.tolist(), *round_.mentors.ids.tolist()]
    unknown = [who for who in gone if who not in set(ids)]
    lines = [f"nobody has the id {who!r}{nearest(who, ids)}" for who in unknown]
    known = round_.mentors.index
    mentors = round_.mentors.ids.tolist()
    lines += [
        f"no mentor has the id {who!r}{nearest(who, mentors)}" for who in more if who not in known
    ]
    if lines:
        raise UnknownPersonError("\n".join(lines))
    short = [
        f"{who} has {_places(int(round_.mentors.capacity[known[who]]), '')}; can't take {-count}"
        for who, count in more.items()
        if round_.mentors.capacity[known[who]] + count < 0
    ]
    if short:
        raise ProgramError("\n".join(short))


def _places(count: int, more: str | None = None) -> str:
    """Say how many places."""
    kind = ("more " if count > 0 else "fewer ") if more is None else more
    return f"{abs(count)} {kind}{'place' if abs(count) == 1 else 'places'}"


def _without(program: Program, gone: frozenset[str]) -> Program:
    """Return a program that does not speak of some people."""
    if not gone:
        return program
    kept = tuple(
        each
        for each in program.constraints
        if not (isinstance(each, Locked | Forbidden) and gone & {each.mentee, each.mentor})
    )
    priority = tuple(who for who in program.priority if who not in gone)
    return program.model_copy(update={"constraints": kept, "priority": priority})


def _staying(pool: Pool, gone: Iterable[str]) -> Pool:
    """Return a pool without some people."""
    left = {pool.index[who] for who in gone if who in pool.index}
    return pool.take([at for at in range(len(pool)) if at not in left]) if left else pool


def with_places(mentors: Pool, more: Mapping[str, int]) -> Pool:
    """Return mentors of whom some offer more places, or fewer."""
    if not any(more.values()):
        return mentors
    capacity = mentors.capacity.copy()
    for who, count in more.items():
        capacity[mentors.index[who]] += count
    cells = np.array([str(count) for count in capacity.tolist()], dtype=object)
    columns = {**mentors.columns, "capacity": cells}
    return replace(mentors, capacity=capacity, columns=columns)


def _moves(before: Matching, after: Matching) -> tuple[Move, ...]:
    """Return who of both rounds is matched differently."""
    old = {match.mentee: match.mentor for match in before.matches}
    new = {match.mentee: match.mentor for match in after.matches}
    both = {one.mentee for one in before.everyone} & {one.mentee for one in after.everyone}
    return tuple(
        Move(who, old.get(who), new.get(who))
        for who in sorted(both)
        if old.get(who) != new.get(who)
    )
