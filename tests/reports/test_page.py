"""The page about a round: what it says, and what it never lets through."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import matchkit as mk
from matchkit.errors import Finding, ProgramError
from matchkit.reports import cards, supply, view
from matchkit.reports.page import render
from matchkit.reports.people import Person, directory
from tests import builders
from tests.reports.pages import Outline

Round = Callable[..., mk.Matching]

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "{{ 70707 * 3 }}{% raw %}{# #}",
    "</style></title></svg><a href=//example.org>",
    "\u202egnp.exe\u2066",
    "&lt;b&gt;&amp;",
    "javascript:alert(1)",
    "]]><!-- open",
]


def people(word: str = "sql") -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return four people whose every cell holds a word; one mentee is left over."""
    mentors = [
        {
            "id": f"di {word}",
            "name": f"Di {word}",
            "skills": "sql:4",
            "interests": word,
            "role": word,
            "team": "a",
        },
        {"id": f"gil {word}", "name": f"Gil {word}", "skills": "go", "role": word, "team": "b"},
    ]
    mentees = [
        {
            "id": f"ana {word}",
            "name": f"Ana {word}",
            "goals": "sql; go",
            "interests": word,
            "team": "b",
        },
        {"id": f"bo {word}", "name": f"Bo {word}", "goals": "go", "interests": word, "team": "a"},
        {"id": f"cy {word}", "name": f"Cy {word}", "goals": "go", "interests": word, "team": "a"},
    ]
    return mentors, mentees


@cache
def real(word: str = "sql") -> mk.Matching:
    """Return a round of these people."""
    mentors, mentees = people(word)
    return mk.match(mentors, mentees, program=mk.Program(rules=(mk.Different("team"),)))


@cache
def built(word: str = "sql") -> mk.Matching:
    """Return a detached round in which every text holds a word."""
    finding = Finding("warning", f"about {word}", word, id=word, column=word, value=word)
    return builders.matching(
        builders.pair(f"ana {word}", f"di {word}", word=word),
        left=[f"bo {word}"],
        idle=[f"gil {word}"],
        findings=[finding],
        word=word,
    )


@pytest.mark.parametrize("word", HOSTILE)
@pytest.mark.parametrize("round_", [real, built])
def test_hostile_text_stays_text(word: str, round_: Round) -> None:
    """Somebody's name could run code or redraw the page of a coordinator."""
    page = Outline(render(round_(word)))
    harmless = {*Outline(render(real())).tags, *Outline(render(built())).tags}
    assert set(page.tags) <= harmless
    assert not page.unbalanced
    assert all(link.startswith("#") for link in page.links)
    assert word in "".join(page.texts)
    assert "212121" not in "".join(page.texts)


def test_every_person_is_isolated_from_the_text_around() -> None:
    """A name that turns the writing direction would turn what follows it."""
    word = "\u202eturned"
    page = render(built(word))
    # Each text of a drawing is a paragraph of its own, and turns nothing else.
    isolated = r"<bdi[^>]*>.*?</bdi>|<text[^>]*>.*?</text>|<desc[^>]*>.*?</desc>"
    outside = re.sub(isolated, "", page, flags=re.DOTALL)
    assert word not in outside


@pytest.mark.parametrize("round_", [real, built])
def test_page_is_whole_without_network_and_script(round_: Round) -> None:
    """The page would load something from outside, or need a script to be read."""
    page = Outline(render(round_()))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form"}
    assert not any(name.startswith("on") for _, names in page.tags for name in names)
    assert "default-src 'none'" in render(round_())
    assert "url(" not in render(round_()).replace("url(#", "")


@pytest.mark.parametrize("round_", [real, built])
def test_links_lead_somewhere(round_: Round) -> None:
    """A jump link would go nowhere, or an id would stand twice."""
    page = Outline(render(round_()))
    assert not page.unbalanced
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_same_round_same_bytes(tmp_path: Path) -> None:
    """Two reports of one round could not be compared."""
    first = mk.report(real(), tmp_path / "a.html").read_bytes()
    assert mk.report(real(), tmp_path / "b.html").read_bytes() == first


def test_names_where_people_are_attached_ids_elsewhere() -> None:
    """A coordinator would have to look up who e017 is."""
    matching = real()
    assert "Ana sql" in render(matching)
    detached = mk.Matching.from_json(matching.to_json())
    page = render(detached)
    assert "Ana sql" not in page
    assert "ana sql" in page
    assert "ids stand for names" in page


def test_verdict_counts_and_proves() -> None:
    """The first screen would not answer how many, how well and how sure."""
    text = " ".join(" ".join(Outline(render(real())).texts).split())
    assert "2 of 3 mentees have a mentor" in text
    assert "Proposed, awaiting approval" in text
    assert "This is proven, not estimated." in text
    assert "Gap to the best 0 proven optimal" in text


