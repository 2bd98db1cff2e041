"""Constraints that cannot be kept together, in the words of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchkit.constraints import MinLoad

if TYPE_CHECKING:
    from matchkit.assign import Clash, Conflict
    from matchkit.rounds import Round

NAMED = 8
"""People named in one line; their number is always given."""


def clash_lines(round_: Round, clash: Clash) -> tuple[str, ...]:
    """Return a line for each constraint and lock that cannot be kept with the others.

    Parameters
    ----------
    round_ : Round
        The people and the program.
    clash : Clash
        What the engine found, in indices.
    """
    loads = [each.at for each in clash.conflicts if each.kind == "load"]
    named = [_named(round_, each) for each in clash.conflicts if each.kind != "load"]
    if loads:
        named.append(_loads(round_, loads))
    if len(named) > 1:
        rest = "cannot be kept together with the others named here: relax one of them"
    else:
        rest = "cannot be kept in this round"
    lines = [f"{one} {rest}" for one in named]
    if loads and clash.mentees.size < clash.wanted:
        people = "mentee" if clash.wanted == 1 else "mentees"
        lines.append(
            f"the least loads there ask for {clash.wanted} {people}, "
            f"and only {clash.mentees.size} may be matched with these mentors"
        )
    return tuple(lines)


def _named(round_: Round, conflict: Conflict) -> str:
    """Name a constraint with what it asks for, or a lock."""
    if conflict.kind == "lock":
        row, col = round_.locked[conflict.at].tolist()
        return f"Locked({round_.mentees.ids[row]}, {round_.mentors.ids[col]})"
    owners = [term for term in round_.terms for _ in term.quotas]
    constraint = owners[conflict.at].constraint
    bounds = (("at least", "at_least"), ("at most", "at_most"))
    asked = [(word, getattr(constraint, name, None)) for word, name in bounds]
    said = " and ".join(f"{word} {value}" for word, value in asked if value is not None)
    return f"{constraint.name}{f', {said},' if said else ''}"


def _loads(round_: Round, mentors: list[int]) -> str:
    """Name least loads, all in one line."""
    asking = next(
        term.constraint.name
        for term in round_.terms
        if isinstance(term.constraint, MinLoad) and term.min_load[mentors].any()
    )
    ids = sorted(str(round_.mentors.ids[col]) for col in mentors)
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{asking} for {', '.join(ids[:NAMED])}{more}"
