"""Reading as a whole: identity, findings, and what other modules rely on."""

from __future__ import annotations

import pytest

from matchkit.errors import ProfileError
from matchkit.profiles import Profile, examine_people, read_people


def test_ids_that_repeat_name_both_rows() -> None:
    """One of two people would vanish."""
    with pytest.raises(ProfileError, match="row 2, column id: the id 'a' is also in row 0"):
        read_people([{"id": "a"}, {"id": "b"}, {"id": " a"}], role="mentor")


def test_composed_and_decomposed_ids_are_one() -> None:
    """One person would be two, depending on the keyboard."""
    with pytest.raises(ProfileError, match="is also in row 0"):
        read_people([{"id": "zo\u00eb"}, {"id": "zoe\u0308"}], role="mentor")


def test_ids_differ_in_case() -> None:
    """Two people whose ids differ in case would be one."""
    assert len(read_people([{"id": "a"}, {"id": "A"}], role="mentor")) == 2


def test_emails_stand_for_ids() -> None:
    """A file without ids could not be read."""
    pool = read_people([{"e-mail": "Ana@example.org"}, {"e-mail": "bo@example.org"}], role="mentee")
    assert pool.ids.tolist() == ["Ana@example.org", "bo@example.org"]
    assert pool.text("id").tolist() == pool.ids.tolist()
    assert pool.findings[0].message == "2 of 2 people have no id: their e-mail stands for it"
    with pytest.raises(ProfileError, match=r"'ANA@example.org' is also in row 0"):
        read_people([{"email": "ana@example.org"}, {"email": "ANA@example.org"}], role="mentee")


def test_an_email_stands_for_a_single_missing_id() -> None:
    """A person would be refused although it is clear who it is."""
    pool = read_people(
        [Profile(id="a", email="a@example.org"), Profile(email="b@example.org")], role="mentee"
    )
    assert pool.ids.tolist() == ["a", "b@example.org"]


def test_people_without_id_are_named() -> None:
    """A row without an id would get one that nobody knows."""
    with pytest.raises(ProfileError, match="row 1, column id: there is no id"):
        read_people([{"id": "a", "team": "x"}, {"id": " ", "team": "y"}], role="mentee")


def test_ids_are_one_line() -> None:
    """No list of ids could name the person."""
    with pytest.raises(ProfileError, match="the id holds a line break or tab"):
        read_people([{"id": "a\nb"}], role="mentee")


def test_shared_emails_are_a_warning_for_each() -> None:
    """One person under two ids would be matched twice, without a word."""
    people = [{"id": "b", "email": "X@example.org"}, {"id": "a", "email": "x@example.org"}]
    found = read_people(people, role="mentee").findings
    assert [(each.severity, each.id, each.message) for each in found] == [
        ("warning", "a", "2 people have the same e-mail address: a, b"),
        ("warning", "b", "2 people have the same e-mail address: a, b"),
    ]


def test_findings_do_not_depend_on_the_row_order() -> None:
    """The stored findings of a result would change with the order of the rows."""
    people = [{"id": f"p{i}", "skills": "SQL:1; sql:2; Go; go"} for i in range(4)]
    found = [
        [each.without_place() for each in read_people(order, role="mentee").findings]
        for order in (people, people[::-1])
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 8


def test_examining_returns_what_reading_raises() -> None:
    """The check of a file would stop at the first kind of trouble."""
    examined = examine_people([{"id": 1, "skills": "a:9; b; b"}], role="mentor")
    assert examined.pool is None
    assert [each.severity for each in examined.findings] == ["error", "note", "repaired"]
    examined = examine_people([{"id": 1}], role="mentor")
    assert examined.pool is not None
    assert examined.findings == examined.pool.findings


def test_a_pool_is_read_as_it_is() -> None:
    """People who were read once could not be matched again."""
    pool = read_people([{"id": 1}], role="mentor")
    assert read_people(pool, role="mentor").fingerprint == pool.fingerprint
    assert read_people(pool, role="mentee").role == "mentee"


def test_long_values_are_shortened() -> None:
    """One cell would fill the screen."""
    with pytest.raises(ProfileError) as caught:
        read_people([{"id": 1, "hours": "x" * 10_000}], role="mentor")
    assert len(caught.value.findings[0].value) < 200
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize(
    ("column", "value", "mend"),
    [
        ("timezone", "Olso", "did you mean 'Europe/Oslo'"),
        ("hours", "Mon 9-5", "write weekly windows such as"),
        ("capacity", "some", "write a whole number"),
        ("capacity", "-1", "write a whole number"),
        ("min_load", "1.5", "write a whole number"),
        ("seniority", "1,000", "write a number such as"),
        ("skills", "sql:10", "write the level as 1 to 5"),
        ("team", "#N/A", "mend its formula"),
        ("team", "a\x00", "remove it"),
        ("team", "\ud800", "remove it"),
    ],
)
def test_every_fault_says_how_to_mend_it(column: str, value: str, mend: str) -> None:
    """The user would know that something is wrong, and not what to do."""
    with pytest.raises(ProfileError) as caught:
        read_people([{"id": "a"}, {"id": "b", column: value}], role="mentor")
    (fault,) = caught.value.findings
    assert (fault.row, fault.column, fault.source) == (1, column, "mentors")
    assert mend in fault.mend
    str(fault).encode()
