"""JSON files: lists of records, and users of directories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matchkit.errors import ProfileError
from matchkit.profiles import Examination, examine_people, read_people

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

USER = {
    "schemas": [CORE, ENTERPRISE],
    "id": "u-1",
    "externalId": "HR-7",
    "userName": "bj@example.org",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [
        {"value": "home@example.org", "type": "home"},
        {"value": "bj@example.org", "type": "work", "primary": True},
    ],
    "phoneNumbers": [{"value": "+47 1"}],
    "addresses": [{"type": "work", "locality": "Oslo"}],
    "title": "Guide",
    "timezone": "Europe/Oslo",
    "locale": "nb-NO",
    "active": True,
    "roles": [{"value": "lead"}, {"value": "coach"}],
    ENTERPRISE: {
        "employeeNumber": "701984",
        "department": "Tours",
        "division": "Parks",
        "manager": {"value": "u-2", "displayName": "John"},
    },
    "urn:example:mentoring:1.0:User": {"skills": ["sql", "go"]},
    "meta": {"resourceType": "User"},
}


def examine(folder: Path, document: Any, name: str = "people.json") -> Examination:
    """Write a JSON file and examine it as mentors."""
    text = document if isinstance(document, str) else json.dumps(document)
    (folder / name).write_text(text, encoding="utf-8")
    return examine_people(folder / name, role="mentor")


@pytest.mark.parametrize("name", ["people.json", "people", "people.txt.json"])
def test_lists_of_records_are_read(tmp_path: Path, name: str) -> None:
    """A program's own export could not be read."""
    people = [{"id": 7, "skills": {"sql": 4, "go": None}, "capacity": 2}, {"id": "b"}]
    pool = examine(tmp_path, people, name).pool
    assert pool is not None
    assert pool.fingerprint == read_people(people, role="mentor").fingerprint
    assert pool.skills.levels.tolist() == [4, 0]


def test_a_single_list_in_an_object_is_taken_aloud(tmp_path: Path) -> None:
    """The usual wrapping of an interface would be refused, or passed over without a word."""
    examined = examine(tmp_path, {"total": 1, "people": [{"id": "a"}]})
    assert examined.pool is not None
    assert "the people were read from 'people'" in [each.message for each in examined.findings]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"id": 1},]', "this is not JSON"),
        ('[{"id": 1', "this is not JSON"),
        ('[{"id": NaN}]', "NaN is no number"),
        ('[{"id": 1, "id": 2}]', "the key 'id' appears twice"),
        ("[" * 100_000, "nested too deeply"),
        ('[{"id": ' + "9" * 5_000 + "}]", "thousands of digits"),
        ("{}", "one object, not a list"),
        ('{"a": [], "b": []}', "one object, not a list"),
        ('"people"', "text, not a list"),
        ("7", "a number, not a list"),
        ("null", "nothing, not a list"),
        ("true", "a truth value, not a list"),
        ('[{"id": 1}, 7]', "a person is given as int"),
        ('[{"id": 1, "team": {"a": {"b": 1}}}]', "cannot be read as text"),
        ('[{"id": "\\ud800"}]', "control character"),
    ],
)
def test_what_holds_no_records_is_said(tmp_path: Path, text: str, message: str) -> None:
    """A damaged file would end in a traceback or in nonsense."""
    examined = examine(tmp_path, text)
    assert examined.pool is None
    assert message in examined.findings[0].message or message in str(examined.findings)


def test_scim_users_become_people(tmp_path: Path) -> None:
    """A directory's export would have to be rewritten by hand."""
    pool = read_people(
        write(tmp_path, {"schemas": [LIST], "totalResults": 1, "Resources": [USER]}), role="mentor"
    )
    (record,) = pool.to_records()
    expected = {
        "id": "u-1", "name": "Barbara Jensen", "email": "bj@example.org", "location": "Oslo",
        "role": "Guide", "timezone": "Europe/Oslo", "languages": "nb-NO", "department": "Tours",
        "manager": "u-2", "skills": "sql; go", "division": "Parks", "roles": "lead; coach",
        "employeenumber": "701984", "externalid": "HR-7", "phonenumbers": "+47 1",
    }  # fmt: skip
    assert expected.items() <= record.items()
    assert "meta" not in record


def write(folder: Path, document: Any) -> Path:
    """Write a JSON file."""
    path = folder / "users.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("document", [USER, [USER], {"Resources": [USER]}])
def test_scim_is_recognized(tmp_path: Path, document: Any) -> None:
    """One user, or a plain list of users, would be read with nested cells."""
    form = examine_people(write(tmp_path, document), role="mentor").form
    assert form is not None
    assert form.preset == "SCIM 2.0"


def test_one_page_of_users_is_not_taken_for_all(tmp_path: Path) -> None:
    """Most of a company would be missing without a word, and those who left be matched."""
    document = {"totalResults": 9, "Resources": [USER | {"active": False}]}
    found = examine_people(write(tmp_path, document), role="mentor").findings
    warnings = [each.message for each in found if each.severity == "warning"]
    assert "the response holds 1 of 9 users" in warnings
    assert "1 of 1 users are not active" in warnings


@pytest.mark.parametrize(
    "user",
    [{"id": "a", "emails": "x@example.org"}, {"id": "a", "emails": []}, {"id": "a", "name": "A"},
     {"id": "a", "addresses": ["Oslo"]}, {"id": "a", "manager": "b"}, {"id": "a", "name": {}}],
)  # fmt: skip
def test_odd_users_are_read(tmp_path: Path, user: dict[str, Any]) -> None:
    """A directory that bends the standard would end in a traceback."""
    examined = examine_people(write(tmp_path, {"Resources": [user]}), role="mentor")
    assert examined.pool is not None


def test_resources_that_are_no_users_are_faults(tmp_path: Path) -> None:
    """Something else in a response would end in a traceback."""
    for resources in ([7], 7, None):
        with pytest.raises(ProfileError, match="a person is given as"):
            read_people(write(tmp_path, {"Resources": resources}), role="mentor")
