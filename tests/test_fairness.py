"""audit(): outcomes by group are counted rightly, fairly compared, and change nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from scipy.stats import binomtest

import matchkit as mk
from matchkit.errors import DetachedError, ProgramError
from matchkit.fairness import FOUR_FIFTHS, GROUPS, Audit, Group
from matchkit.intervals import exact_share

PROGRAM = mk.Program(start=date(2027, 1, 11))
SITES = ("Oslo", "Rome", "", "oslo ")


@cache
def people() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return a cohort in which places are short, with columns of its own."""
    mentors, mentees = mk.datasets.cohort(14, 60)
    for number, person in enumerate((*mentees, *mentors)):
        person["site"] = SITES[number * 7 % 4]
        person["gender"] = "fm"[number * 5 % 3 % 2]
    return mentors, mentees


@cache
def matching() -> mk.Matching:
    """Return their round."""
    return mk.match(*people(), program=PROGRAM)


def plain(cell: object) -> str:
    """Return a cell as groups compare it."""
    return str(cell).strip().casefold()


def test_every_person_is_counted_in_one_group() -> None:
    """Somebody would be missing from the comparison, or counted twice."""
    found = mk.audit(matching(), ["site", "gender"])
    for by in (("site",), ("gender",), ("site", "gender")):
        assert sum(group.people for group in found.of(*by)) == 60
        assert sum(group.matched for group in found.of(*by)) == len(matching())


