"""Weekly hours: windows in each person's own zone, and the same windows in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from matchkit.errors import ProgramError
from matchkit.profiles.lists import ragged_take
from matchkit.profiles.spoken_hours import DAY, WEEK, parse_clause
from matchkit.profiles.zones import zone_info

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS_MEND: Final = "write weekly windows such as 'Mon 09:00-11:30; Thu 14-16'"


@dataclass(frozen=True, eq=False)
class Windows:
    """Weekly time windows of many people.

    Attributes
    ----------
    indptr : int64 array (n + 1,)
        The windows of person ``i`` lie at ``indptr[i]:indptr[i + 1]``.
    start, end : int64 arrays (k,)
        Minutes from Monday 00:00, ``0 <= start < end <= 10080``; sorted and merged for each
        person. A window over the end of the week is split in two.

    Examples
    --------
    >>> windows = Windows.of_texts(["Mon 9-11; Mon 10:30-12", ""])
    >>> windows.start.tolist(), windows.end.tolist(), windows.lengths.tolist()
    ([540], [720], [1, 0])
    """

    indptr: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        for array in (self.indptr, self.start, self.end):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.indptr) - 1

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How many windows each person has, int64 (n,)."""
        return np.diff(self.indptr)

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Windows:
        """Read one cell of hours for each person.

        Raises
        ------
        ValueError
            A cell cannot be understood.
        """
        return cls.of_pairs([parse_windows(text) for text in texts])

    @classmethod
    def of_pairs(cls, people: Sequence[Sequence[tuple[int, int]]]) -> Windows:
        """Join windows given as ``(start, end)`` pairs, one sequence for each person."""
        owner = np.repeat(np.arange(len(people)), [len(pairs) for pairs in people])
        flat = np.array([pair for pairs in people for pair in pairs], dtype=np.int64).reshape(-1, 2)
        return merged(owner.astype(np.int64), flat[:, 0], flat[:, 1], people=len(people))

    def of(self, person: int) -> tuple[str, ...]:
        """Return one person's windows as text, day by day."""
        entries = slice(self.indptr[person], self.indptr[person + 1])
        return windows_text(
            zip(self.start[entries].tolist(), self.end[entries].tolist(), strict=True)
        )

    def take(self, order: ArrayLike) -> Windows:
        """Return the windows of some people, in the order given."""
        indptr, entries = ragged_take(self.indptr, order)
        return Windows(indptr, self.start[entries], self.end[entries])


def merged(
    owner: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], *, people: int
) -> Windows:
    """Sort and merge windows that lie within the week.

    Parameters
    ----------
    owner, start, end : int64 arrays (k,)
        Whose window it is, and from which to which minute of the week.
    people : int
        The number of people, windows or none.

    Returns
    -------
    Windows
        Windows that touch or overlap are one.
    """
    order = np.lexsort((end, start, owner))
    # Every person gets a week of their own on one long line: then one running maximum merges all.
    base = owner[order] * (2 * WEEK)
    begins, reach = start[order] + base, np.maximum.accumulate(end[order] + base)
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = begins[1:] > reach[:-1]
    last = np.append(np.flatnonzero(fresh)[1:] - 1, len(order) - 1) if len(order) else order
    indptr = np.zeros(people + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner[order][fresh], minlength=people), out=indptr[1:])
    return Windows(indptr, (begins - base)[fresh], (reach - base)[last])


def parse_windows(
    text: str, *, memory: dict[str, list[tuple[int, int]]] | None = None
) -> list[tuple[int, int]]:
    """Read one cell of weekly hours.

    Windows are set apart by ``;``, ``,`` or line breaks. A window names days and times, on
    the 24-hour clock or with am and pm; see `spoken_hours.parse_clause`. One that ends at or
    before its start runs over midnight, for at most twelve hours.

    Parameters
    ----------
    text : str
        Such as ``Mon 09:00-11:30; Thu 14-16`` or ``Mon-Fri 16-18``.
    memory : dict, optional
        Windows understood before, by their text: of many cells each is then read once.

    Returns
    -------
    list of (int, int)
        Start and end in minutes from Monday 00:00, in the order written; a window over the
        end of the week is split. Not merged yet.

    Raises
    ------
    ValueError
        Something is no window: the message says what.

    Examples
    --------
    >>> parse_windows("Mon 09:00-11:30; Sun 22-2")
    [(540, 690), (9960, 10080), (0, 120)]
    """
    known = {} if memory is None else memory
    pieces = []
    for clause in text.replace("\n", ";").split(";"):
        if clause not in known:
            known[clause] = _parse(clause) if clause.strip() else []
        pieces += known[clause]
    return pieces


