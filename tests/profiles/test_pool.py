"""The pool: people as columns, in an order that nobody can choose."""

from __future__ import annotations

import copy
import hashlib
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.errors import ProfileError, ProgramError
from matchkit.profiles import COLUMNS, Pool, read_people

PEOPLE: list[dict[str, object]] = [
    {"id": "ana", "name": "Ana", "email": "Ana@example.org", "team": "Data ", "age": "31",
     "skills": "SQL:4; Go", "goals": "writing", "languages": "en", "interests": "chess",
     "prefers": "di", "avoids": "bo", "hours": "Mon 9-10", "timezone": "UTC", "seniority": 3,
     "capacity": 2, "min_load": 1},
    {"id": "bo", "name": "Bo", "team": "data", "age": "", "skills": "go"},
    {"id": "di", "name": "Bo", "team": "", "age": "4,5", "capacity": 0},
]  # fmt: skip


@pytest.fixture
def pool() -> Pool:
    """Return three people."""
    return read_people(PEOPLE, role="mentor")


def test_columns(pool: Pool) -> None:
    """A column would be there twice, or not be there."""
    assert pool.has("team")
    assert pool.has("Team ")
    assert not pool.has("bio")
    assert not read_people([{"id": 1, "bio": " "}], role="mentor").has("bio")
    assert pool.text("TEAM").tolist() == ["Data", "data", ""]


def test_unknown_columns_name_the_nearest(pool: Pool) -> None:
    """A typo in a rule would end in a KeyError."""
    with pytest.raises(ProgramError, match=r"mentors have no column 'tem'; did you mean 'team'"):
        pool.text("tem")
    with pytest.raises(ProgramError, match="there are age, avoids"):
        pool.text("xyz")


def test_codes_compare_as_people_do(pool: Pool) -> None:
    """Two spellings of one team would be two teams, or a blank one a team."""
    codes, labels = pool.codes("team")
    assert (codes.tolist(), labels) == ([0, 0, -1], ("data",))
    assert pool.codes("Team")[0] is codes


def test_numbers(pool: Pool) -> None:
    """A column of the user's own could not be used as a number."""
    np.testing.assert_array_equal(pool.number("age"), [31.0, np.nan, 4.5])
    with pytest.raises(ProfileError) as caught:
        pool.number("name")
    assert [fault.value for fault in caught.value.findings] == ["Ana", "Bo", "Bo"]
    assert [fault.row for fault in caught.value.findings] == [0, 1, 2]


def test_people_are_found_by_id_email_or_name(pool: Pool) -> None:
    """A preference that names somebody plainly would be lost, or go to the wrong one."""
    values = ["di", "ana@EXAMPLE.org", "ana", " ANA ", "Bo", "bo", "nobody", ""]
    assert pool.locate(values).tolist() == [2, 0, 0, 0, -1, 1, -1, -1]
    assert pool.locate([]).dtype == np.int64
    assert pool.index["di"] == 2


def test_labels(pool: Pool) -> None:
    """A report would show an empty name."""
    assert pool.label(0) == "Ana"
    assert read_people([{"id": 7}], role="mentor").label(0) == "7"


def test_places(pool: Pool) -> None:
    """A blank capacity would be none, or be filled in without a word."""
    assert pool.capacity.tolist() == [2, 1, 0]
    assert pool.min_load.tolist() == [1, 0, 0]
    (note,) = pool.findings
    assert note.message == "1 of 3 mentors state no capacity: 1 place each"
    assert not read_people(PEOPLE, role="mentee").findings


def test_min_load_above_capacity_is_an_error() -> None:
    """A mentor would demand more mentees than there are places."""
    with pytest.raises(ProfileError, match="min_load 2 is more than capacity 1"):
        read_people([{"id": 1, "min_load": 2}], role="mentor")


def test_keyed_order(pool: Pool) -> None:
    """The alphabet or the row order would win ties."""
    ordered = pool.ordered(5)
    keys = ordered.keys(5)
    assert (np.diff(keys.astype(object)) > 0).all()
    assert ordered.ordered(5).ids.tolist() == ordered.ids.tolist()
    backwards = pool.take([2, 1, 0]).ordered(5)
    assert backwards.ids.tolist() == ordered.ids.tolist()
    digest = hashlib.blake2b(b"ana", key=b"5", digest_size=8).digest()
    assert int(pool.keys(5)[0]) == int.from_bytes(digest, "big")


def test_keyed_order_depends_on_the_seed() -> None:
    """No seed could be drawn for another order."""
    many = read_people([{"id": i} for i in range(50)], role="mentee")
    orders = {tuple(many.ordered(seed).ids.tolist()) for seed in (0, 1, -1, 10**100)}
    assert len(orders) == 4