def test_each_match_shows_parts_reasons_and_cautions() -> None:
    """A reader could not tell on what a match rests."""
    text = " ".join(" ".join(Outline(render(built("tact"))).texts).split())
    assert "Skill coverage 0.400 0.600 goal" in text
    assert "Text fit 0.150 0.300 not known; the average of the other pairs" in text
    assert "goal 'tact' \u2190 skill 'tact' level 4" in text
    assert "only 70 % of the weight of tact rests on evidence" in text
    assert "2nd choice of 3 possible mentors" in text


def test_unmatched_mentors_and_method_are_told() -> None:
    """Those without a match, free places or skipped criteria would vanish in silence."""
    text = " ".join(" ".join(Outline(render(built("tact"))).texts).split())
    assert "No mentor meets every rule." in text
    assert "Different: tact removed 2" in text
    assert "Relax tact." in text
    assert "1 left" in text
    assert "Shared hours mentees have no 'tact'" in text
    assert "about tact" in text


def test_a_round_without_any_match_is_loud() -> None:
    """A coordinator could take an empty round for a finished one."""
    mentors, mentees = people()
    same = [person | {"team": "a"} for person in (*mentors, *mentees)]
    program = mk.Program(rules=(mk.Different("team"),))
    page = render(mk.match(same[:2], same[2:], program=program))
    assert "No mentee could be matched" in page
    assert "Nobody is matched." in page


