"""Synthetic cohorts: the same everywhere, readable, and as uneven as real rounds."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from matchkit import datasets
from matchkit.errors import ProgramError
from matchkit.profiles import COLUMNS, Pool, Role, read_people


@pytest.fixture(scope="module")
def pools() -> dict[str, Pool]:
    """Return the two sides of the default cohort."""
    made = datasets.cohort()
    sides: tuple[Role, Role] = ("mentor", "mentee")
    return {role: read_people(people, role=role) for role, people in zip(sides, made, strict=True)}


def test_example_files_are_what_the_function_makes(root: Path, tmp_path: Path) -> None:
    """The example would differ from its documented seed, or somebody edited it by hand."""
    for path in datasets.write(tmp_path):
        assert (root / "examples" / "data" / path.name).read_bytes() == path.read_bytes()


def test_documented_command_writes_the_files(root: Path, tmp_path: Path) -> None:
    """The command in the module's docstring would do nothing."""
    goal = tmp_path / "new" / "folder"
    subprocess.run([sys.executable, "-m", "matchkit.datasets", str(goal)], check=True, cwd=root)
    assert sorted(path.name for path in goal.iterdir()) == ["mentees.csv", "mentors.csv"]


def test_seed_decides(tmp_path: Path) -> None:
    """Equal seeds would give different people, or all seeds the same."""
    assert datasets.cohort(20, 30, seed=1) == datasets.cohort(20, 30, seed=1)
    assert datasets.cohort(20, 30, seed=1) != datasets.cohort(20, 30, seed=2)
    first, second = (
        [path.read_bytes() for path in datasets.write(tmp_path / str(seed), 5, 5, seed=seed)]
        for seed in (1, 2)
    )
    assert first != second


@pytest.mark.parametrize(("mentors", "mentees"), [(0, 0), (0, 3), (1, 0), (1, 1)])
def test_small_cohorts(mentors: int, mentees: int) -> None:
    """A cohort with nobody on one side could not be made or read."""
    made = datasets.cohort(mentors, mentees)
    assert (len(made.mentors), len(made.mentees)) == (mentors, mentees)


def test_negative_numbers_are_refused() -> None:
    """A negative number of people would pass as none."""
    with pytest.raises(ProgramError, match="mentors == -1"):
        datasets.cohort(-1, 3)


def test_every_column_is_known(pools: dict[str, Pool]) -> None:
    """The example would show columns that matchkit does not read."""
    for pool in pools.values():
        assert set(pool.columns) <= set(COLUMNS)
        assert all(pool.has(column) for column in pool.columns)


def test_nothing_needs_mending(pools: dict[str, Pool]) -> None:
    """The example would show repairs that a newcomer must wonder about."""
    assert {finding.severity for pool in pools.values() for finding in pool.findings} == {"note"}


def test_cohort_is_like_a_real_round(pools: dict[str, Pool]) -> None:
    """The example would be too even to show anything."""
    mentors, mentees = pools["mentor"], pools["mentee"]
    assert (len(mentors), len(mentees)) == (60, 150)
    for column, least in (("department", 5), ("location", 5), ("timezone", 5), ("team", 10)):
        assert len(mentors.codes(column)[1]) >= least
    assert 100 <= mentors.capacity.sum() < 150
    assert any(not name.isascii() for name in mentees.text("name"))
    assert any((mentees.text(column) == "").any() for column in ("bio", "goals", "hours"))
    manager = mentees.text("manager")
    assert (mentors.locate(manager[manager != ""]) >= 0).all()
    assert (manager != "").mean() > 0.5


def test_popular_goals_outnumber_their_places(pools: dict[str, Pool]) -> None:
    """No mentor would be scarce, and a place would be worth nothing."""
    mentors, mentees = pools["mentor"], pools["mentee"]
    wanted = Counter(mentees.goals.labels[code] for code in mentees.goals.codes)
    owner = np.repeat(np.arange(len(mentors)), mentors.skills.lengths)
    places: Counter[str] = Counter()
    for person, code in zip(owner.tolist(), mentors.skills.codes.tolist(), strict=True):
        places[mentors.skills.labels[code]] += int(mentors.capacity[person])
    popular = [goal for goal, _ in wanted.most_common(5)]
    assert sum(wanted[goal] > places[goal] for goal in popular) >= 2
    answered = sum(count for goal, count in wanted.items() if places[goal])
    assert answered / wanted.total() > 0.85


def test_preferences_name_people_of_the_other_side(pools: dict[str, Pool]) -> None:
    """A preference would name nobody."""
    mentors, mentees = pools["mentor"], pools["mentee"]
    for one, other in ((mentors, mentees), (mentees, mentors)):
        for lists in (one.prefers, one.avoids):
            assert len(lists.codes) > 0
            assert (other.locate(lists.written) >= 0).all()


def test_addresses_differ() -> None:
    """Two people of a large cohort would share an e-mail address."""
    made = datasets.cohort(500, 1500)
    addresses = [person["email"] for side in made for person in side]
    assert len(set(addresses)) == len(addresses)
    assert all(address.isascii() for address in addresses)
