"""Why, and why not: against every matching there is, and in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.answers import Explanation, Move, WhyNot
from matchkit.matching import Match, Unmatched
from tests.brute import Brute, pairs_of
from tests.strategies import People, people, round_programs

ROUND = ("team", "level", "skills", "goals", "prefers", "avoids", "capacity")

MENTORS = [
    {"id": "di", "skills": "sql:4", "team": "a"},
    {"id": "gil", "skills": "go:4", "team": "b", "capacity": 0},
    {"id": "ed", "skills": "sql:1; rust:3", "team": "c"},
]
MENTEES = [
    {"id": "ana", "goals": "sql", "team": "a"},
    {"id": "bo", "goals": "sql; rust", "team": "b"},
    {"id": "cy", "goals": "go", "team": "c"},
]
PROGRAM = mk.Program(criteria=(mk.SkillCoverage(),), rules=(mk.Different("team"),))


@settings(max_examples=40)
@given(st.tuples(people(ROUND, most=4), people(ROUND, most=4)), round_programs(), st.data())
def test_the_price_of_a_pair_is_exact(
    sides: tuple[People, People], program: mk.Program, data: st.DataObject
) -> None:
    """Who insists on a pair would be told a wrong price, or of people who would not move."""
    mentors, mentees = sides
    matching = mk.match(mentors, mentees, program=program)
    mentee = data.draw(st.sampled_from([who["id"] for who in mentees]))
    mentor = data.draw(st.sampled_from([who["id"] for who in mentors]))
    answer = mk.why_not(matching, mentee, mentor)
    before = pairs_of(matching)
    assert answer.matched == (before[mentee] == mentor)
    lock = program.model_copy(update={"constraints": (mk.Locked(mentee, mentor),)})
    if answer.broken:
        with pytest.raises(mk.InfeasibleError):
            mk.match(mentors, mentees, program=lock)
        assert answer.moves == ()
        return
    if answer.matched:
        return
    after = dict(before)
    for move in answer.moves:
        assert after[move.mentee] == move.before != move.after
        after[move.mentee] = move.after
    assert answer.moves[0].mentee == mentee
    assert after[mentee] == mentor
    assert set(answer.loses_match) == {who for who in before if before[who] and not after[who]}
    brute = Brute.of(mentors, mentees, program)
    held = [pairs for pairs in brute.matchings() if pairs[mentee] == mentor]
    assert after in held
    assert brute.worth(after) == max(brute.worth(pairs) for pairs in held)
    people = sum(map(bool, before.values())) - sum(map(bool, after.values()))
    points = brute.worth(before)[1] - brute.worth(after)[1]
    assert (answer.fewer, answer.regret) == (people, points)


@pytest.mark.parametrize(
    ("mentee", "mentor", "broken"),
    [
        ("ana", "di", (("Different(team)", "mentee's team is 'a', mentor's team is 'a'"),)),
        ("cy", "gil", (("capacity", "the mentor offers no place"),)),
        ("bo", "gil", (("Different(team)", "mentee's team is 'b', mentor's team is 'b'"),
                       ("capacity", "the mentor offers no place"))),
    ],
)  # fmt: skip
def test_every_obstacle_is_named(
    mentee: str, mentor: str, broken: tuple[tuple[str, str], ...]
) -> None:
    """Who mends one reason would find the next behind it."""
    answer = mk.why_not(mk.match(MENTORS, MENTEES, program=PROGRAM), mentee, mentor)
    assert answer.broken == broken
    assert str(answer).startswith(f"{mentee} with {mentor} is not possible: {broken[0][0]} (")


def test_pairs_set_by_hand_stand_in_the_way() -> None:
    """A lock or a ban would be forgotten when somebody asks for another pair."""
    constraints = (mk.Locked("bo", "di"), mk.Forbidden("cy", "ed"), mk.Forbidden("cy", "di"))
    program = PROGRAM.model_copy(update={"rules": (), "constraints": constraints})
    matching = mk.match(MENTORS, MENTEES, program=program)
    assert mk.why_not(matching, "bo", "ed").broken == (("Locked", "the mentee is locked to di"),)
    assert mk.why_not(matching, "ana", "di").broken == (
        ("Locked", "the only place of the mentor went to locked pairs"),
    )
    assert mk.why_not(matching, "cy", "ed").broken == (
        ("Forbidden", "the program forbids this pair"),
    )
    assert len(mk.why_not(matching, "cy", "di").broken) == 2


def test_unknown_people_are_named_with_the_nearest() -> None:
    """A typing slip would end in an index error."""
    matching = mk.match(MENTORS, MENTEES, program=PROGRAM)
    with pytest.raises(mk.UnknownPersonError, match=r"mentee has the id 'anna'; .*'ana'"):
        mk.why_not(matching, "anna", "di")
    with pytest.raises(mk.UnknownPersonError, match=r"mentor has the id 'dii'; .*'di'"):
        mk.why_not(matching, "ana", "dii")
    with pytest.raises(mk.UnknownPersonError, match=r"mentee has the id 'anna'; .*'ana'"):
        mk.explain(matching, "anna")


def test_answers_without_the_people() -> None:
    """A stored result would explain nothing, or guess a price without the people."""
    matching = mk.match(MENTORS, MENTEES, program=PROGRAM)
    stored = mk.Matching.from_json(matching.to_json())
    for who in ("ana", "bo"):
        assert str(mk.explain(stored, who)) == str(mk.explain(matching, who))
    assert str(mk.explain(stored, "cy")) == str(stored.unmatched[0])
    assert str(mk.explain(matching, "cy")).startswith(str(stored.unmatched[0]))
    with pytest.raises(mk.DetachedError, match=r"give them: Matching.from_json\(text, mentors="):
        mk.why_not(stored, "ana", "di")
    again = mk.Matching.from_json(matching.to_json(), mentors=MENTORS, mentees=MENTEES)
    assert mk.why_not(again, "ana", "ed") == mk.why_not(matching, "ana", "ed")


def test_an_explanation_of_nobody() -> None:
    """Who has no mentor would get no reason, or no hint of what would help."""
    matching = mk.match(MENTORS, MENTEES, program=PROGRAM)
    said = mk.explain(matching, "cy")
    assert said.match is None
    assert str(said).splitlines() == [
        str(said.unmatched),
        "  Close was di, 0 points: capacity (every place is taken).",
        (
            "  Close was ed, 0 points: Different(team) (mentee's team is 'c', "
            "mentor's team is 'c'); capacity (every place is taken)."
        ),
        "  It would help: one more place with di: adds 1 person.",
    ]
    assert said.to_frame().columns.tolist() == ["rule", "removed"]
    assert said.to_frame().to_numpy().tolist() == [["Different(team)", 1]]


def match_of(**more: object) -> Match:
    """Return a match to be told."""
    parts = (
        mk.Part("SkillCoverage", 100_000, 600_000, known=True, evidence=("one", "two")),
        mk.Part("TextFit", 200_000, 400_000, known=False),
    )
    return Match("ana", "di", 300_000, 2, 3, parts, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        ({}, ["  No other mentor is possible."]),
        ({"runner_up": "gil", "runner_up_points": 250_000},
         ["  Best other mentor: gil, 50,000 points less."]),
        ({"runner_up": "gil", "runner_up_points": 350_000},
         ["  Best other mentor: gil, 50,000 points more."]),
        ({"runner_up": "gil", "runner_up_points": 300_000},
         ["  Best other mentor: gil, equal points."]),
        ({"locked": True, "tied": True, "cautions": ("new here",)},
         ["  Look at: new here", "  The pair was set by hand.",
          "  Another matching of equal value gives this mentee somebody else.",
          "  No other mentor is possible."]),
    ],
)  # fmt: skip
def test_a_match_is_told_in_lines(more: dict[str, object], lines: list[str]) -> None:
    """Cautions, ties or the runner-up would be left out."""
    told = str(Explanation("ana", match_of(**more), None)).splitlines()
    assert told[:3] == [
        "ana with di: score 0.300, choice 2 of 3",
        "  TextFit        200,000 of 400,000  unknown: the mean of the round",
        "  SkillCoverage  100,000 of 600,000  one; two",
    ]
    assert told[3:] == lines


def test_parts_as_a_frame() -> None:
    """An analyst would have to take the text apart."""
    frame = Explanation("ana", match_of(), None).to_frame()
    assert frame.to_dict("records") == [
        {"criterion": "SkillCoverage", "points": 100_000, "weight": 600_000, "known": True,
         "evidence": "one; two"},
        {"criterion": "TextFit", "points": 200_000, "weight": 400_000, "known": False,
         "evidence": ""},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one_more", "line"),
    [
        ((0, 0), "  Nobody else waits for the place."),
        ((1, 200), ("  The place would bring others 1 person and 200 points: "
                   "without the pair, 299,800 points less.")),
    ],
)  # fmt: skip
def test_what_a_pair_costs_others_is_told(one_more: tuple[int, int], line: str) -> None:
    """A coordinator would not see who else needs the place."""
    place = mk.Place("di", 1, 1, one_more, one_more)
    match = match_of(surplus=(0, 299_800))
    told = str(Explanation("ana", match, None, place)).splitlines()
    assert told[-2:] == ["  Every best matching has this pair.", line]
    tie = match_of(surplus=(0, 299_800), tied=True)
    assert "Every best" not in str(Explanation("ana", tie, None, place))


def test_a_tie_with_being_unmatched_is_told() -> None:
    """Who lost a coin flip would believe that somebody else was better."""
    none = Unmatched("ana", "places_ran_out", (), "", tied=True)
    said = str(Explanation("ana", None, none)).splitlines()
    assert said[1] == "  Another matching of equal value gives this mentee a mentor."


MOVES = (Move("ana", "gil", "di"), Move("bo", "di", None), Move("cy", None, "gil"))


def test_answers_as_frames() -> None:
    """An analyst would have to take the text apart."""
    moved = WhyNot("ana", "di", moves=MOVES[:2]).to_frame()
    assert moved.to_numpy().tolist() == [["ana", "gil", "di"], ["bo", "di", ""]]
    broken = WhyNot("ana", "di", broken=(("Avoid", "ana avoids di"),))
    assert broken.to_frame().to_numpy().tolist() == [["Avoid", "ana avoids di"]]
    assert "Avoid (ana avoids di)" in broken._repr_html_()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (WhyNot("ana", "di", matched=True), ["ana with di: they are matched."]),
        (WhyNot("ana", "di", fewer=1, regret=5_000, moves=MOVES), [
            "ana with di is possible, but not in the best matching.",
            "It would leave 1 more person without a mentor.",
            "Left without a mentor: bo.",
            "The round would lose 5,000 points (score 0.005).",
            "  ana would go from gil to di", "  bo would go from di to nobody",
            "  cy would go from nobody to gil"]),
        (WhyNot("ana", "di", fewer=2, regret=-5_000), [
            "ana with di is possible, but not in the best matching.",
            "It would leave 2 more people without a mentor.",
            "The points would rise by 5,000, but people come first."]),
        (WhyNot("ana", "di"), [
            "ana with di is possible, but not in the best matching.",
            "It would cost nothing: another matching of equal value has this pair."]),
    ],
)  # fmt: skip
def test_a_price_is_told_people_first(answer: WhyNot, said: list[str]) -> None:
    """Points would hide that somebody is left without a mentor."""
    assert str(answer).splitlines() == said


def test_the_words_of_being_unmatched() -> None:
    """A reason would be told with the wrong number."""
    one = Unmatched("ana", "places_ran_out", (), "Recruit.", eligible=2)
    assert str(one) == (
        "ana has no mentor: 2 mentors are possible, but no place with them is left. Recruit."
    )
    none = Unmatched("ana", "no_eligible_mentor", (("Avoid", 1), ("NotSelf", 1)), "")
    assert str(none) == (
        "ana has no mentor: no mentor meets every rule (Avoid removed 1, NotSelf removed 1)."
    )
    assert str(Unmatched("ana", "no_eligible_mentor", (), "")) == (
        "ana has no mentor: there is no mentor."
    )