@pytest.mark.parametrize(("mentors", "mentees"), [(0, 0), (0, 2), (2, 0), (1, 1)])
def test_tiny_rounds_have_a_page(mentors: int, mentees: int) -> None:
    """A round without people on one side would have no report."""
    guides, learners = (pd.DataFrame(side) for side in people())
    page = Outline(render(mk.match(guides[:mentors], learners[:mentees])))
    assert not page.unbalanced
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_large_rounds_leave_the_cards_out_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of thousands of cards would not open, or cards would be missing in silence."""
    monkeypatch.setattr(view, "CARDS_AT_MOST", 1)
    page = Outline(render(real()))
    assert ("article", ("id", "aria-labelledby")) not in page.tags
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert "has no card for each match" in "".join(page.texts)


def test_many_like_findings_are_told_once_with_a_count() -> None:
    """A thousand notes that say the same would bury the one that matters."""
    same = [Finding("note", "blank goals", id=f"e{number:02d}") for number in range(40)]
    grave = Finding("warning", "odd hours", id="e01")
    text = "".join(Outline(render(builders.matching(findings=[*same, grave]))).texts)
    assert text.count("blank goals") == 1
    assert "e11 and 28 more" in text
    assert text.index("odd hours") < text.index("blank goals")


def test_a_folder_that_is_not_there_is_a_typed_error(tmp_path: Path) -> None:
    """A wrong path would end in a traceback."""
    with pytest.raises(ProgramError, match="cannot write"):
        mk.report(real(), tmp_path / "nowhere" / "report.html")


def test_300_people_fit_into_one_megabyte() -> None:
    """The report of an ordinary round could not be sent by mail."""
    mentors, mentees = mk.datasets.cohort(60, 240)
    program = mk.Program(start=date(2027, 1, 11))
    assert len(render(mk.match(mentors, mentees, program=program)).encode()) < 1_000_000


def test_the_follow_up_is_told() -> None:
    """A coordinator would not see who meets when, or that dates are missing."""
    start = date(2027, 1, 11)
    matching = mk.match(*mk.datasets.cohort(8, 16), program=mk.Program(start=start))
    plan = mk.schedule(matching)
    page = Outline(render(matching, schedule=plan))
    text = " ".join(" ".join(page.texts).split())
    assert f"{plan.quality.meetings} meetings for {len(matching)} pairs" in text
    for at in range(len(matching)):
        assert plan.of_pair(at)[0].mentee_time in text
    assert not page.unbalanced
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_shared_time_is_shown_by_both_clocks() -> None:
    """Two people in two zones would read one time and miss each other."""
    mentors = [{"id": "di", "hours": "Mon 8-10; Sun 22-24", "timezone": "America/New_York"}]
    mentees = [{"id": "bo", "hours": "Mon 13-18; Mon 3-5", "timezone": "Europe/Oslo"}]
    criteria = (mk.SharedHours(weight=1),)
    program = mk.Program(criteria=criteria, start=date(2027, 1, 13))
    text = " ".join(
        " ".join(Outline(render(mk.match(mentors, mentees, program=program))).texts).split()
    )
    assert "Both are free for 3 h a week" in text
    assert "Mon 14:00-16:00 for the mentor Mon 08:00-10:00" in text
    assert "Mon 04:00-05:00 for the mentor Sun 22:00-23:00" in text
    assert "the week of Monday 11 January 2027" in text


def shown(mentor_hours: str, mentee_hours: str, zone: str = "Europe/Oslo") -> str:
    """Return the page of two people with hours, the mentor in Oslo."""
    mentors = [{"id": "di", "hours": mentor_hours, "timezone": "Europe/Oslo"}]
    mentees = [{"id": "bo", "hours": mentee_hours, "timezone": zone}]
    program = mk.Program(criteria=(mk.SharedHours(weight=1),), start=date(2027, 1, 11))
    page = Outline(render(mk.match(mentors, mentees, program=program)))
    return " ".join(" ".join(page.texts).split())


def test_time_over_the_end_of_the_week_is_one_window() -> None:
    """An evening that is Sunday here and Monday there would fall apart."""
    said = shown("Mon 00:30-02", "Sun 22-24", "Europe/London")
    assert "Sun 23:30-24:00 for the mentor Mon 00:30-01:00" in said
    said = shown("Sun 23:00-01:00", "Sun 22:30-23:30", "Europe/London")
    assert "Sun 22:30-23:30 for the mentor Sun 23:30-24:00 and Mon 00:00-00:30" in said


def test_one_clock_is_told_once() -> None:
    """Two colleagues in one office would read every time twice."""
    said = shown("Mon 8-10", "Mon 9-12")
    assert "Both are free for 1 h a week, by the clock of Europe/Oslo: Mon 09:00-10:00" in said
    assert "for the mentor" not in said


def test_many_windows_are_counted() -> None:
    """A list of thirty windows would bury the card, or windows would be missing in silence."""
    hours = "; ".join(f"Mon {hour:02d}:00-{hour:02d}:30" for hour in range(9))
    assert "and 3 more, all of them in the drawing" in shown(hours, hours)


def test_no_time_in_common_is_a_caution() -> None:
    """An empty grid would look like a drawing that failed."""
    assert "The two have no free time in common." in shown("Mon 8-10", "Tue 8-10")


@pytest.mark.parametrize("places", [24, 40])
@pytest.mark.parametrize("coverage", ["first", "score"])
def test_the_price_of_the_best_other_mentor_is_exact(places: int, coverage: str) -> None:
    """A coordinator would be talked out of a swap that costs less than said, or into one."""
    mentors, mentees = mk.datasets.cohort(10, 24)
    for mentor in mentors:
        mentor["capacity"] = str(places // 10)
    program = mk.Program(start=date(2027, 1, 11), coverage=coverage)
    matching = mk.match(mentors, mentees, program=program)
    writer = cards.Cards(matching, *people_of(matching), in_full=True)
    for match in matching:
        detail = writer.card(match).detail
        assert detail is not None
        answer = mk.why_not(matching, match.mentee, match.runner_up)
        if answer.fewer:
            assert f"would leave {answer.fewer} more pe" in detail.runner_up
        elif answer.regret:
            said = re.search(r"cost the round ([\d.]+|next to nothing)\.$", detail.runner_up)
            assert said is not None
            told = 0 if said[1] == "next to nothing" else float(said[1]) * 1_000_000
            assert abs(told - answer.regret) <= 500
        else:
            assert detail.runner_up.endswith("cost the round nothing.")


def test_what_has_no_price_is_told_none() -> None:
    """A page would put a price on a swap that nobody has worked out, or that cannot be."""
    mentors = [{"id": "di", "skills": "sql"}, {"id": "gil", "skills": "sql; go"}]
    mentees = [{"id": "ana", "goals": "sql; go"}, {"id": "bo", "goals": "sql"}]
    for given, said in (
        ({"constraints": (mk.Locked("bo", "di"),)}, "but no place there can be had."),
        ({"objective": "stable"}, ""),
        ({"constraints": (mk.MinLoad(1),)}, ""),
    ):
        matching = mk.match(mentors, mentees, program=mk.Program(**given))
        writer = cards.Cards(matching, *people_of(matching), in_full=True)
        detail = writer.card(matching["ana"]).detail
        assert detail is not None
        assert detail.runner_up.endswith(said or "less.")


def people_of(matching: mk.Matching) -> tuple[dict[str, Person], dict[str, Person]]:
    """Return both sides as the page knows them."""
    sides = matching.people.mentees, matching.people.mentors
    mentees, mentors = (directory(pool.ids.tolist(), pool, prefix=pool.role) for pool in sides)
    return mentees, mentors


def test_supply_and_demand_are_counted() -> None:
    """A coordinator would recruit for skills that are not short."""
    mentors = [
        {"id": "di", "skills": "SQL; go", "capacity": "2"},
        {"id": "gil", "skills": "sql", "capacity": "0"},
    ]
    mentees = [
        {"id": "ana", "goals": "sql; go"},
        {"id": "bo", "goals": "Sql"},
        {"id": "cy", "goals": "sql; rust"},
    ]
    found = supply.build(mk.match(mentors, mentees))
    counted = [skill.counted for skill in found.skills]
    shown = [(one.name, one.wanted, one.mentors, one.places, one.met) for one in counted]
    assert shown == [("SQL", 3, 1, 2, 2), ("Go", 1, 1, 2, 1), ("Rust", 1, 0, 0, 0)]
    assert max(cell.shade for one in found.skills for cell in one.cells) == supply.STRONGEST
