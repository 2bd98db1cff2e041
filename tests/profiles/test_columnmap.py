"""Mapping files: what a user says about headings, and the way there and back."""

from __future__ import annotations

from pathlib import Path

import pytest

import matchkit as mk
from matchkit.errors import ProfileError, ProgramError
from matchkit.profiles import examine_people, read_people

TEXT = """\
[columns]
"What I do all day" = "role"
"Topics" = "goals"
"Remarks" = ""
"Shirt" = "shirt size"
[mentors]
"Topics" = "skills"
[file]
delimiter = ";"
[orders]
seniority = ["Explorer", "Guide"]
"""
HEAD = "id;What I do all day;Topics;Remarks;Shirt;seniority\n"


def test_a_mapping_file_says_what_headings_mean(tmp_path: Path) -> None:
    """The user could not answer what matchkit asks."""
    (tmp_path / "map.toml").write_text(TEXT)
    (tmp_path / "p.csv").write_text(HEAD + "a;cook;sql;secret;XL;guide\nb;;;;;Explorer\n")
    for role, key in (("mentor", "skills"), ("mentee", "goals")):
        pool = mk.read_people(tmp_path / "p.csv", role=role, columns=tmp_path / "map.toml")  # type: ignore[arg-type]
        record = pool.to_records()[0]
        assert (record["role"], record[key], record["shirt_size"]) == ("cook", "sql", "XL")
        assert "secret" not in record.values()
        assert pool.mapping["Remarks"] == ""
        assert pool.seniority.tolist() == [2, 1]
    assert any("'Remarks' was left out" in each.message for each in pool.findings)


def test_a_mapping_reads_back(tmp_path: Path) -> None:
    """A saved mapping would be another one."""
    chosen = mk.ColumnMap.from_toml_text(TEXT)
    chosen.save(tmp_path / "saved.toml")
    assert mk.ColumnMap.from_toml(tmp_path / "saved.toml") == chosen
    assert mk.ColumnMap.of(chosen) is chosen
    assert mk.ColumnMap.of(None) == mk.ColumnMap()


def test_the_mapping_used_can_be_given_again() -> None:
    """What a result says of its headings could not be used for the next round."""
    people = [{"Employee ID": 7, "Job-Title": "cook", "Shoe size": 43}]
    pool = read_people(people, role="mentor")
    again = read_people(people, role="mentor", columns=pool.mapping)
    assert again.fingerprint == pool.fingerprint
    assert again.mapping == pool.mapping


def test_headings_of_the_mapping_that_are_not_there_are_named() -> None:
    """A misspelled heading would leave its column unread, without a word."""
    found = read_people([{"id": 1, "Topic": "x"}], role="mentor", columns={"Topics": "goals"})
    (warning,) = (each for each in found.findings if each.severity == "warning")
    assert "'Topics'" in warning.message
    assert "did you mean 'Topic'?" in warning.mend


def test_one_mapping_serves_two_files() -> None:
    """A heading of the mentors' file would be missed in that of the mentees."""
    chosen = {"Offer": "skills", "Want": "goals", "Nowhere": "bio"}
    matching = mk.match([{"id": "di", "Offer": "sql"}], [{"id": "bo", "Want": "sql"}],
                        columns=chosen)  # fmt: skip
    warnings = {each.value for each in matching.record.findings if each.severity == "warning"}
    assert warnings == {"Nowhere"}
    assert matching["bo"].score > 0
    assert matching.record.mapping["mentors"] == {"id": "id", "Offer": "skills"}


