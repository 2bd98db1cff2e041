"""The index of people who can be asked: one question in, a few willing experts out."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from os import PathLike
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from matchkit.buddies.buddy import Buddies
from matchkit.buddies.gate import Filters, Gate, checked_filters, rules_of
from matchkit.buddies.load import FAIRNESS, LIMIT, Load
from matchkit.buddies.naming import Naming
from matchkit.buddies.pools import few
from matchkit.buddies.question import Query, understood
from matchkit.buddies.scan import Learner
from matchkit.buddies.search import Wish, search
from matchkit.buddies.segment import UNSTATED, learned, segment
from matchkit.buddies.snapshot import Snapshot
from matchkit.buddies.store import read_index, write_index
from matchkit.buddies.times import ANY_DAY, Window, checked_window
from matchkit.errors import ProgramError, UnknownPersonError, nearest
from matchkit.profiles import Pool, read_people
from matchkit.scoring import SkillCoverage

if TYPE_CHECKING:
    from matchkit.embedding import Embedder
    from matchkit.profiles import Taxonomy
    from matchkit.program import Program
    from matchkit.scoring.base import Rule

CLOSE_IDS = 10_000
"""People up to whom an unknown id is compared with all others, which takes time."""


class BuddyIndex:
    """People who can be asked for help, found by what they can do.

    A lookup never waits and never changes anything: any number of threads may ask while one
    of them updates, and each answer is right for one state between its start and its end.

    Parameters
    ----------
    people : str, path, frame, or iterable of Profile or dict
        Who can be asked, as `read_people` takes them. The column ``weekly_limit`` may say how
        often each wants to be asked in a week.
    program : Program, optional
        Its rules say who may be sent to whom, its first `SkillCoverage` how a lead in level
        teaches, and its seed decides exact ties. By default the rules are ``NotSelf``,
        ``Avoid`` and ``SharedLanguage``.
    taxonomy : Taxonomy, optional
        Names of skills that count before those that matchkit knows itself.
    embedder : Embedder, optional
        Tells what texts mean; by default text vectors are made from the people's own words.
    weekly_limit : int, default 5
        Requests a week that a person gets who states no limit.
    fairness : float, default 0.5
        How far requests are spread, 0 to 1: people are ranked by
        ``score * (1 - fairness * load / limit)``.

    Raises
    ------
    ProfileError
        People cannot be read as given; all faults together.
    ProgramError
        A setting is out of range.

    Examples
    --------
    >>> import matchkit as mk
    >>> index = mk.BuddyIndex([
    ...     {"id": "di", "skills": "PostgreSQL:5; SQL:4"},
    ...     {"id": "gil", "skills": "Public speaking:4; SQL:2"},
    ... ])
    >>> for buddy in index.find("my postgres query is slow"):
    ...     print(buddy)
    di 0.42: skill 'PostgreSQL' level 5, found as 'postgres': postgres
    >>> index.find("sourdough").hint
    'nobody here offers this, and no skill on offer is close; name a skill'
    """

    def __init__(
        self,
        people: Any,
        program: Program | None = None,
        *,
        taxonomy: Taxonomy | None = None,
        embedder: Embedder | None = None,
        weekly_limit: int = LIMIT,
        fairness: float = FAIRNESS,
    ) -> None:
        if not 0 <= fairness <= 1:
            raise ProgramError(f"fairness is {fairness}; give a number between 0 and 1")
        if weekly_limit < 1:
            raise ProgramError(f"weekly_limit is {weekly_limit}; give 1 or more")
        pool = read_people(people, name="people")
        naming = Naming(taxonomy)
        statistics = learned(pool, naming, embedder)
        seed = 0 if program is None else program.seed
        first = segment(pool, naming, statistics, embedder=embedder, seed=seed)
        everybody = (np.zeros(len(pool), dtype=bool),)
        snapshot = Snapshot(statistics, naming, embedder, (first,), everybody, Load({}), seed)
        self._start(snapshot, program, weekly_limit, fairness)

    def _start(
        self, snapshot: Snapshot, program: Program | None, limit: int, fairness: float
    ) -> None:
        self._program, self._limit, self._fairness = program, limit, fairness
        self._rules, self._teach = rules_of(program), _teach(program)
        self._writing = threading.Lock()
        self._snapshot = snapshot
        snapshot.naming.meant(["warm up"])  # so that the first lookup is as fast as the next

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self._snapshot)

    def __contains__(self, person: object) -> bool:
        """Return whether somebody with this id can be asked."""
        return isinstance(person, str) and self._snapshot.locate(person) is not None

    def __repr__(self) -> str:
        """Return the number of people and of skills."""
        skills = {skill for each in self._snapshot.segments for skill in each.skills}
        return f"BuddyIndex({len(self):,} people, {len(skills):,} skills)"

    @property
    def people(self) -> Pool:
        """Everybody who can be asked, as columns."""
        return self._snapshot.people

    def find(
        self,
        query: Query,
        k: int = 5,
        *,
        seeker: str | Mapping[str, Any] | None = None,
        min_score: float | None = None,
        filters: Filters | None = None,
        when: Window | None = None,
    ) -> Buddies:
        """Return the people who can help best.

        Parameters
        ----------
        query : str, or list of str or (str, int)
            A question in free text, the name of a skill, or skills with the levels wanted,
            such as ``["sql:4", ("python", 3)]``.
        k : int, default 5
            How many people at most.
        seeker : str or mapping, optional
            The one who asks: an id of the index, or a record of somebody who is not in it.
            They are never sent to themselves or where a rule forbids it; near clocks and a
            lead in level that can be taught come first.
        min_score : float, optional
            The least score, in [0, 1]. By default a skill must be what is asked for with a
            probability of at least 0.15.
        filters : mapping, optional
            Column -> value, or collection of values; of lists one must be in it.
        when : (datetime, datetime), optional
            Only people who are free for half an hour within this window, by their weekly
            hours; whoever states none is not. Its week is the one whose load counts; without
            it the latest week in which a request was noted.

        Returns
        -------
        Buddies
            A tuple of `Buddy`, best first; where it is empty, with a hint.

        Raises
        ------
        ProgramError
            An argument is wrong, or the question is longer than 10,000 characters.
        UnknownPersonError
            Nobody has the seeker's id.
        """
        if k < 1:
            raise ProgramError(f"k is {k}; ask for 1 person or more")
        if min_score is not None and not 0 <= min_score <= 1:
            raise ProgramError(f"min_score is {min_score}; give a number between 0 and 1")
        snapshot = self._snapshot
        window = None if when is None else checked_window(when)
        asks = understood(query, snapshot.statistics)
        who, learner = (
            (None, Learner({}, self._teach)) if seeker is None else self._seeker(snapshot, seeker)
        )
        gate = Gate(
            seeker=who,
            rules=self._rules,
            forbidden=self._forbidden(who),
            filters=checked_filters(filters, [each.people for each in snapshot.segments]),
            window=window,
            start=self._day(window),
        )
        asked = snapshot.load.of_week(window[0] if window else None)
        return search(
            snapshot, asks,
            Wish(k, min_score, gate, learner, asked, self._limit, self._fairness),
        )  # fmt: skip

    # Folders ----------------------------------------------------------------------------------

    def save(self, directory: str | PathLike[str]) -> None:
        """Write the index into a folder, whole or not at all.

        Parameters
        ----------
        directory : path
            An empty or new folder, or one that holds a former index and nothing else.

        Raises
        ------
        ProgramError
            Something else stands there, or it cannot be written.
        """
        program = None if self._program is None else self._program.model_dump(mode="json")
        settings = {
            "program": program, "weekly_limit": self._limit, "fairness": self._fairness
        }  # fmt: skip
        write_index(directory, self._snapshot, settings)

    @classmethod
    def load(
        cls,
        directory: str | PathLike[str],
        *,
        embedder: Embedder | None = None,
        custom: Sequence[type[Rule]] = (),
    ) -> Self:
        """Read an index that :meth:`save` wrote; text vectors stay on the disk until needed.

        Parameters
        ----------
        directory : path
            The folder.
        embedder : Embedder, optional
            The one with which the index was made, if any.
        custom : sequence of classes
            Your own rules that its program names.

        Returns
        -------
        BuddyIndex
            With the same people, settings and requests noted.

        Raises
        ------
        ResultError
            There is no index, or it is damaged, or of another version.
        ProgramError
            The embedder is missing, or the program names a rule that is not given.
        """
        from matchkit.program import Program

        stored = read_index(directory, embedder)
        settings = stored.settings
        plain = settings["program"]
        program = None if plain is None else Program.from_dict(plain, custom=custom)
        index = cls.__new__(cls)
        cls._start(index, stored.snapshot, program, settings["weekly_limit"], settings["fairness"])
        return index

    # The seeker -------------------------------------------------------------------------------

    def _seeker(self, snapshot: Snapshot, seeker: str | Mapping[str, Any]) -> tuple[Pool, Learner]:
        """Return the one who asks, and what they know already."""
        if isinstance(seeker, str):
            number, at = _place(snapshot, seeker)
            whole = snapshot.segments[number]
            pool = few(whole.people, np.array([at]))
            meant = whole.meant_by(at)
        else:
            pool = read_people([seeker], name="seeker")
            named = snapshot.naming.named(pool.skills.labels)
            codes = zip(pool.skills.labels, named.codes.tolist(), strict=True)
            meant = {label: named.skills[code] for label, code in codes}
        levels: dict[str, int] = {}
        entries = zip(pool.skills.codes.tolist(), pool.skills.levels.tolist(), strict=True)
        for code, level in entries:
            skill = meant[pool.skills.labels[code]]
            levels[skill] = max(levels.get(skill, 0), level or UNSTATED)
        return replace(pool, role="mentee"), Learner(levels, self._teach)

    def _day(self, window: Window | None) -> date:
        if self._program is not None and self._program.start is not None:
            return self._program.start
        return ANY_DAY if window is None else window[0].date()

    def _forbidden(self, seeker: Pool | None) -> frozenset[str]:
        if self._program is None or seeker is None:
            return frozenset()
        pairs = self._program.forbidden
        return frozenset(pair.mentor for pair in pairs if pair.mentee == seeker.ids[0])

    # Changes ----------------------------------------------------------------------------------

    def record(self, person: str, *, when: date) -> None:
        """Note that somebody was asked.

        Parameters
        ----------
        person : str
            Id.
        when : date or datetime
            When; nothing here ever asks what day it is. Moments count in UTC.

        Raises
        ------
        UnknownPersonError
            Nobody has this id.
        """
        with self._writing:
            snapshot = self._snapshot
            _place(snapshot, person)
            self._snapshot = replace(snapshot, load=snapshot.load.noted(person, when))

    def add(self, people: Any) -> None:
        """Take in more people.

        Parameters
        ----------
        people
            As for the index.

        Raises
        ------
        ProfileError
            They cannot be read as given.
        ProgramError
            Some are in the index already.
        """
        pool = read_people(people, name="people")
        with self._writing:
            known = [who for who in pool.ids.tolist() if who in self]
            if known:
                raise ProgramError(
                    f"already in the index: {_some(known)}; use update() to change them"
                )
            if len(pool):
                self._snapshot = self._snapshot.with_people(pool)

    def update(self, people: Any) -> None:
        """Put people who are there in the place of their former records.

        Parameters
        ----------
        people
            As for the index; each whole, since nothing of the former record stays.

        Raises
        ------
        ProfileError
            They cannot be read as given.
        UnknownPersonError
            Some are not in the index.
        """
        pool = read_people(people, name="people")
        with self._writing:
            places = _places(self._snapshot, pool.ids.tolist())
            if len(pool):
                self._snapshot = self._snapshot.without(places).with_people(pool)

    def remove(self, people: str | Iterable[str]) -> None:
        """Let people leave.

        Parameters
        ----------
        people : str or iterable of str
            One id, or several.

        Raises
        ------
        UnknownPersonError
            Some are not in the index; then nobody leaves.
        """
        ids = [people] if isinstance(people, str) else list(people)
        with self._writing:
            self._snapshot = self._snapshot.without(_places(self._snapshot, ids))


def _teach(program: Program | None) -> tuple[float, ...]:
    """Return how well each lead in level is taught."""
    criteria = () if program is None else program.criteria
    found = (each for each in criteria if isinstance(each, SkillCoverage))
    return next(found, SkillCoverage()).teach


def _place(snapshot: Snapshot, person: str) -> tuple[int, int]:
    return _places(snapshot, [person])[0]


def _places(snapshot: Snapshot, people: list[str]) -> list[tuple[int, int]]:
    """Return where people stand, naming all who are unknown at once."""
    found = [(who, snapshot.locate(who)) for who in people]
    unknown = [who for who, place in found if place is None]
    if unknown:
        ids = snapshot.people.ids.tolist() if len(snapshot) <= CLOSE_IDS else []
        hint = nearest(unknown[0], ids)
        raise UnknownPersonError(f"nobody in the index has the id {_some(unknown)}{hint}")
    return [place for _, place in found if place is not None]


def _some(ids: list[str]) -> str:
    more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
    return ", ".join(map(repr, ids[:3])) + more
