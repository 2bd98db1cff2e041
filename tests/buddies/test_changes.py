"""An index that changes under its readers: people come, change and go without rebuilding."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.datasets.dice import Dice
from tests.buddies.people import ANA, BO, FOUR, crowd

QUESTIONS = ("sql", "postgres", "speaking in public", "keeping bees", "projects", "C#")


def told(index: mk.BuddyIndex) -> list[mk.Buddies]:
    """Return the answers to a few questions."""
    return [index.find(query, k=50, min_score=0) for query in QUESTIONS]


def test_people_come_change_and_go() -> None:
    """A service would have to be rebuilt whenever somebody joins."""
    index = mk.BuddyIndex(FOUR)
    index.add([{"id": "eve", "skills": "zither:5"}])
    assert "eve" in index
    assert [buddy.person for buddy in index.find("zither")] == ["eve"]
    index.update([{"id": "eve", "skills": "Harp:4"}])
    assert not index.find("zither")
    assert [buddy.person for buddy in index.find("harp")] == ["eve"]
    index.remove(["eve", "bo"])
    assert "eve" not in index
    assert 7 not in index
    assert len(index) == 3
    assert sorted(index.people.ids.tolist()) == ["ana", "cy", "di"]
    assert not index.find("harp")


def test_wrong_changes_change_nothing() -> None:
    """Half of a change would be made before the fault is found."""
    index = mk.BuddyIndex(FOUR)
    before = told(index)
    with pytest.raises(mk.ProgramError, match=r"'ana'.*use update"):
        index.add([{"id": "eve", "skills": "sql"}, ANA])
    with pytest.raises(mk.UnknownPersonError, match="'eve'"):
        index.update([BO | {"skills": ""}, {"id": "eve"}])
    with pytest.raises(mk.UnknownPersonError, match="'a', 'b', 'c' and 1 more"):
        index.remove(["ana", "a", "b", "c", "d"])
    with pytest.raises(mk.ProfileError, match="level"):
        index.add([{"id": "eve", "skills": "sql:9"}])
    for nobody in (index.add, index.update, index.remove):
        nobody([])
    assert told(index) == before


@given(seed=st.integers(0, 10_000), steps=st.lists(st.integers(0, 2), min_size=1, max_size=8))
@settings(max_examples=10, deadline=None)
def test_answers_do_not_depend_on_how_people_got_in(seed: int, steps: list[int]) -> None:
    """Two servers with the same people would answer differently."""
    people = crowd(30, seed=seed)
    index = mk.BuddyIndex(people)
    expected = told(index)
    dice = Dice(seed)
    for step in steps:
        names = dice.several([person["id"] for person in people], dice.between(1, 12), 0.0)
        some = [person for person in people if person["id"] in names]
        if step == 0:
            index.remove(names)
            index.add(some)
        elif step == 1:
            index.update([person | {"skills": "sql:1; zither:2"} for person in some])
            index.update(some)
        else:
            for person in some:
                index.update([person])
    assert told(index) == expected


def test_segments_stay_few() -> None:
    """Every newcomer would make each lookup a little slower, for ever."""
    index = mk.BuddyIndex([])
    for person in crowd(60):
        index.add([person])
    assert len(index._snapshot.segments) <= 4
    assert len(index) == 60


def test_many_readers_and_one_writer() -> None:
    """A reader would meet half a change: an answer that was right at no moment.

    Each state of the index is marked: whoever can "juggle" does so at one level only, and the
    writer raises all of them together.
    """
    people = [{"id": f"j{n}", "skills": "juggling:1"} for n in range(8)]
    index = mk.BuddyIndex(people + crowd(60))
    stop = threading.Event()

    def write() -> None:
        for round_ in range(1, 16):
            index.update([person | {"skills": f"juggling:{round_ % 5 + 1}"} for person in people])
            index.record("j0", when=date(2027, 1, 11))
            index.record("j0", when=date(2027, 1, 11) if round_ % 4 else date(2027, 1, 25))
        stop.set()

    def read(_: int) -> int:
        asked = 0
        while not stop.is_set() or asked < 20:
            levels = {buddy.evidence[0].level for buddy in index.find("juggling", k=8)}
            assert len(levels) == 1
            asked += 1
        return asked

    with ThreadPoolExecutor(5) as threads:
        writer = threads.submit(write)
        assert all(asked >= 20 for asked in threads.map(read, range(4)))
        writer.result()


def test_an_event_loop_goes_on_while_it_asks() -> None:
    """A web service would stand still during a lookup."""
    index = mk.BuddyIndex(FOUR)

    async def ask() -> list[mk.Buddies]:
        return await asyncio.gather(*(asyncio.to_thread(index.find, q, k=1) for q in QUESTIONS))

    assert asyncio.run(ask()) == [index.find(query, k=1) for query in QUESTIONS]
