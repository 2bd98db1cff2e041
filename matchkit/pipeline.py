"""The main job: people in, a proven matching out. Every stage stands on this screen."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from time import monotonic
from typing import TYPE_CHECKING

from matchkit.assembly import assemble
from matchkit.claims import start_from
from matchkit.clashes import clash_lines
from matchkit.conflicting import Conditions, ways_out
from matchkit.continuity import Previous
from matchkit.errors import InfeasibleError, ProgramError
from matchkit.matching import Matching
from matchkit.profiles import chosen_taxonomy
from matchkit.profiles.both import read_both
from matchkit.program import Program
from matchkit.rounds import precedence, prepare, silent
from matchkit.scores import Scores, tabulate

if TYPE_CHECKING:
    from matchkit.assign import Progress
    from matchkit.profiles import ColumnMap, Pool, Taxonomy
    from matchkit.rounds import Round

    Columns = ColumnMap | Mapping[str, str] | str | PathLike[str] | None


def match(  # noqa: PLR0913  (one for each thing that a round can depend on)
    mentors: object,
    mentees: object = None,
    *,
    program: Program | None = None,
    columns: Columns = None,
    previous: Matching | None = None,
    stay_bonus: int | None = None,
    taxonomy: Taxonomy | str | PathLike[str] | None = None,
    on_progress: Progress | None = None,
    deadline: float | None = None,
    memory_limit: int | None = None,
) -> Matching:
    """Match mentors with mentees: the best matching that the rules allow, proven.

    Parameters
    ----------
    mentors, mentees : path, data frame, or list of Profile or dict
        The two sides: a file (CSV, Excel, JSON), any frame that narwhals reads (pandas,
        polars, ...), or records. One source alone may hold both: then a column ``side`` says
        who is a mentor, a mentee or both, or a workbook has a sheet for each.
    program : Program, optional
        The configuration; the documented default where none is given.
    columns : mapping of str to str, path, or ColumnMap, optional
        Which headings are which columns, or a mapping file that says so.
    previous : Matching, optional
        The round before, for a change in the middle of a programme: its pairs count
        ``stay_bonus`` more points, in what is maximized and nowhere else, so that changing
        one has a price. ``matching.continuity`` says what became of them.
    stay_bonus : int, optional
        That price, in micro-points. By default so high that, after matching the most
        people, as few pairs change as possible.
    taxonomy : Taxonomy or path, optional
        Skills of your own by name; they count before those that matchkit knows.
    on_progress : callable, optional
        Called as ``on_progress(stage, done, total, gap)``; the gap is None until it is
        known. What it raises ends the round, which leaves nothing behind.
    deadline : float, optional
        Seconds from the call after which to go on no longer: the best matching so far is
        returned, and its certificate has the status ``"deadline"`` and says how far it is
        from the best at most. Reading, scoring, proof and checks are not cut off, nor are
        stable rounds; under constraints across pairs the first matching that keeps them is
        waited for. Such a result is the same bytes again only
        where time runs out at the same point.
    memory_limit : int, optional
        Bytes that finding the matching may take. By default the memory that the machine has.

    Returns
    -------
    Matching
        Matches with parts and evidence, the unmatched with reasons, and the certificate.

    Raises
    ------
    ProfileError
        The people cannot be read as given; all faults of both sides together.
    ProgramError
        The program does not fit these people.
    InfeasibleError
        Locks or constraints contradict the rules or each other: what clashes, and the
        cheapest way out.
    TooLargeError
        The round needs more memory than allowed.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql:4"}, {"id": "gil", "skills": "python:5"}]
    >>> mentees = [{"id": "ana", "goals": "python"}, {"id": "bo", "goals": "sql"}]
    >>> matching = mk.match(mentors, mentees)
    >>> [(pair.mentee, pair.mentor) for pair in matching]
    [('ana', 'gil'), ('bo', 'di')]
    """
    program = _chosen(program)
    report, end = on_progress or silent, _end(deadline)
    mentor_pool, mentee_pool = read_sides(mentors, mentees, columns, report)
    before = _before(previous, stay_bonus, (mentee_pool, mentor_pool))
    known = chosen_taxonomy(taxonomy)
    try:
        round_ = prepare(mentee_pool, mentor_pool, program, before, taxonomy=known)
        return _decided(round_, report, end=end, memory_limit=memory_limit, before=previous)
    except InfeasibleError as error:
        ways = ways_out(Conditions(mentee_pool, mentor_pool, program, before, known))
        raise InfeasibleError((*error.lines, *ways), error.clash) from error


def _end(deadline: float | None) -> float | None:
    """Return when the clock will have run out."""
    number = isinstance(deadline, int | float) and deadline >= 0
    if deadline is not None and not number:
        raise ProgramError(f"deadline is {deadline!r}; give seconds, 0 or more")
    return None if deadline is None else monotonic() + deadline


def rematch(
    round_: Round,
    *,
    program: Program | None = None,
    mentees: Pool | None = None,
    mentors: Pool | None = None,
    result: Matching | None = None,
) -> Matching:
    """Match a round again with another program or other people.

    Parameters
    ----------
    round_ : Round
        The round; the one before it counts again.
    result : Matching, optional
        What came of it: where to begin. It changes nothing but the time that it takes.
    program : Program, optional
    mentees, mentors : Pool, optional
        What to put in the place of its own.
    """
    mentees = round_.mentees if mentees is None else mentees
    mentors = round_.mentors if mentors is None else mentors
    again = prepare(
        mentees,
        mentors,
        program or round_.program,
        round_.previous,
        taxonomy=round_.taxonomy,
    )
    return _decided(again, silent, before=result)


def _decided(
    round_: Round,
    report: Progress,
    *,
    end: float | None = None,
    memory_limit: int | None = None,
    before: Matching | None = None,
) -> Matching:
    """Score, solve and tell a round."""
    from matchkit.assign import solve

    round_.measure(report)
    try:  # nothing unverified leaves it
        solution = solve(
            round_.problem,
            objective=round_.program.objective,
            on_progress=report,
            memory_limit=memory_limit,
            deadline=None if end is None else max(0.0, end - monotonic()),
            start=None if before is None else start_from(before, round_),
        )
    except InfeasibleError as error:
        if error.clash is None:
            raise
        raise InfeasibleError(clash_lines(round_, error.clash), error.clash) from error
    return assemble(round_, solution)


def score(
    mentors: object,
    mentees: object = None,
    *,
    program: Program | None = None,
    columns: Columns = None,
    taxonomy: Taxonomy | str | PathLike[str] | None = None,
) -> Scores:
    """Score every pair of a round that fits in memory: the numbers that match() uses.

    Parameters
    ----------
    mentors, mentees : path, data frame, or list of Profile or dict
        As for :func:`match`.
    program : Program, optional
        The configuration; the documented default where none is given.
    columns : mapping of str to str, path, or ColumnMap, optional
        As for :func:`match`.
    taxonomy : Taxonomy or path, optional
        As for :func:`match`.

    Returns
    -------
    Scores
        Points and eligibility, shape (mentees, mentors), both sorted by id.

    Raises
    ------
    ProfileError, ProgramError, InfeasibleError, TooLargeError
        As for :func:`match`.

    Examples
    --------
    >>> import matchkit as mk
    >>> scores = mk.score([{"id": "di", "skills": "sql:4"}], [{"id": "bo", "goals": "sql"}])
    >>> scores.points.shape, bool(scores.eligible[0, 0])
    ((1, 1), True)
    """
    program = _chosen(program)
    mentor_pool, mentee_pool = read_sides(mentors, mentees, columns, silent)
    known = chosen_taxonomy(taxonomy)
    return tabulate(prepare(mentee_pool, mentor_pool, program, taxonomy=known))


def _chosen(program: object) -> Program:
    """Return the program given, or the default one."""
    if program is None:
        return Program()
    if not isinstance(program, Program):
        raise ProgramError(
            f"program is of type {type(program).__name__}; give a Program, such as "
            "Program.from_toml(path) or Program.from_dict(data)"
        )
    return program


def _before(previous: object, stay_bonus: object, pools: tuple[Pool, Pool]) -> Previous | None:
    """Return what counts of the round before, with the price of changing one of its pairs."""
    if previous is None:
        if stay_bonus is not None:
            raise ProgramError("stay_bonus needs the round before: match(..., previous=matching)")
        return None
    if not isinstance(previous, Matching):
        raise ProgramError(
            f"previous is of type {type(previous).__name__}; give the Matching of the round "
            "before, such as Matching.from_json(text)"
        )
    from matchkit.assign.door import BONUS

    if stay_bonus is None:
        mentees, mentors = pools
        stay_bonus = precedence(len(mentees), len(mentors), int(mentors.capacity.sum()))
    if not isinstance(stay_bonus, int) or isinstance(stay_bonus, bool) or stay_bonus < 0:
        raise ProgramError(f"stay_bonus == {stay_bonus!r}, must be whole points, 0 or more")
    if stay_bonus > BONUS:
        raise ProgramError(f"stay_bonus == {stay_bonus}, must be {BONUS} points or fewer")
    pairs = tuple((each.mentee, each.mentor) for each in previous)
    return Previous.of(previous.to_json(), pairs, stay_bonus)


def read_sides(
    mentors: object, mentees: object, columns: Columns, report: Progress
) -> tuple[Pool, Pool]:
    """Read both sides, and raise the faults of both together."""
    return read_both(mentors, mentees, columns, lambda done: report("read", done, 2, None))