def _parse(clause: str) -> list[tuple[int, int]]:
    """Read a clause whole, or else each of its parts by itself: the part at fault is named."""
    try:
        return parse_clause(clause)
    except ValueError:
        parts = [part for part in clause.split(",") if part.strip()]
        if len(parts) < 2:
            raise
        return [piece for part in parts for piece in parse_clause(part)]


def windows_text(pairs: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """Write windows as text, split at midnights.

    Examples
    --------
    >>> windows_text([(540, 690), (8520, 8760)])
    ('Mon 09:00-11:30', 'Sat 22:00-24:00', 'Sun 00:00-02:00')
    """
    texts = []
    for start, end in pairs:
        at = start
        while at < end:
            day, midnight = at // DAY, (at // DAY + 1) * DAY
            until = min(end, midnight)
            texts.append(f"{DAYS[day]} {_clock(at - day * DAY)}-{_clock(until - day * DAY)}")
            at = until
    return tuple(texts)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def utc_windows(
    windows: Windows, zones: Sequence[str] | NDArray[np.object_], week_of: date
) -> Windows:
    """Express weekly windows in minutes of the UTC week.

    Each end of a window is converted by the clock on the wall of that day, so that a change
    to or from daylight saving time within the week is honored.

    Parameters
    ----------
    windows : Windows
        Windows in each person's own zone, n people.
    zones : sequence of str (n,)
        Canonical zone names; ``""`` where a person states none, whose windows are then left
        out, because nobody can say when they are.
    week_of : date
        Any day of the week that counts.

    Returns
    -------
    Windows
        Minutes from Monday 00:00 UTC, taken modulo the week, split, sorted and merged.

    Raises
    ------
    ProgramError
        A zone does not exist, or `zones` does not fit `windows`.

    Examples
    --------
    >>> monday = Windows.of_texts(["Mon 00:30-02:00"])
    >>> utc_windows(monday, ["Europe/Oslo"], date(2027, 1, 11)).of(0)
    ('Mon 00:00-01:00', 'Sun 23:30-24:00')
    """
    if len(zones) != len(windows):
        message = f"{len(zones)} zones for {len(windows)} people"
        raise ProgramError(message)
    monday = week_of - timedelta(days=week_of.weekday())
    owner = np.repeat(np.arange(len(windows), dtype=np.int64), windows.lengths)
    names, zone_of = np.unique(np.asarray(zones, dtype=str), return_inverse=True)
    start, end = windows.start.copy(), windows.end.copy()
    known = np.ones(len(owner), dtype=bool)
    for code, zone in enumerate(names.tolist()):
        mine = zone_of[owner] == code
        if zone:
            start[mine] -= _offsets(zone, monday, windows.start[mine])
            end[mine] -= _offsets(zone, monday, windows.end[mine])
        else:
            known[mine] = False
    known &= end > start  # a window within the hour that the clocks skip does not happen
    return _wrapped(owner[known], start[known], end[known], people=len(windows))


def _offsets(zone: str, monday: date, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the offset from UTC, in minutes, at wall times of one week in one zone."""
    distinct, place = np.unique(minutes, return_inverse=True)
    midnight = datetime(monday.year, monday.month, monday.day)  # noqa: DTZ001  (wall time)
    info = zone_info(zone)
    minute = timedelta(minutes=1)
    offsets = [
        ((midnight + at * minute).replace(tzinfo=info).utcoffset() or timedelta(0)) // minute
        for at in distinct.tolist()
    ]
    return np.array(offsets, dtype=np.int64)[place]


def _wrapped(
    owner: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], *, people: int
) -> Windows:
    """Take windows modulo the week, splitting those that pass its end."""
    length = np.minimum(end - start, WEEK)
    start = start % WEEK
    end = start + length
    over = end > WEEK
    return merged(
        np.concatenate([owner, owner[over]]),
        np.concatenate([start, np.zeros(int(over.sum()), dtype=np.int64)]),
        np.concatenate([np.minimum(end, WEEK), end[over] - WEEK]),
        people=people,
    )