def test_a_question_stops_a_round_until_it_is_answered() -> None:
    """A heading would be guessed, or the answer would not count."""
    people = [{"id": "a", "Topics": "sql"}]
    examined = examine_people(people, role="mentor")
    assert [each.severity for each in examined.findings if each.column == "Topics"] == ["question"]
    with pytest.raises(ProfileError, match="'Topics' could mean 'skills' or 'goals'") as caught:
        read_people(people, role="mentor")
    assert caught.value.findings[0].severity == "error"
    pool = read_people(people, role="mentor", columns={"topics": "goals"})
    assert pool.goals.of(0) == ("sql",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns", "is no TOML"),
        ("[column]\na = 'b'", r"no table \[column\]; did you mean 'columns'"),
        ("[columns]\n'X' = 7", "'X' needs the name of a column"),
        ("[columns]\n'X' = 'skils'", "did you mean 'skills'"),
        ("columns = 7", "write lines such as"),
        ("[file]\nencodin = 'x'", "did you mean 'encoding'"),
        ("[file]\ndelimiter = ';;'", "delimiter must be one sign"),
        ("[file]\nsheet = 7", "sheet must be text"),
        ("file = 7", "write lines such as"),
        ("orders = 7", r"write seniority = \["),
        ("[orders]\nseniority = 'a'", r"write seniority = \["),
        ("[orders]\nseniority = ['A', 'a']", "appears twice"),
    ],
)
def test_what_has_no_meaning_in_a_mapping_is_refused(text: str, message: str) -> None:
    """A slip in a mapping file would change nothing, without a word."""
    with pytest.raises(ProgramError, match=message):
        mk.ColumnMap.from_toml_text(text)


def test_faults_of_a_mapping_come_together() -> None:
    """The user would mend a mapping one line at a time."""
    with pytest.raises(ProgramError) as caught:
        mk.ColumnMap.from_toml_text("[a]\n[b]\n[columns]\nx = 1")
    assert len(caught.value.lines) == 3


def test_a_mapping_must_be_one(tmp_path: Path) -> None:
    """A wrong argument would end in a traceback."""
    for wrong, message in ((7, "columns is of type int"), (tmp_path / "no.toml", "cannot be read")):
        with pytest.raises(ProgramError, match=message):
            mk.read_people([], columns=wrong)  # type: ignore[arg-type]


def test_encodings_and_delimiters_can_be_given(tmp_path: Path) -> None:
    """A wrong guess could not be corrected."""
    (tmp_path / "p.csv").write_bytes("id^name\na^\u5c71\u7530\n".encode("cp932"))
    chosen = mk.ColumnMap.from_toml_text('[file]\nencoding = "cp932"\ndelimiter = "^"')
    pool = read_people(tmp_path / "p.csv", columns=chosen)
    assert pool.text("name").tolist() == ["\u5c71\u7530"]
    for encoding, message in (("utf-8", "is not in the encoding"), ("x-1", "there is no encoding"),
                              ("zlib", "there is no encoding")):  # fmt: skip
        with pytest.raises(ProfileError, match=message):
            read_people(tmp_path / "p.csv", columns=mk.ColumnMap(encoding=encoding))


def test_seniority_on_two_scales_is_a_warning() -> None:
    """A senior of rank 4 would be taken for somebody with four years."""
    labels, numbers = [{"id": "a", "seniority": "Senior"}], [{"id": "b", "seniority": "4"}]
    for sides in ((labels, numbers), (numbers, labels)):
        found = mk.match(*sides).record.findings
        assert any("do not compare" in each.message for each in found)
    for sides in ((labels, [{"id": "c", "seniority": "Junior"}]), (numbers, [{"id": "c"}])):
        assert "do not compare" not in str(mk.match(*sides).record.findings)


def test_many_labels_without_an_order_are_faults() -> None:
    """A question with hundreds of labels would be asked of a column that is no seniority."""
    people = [{"id": i, "seniority": f"job {'x' * i}"} for i in range(20)]
    with pytest.raises(ProfileError) as caught:
        read_people(people)
    assert len(caught.value.findings) == 20


def test_headings_that_are_not_needed_are_not_asked_about() -> None:
    """The user would be asked about a column that cannot matter."""
    people = [{"id": 1, "skills": "a", "goals": "b", "Topics": "c", "What can you offer?": "d"}]
    pool = read_people(people)
    assert pool.text("topics").tolist() == ["c"]
    assert pool.skills.of(0) == ("a",)
    assert {each.severity for each in pool.findings} == {"note"}


def test_the_form_can_be_named_in_the_mapping(tmp_path: Path) -> None:
    """A table that only looks like a form could be checked, but not matched."""
    (tmp_path / "p.csv").write_text("Timestamp,id\nt,a\n")
    form = examine_people(tmp_path / "p.csv", columns=mk.ColumnMap(preset="none")).form
    assert form is not None
    assert form.preset == ""
    with pytest.raises(ProgramError, match="no preset 'x'"):
        read_people(tmp_path / "p.csv", columns=mk.ColumnMap(preset="x"))
