"""Too few places, in words: a conflict from the field, by name and number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matchkit as mk
from matchkit.insight import Bottleneck, Bottlenecks


class TwoGradesUp(mk.Rule):
    """A mentor stands at least two grades above the mentee."""

    needs = ("grade",)

    def allows(self, mentee: Any, mentor: Any) -> Any:
        """Compare grades."""
        return mentor.number("grade") - mentee.number("grade") >= 2


def grades(name: str, counts: dict[int, int]) -> list[dict[str, Any]]:
    """Return people, so many of each grade."""
    each = [grade for grade, count in counts.items() for _ in range(count)]
    return [{"id": f"{name}{at:02}", "grade": grade} for at, grade in enumerate(each, start=1)]


@pytest.fixture(name="fifty", scope="module")
def _fifty() -> mk.Matching:
    mentees = grades("p", {1: 10, 2: 32, 3: 8})
    mentors = grades("m", {2: 11, 3: 22, 4: 12, 5: 5})
    program = mk.Program(criteria=(mk.SameValue("grade"),), rules=(TwoGradesUp(),))
    return mk.match(mentors, mentees, program=program)


def test_the_conflict_of_the_grades_is_told_by_name_and_number(fifty: mk.Matching) -> None:
    """Fifty people for fifty places would be told that there is no solution, and no more."""
    found = mk.insight.bottlenecks(fifty)
    assert found.short == len(fifty.unmatched) == 23
    (group,) = found.rows
    assert (len(group.mentees), len(group.mentors), group.places, group.short) == (40, 17, 17, 23)
    assert group.mentees[0] == "p11"
    assert str(found).splitlines() == [
        "40 mentees can reach only 17 mentors with 17 places, so at least 23 stay unmatched.",
        "  The mentees: p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22 and 28 more.",
        "  The mentors: m34, m35, m36, m37, m38, m39, m40, m41, m42, m43, m44, m45 and 5 more.",
        "  TwoGradesUp alone keeps 33 other mentors out of reach.",
    ]


def test_a_group_is_as_good_as_its_proof(fifty: mk.Matching) -> None:
    """Somebody of the group could have a mentor who is not named."""
    (group,) = mk.insight.bottlenecks(fifty).rows
    scores = mk.score(
        fifty.people.mentors.to_records(),
        fifty.people.mentees.to_records(),
        program=fifty.program,
    )
    rows = np.isin(scores.mentee_ids, group.mentees)
    reached = np.array(scores.mentor_ids)[scores.eligible[rows].any(axis=0)]
    assert sorted(reached.tolist()) == list(group.mentors)


def test_nobody_within_reach_and_enough_for_all() -> None:
    """A group without any mentor would be told to share none."""
    program = mk.Program(criteria=(mk.SameValue("team"),), rules=(mk.Same("team"),))
    mentors = [{"id": "di", "team": "a", "capacity": 0}, {"id": "ed", "team": "b"}]
    alone = mk.match(mentors, [{"id": "ana", "team": "a"}], program=program)
    assert str(mk.insight.bottlenecks(alone)).splitlines() == [
        "1 mentee can reach no mentor who has a place, so at least 1 stays unmatched.",
        "  The mentees: ana.",
        "  Same(team) alone keeps 1 other mentor out of reach.",
    ]
    together = mk.match(mentors, [{"id": "ana", "team": "b"}], program=program)
    assert str(mk.insight.bottlenecks(together)) == "There is a place for every mentee."


def test_table_of_groups() -> None:
    """Groups would get lost between the answer and its table."""
    rows = (Bottleneck(("ana", "bo"), ("di",), 1, 1, (("NotSelf", 2),)),)
    assert Bottlenecks(rows).to_frame().to_numpy().tolist() == [["ana, bo", "di", 1, 1, "NotSelf"]]
