"""Rounds that go on from the one before: who stays, who comes first, and that it is proven."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit import console, export
from matchkit.continuity import Continuity, Previous
from matchkit.documents import read_matching
from matchkit.errors import ProgramError, ResultError, UnknownPersonError
from matchkit.rounds import precedence
from tests.brute import Brute, pairs_of
from tests.strategies import START, People, people

COLUMNS = ("team", "skills", "goals", "capacity")
Two = tuple[People, People]


def program(**settings: Any) -> mk.Program:
    """Return a program with two criteria and a rule."""
    criteria = (mk.SkillCoverage(weight=3), mk.SameValue("team", weight=1))
    return mk.Program(criteria=criteria, rules=(mk.NotSelf(),), start=START, **settings)


@st.composite
def two_rounds(draw: st.DrawFn) -> tuple[Two, Two]:
    """Draw a round and a later one: some people left, some came."""
    everybody = draw(people(COLUMNS, least=2)), draw(people(COLUMNS, least=2))
    rounds = [
        tuple([one for one in side if draw(st.integers(0, 4))] or side[:1] for side in everybody)
        for _ in range(2)
    ]
    return rounds[0], rounds[1]  # type: ignore[return-value]


def kept_in(pairs: dict[str, str | None], before: mk.Matching) -> int:
    """Count the pairs of the round before in a matching."""
    return sum(pairs.get(match.mentee) == match.mentor for match in before)


@settings(max_examples=60)
@given(rounds=two_rounds(), coverage=st.sampled_from(["first", "score"]))
def test_as_few_move_as_possible(rounds: tuple[Two, Two], coverage: str) -> None:
    """Somebody would lose a mentor for points, or the result would not say so."""
    chosen = program(coverage=coverage)
    before = mk.match(*rounds[0], program=chosen)
    now = mk.match(*rounds[1], program=chosen, previous=before)
    brute = Brute.of(*rounds[1], chosen)

    def worth(pairs: dict[str, str | None]) -> tuple[int, int, int]:
        count, points = brute.worth(pairs)
        return count, kept_in(pairs, before), points

    best = max(worth(dict(pairs)) for pairs in brute.matchings())
    assert worth(dict(pairs_of(now))) == best
    assert mk.verify(now) == ()
    assert now.certificate.gap == 0
    assert now.certificate.total == sum(match.points for match in now)
    told = now.continuity
    assert told is not None
    assert told.kept == best[1] == sum(match.kept for match in now)
    assert now.certificate.adjustment == told.bonus
    changed = {*told.moved, *told.left_out, *told.departed}
    assert told.kept + len(changed) == len(before)
    assert changed == {m.mentee for m in before if pairs_of(now).get(m.mentee) != m.mentor}


@settings(max_examples=30)
@given(rounds=two_rounds(), bonus=st.sampled_from([0, 100_000, 400_000]))
def test_a_price_is_weighed_against_points(rounds: tuple[Two, Two], bonus: int) -> None:
    """The price would count twice, or not at all, or change what people see."""
    before = mk.match(*rounds[0], program=program())
    now = mk.match(*rounds[1], program=program(), previous=before, stay_bonus=bonus)
    brute = Brute.of(*rounds[1], program())

    def worth(pairs: dict[str, str | None]) -> tuple[int, int]:
        count, points = brute.worth(pairs)
        return count, points + bonus * kept_in(pairs, before)

    assert worth(dict(pairs_of(now))) == max(worth(dict(p)) for p in brute.matchings())
    assert mk.verify(now) == ()
    fresh = mk.match(*rounds[1], program=program())
    points = {(m.mentee, m.mentor): m.points for m in fresh}
    assert all(points.get((m.mentee, m.mentor), m.points) == m.points for m in now)
    if not bonus:
        plain = tuple(replace(match, kept=False) for match in now)
        assert plain == fresh.matches
        assert now.certificate == fresh.certificate


MENTORS = [
    {"id": "di", "skills": "sql:4; python:4", "capacity": "1"},
    {"id": "gil", "skills": "python:5", "capacity": "1"},
    {"id": "hal", "skills": "go:5", "capacity": "1"},
]
MENTEES = [
    {"id": "ana", "goals": "python"},
    {"id": "bo", "goals": "sql"},
    {"id": "cy", "goals": "go"},
]


@pytest.fixture
def now() -> mk.Matching:
    """Return a round after a mentor left and a mentee came."""
    before = mk.match(MENTORS, MENTEES)
    newcomer = {"id": "dot", "goals": "python; sql"}
    return mk.match(MENTORS[:2], [*MENTEES, newcomer], previous=before)


def test_who_stays_and_who_does_not_is_told(
    now: mk.Matching, capsys: pytest.CaptureFixture[str]
) -> None:
    """A coordinator could not say who has to be told of a change."""
    assert str(now.continuity) == "2 of 3 pairs kept, 1 without a mentor now (cy)"
    assert "last round        2 of 3 pairs kept" in now.summary()
    frame = now.to_frame()
    assert frame["previous"].tolist() == ["gil", "di", "hal", ""]
    document = console.round_document(now, Path(__file__).parent, None)
    console.say_json(document)
    assert '"kept": 2' in capsys.readouterr().out


def test_many_moves_are_counted_and_some_named() -> None:
    """A line would run over the screen."""
    pairs = tuple((f"e{at}", "di") for at in range(8))
    before = Previous.of("{}", pairs, 1)
    now = dict.fromkeys(("e0", "e1", "e2", "e3", "e4", "e5", "e6"), "gil")
    told = Continuity.between(before, now, set(now) | {"e7"})
    assert str(told) == (
        "0 of 8 pairs kept, 7 mentees moved (e0, e1, e2, e3, e4 and 2 more), "
        "1 without a mentor now (e7)"
    )


@settings(max_examples=20)
@given(two_rounds(), st.sampled_from([None, 0, 1000]))
def test_where_the_search_begins_changes_nothing(
    rounds: tuple[Two, Two], bonus: int | None
) -> None:
    """Another matching because the one before was at hand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matchkit.assign.methods.dense_seconds", lambda _: float("inf"))
        before = mk.match(*rounds[0], program=program())
        given_: dict[str, Any] = {"program": program(), "previous": before, "stay_bonus": bonus}
        resumed = mk.match(*rounds[1], **given_).to_json()
        patch.setattr("matchkit.pipeline.start_from", lambda *_: None)
        assert mk.match(*rounds[1], **given_).to_json() == resumed


