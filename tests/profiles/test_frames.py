"""Frames and records: the same people as in a file."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from matchkit import datasets
from matchkit.errors import ProfileError
from matchkit.profiles import Profile, read_people
from matchkit.profiles.frames import value_text


class Size(Enum):
    """Something that a program may use for a column of its own."""

    LARGE = "large"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (float("nan"), ""), (pd.NA, ""), (pd.NaT, ""), (np.float64("nan"), ""),
        (7, "7"), (7.0, "7"), (np.int64(7), "7"), (3.5, "3.5"), (np.float32(0.5), "0.5"),
        (Decimal("2.50"), "2.5"), (Decimal("NaN"), ""), (True, "true"), (np.False_, "false"),
        (date(2027, 1, 11), "2027-01-11"), (datetime(2027, 1, 11), "2027-01-11"),  # noqa: DTZ001
        (pd.Timestamp("2027-01-11 09:30"), "2027-01-11T09:30:00"), (time(9, 30), "09:30:00"),
        (["a", " b ", None], "a; b"), (("a",), "a"), ({"b", "a"}, "a; b"),
        (np.array(["a", "b"]), "a; b"), (["a, b"], "a, b;"), (["a, b", "c"], "a, b; c"),
        ({"sql": 4, "go": None, "c": 2.0}, "sql:4; go; c:2"), ([], ""), (Size.LARGE, "large"),
        ([7, 8.0], "7; 8"),
    ],
)  # fmt: skip
def test_values_become_cells(value: object, text: str) -> None:
    """A number, a date or a list would be read differently than from a file."""
    assert value_text(value) == text


@pytest.mark.parametrize("value", [b"bytes", object(), 1j, ["a;b"], ["a\nb"], np.zeros((2, 2))])
def test_values_that_no_cell_holds_are_errors(value: object) -> None:
    """The name of a Python object would become somebody's team."""
    with pytest.raises(ProfileError, match=r"mentors, row 0, column team: .*; give") as caught:
        read_people([{"id": 1, "team": value}], role="mentor")
    assert len(caught.value.findings) == 1


@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_every_kind_of_source_gives_the_same_people(role: Any, root: Path, tmp_path: Path) -> None:
    """The frame library, or the way through a file, would change the result."""
    path = root / "examples" / "data" / f"{role}s.csv"
    pool = read_people(path, role=role)
    frame = pd.read_csv(path)
    backwards = frame.iloc[::-1, ::-1]
    utf16 = tmp_path / "utf16.csv"
    utf16.write_text(path.read_text("utf-8").replace("id,name", "ID, Full name", 1), "utf-16")
    sources = [
        str(path), frame, backwards, pd.read_csv(path, dtype=str), pl.read_csv(path),
        pl.scan_csv(path), frame.convert_dtypes(), frame.set_index("id").reset_index(),
        getattr(datasets.cohort(), f"{role}s"), frame.to_dict("records"), pool.to_records(),
        [Profile(**record) for record in profile_records(frame)], utf16, pool,
    ]  # fmt: skip
    assert {read_people(source, role=role).fingerprint for source in sources} == {pool.fingerprint}


