"""The pool: one side's people as columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from matchkit.errors import Finding, ProfileError, ProgramError, nearest
from matchkit.profiles.hours import Windows
from matchkit.profiles.lists import Lists, SkillLists
from matchkit.profiles.numbers import NUMBER_MEND, parse_number
from matchkit.profiles.schema import (
    columns_asked,
    columns_meant,
    columns_stood_for,
    heading_key,
)
from matchkit.profiles.skills import fold

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Role = Literal["mentor", "mentee", "person"]

__all__ = ["Lists", "Pool", "Role", "SkillLists", "Windows", "id_keys"]


def id_keys(ids: Iterable[str], seed: int) -> NDArray[np.uint64]:
    """Hash ids with a seed, so that no alphabet and no row order wins ties.

    Parameters
    ----------
    ids : iterable of str
        The ids of n people.
    seed : int
        The seed of the program.

    Returns
    -------
    uint64 array (n,)
        The first eight bytes of BLAKE2b (RFC 7693), keyed with the seed.
    """
    key = str(seed).encode()[:64]
    digests = [hashlib.blake2b(text.encode(), digest_size=8, key=key).digest() for text in ids]
    return np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)


@dataclass(frozen=True, eq=False)
class Pool:
    """One side's people as columns: arrays of n values, never an object for each person.

    Made by `read_people`; arrays are closed to writing.

    Attributes
    ----------
    role : {"mentor", "mentee", "person"}
        Which side the people are on; ``"person"`` where they are read for none.
    ids : object array (n,)
        Who they are: text, trimmed, in NFC.
    columns : mapping of str to object array (n,)
        Every column of the input as text: known columns by their key, others by their own
        heading in lower case with ``_`` for spaces. ``""`` where blank; cells of known
        columns in canonical form, so that reading them again gives the same pool.
    skills, goals : SkillLists
        What they can do and what they want to learn, most wanted first.
    languages, interests, prefers, avoids : Lists
        The other lists.
    hours : Windows
        Weekly windows in each person's own zone.
    zone : object array (n,)
        Canonical zone names, ``""`` where unknown.
    seniority : float64 array (n,)
        NaN where unknown.
    capacity, min_load : int64 arrays (n,)
        Places (1 where blank) and the fewest mentees (0 where blank).
    rows : int64 array (n,)
        Row in the file as a spreadsheet counts it, or the position in a frame or list.
    findings : tuple of Finding
        What was noticed while reading; never an error.
    mapping : mapping of str to str
        Each heading as written and the column that it was read as, ``""`` where a mapping
        file leaves it out.
    source : str
        The file's name, or ``"mentors"`` / ``"mentees"``.

    Examples
    --------
    >>> from matchkit.profiles import read_people
    >>> pool = read_people([{"id": "di", "skills": "SQL:4; Go", "site": "Oslo"}], role="mentor")
    >>> len(pool), pool.skills.of(0), pool.text("location").tolist(), pool.capacity.tolist()
    (1, ('SQL', 'Go'), ['Oslo'], [1])
    """

    role: Role
    ids: NDArray[np.object_]
    columns: Mapping[str, NDArray[np.object_]]
    skills: SkillLists
    goals: SkillLists
    languages: Lists
    interests: Lists
    prefers: Lists
    avoids: Lists
    hours: Windows
    zone: NDArray[np.object_]
    seniority: NDArray[np.float64]
    capacity: NDArray[np.int64]
    min_load: NDArray[np.int64]
    rows: NDArray[np.int64]
    findings: tuple[Finding, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        for value in (*vars(self).values(), *self.columns.values()):
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.ids)

    # Columns ----------------------------------------------------------------------------------

    def _column_key(self, column: str) -> str | None:
        """Return the key of a column named as a person would write it."""
        if column in self.columns:
            return column
        key = self._keys_by_heading.get(heading_key(column))
        if key is not None:
            return key
        named = (columns_meant(column), columns_asked(column), columns_stood_for(column))
        meant = {key for keys in named for key in keys} & set(self.columns)
        return meant.pop() if len(meant) == 1 else None

    @cached_property
    def _keys_by_heading(self) -> dict[str, str]:
        """The columns by their own names and by their headings as written."""
        written = {heading_key(heading): key for heading, key in self.mapping.items()}
        return written | {heading_key(key): key for key in self.columns}

    def has(self, column: str) -> bool:
        """Return whether the column is there and at least one person has a value in it."""
        key = self._column_key(column)
        return key is not None and bool((self.columns[key] != "").any())

    def text(self, column: str) -> NDArray[np.object_]:
        """Return a column as text.

        Parameters
        ----------
        column : str
            Its key; case, spaces, underscores and accents make no difference.

        Returns
        -------
        object array (n,)
            ``""`` where blank.

        Raises
        ------
        ProgramError
            There is no such column; the message names the nearest.
        """
        key = self._column_key(column)
        if key is None:
            hint = nearest(column, sorted(self.columns)) or (
                f"; there are {', '.join(sorted(self.columns))}"
            )
            people = "people" if self.role == "person" else f"{self.role}s"
            message = f"the {people} have no column {column!r}{hint}"
            raise ProgramError(message)
        return self.columns[key]

    def codes(self, column: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Return a column as codes, compared without case, width or extra spaces.

        Parameters
        ----------
        column : str
            Its key, as in `text`.

        Returns
        -------
        codes : int64 array (n,)
            Positions in `labels`, -1 where blank.
        labels : tuple of str
            The distinct values as compared (NFKC, casefolded), sorted.

        Raises
        ------
        ProgramError
            There is no such column.

        Examples
        --------
        >>> from matchkit.profiles import read_people
        >>> pool = read_people([{"id": 1, "team": "Data"}, {"id": 2, "team": "data "},
        ...                     {"id": 3, "team": None}], role="mentee")
        >>> pool.codes("team")
        (array([ 0,  0, -1]), ('data',))
        """
        cells = self.text(column)
        key = self._column_key(column)
        if key not in self._codes:
            form = {cell: fold(cell) for cell in set(cells.tolist())}
            labels = tuple(sorted(set(form.values()) - {""}))
            position = {label: i for i, label in enumerate(labels)}
            place = {cell: position.get(folded, -1) for cell, folded in form.items()}
            codes = np.array([place[cell] for cell in cells.tolist()], dtype=np.int64)
            codes.setflags(write=False)
            self._codes[str(key)] = codes, labels
        return self._codes[str(key)]

    @cached_property
    def _numbers(self) -> dict[str, NDArray[np.float64]]:
        return {}

    @cached_property
    def _codes(self) -> dict[str, tuple[NDArray[np.int64], tuple[str, ...]]]:
        return {}

    def number(self, column: str) -> NDArray[np.float64]:
        """Return a column as numbers.

        Parameters
        ----------
        column : str
            Its key, as in `text`.

        Returns
        -------
        float64 array (n,)
            NaN where blank.

        Raises
        ------
        ProgramError
            There is no such column.
        ProfileError
            Some values are no numbers: all of them.
        """
        cells = self.text(column)
        key = str(self._column_key(column))
        if key not in self._numbers:
            numbers = self._parsed(column, cells.tolist())
            numbers.setflags(write=False)
            self._numbers[key] = numbers
        return self._numbers[key]

    def _parsed(self, column: str, cells: list[str]) -> NDArray[np.float64]:
        """Read each distinct cell as a number, and say which are none."""
        parsed: dict[str, float | str] = {"": float("nan")}
        for cell in cells:
            if cell not in parsed:
                try:
                    parsed[cell] = parse_number(cell)
                except ValueError as error:
                    parsed[cell] = str(error)
        bad = [i for i, cell in enumerate(cells) if isinstance(parsed[cell], str)]
        if bad:
            raise ProfileError(
                Finding("error", str(parsed[cells[i]]), NUMBER_MEND, self.ids[i], column,
                        cells[i], self.source, int(self.rows[i]))
                for i in bad
            )  # fmt: skip
        return np.array([parsed[cell] for cell in cells], dtype=np.float64)

    # People -----------------------------------------------------------------------------------

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The position of each id."""
        return {text: i for i, text in enumerate(self.ids.tolist())}

    @cached_property
    def _addresses(self) -> dict[str, int]:
        """E-mails and names that exactly one person has, and that person's position."""
        found: dict[str, int] = {}
        for column in ("name", "email"):  # an e-mail wins over a name
            cells = self.columns.get(column)
            once: dict[str, int] = {}
            for i, cell in enumerate([] if cells is None else cells.tolist()):
                if cell:
                    text = fold(cell)
                    once[text] = -1 if text in once else i
            found |= once
        return found

    def locate(self, values: Iterable[str]) -> NDArray[np.int64]:
        """Find people by id, else by e-mail, else by name.

        Parameters
        ----------
        values : iterable of str
            Ids, e-mail addresses or names, k of them. E-mails and names are compared without
            case, and found only where exactly one person has them.

        Returns
        -------
        int64 array (k,)
            Positions, -1 where nobody, or more than one, was found.

        Examples
        --------
        >>> from matchkit.profiles import read_people
        >>> pool = read_people([{"id": 1, "name": "Ana"}, {"id": 2, "name": "Bo"}], role="mentee")
        >>> pool.locate(["2", "ana", "di"])
        array([ 1,  0, -1])
        """
        index, addresses = self.index, self._addresses
        places: dict[str, int] = {}
        located = []
        for value in values:
            if value not in places:
                places[value] = index.get(value, addresses.get(fold(value), -1))
            located.append(places[value])
        return np.array(located, dtype=np.int64)

    def label(self, i: int) -> str:
        """Return the name of a person for display, or the id where there is no name."""
        names = self.columns.get("name")
        return str(self.ids[i] if names is None or not names[i] else names[i])

    # Order ------------------------------------------------------------------------------------

    def take(self, order: ArrayLike) -> Pool:
        """Return some people, in the order given."""
        chosen = np.asarray(order, dtype=np.int64)
        changes: dict[str, Any] = {
            each.name: getattr(self, each.name).take(chosen)
            for each in fields(self)
            if isinstance(getattr(self, each.name), np.ndarray | Lists | Windows)
        }
        columns = {key: cells.take(chosen) for key, cells in self.columns.items()}
        return replace(self, columns=columns, **changes)

    def keys(self, seed: int) -> NDArray[np.uint64]:
        """Return the keyed hash of each id, by which ties are broken; uint64 (n,)."""
        return id_keys(self.ids.tolist(), seed)

    def ordered(self, seed: int) -> Pool:
        """Return the people in keyed order, which no row order and no alphabet can change.

        Parameters
        ----------
        seed : int
            The seed of the program.

        Returns
        -------
        Pool
            Sorted by `keys`, equal keys by id. Ordering twice changes nothing.
        """
        return self.take(self._keyed_order(seed))

    def _keyed_order(self, seed: int) -> NDArray[np.int64]:
        keys = self.keys(seed)
        if len(np.unique(keys)) == len(keys):
            return np.argsort(keys)
        by_key = sorted(zip(keys.tolist(), self.ids.tolist(), range(len(self)), strict=True))
        return np.array([i for _, _, i in by_key], dtype=np.int64)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the people, the same whatever the order or the kind of the input.

        It covers the role, the ids and every cell in canonical form of the columns in which
        somebody has a value. Row numbers, source, findings and headings as written are left
        out.
        """
        total = hashlib.sha256(self.role.encode())
        order = self._keyed_order(0)
        for key in sorted(key for key in self.columns if self.has(key)):
            cells = [cell.encode() for cell in self.columns[key][order].tolist()]
            # Lengths go in with the bytes, so that no two tables can run together alike.
            total.update(np.array([len(key.encode()), len(cells)], dtype="<i8").tobytes())
            total.update(key.encode())
            total.update(np.array([len(cell) for cell in cells], dtype="<i8").tobytes())
            total.update(b"".join(cells))
        return total.hexdigest()

    def to_records(self) -> list[dict[str, str]]:
        """Return the people as records of canonical cells.

        Returns
        -------
        list of dict
            One for each person, every column in each. Reading them again gives a pool with
            the same fingerprint.
        """
        names = list(self.columns)
        cells = [column.tolist() for column in self.columns.values()]
        return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
