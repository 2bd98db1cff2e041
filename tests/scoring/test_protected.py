"""Protected traits: no program scores by them unless it says why."""

from __future__ import annotations

import pytest

import matchkit as mk


@pytest.mark.parametrize(
    "column", ["gender", "Gender ", "Date of Birth", "Kjønn", "ethnic-group", "Nationalität", "AGE"]
)
def test_a_protected_trait_is_refused(column: str) -> None:
    """People would be scored by what nobody may be judged by."""
    with pytest.raises(mk.ProgramError, match="a protected trait"):
        mk.Program(criteria=(mk.SameValue(column),))


@pytest.mark.parametrize("column", ["language", "location", "stage", "page", "seniority", "team"])
def test_other_columns_are_scored(column: str) -> None:
    """Ordinary columns would be refused because they sound alike."""
    assert mk.Program(criteria=(mk.SameValue(column),)).allow_sensitive == ()


def test_own_criteria_are_checked_too() -> None:
    """A class of one's own would be a way around."""

    class Peers(mk.Criterion):
        """Scores by age."""

        needs = ("age",)

    with pytest.raises(mk.ProgramError, match="Peers scores people by 'age'"):
        mk.Program(criteria=(Peers(),))


def test_a_reason_allows_it_and_is_stored() -> None:
    """A lawful scheme could not be run, or nobody could see later why."""
    allowed = [{"column": "Gender", "reason": "a scheme for women"}]
    program = mk.Program.from_dict(
        {"criteria": [{"kind": "SameValue", "column": "gender"}], "allow_sensitive": allowed}
    )
    assert mk.Program.from_toml_text(program.to_toml()) == program
    people = [{"id": "di", "gender": "f"}]
    saved = mk.match(people, [{"id": "ana", "gender": "f"}], program=program).to_json()
    assert "a scheme for women" in saved
    for wrong in ({"column": "gender"}, {"column": "gender", "reason": " "}):
        with pytest.raises(mk.ProgramError, match="reason"):
            mk.Program.from_dict({"allow_sensitive": [wrong]})


def test_rules_and_audits_may_name_it() -> None:
    """What is meant to protect people could not look."""
    assert mk.Program(rules=(mk.Different("gender"),)).rules
