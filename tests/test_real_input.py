"""People as they really write: the tags of volunteer mentors, exactly as typed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import matchkit as mk
from tests.strategies import People

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "mentor_tags.csv"

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason=f"the data of volunteer mentors is not at {DATA}"
)

PROGRAM = mk.Program(
    criteria=(
        mk.SkillCoverage(weight=3),
        mk.TextFit(weight=1),
        mk.SameValue("country", weight=0.5),
    ),
    rules=(mk.NotSelf(), mk.SharedLanguage()),
)


def halves() -> tuple[People, People]:
    """Return every second person as a mentor with two places, the others as mentees."""
    with DATA.open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    mentors = [{**who, "capacity": "2"} for who in people[::2]]
    mentees = [
        {"id": who["id"], "country": who["country"], "languages": who["languages"],
         "goals": who["skills"]}
        for who in people[1::2]
    ]  # fmt: skip
    return mentors, mentees


@pytest.fixture(scope="module")
def matching() -> mk.Matching:
    """Match one half with the other."""
    return mk.match(*halves(), program=PROGRAM)


def test_the_whole_job_on_real_people(matching: mk.Matching) -> None:
    """What works on made-up people would fail on real ones."""
    assert matching.record.mentors == matching.record.mentees == 149
    assert matching.certificate.status == "optimal"
    assert matching.certificate.gap == 0
    assert matching.certificate.matched == matching.certificate.matched_bound
    assert mk.verify(matching) == ()
    assert [name for name, _ in matching.record.skipped] == []


def test_nobody_is_matched_without_a_language(matching: mk.Matching) -> None:
    """Two people who cannot speak with each other would be matched."""
    languages = {
        who["id"]: {code.strip().casefold() for code in who["languages"].split(";")} - {""}
        for side in halves()
        for who in side
    }
    for match in matching:
        mine, theirs = languages[match.mentee], languages[match.mentor]
        assert mine & theirs or not (mine and theirs)
    for one in matching.unmatched:
        assert one.reason == "no_eligible_mentor"
        mine = languages[one.mentee]
        assert not any(
            mine & languages[place.mentor] for place in matching.places if place.capacity
        )


def test_most_people_get_somebody_who_knows_what_they_ask_for(matching: mk.Matching) -> None:
    """A proven optimum of meaningless scores would be matched."""
    answered = [
        match for match in matching if any(" <- " in line for line in match.parts[0].evidence)
    ]
    assert len(answered) > 0.9 * len(matching)
    assert all(place.taken <= 2 for place in matching.places)


def test_every_answer_works_on_real_people(matching: mk.Matching) -> None:
    """A question that nobody tried on real people would end in a traceback."""
    stored = mk.Matching.from_json(matching.to_json())
    mentors = [place.mentor for place in matching.places]
    for at, one in enumerate(matching.everyone[::25]):
        assert str(mk.explain(matching, one.mentee)) == str(mk.explain(stored, one.mentee))
        assert str(mk.why_not(matching, one.mentee, mentors[at]))


def test_rows_in_another_order(matching: mk.Matching) -> None:
    """Sorting a real file would change the result."""
    mentors, mentees = halves()
    turned = mk.match(mentors[::-1], sorted(mentees, key=lambda who: who["goals"]), program=PROGRAM)
    assert turned.to_json() == matching.to_json()