def test_it_is_stored_and_read_back(now: mk.Matching, tmp_path: Path) -> None:
    """A saved round would not verify, or forget where it came from."""
    text = now.to_json()
    again = mk.Matching.from_json(
        text, mentors=MENTORS[:2], mentees=[*MENTEES, {"id": "dot", "goals": "python; sql"}]
    )
    assert again.continuity == now.continuity
    assert again.to_json() == text
    assert mk.verify(again) == ()
    assert now.continuity is not None
    before = mk.match(MENTORS, MENTEES).to_json()
    assert now.continuity.previous.sha256 == sha256(before.encode()).hexdigest()
    folder = export.save(now, tmp_path / "out")
    assert mk.verify(folder) == ()
    assert read_matching(folder).to_json() == read_matching(folder / "matching.json").to_json()
    with pytest.raises(ResultError, match="cannot be read: No such file"):
        read_matching(tmp_path / "nowhere.json")


SPOILS: dict[str, Callable[[Continuity], Continuity]] = {
    "kept": lambda told: replace(told, kept=told.kept + 1),
    "moved": lambda told: replace(told, moved=("ana",)),
    "bonus": lambda told: replace(told, previous=replace(told.previous, stay_bonus=1)),
    "pairs": lambda told: replace(told, previous=replace(told.previous, pairs=())),
}


