"""Pages for participants and for everybody: what they must not show."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import matchkit as mk
from matchkit.errors import DetachedError, ProgramError, UnknownPersonError
from matchkit.reports import public
from matchkit.reports.page import render
from tests.reports.pages import Outline

DAY = date(2027, 1, 11)


@cache
def matching() -> mk.Matching:
    """Return the round of a small cohort."""
    return mk.match(*mk.datasets.cohort(12, 40), program=mk.Program(start=DAY))


@cache
def plan() -> mk.Plan:
    """Return its follow-up."""
    return mk.schedule(matching())


def text(page: str) -> str:
    """Return the words of a page."""
    return " ".join(" ".join(Outline(page).texts).split())


def named_in(words: str) -> set[str]:
    """Return the ids of those whose name, id or e-mail address stands in a text."""
    found = set()
    for pool in (matching().people.mentees, matching().people.mentors):
        for at, person in enumerate(pool.ids.tolist()):
            known = (person, pool.label(at), str(pool.text("email")[at]))
            if any(
                re.search(rf"(?<![\w.]){re.escape(each)}(?!\w)", words) for each in known if each
            ):
                found.add(person)
    return found


def test_a_participant_sees_own_pairs_only() -> None:
    """Somebody would read about other people's matches."""
    for match in matching().matches[:10]:
        for person in (match.mentee, match.mentor):
            page = render(matching(), schedule=plan(), audience="participant", person=person)
            own = [one for one in matching() if person in (one.mentee, one.mentor)]
            allowed = {person, *(one.mentee for one in own), *(one.mentor for one in own)}
            assert named_in(text(page)) <= allowed
            assert match.mentor in named_in(text(page))


def test_a_participant_sees_no_points_and_no_confidences() -> None:
    """A mentor would read that they were somebody's ninth choice, or who asked for whom."""
    for match in matching().matches[:10]:
        page = text(render(matching(), audience="participant", person=match.mentee))
        assert "choice" not in page
        assert "Stated preference" not in page
        assert "not answered" not in page
        assert f"{match.score:.3f}" not in page


def test_a_participant_learns_when_to_meet() -> None:
    """The page would name the other one and leave open what comes next."""
    met = next(meeting for meeting in plan() if meeting.status == "scheduled")
    page = text(render(matching(), schedule=plan(), audience="participant", person=met.mentee))
    assert met.mentee_time in page
    assert met.title in page
    page = text(render(matching(), schedule=plan(), audience="participant", person=met.mentor))
    assert met.mentor_time in page


def test_a_participant_without_a_match_is_told_so() -> None:
    """Somebody left out would get an empty page, or read why others were preferred."""
    left = matching().unmatched[0].mentee
    page = text(render(matching(), audience="participant", person=left))
    assert "There is no match for you in this round yet." in page
    assert named_in(page) == {left}


def test_the_public_page_names_nobody() -> None:
    """A notice board would show who is in the program."""
    page = text(render(matching(), schedule=plan(), audience="public"))
    assert named_in(page) == set()
    assert "mentees have a mentor" in page


@pytest.mark.parametrize("seed", range(8))
def test_the_public_page_shows_no_few_people(seed: int) -> None:
    """A number between one and four would point at single people."""
    people = mk.datasets.cohort(6 + 2 * seed, 5 + 6 * seed, seed=seed)
    round_ = mk.match(*people, program=mk.Program(start=DAY))
    page = public.build(round_)
    for table in page.groups:
        sizes = [group.people for group in table.groups]
        assert min(sizes) >= public.LEAST
        assert sum(sizes) == round_.record.mentees
        hidden = [group for group in table.groups if group.matched == "not shown"]
        assert len(hidden) != 1 or len(table.groups) == 1
        for group in table.groups:
            if group not in hidden:
                rest = group.people - int(group.matched)
                assert not 0 < int(group.matched) < public.LEAST
                assert not 0 < rest < public.LEAST
    for _, wanted, places in page.skills:
        assert int(wanted) >= public.LEAST
        assert not places.isdigit() or not 0 < int(places) < public.LEAST


@pytest.mark.parametrize(
    ("places", "mentees", "said"),
    [
        (2, 2, "A round of fewer than five mentees"),
        (3, 30, "Under 5 of 30"),
        (28, 30, "Over 25 of 30"),
        (30, 36, "30 of 36"),
    ],
)
def test_the_headline_hides_few_people(places: int, mentees: int, said: str) -> None:
    """The first line would tell how many single people were left out."""
    mentors = [{"id": "di", "capacity": str(places)}]
    people = [{"id": f"e{at}", "goals": "sql"} for at in range(mentees)]
    assert said in public.build(mk.match(mentors, people)).headline


@pytest.mark.parametrize("audience", ["participant", "public"])
def test_other_audiences_need_the_people(audience: str) -> None:
    """A page of bare ids would go to people who cannot read them."""
    detached = mk.Matching.from_json(matching().to_json())
    person = matching().matches[0].mentee if audience == "participant" else None
    with pytest.raises(DetachedError):
        render(detached, audience=audience, person=person)  # type: ignore[arg-type]


def test_a_wrong_call_is_a_typed_error(tmp_path: Path) -> None:
    """A slip could send a coordinator's page to a participant."""
    path = tmp_path / "page.html"
    with pytest.raises(ProgramError, match="audience"):
        mk.report(matching(), path, audience="boss")  # type: ignore[arg-type]
    with pytest.raises(ProgramError, match="person goes with"):
        mk.report(matching(), path, person="e001")
    with pytest.raises(ProgramError, match="person goes with"):
        mk.report(matching(), path, audience="participant")
    with pytest.raises(UnknownPersonError, match="did you mean 'e001'"):
        mk.report(matching(), path, audience="participant", person="e0001")
    other = mk.match(*mk.datasets.cohort(5, 5), program=mk.Program(start=DAY))
    with pytest.raises(ProgramError, match="another round"):
        mk.report(other, path, schedule=plan())
    assert not path.exists()


@pytest.mark.parametrize("audience", ["participant", "public"])
def test_the_pages_are_sound(audience: str) -> None:
    """The smaller pages would break promises that the large one keeps."""
    person = matching().matches[0].mentor if audience == "participant" else None
    words = render(matching(), schedule=plan(), audience=audience, person=person)  # type: ignore[arg-type]
    page = Outline(words)
    assert not page.unbalanced
    assert len(page.ids) == len(set(page.ids))
    assert page.links == []
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe"}
