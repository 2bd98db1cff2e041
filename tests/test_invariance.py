"""The same people give the same bytes: rows, columns, threads, hash seeds, kinds of input."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import matchkit as mk
from tests.dice import people, program
from tests.strategies import START

PROGRAM = mk.Program(start=START, rules=(mk.NotSelf(), mk.Avoid(), mk.Different("team")))

RUN = """
import sys
import matchkit as mk
program = mk.Program.from_toml(sys.argv[3])
sys.stdout.buffer.write(mk.match(sys.argv[1], sys.argv[2], program=program).to_json().encode())
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Write a round as files: mentors, mentees, program."""
    folder = tmp_path_factory.mktemp("round")
    mentors, mentees = mk.datasets.cohort(25, 55, seed=3)
    for name, side in (("mentors", mentors), ("mentees", mentees)):
        write(folder / f"{name}.csv", side)
    (folder / "program.toml").write_text(PROGRAM.to_toml(), "utf-8")
    return folder / "mentors.csv", folder / "mentees.csv", folder / "program.toml"


def write(path: Path, side: list[dict[str, str]]) -> None:
    """Write people as a plain CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(side[0]))
        writer.writeheader()
        writer.writerows(side)


@pytest.fixture(scope="module")
def expected(files: tuple[Path, Path, Path]) -> str:
    """Return the result of the files as they are."""
    return mk.match(*files[:2], program=PROGRAM).to_json()


def test_frames_and_records(files: tuple[Path, Path, Path], expected: str) -> None:
    """An analyst and a coordinator would get two results from one file."""
    sides: list[Any] = [
        [pd.read_csv(path, dtype=str, keep_default_na=False) for path in files[:2]],
        [pd.read_csv(path) for path in files[:2]],
        [pl.read_csv(path) for path in files[:2]],
        [pl.read_csv(path, infer_schema=False) for path in files[:2]],
        [pd.read_csv(path, dtype=str).fillna("").to_dict("records") for path in files[:2]],
        list(mk.datasets.cohort(25, 55, seed=3)),
        [str(path) for path in files[:2]],
    ]
    for side in sides:
        mentors, mentees = side
        assert mk.match(mentors, mentees, program=PROGRAM).to_json() == expected


@pytest.mark.parametrize("seed", range(3))
def test_rows_and_columns_in_any_order(
    seed: int, files: tuple[Path, Path, Path], expected: str
) -> None:
    """Sorting a spreadsheet would change who is matched with whom."""
    dice = Random(seed)
    shuffled = []
    for path in files[:2]:
        frame = pd.read_csv(path, dtype=str)
        order, columns = list(range(len(frame))), frame.columns.tolist()
        dice.shuffle(order)
        dice.shuffle(columns)
        shuffled.append(frame.iloc[order][columns])
    assert mk.match(*shuffled, program=PROGRAM).to_json() == expected


@pytest.mark.parametrize(("threads", "hashes"), [("1", "0"), ("2", "4242")])
def test_threads_processes_and_hash_seeds(
    threads: str, hashes: str, files: tuple[Path, Path, Path], expected: str
) -> None:
    """A result would depend on the machine's load or on the process that made it.

    With the process that runs the tests there are three hash seeds.
    """
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    run = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, files)],
        env={**os.environ, **dict.fromkeys(variables, threads), "PYTHONHASHSEED": hashes},
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        check=True,
        timeout=300,
    )
    assert run.stdout.decode() == expected


def coarse(seed: int) -> tuple[list[dict[str, str]], list[dict[str, str]], mk.Program]:
    """Return a round whose scores are full of equals."""
    rng = np.random.default_rng(seed)
    mentors, mentees = people(rng, int(rng.integers(2, 12)), int(rng.integers(2, 20)))
    criteria = (mk.SameValue("team"), mk.DifferentValue("seniority"))
    rules = program(rng).rules
    return (
        mentors,
        mentees,
        mk.Program(
            criteria=criteria,
            rules=rules,
            start=START,
            coverage="score" if seed % 3 == 0 else "first",
        ),
    )


def check_orders(seed: int) -> None:
    """Match one coarse round in four row orders."""
    mentors, mentees, coarse_program = coarse(seed)
    dice = Random(seed)
    results = set()
    for _ in range(4):
        results.add(mk.match(mentors, mentees, program=coarse_program).to_json())
        dice.shuffle(mentors)
        dice.shuffle(mentees)
    assert len(results) == 1


def test_ties_in_any_order() -> None:
    """A coin flip between equals would fall differently after sorting the file."""
    for seed in range(16):
        check_orders(seed)


@pytest.mark.slow
def test_ties_in_any_order_many_times() -> None:
    """A rare tie would slip through the short run."""
    for seed in range(1_000, 1_400):
        check_orders(seed)


def test_another_seed_chooses_among_equals_only() -> None:
    """A seed would change what a round is worth."""
    mentors, mentees, coarse_program = coarse(5)
    rounds = [
        mk.match(mentors, mentees, program=coarse_program.model_copy(update={"seed": seed}))
        for seed in range(8)
    ]
    assert len({(one.certificate.matched, one.certificate.total) for one in rounds}) == 1
    assert len({tuple((pair.mentee, pair.mentor) for pair in one) for one in rounds}) > 1


def test_other_headings_of_the_same_columns(files: tuple[Path, Path, Path], expected: str) -> None:
    """Only the mapping may tell how a column was called."""
    sides = [pd.read_csv(path, dtype=str) for path in files[:2]]
    renamed = [side.rename(columns={"name": "Full Name", "goals": "GOALS"}) for side in sides]
    first, second = mk.match(*sides, program=PROGRAM), mk.match(*renamed, program=PROGRAM)
    assert first.to_json() == expected
    assert second.record.hashes == first.record.hashes
    assert second.matches == first.matches
    assert second.record.mapping["mentees"]["Full Name"] == "name"


def test_a_further_pair_of_strangers_moves_nobody() -> None:
    """One late mentor and mentee who fit only each other would move everybody."""
    rng = np.random.default_rng(11)
    mentors, mentees = people(rng, 6, 8)
    only = mk.Program(criteria=(mk.SkillCoverage(),), rules=(mk.Same("room"),))
    here = [[{**who, "room": "a"} for who in side] for side in (mentors, mentees)]
    before = mk.match(*here, program=only)
    late = {**mentors[0], "id": "late", "room": "z", "skills": "sql:3", "goals": "sql",
            "capacity": "1"}  # fmt: skip
    after = mk.match([*here[0], late], [*here[1], {**late, "id": "later"}], program=only)
    assert after["later"].mentor == "late"
    # Where nobody can tell the mean of all counts, and that may move: here everybody can tell.
    known = {match.mentee for match in before if match.evidence_share == 1}
    assert {who: after[who].points for who in known} == {who: before[who].points for who in known}