@pytest.mark.parametrize("name", SPOILS)
def test_a_wrong_account_is_found(now: mk.Matching, name: str) -> None:
    """A result could claim that it moved fewer than it did."""
    assert now.continuity is not None
    spoiled = replace(now, continuity=SPOILS[name](now.continuity))
    assert mk.verify(spoiled)
    assert mk.verify(replace(spoiled, round_=None))


def test_why_not_knows_the_price(now: mk.Matching) -> None:
    """The price of a change would leave out what changing costs."""
    answer = mk.why_not(now, "ana", "di")
    assert now.continuity is not None
    assert answer.regret > now.continuity.previous.stay_bonus


@settings(max_examples=40)
@given(data=st.data(), mentors=people(COLUMNS), mentees=people(COLUMNS, least=2))
def test_priority_comes_before_points(
    data: st.DataObject, mentors: People, mentees: People
) -> None:
    """Somebody left out last time would be left out again for points."""
    ids = [mentee["id"] for mentee in mentees]
    first = data.draw(st.lists(st.sampled_from(ids), unique=True))
    chosen = program(priority=first)
    matching = mk.match(mentors, mentees, program=chosen)
    brute = Brute.of(mentors, mentees, chosen)

    def worth(pairs: dict[str, str | None]) -> tuple[int, int, int]:
        count, points = brute.worth(pairs)
        return count, sum(pairs[who] is not None for who in first), points

    assert worth(dict(pairs_of(matching))) == max(worth(dict(p)) for p in brute.matchings())
    assert mk.verify(matching) == ()
    assert mk.verify(replace(matching, round_=None)) == ()
    done = matching.certificate
    waiting = sum(who not in matching for who in first)
    assert done.adjustment == -waiting * precedence(
        len(mentees), len(mentors), matching.record.places
    )


def test_priority_of_nobody() -> None:
    """A misspelled id would come first, and nobody would notice."""
    with pytest.raises(UnknownPersonError, match="did you mean 'ana'") as caught:
        mk.match(MENTORS, MENTEES, program=mk.Program(priority=("anna", "zed")))
    assert len(caught.value.lines) == 2


def test_other_objectives_take_no_price() -> None:
    """The worst pair would be said to be better than it is, or a pair stable that is not."""
    fair = mk.Program(objective="fair")
    before = mk.match(MENTORS, MENTEES, program=fair)
    with pytest.raises(ProgramError, match="give stay_bonus=0"):
        mk.match(MENTORS, MENTEES, program=fair, previous=before)
    now = mk.match(MENTORS, MENTEES, program=fair, previous=before, stay_bonus=0)
    assert str(now.continuity) == "3 of 3 pairs kept"
    assert now.certificate.worst == min(match.points for match in now)


def test_the_page_says_what_was_counted_besides(now: mk.Matching, tmp_path: Path) -> None:
    """A reader would see a bound far above the total, and doubt the proof."""
    mk.report(now, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"{now.certificate.maximized:,}" in page
    assert "Keeping pairs of the previous round" in page


def test_precedence_stays_exact_in_huge_rounds() -> None:
    """A round of a hundred thousand would be refused because of its own default."""
    assert precedence(10, 4, 8) == 8_000_001
    assert 1_000_000_000 < precedence(100_000, 20_000, 100_000) < 100_000_000_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"stay_bonus": 5}, "needs the round before"),
        ({"previous": "matching.json"}, "is of type str"),
        ({"previous": mk.match(MENTORS, MENTEES), "stay_bonus": -1}, "stay_bonus == -1"),
        ({"previous": mk.match(MENTORS, MENTEES), "stay_bonus": 0.5}, "stay_bonus == 0.5"),
    ],
)
def test_calls_that_make_no_sense(arguments: dict[str, object], message: str) -> None:
    """A price without a round before, or a file's name, would be ignored."""
    with pytest.raises(ProgramError, match=message):
        mk.match(MENTORS, MENTEES, **arguments)  # type: ignore[arg-type]
