"""Cells that hold lists."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchkit as mk
from matchkit.errors import Finding, ProfileError
from matchkit.profiles import Pool, clean_skill, read_people
from matchkit.profiles.list_cells import clean_language


def read(column: str, *cells: str) -> Pool:
    """Read one column of cells."""
    return read_people(
        [{"id": f"p{i}", column: cell} for i, cell in enumerate(cells)], role="mentee"
    )


def faults(column: str, *cells: str) -> tuple[Finding, ...]:
    """Return what is wrong with one column of cells."""
    with pytest.raises(ProfileError) as caught:
        read(column, *cells)
    return caught.value.findings


def test_skills_and_levels() -> None:
    """A level would be lost, or be part of the name."""
    pool = read("skills", "Python:4; SQL : 3;go", "", "python")
    assert [pool.skills.of(i) for i in range(3)] == [("Python", "SQL", "go"), (), ("Python",)]
    assert pool.skills.levels.tolist() == [4, 3, 0, 0]
    assert pool.skills.labels == ("go", "python", "sql")
    assert pool.text("skills").tolist() == ["Python:4; SQL:3; go", "", "python"]


@pytest.mark.parametrize("level", ["0", "6", "9", "-1", "tall", "4.5", "", "⁴"])
def test_levels_are_one_to_five(level: str) -> None:
    """A level of another scale would be taken for one of ours."""
    (fault,) = faults("skills", "sql:3", f"sql:3; python:{level}")
    assert (fault.row, fault.column, fault.value) == (1, "skills", f"python:{level}")
    assert "is not a number from 1 to 5" in fault.message


@pytest.mark.parametrize("item", [":4", "-", "...", "\u2013", "#N/A"])
def test_items_that_name_nothing_are_errors(item: str) -> None:
    """A skill would have no name, and everybody who has it would be alike."""
    (fault,) = faults("skills", f"sql:3; {item}")
    assert fault.value == item


def test_every_person_with_a_faulty_item_is_named() -> None:
    """The user would mend one row and find the next."""
    assert [fault.row for fault in faults("goals", "sql:x", "sql", "sql:x")] == [0, 2]


def test_a_skill_named_twice_keeps_the_higher_level() -> None:
    """A person would have a skill twice, or the lower level, or nobody would be told."""
    pool = read("skills", "SQL:2; Go; SQL:4; sql", "Go")
    assert pool.skills.of(0) == ("SQL", "Go")
    assert pool.skills.levels.tolist() == [4, 0, 0]
    assert pool.text("skills").tolist() == ["SQL:4; Go", "Go"]
    assert {finding.severity for finding in pool.findings} == {"repaired"}
    assert {finding.id for finding in pool.findings} == {"p0"}


def test_goals_keep_their_order() -> None:
    """The most wanted goal would become any goal."""
    pool = read("goals", "Writing; Agile; SQL")
    assert pool.goals.of(0) == ("Writing", "Agile", "SQL")


@pytest.mark.parametrize("column", ["skills", "goals", "languages", "interests", "prefers"])
def test_separators(column: str) -> None:
    """A list would be one item, or an item with a comma two."""
    for cell in ("a;b", "a; b;", "a\nb", "a,b", " a , b ", ";a;;b;"):
        assert list(read(column, cell).to_records()[0].values())[1] == "a; b"
    assert read(column, "a, b; c").text(column).tolist() == ["a, b; c"]
    apart = "a, b;" if column == "prefers" else "a; b"  # names may hold a comma
    assert read(column, "a, b", "c; d").text(column).tolist() == [apart, "c; d"]
    assert read(column, "a, b\nc").text(column).tolist() == ["a, b; c"]


def test_splitting_on_commas_is_said() -> None:
    """A guess would be silent."""
    (finding,) = read("skills", "sql, go").findings
    assert (finding.severity, finding.column) == ("note", "skills")
    assert read("skills", "sql; go").findings == ()


def test_the_most_frequent_spelling_is_shown() -> None:
    """The first row of the file would decide how everybody's skill is written."""
    assert read("skills", "sql", "SQL", "SQL").skills.written == ("SQL",)
    assert read("skills", "sql", "SQL").skills.written == ("SQL",)
    assert read("skills", "SQL", "sql").skills.written == ("SQL",)


def test_regions_of_languages_make_no_difference() -> None:
    """Two who both speak English would share no language."""
    pool = read("languages", "en-US; nb-NO", "en_GB; zh-Hant-TW", "en; Norsk bokmål")
    assert pool.languages.labels == ("en", "nb", "norsk bokmål", "zh")
    assert pool.languages.of(1)[1] == "zh-Hant-TW"


def test_people_are_named_exactly() -> None:
    """An id would be confused with another that differs in case."""
    assert read("prefers", "A1; a1").prefers.of(0) == ("A1", "a1")


names = st.text(st.sampled_from("aAbB+#. -,é"), min_size=1, max_size=5).filter(clean_skill)
items = st.tuples(names, st.sampled_from([0, 0, 1, 3, 5]))


@given(st.lists(st.lists(items, max_size=4), min_size=1, max_size=5))
def test_lists_agree_with_a_plain_reading(people: Sequence[Sequence[tuple[str, int]]]) -> None:
    """The fast reading of all cells at once would differ from reading one after the other."""
    cells = [
        "; ".join(f"{name}:{level}" if level else name for name, level in person) + ";"
        for person in people
    ]
    skills = read("skills", *cells).skills
    for i, person in enumerate(people):
        best: dict[str, int] = {}
        for name, level in person:
            label = clean_skill(name.strip())
            best[label] = max(best.get(label, 0), level)
        mine = slice(skills.indptr[i], skills.indptr[i + 1])
        assert [skills.labels[code] for code in skills.codes[mine]] == list(best)
        assert skills.levels[mine].tolist() == list(best.values())


@pytest.mark.parametrize(
    "told",
    ["English (C1)", "english - fluent", "English: native speaker", "English:5", "English – B2"],
)
def test_how_well_a_language_is_spoken_makes_no_difference(told: str) -> None:
    """Two people kept apart though both speak English."""
    mentors = [{"id": "gil", "skills": "sql", "languages": told}]
    mentees = [{"id": "ana", "goals": "sql", "languages": "English; Norsk"}]
    assert len(mk.match(mentors, mentees)) == 1


def test_languages_with_more_to_their_names_stay_apart() -> None:
    """Two languages taken for one."""
    names = ["Chinese (Mandarin)", "Chinese (Cantonese)", "Serbo-Croatian", "Basic English"]
    assert len({clean_language(name) for name in names}) == len(names)


@pytest.mark.parametrize("cell", ["python:4,5", "python:4,5, sql:3", "sql:3, python: 4,5"])
def test_a_level_with_a_decimal_comma_is_no_skill(cell: str) -> None:
    """A skill that is called 5."""
    with pytest.raises(ProfileError, match="the level '4,5' is not a number from 1 to 5"):
        read_people([{"id": "gil", "skills": cell}], role="mentor")
    found = read_people([{"id": "gil", "skills": "sql:3,5S,go:2,3D printing"}], role="mentor")
    assert sorted(found.skills.labels) == ["3d printing", "5s", "go", "sql"]