def test_equal_keys_are_ordered_by_id(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two ids with one hash would be in row order."""
    monkeypatch.setattr(Pool, "keys", lambda self, _: np.zeros(len(self), dtype=np.uint64))
    assert pool.take([2, 0, 1]).ordered(0).ids.tolist() == ["ana", "bo", "di"]


def test_taking_people_takes_all_of_them(pool: Pool) -> None:
    """Reordering would leave one of a person's cells with somebody else."""
    taken = pool.take([2, 0])
    assert taken.ids.tolist() == ["di", "ana"]
    assert taken.to_records() == [pool.to_records()[2], pool.to_records()[0]]
    for lists in ("skills", "goals", "languages", "interests", "prefers", "avoids", "hours"):
        assert getattr(taken, lists).of(1) == getattr(pool, lists).of(0)
        assert getattr(taken, lists).of(0) == ()
    assert taken.skills.levels.tolist() == [4, 0]
    assert taken.zone.tolist() == ["", "UTC"]
    assert taken.capacity.tolist() == [0, 2]
    assert taken.rows.tolist() == [2, 0]
    assert len(pool.take([])) == 0


def test_pools_are_closed_to_writing(pool: Pool) -> None:
    """One criterion could change what the next one sees."""
    for array in (pool.ids, pool.capacity, pool.skills.codes, pool.columns["team"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[0]
    with pytest.raises(AttributeError):
        pool.role = "mentee"  # type: ignore[misc]


def test_pools_can_be_copied_and_pickled(pool: Pool) -> None:
    """A pool could not be sent to another process."""
    for twin in (pickle.loads(pickle.dumps(pool)), copy.deepcopy(pool)):  # noqa: S301
        assert twin.fingerprint == pool.fingerprint
        assert twin.to_records() == pool.to_records()


def test_fingerprint_ignores_what_does_not_count(pool: Pool) -> None:
    """The order of rows or columns, or a heading's spelling, would change a result."""
    others: list[Any] = [
        [dict(reversed(person.items())) for person in reversed(PEOPLE)],
        [{key.upper(): value for key, value in person.items()} for person in PEOPLE],
        [{**person, "blank": " "} for person in PEOPLE],
        [{**person, "timezone": str(person.get("timezone", "")).lower()} for person in PEOPLE],
    ]
    assert {read_people(people, role="mentor").fingerprint for people in others} == {
        pool.fingerprint
    }


@pytest.mark.parametrize("column", [*COLUMNS, "age"])
def test_fingerprint_sees_every_change(pool: Pool, column: str) -> None:
    """Other people would pass for those of a result."""
    value = {"timezone": "Europe/Oslo", "hours": "Tue 9-10", "min_load": "2"}.get(column, "5")
    changed = [{**PEOPLE[0], column: value}, *PEOPLE[1:]]
    if column == "side":  # nobody may leave it open
        changed = [{**person, column: "both"} for person in PEOPLE]
    assert read_people(changed, role="mentor").fingerprint != pool.fingerprint


def test_fingerprint_tells_cells_and_roles_apart() -> None:
    """Text that moves from one cell into the next would not be seen."""
    people = [
        [{"id": "a", "x": "bc", "y": "d"}],
        [{"id": "a", "x": "b", "y": "cd"}],
        [{"id": "ab", "x": "c", "y": "d"}],
        [{"id": "a", "xb": "c", "y": "d"}],
    ]
    prints = {read_people(each, role="mentor").fingerprint for each in people}
    assert len(prints) == 4
    assert read_people(people[0], role="mentee").fingerprint not in prints


def test_fingerprint_does_not_depend_on_the_hash_seed() -> None:
    """Two processes would disagree on whether they have the same people."""
    code = (
        "from matchkit import datasets\n"
        "from matchkit.profiles import read_people\n"
        "pool = read_people(datasets.cohort(20, 5).mentors, role='mentor')\n"
        "print(pool.fingerprint, pool.skills.labels, pool.skills.written, pool.findings)\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, text=True,
            capture_output=True, check=True, timeout=120,
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip
    assert len(runs) == 1


plain = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
lists = st.lists(st.text(st.sampled_from("abCé,.#+ "), max_size=5), max_size=4).map("; ".join)
leveled = st.lists(
    st.builds("{}:{}".format, st.sampled_from(["a", "b, c", "C#", "d:e"]), st.integers(1, 5)),
    max_size=4,
).map("\n".join)
hours = st.lists(
    st.sampled_from(["Mon 9-11", "Sun 22-3", "tue 9:30 - 10", "Mon-Fri 0-24"]), max_size=3
).map("; ".join)
person = st.fixed_dictionaries(
    {"email": plain.map(lambda text: f"{text}@example.org")},
    optional={
        "name": plain, "Shoe Size": plain, "bio": st.text(max_size=9), "skills": leveled,
        "goals": lists, "languages": lists, "interests": lists, "prefers": lists,
        "hours": hours, "seniority": st.floats(allow_nan=False, allow_infinity=False),
        "capacity": st.integers(0, 9), "remote": st.booleans() | st.just("TRUE"),
        "timezone": st.sampled_from(["", "europe/oslo", "utc+3", "UTC-09:30"]),
    },
)  # fmt: skip


@given(st.lists(person, max_size=5), st.randoms(use_true_random=False))
def test_records_read_back_as_the_same_people(people: list[dict[str, Any]], random: Any) -> None:
    """A saved round could not be verified: its own people would seem to be others."""
    numbered = [{**each, "id": f"p{i}"} for i, each in enumerate(people)]
    try:
        pool = read_people(numbered, role="mentor")
    except ProfileError:
        return  # a control character, or an item that names nothing
    records = pool.to_records()
    again = read_people(records, role="mentor")
    assert again.fingerprint == pool.fingerprint
    assert again.to_records() == records
    random.shuffle(records)
    shuffled = read_people(records, role="mentor")
    assert shuffled.fingerprint == pool.fingerprint
    found = [[each.without_place() for each in pool.findings] for pool in (shuffled, again)]
    assert found[0] == found[1]