def test_numbers_equal_those_of_a_plain_loop() -> None:
    """A group would be told the outcomes of another one."""
    for group in mk.audit(matching(), ["site", "gender"]):
        wanted = dict(zip(group.by, group.values, strict=True))
        members = {
            person["id"]
            for person in people()[1]
            if all(
                plain(person[column]) == (plain(value) if value != "not stated" else "")
                for column, value in wanted.items()
            )
        }
        pairs = [match for match in matching() if match.mentee in members]
        assert group.people == len(members)
        assert group.matched == len(pairs)
        assert group.share == len(pairs) / len(members)
        if not pairs:
            assert (group.points, group.rank, group.first_choices) == (None, None, None)
            continue
        points = sorted(match.points for match in pairs)
        assert group.points == pytest.approx(np.mean(points))
        assert group.rank == pytest.approx(np.mean([match.rank for match in pairs]))
        assert group.first_choices == pytest.approx(np.mean([match.rank == 1 for match in pairs]))
        assert group.points_quartiles is not None
        assert group.points_quartiles[1] == points[(len(points) - 1) // 2]


def test_intervals_are_exact() -> None:
    """An interval would promise more than the numbers hold."""
    for some, everybody in ((0, 7), (7, 7), (3, 7), (40, 90), (1, 1)):
        exact = binomtest(some, everybody).proportion_ci(0.95, method="exact")
        assert exact_share(some, everybody) == pytest.approx((exact.low, exact.high))
    assert exact_share(0, 0) == (0.0, 1.0)


def test_means_lie_within_their_intervals() -> None:
    """The bootstrap would draw from other people."""
    for group in mk.audit(matching(), "site"):
        assert group.points is not None
        assert group.points_interval is not None
        assert group.points_interval[0] <= group.points <= group.points_interval[1]
        assert group.points_interval[0] < group.points_interval[1]


def test_row_order_changes_nothing() -> None:
    """The same round would be audited differently from another export."""
    mentors, mentees = (list(side) for side in people())
    random.Random(5).shuffle(mentors)
    random.Random(6).shuffle(mentees)
    assert mk.audit(mk.match(mentors, mentees, program=PROGRAM), "site") == mk.audit(
        matching(), "site"
    )


def test_spellings_fall_together_and_the_usual_one_is_shown() -> None:
    """Oslo and 'oslo ' would be two groups."""
    assert {group.name for group in mk.audit(matching(), "site")} == {"Oslo", "Rome", "not stated"}


def test_those_who_stated_nothing_are_counted_and_not_compared() -> None:
    """Blank cells would vanish, or pass for a group of people who have something in common."""
    last = mk.audit(matching(), "site").groups[-1]
    assert (last.name, last.stated, last.impact_ratio, last.below) == (
        "not stated",
        False,
        None,
        False,
    )
    assert last.people == sum(not person["site"] for person in people()[1])


def uneven(shares: dict[str, tuple[int, int]], least: int = 10) -> Audit:
    """Return the audit of a round in which so many of each group can be matched."""
    mentees = [
        {"id": f"{name}{number}", "site": name, "language": "en" if number < matched else "xx"}
        for name, (matched, everybody) in shares.items()
        for number in range(everybody)
    ]
    mentors = [{"id": "di", "language": "en", "capacity": 1_000}]
    program = mk.Program(criteria=(mk.SameValue("language"),), rules=(mk.Same("language"),))
    return mk.audit(mk.match(mentors, mentees, program=program), "site", least=least)


def named(found: Audit, name: str) -> Group:
    """Return a group by its name."""
    return next(group for group in found if group.name == name)


def test_the_four_fifths_line() -> None:
    """A group just above the line would be marked, or one just below it missed."""
    found = uneven({"a": (100, 100), "b": (80, 100), "c": (79, 100)})
    assert named(found, "b").impact_ratio == FOUR_FIFTHS
    assert not named(found, "b").below
    assert named(found, "c").below
    assert found.signals == (named(found, "c"),)
    assert not named(found, "c").by_chance
    assert "a signal to look at, not a verdict" in str(found)


def test_what_chance_could_do_is_said() -> None:
    """Ten people would look as telling as a thousand."""
    group = named(uneven({"a": (11, 12), "b": (7, 12)}), "b")
    assert group.below
    assert group.by_chance
    assert "chance alone could do" in str(group)


def test_small_groups_are_marked_and_set_aside() -> None:
    """Three lucky people would make everybody else look badly treated."""
    found = uneven({"a": (3, 3), "b": (50, 100), "c": (50, 100)})
    assert named(found, "a").small
    assert "too few to compare" in str(named(found, "a"))
    assert named(found, "b").impact_ratio == 1
    assert not found.signals
    assert found.verdict == "No group is matched less than four fifths as often as the best one."


def test_nothing_to_compare_is_said() -> None:
    """An audit of tiny groups would read as a clean one."""
    found = uneven({"a": (1, 3), "b": (0, 3)})
    assert found.verdict == "No group has 10 people or more: there is nothing to compare."
    assert named(found, "b").points is None


def test_lists_count_each_entry() -> None:
    """Somebody who speaks two languages would be a group of their own."""
    mentors = [{"id": "di", "languages": "en; de", "capacity": 9}]
    mentees = [
        {"id": "ana", "languages": "en; de"},
        {"id": "bo", "languages": "en"},
        {"id": "cy", "languages": "fr"},
    ]
    found = mk.audit(mk.match(mentors, mentees), "languages", least=1)
    assert {group.name: (group.matched, group.people) for group in found} == {
        "en": (2, 2),
        "de": (1, 1),
        "fr": (0, 1),
    }


def test_mentors_are_audited_too() -> None:
    """Mentors of one site would stay without mentees, and nobody would see it."""
    found = mk.audit(matching(), "site", side="mentor")
    offering = sum(place.capacity > 0 for place in matching().places)
    assert sum(group.people for group in found) == offering
    assert sum(group.matched for group in found) == len({match.mentor for match in matching()})
    assert str(found).startswith("mentors by site")


def test_frame_holds_everything() -> None:
    """An analyst would have to take the objects apart."""
    found = mk.audit(matching(), ["site", "gender"])
    frame = found.to_frame()
    assert len(frame) == len(tuple(found))
    assert frame["by"].unique().tolist() == ["site", "gender", "site & gender"]
    first = found.groups[0]
    row = frame.iloc[0]
    assert row["share_low"] == first.share_interval[0]
    assert first.points_quartiles is not None
    assert row["points_median"] == first.points_quartiles[1]
    assert "<table" in found._repr_html_()


def test_an_attribute_that_nothing_names_changes_no_match() -> None:
    """A protected attribute would leak into the matching."""
    mentors, mentees = people()
    other = [person | {"gender": "mf"[at % 2]} for at, person in enumerate(mentees)]
    again = mk.match(mentors, other, program=PROGRAM)
    assert again.matches == matching().matches
    assert mk.audit(again, "gender") != mk.audit(matching(), "gender")


def test_wrong_calls_are_typed() -> None:
    """A misspelled column would give an empty table."""
    with pytest.raises(ProgramError, match=r"no column 'sitte'; did you mean 'site'"):
        mk.audit(matching(), "sitte")
    with pytest.raises(ProgramError, match="names no column"):
        mk.audit(matching(), [])
    with pytest.raises(ProgramError, match="must be 'mentee' or 'mentor'"):
        mk.audit(matching(), "site", side="both")  # type: ignore[arg-type]
    with pytest.raises(ProgramError, match="must be at least 1"):
        mk.audit(matching(), "site", least=0)
    with pytest.raises(DetachedError, match="loaded without its people"):
        mk.audit(replace(matching(), round_=None), "site")


def test_a_column_of_single_values_is_refused() -> None:
    """An audit by name would make a group of everybody."""
    mentees = [{"id": at, "badge": f"b{at}"} for at in range(GROUPS + 1)]
    round_ = mk.match([{"id": "di"}], mentees)
    with pytest.raises(ProgramError, match=f"badge has {GROUPS + 1} different values"):
        mk.audit(round_, "badge")
