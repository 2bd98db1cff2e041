"""Lists and levels as forms and people write them, told from the whole column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.profiles import Pool, read_people
from matchkit.profiles.levels import split_level


def read(column: str, *cells: str) -> Pool:
    """Read one column of mentees."""
    people = [{"id": f"p{i}", column: cell} for i, cell in enumerate(cells)]
    return read_people(people, role="mentee")


def cells(column: str, *texts: str) -> list[str]:
    """Return the canonical cells of one column."""
    return [str(cell) for cell in read(column, *texts).text(column)]


OPTION = "Planning, budgeting and control"


def test_commas_in_brackets_set_nothing_apart() -> None:
    """An option with its examples would become several skills."""
    assert cells("skills", "Python, SQL (tables, queries), Go") == [
        "Python; SQL (tables, queries); Go"
    ]
    assert cells("skills", "Python, SQL (tables, queries") == ["Python; SQL (tables; queries"]


def test_options_that_hold_commas_are_learned() -> None:
    """An option of a form would become two skills, one of which nobody chose."""
    pool = read("skills", f"Python, {OPTION}", OPTION, f"{OPTION}, Writing", "Python, Writing")
    assert pool.text("skills").tolist() == [
        f"Python; {OPTION}", f"{OPTION};", f"{OPTION}; Writing", "Python; Writing",
    ]  # fmt: skip
    assert any(OPTION in each.message for each in pool.findings if each.severity == "repaired")


@pytest.mark.parametrize(
    "people",
    [
        [f"Python, {OPTION}", OPTION],  # too few to tell
        [OPTION, OPTION, OPTION, "budgeting and control"],  # they occur apart
        ["sql, python", "sql, python", "sql, python, go"],  # people wrote these themselves
    ],
)
def test_what_may_be_two_skills_stays_two(people: list[str]) -> None:
    """Skills that some people happen to write side by side would become one."""
    assert all(";" in cell for cell in cells("skills", *people)[:1])
    assert cells("skills", *people)[0].count(";") >= 1


def test_an_option_known_from_elsewhere_stays_whole() -> None:
    """One of two cells with the same option would lose it."""
    assert cells("skills", f"{OPTION};Go", OPTION) == [f"{OPTION}; Go", f"{OPTION};"]


@pytest.mark.parametrize(
    ("column", "written", "expected"),
    [
        ("skills", ["Python / SQL", "UI/UX"], ["Python; SQL", "UI/UX;"]),
        ("skills", ["UI/UX", "CI/CD", "TCP/IP"], ["UI/UX;", "CI/CD;", "TCP/IP;"]),
        ("skills", ["Python/SQL", "SQL/Go", "Go/Python"], ["Python; SQL", "SQL; Go", "Go; Python"]),
        ("skills", ["Python / SQL", "a;b"], ["Python / SQL;", "a; b"]),
        ("languages", ["English/German", "Norsk and English"],
         ["English; German", "Norsk; English"]),
    ],
)  # fmt: skip
def test_slashes(column: str, written: list[str], expected: list[str]) -> None:
    """A list would be one item, or UI/UX two."""
    assert cells(column, *written) == expected


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("python:4", "python", 4), ("python (4)", "python", 4), ("Python - advanced", "Python", 4),
        ("Python \u2013 Expert", "Python", 5), ("python: beginner", "python", 1),
        ("SQL (4/5)", "SQL", 4), ("SQL [level 3]", "SQL", 3), ("Go = 2", "Go", 2),
        ("Python (3.11)", "Python (3.11)", 0), ("Python 3 (pandas)", "Python 3 (pandas)", 0),
        ("front-end", "front-end", 0), ("Java (8)", "Java (8)", 0), ("Go: none", "Go", -1),
        ("e-mail - drafts", "e-mail - drafts", 0), ("Excel (no experience)", "Excel", -1),
    ],
)  # fmt: skip
def test_levels_are_read(text: str, name: str, level: int) -> None:
    """A level would stay part of a skill's name, or a version become a level."""
    assert split_level(text) == (name, level)


def test_levels_in_words_are_told() -> None:
    """A cell would be changed without a line that says so."""
    found = read("skills", "Python - advanced; Go (none)", "Python:3").findings
    assert [each.message for each in found] == [
        "'Go (none)' was left out: it says that there is no such skill (1 cell)",
        "'Python - advanced' was read as 'Python:4' (1 cell)",
    ]


def test_many_spellings_are_told_in_part_and_counted() -> None:
    """Hundreds of lines would hide the one that matters, or the rest go unsaid."""
    found = read("skills", *(f"skill {i} (4)" for i in range(40))).findings
    assert len(found) == 31
    assert found[0].message == "and 10 more items were read likewise"
    found = read("seniority", *(f"{i} years" for i in range(40))).findings
    assert len(found) == 31


texts = st.text(st.sampled_from("aB,;/()[]:-=45 &\nand"), max_size=14)


@given(st.lists(texts, min_size=1, max_size=6), st.sampled_from(["skills", "languages"]))
def test_canonical_lists_read_back(people: list[str], column: str) -> None:
    """A saved round would be another one when it is loaded."""
    rows = [{"id": f"p{i}", column: cell} for i, cell in enumerate(people)]
    try:
        pool = read_people(rows, role="mentee")
    except ValueError:
        return
    again = read_people(pool.to_records(), role="mentee")
    assert again.fingerprint == pool.fingerprint
    turned = read_people(rows[::-1], role="mentee")
    assert turned.fingerprint == pool.fingerprint