def profile_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the people of a frame with their lists as lists and without blanks."""
    records = []
    for person in frame.to_dict("records"):
        known = {str(key): value for key, value in person.items() if pd.notna(value)}
        for key in ("goals", "languages", "interests", "hours", "prefers", "avoids"):
            if key in known:
                known[key] = known[key].split("; ")
        if "skills" in known:
            parts = [item.partition(":") for item in known["skills"].split("; ")]
            known["skills"] = {name: int(level) if level else None for name, _, level in parts}
        records.append(known)
    return records


def test_integral_floats_are_whole_numbers() -> None:
    """An id would become 7.0 as soon as another column has a gap."""
    frame = pd.DataFrame({"id": [7.0, 8.0], "capacity": [2.0, None], "room": [1.0, np.nan]})
    pool = read_people(frame, role="mentor")
    assert pool.ids.tolist() == ["7", "8"]
    assert pool.capacity.tolist() == [2, 1]
    assert pool.text("room").tolist() == ["1", ""]


def test_truth_values_are_words() -> None:
    """A column of truth values would differ between a file and a frame."""
    frames = [pd.DataFrame({"id": [1, 2], "remote": [True, False]}),
              pl.DataFrame({"id": [1, 2], "remote": [True, False]})]  # fmt: skip
    records = [{"id": 1, "remote": "TRUE"}, {"id": 2, "remote": "False"}]
    pools = [read_people(source, role="mentor") for source in (*frames, records)]
    assert [pool.text("remote").tolist() for pool in pools] == [["yes", "no"]] * 3


def test_lists_in_cells() -> None:
    """A frame with lists in its cells would have to be turned into text first."""
    frame = pl.DataFrame({"id": ["a"], "skills": [["SQL:4", "Go, the game"]], "prefers": [[7, 8]]})
    pool = read_people(frame, role="mentor")
    assert pool.skills.of(0) == ("SQL", "Go, the game")
    assert pool.skills.levels.tolist() == [4, 0]
    assert pool.prefers.of(0) == ("7", "8")


def test_rows_are_positions() -> None:
    """An error would not say which row of the frame is meant."""
    frame = pd.DataFrame({"id": ["a", "b"], "capacity": ["1", "x"]}, index=[10, 20])
    with pytest.raises(ProfileError) as caught:
        read_people(frame, role="mentor")
    assert [(fault.row, fault.source) for fault in caught.value.findings] == [(1, "mentors")]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (3, "cannot be read from int"),
        (None, "cannot be read from NoneType"),
        ({"id": ["a"]}, "cannot be read from dict"),
        (b"id\na\n", "cannot be read from bytes"),
        (pd.Series(["a"]), "a person is given as str"),
        (["ana", "bo"], "a person is given as str"),
        (pd.DataFrame([[1, 2]], columns=["id", "id"]), "unique column names"),
        (pd.DataFrame([[1, 2]], columns=["id", "ID"]), "all mean the column 'id'"),
        (pd.DataFrame({"who": ["a"]}), "neither a column 'id' nor 'email'"),
    ],
)
def test_what_holds_no_people_is_an_error(source: object, message: str) -> None:
    """A wrong argument would end in another library's traceback."""
    with pytest.raises(ProfileError, match=message):
        read_people(source, role="mentor")


def test_records_may_leave_columns_out() -> None:
    """Every record would have to name every column."""
    pool = read_people([{"id": 1, "team": "A"}, {"id": 2, "site": "Oslo"}], role="mentee")
    assert pool.text("team").tolist() == ["A", ""]
    assert pool.text("location").tolist() == ["", "Oslo"]


def test_nobody_is_an_empty_pool() -> None:
    """A round to which nobody has signed up yet would be an error."""
    sources: list[Any] = [[], iter([]), pd.DataFrame({"id": []}), pl.DataFrame({"id": []})]
    for source in sources:
        assert len(read_people(source, role="mentee")) == 0


def test_blank_records_are_skipped_aloud() -> None:
    """A record without values would be a person without an id."""
    pool = read_people([{"id": 1}, {"id": None, "team": " "}], role="mentee")
    assert len(pool) == 1
    assert pool.findings[0].message == "1 blank row was skipped"


def test_the_source_is_left_alone() -> None:
    """Reading would change the caller's frame or records."""
    frame = pd.DataFrame({"id": [" a "], "skills": [["SQL"]]})
    before = frame.copy(deep=True)
    records: list[dict[str, object]] = [{"id": " a ", "skills": ["SQL"]}]
    read_people(frame, role="mentor")
    read_people(records, role="mentor")
    pd.testing.assert_frame_equal(frame, before)
    assert records == [{"id": " a ", "skills": ["SQL"]}]
