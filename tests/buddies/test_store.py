"""An index on the disk: the same answers after loading, and nothing read that is not whole."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matchkit as mk
from matchkit.buddies.store import ARRAYS, INDEX
from tests.buddies.people import FOUR, crowd

QUESTIONS = ("sql", "postgres", "speaking in public", "keeping bees", "projects", "C#", "vector")


def told(index: mk.BuddyIndex) -> list[mk.Buddies]:
    """Return the answers to a few questions."""
    return [index.find(query, k=50, min_score=0) for query in QUESTIONS]


class SameFloor(mk.Rule):
    """A rule of somebody's own."""

    needs = ("floor",)

    def allows(self, mentee: Any, mentor: Any) -> Any:
        """Allow people of one floor."""
        return mentee.text("floor") == mentor.text("floor")


def test_a_loaded_index_answers_the_same(tmp_path: Path) -> None:
    """A service would answer differently after a restart."""
    records = [{"id": "vs", "label": "vector stores", "synonyms": "vectors"}]
    people = [person | {"hours": "Mon 9-12", "interests": "chess"} for person in crowd(50)]
    index = mk.BuddyIndex(people, taxonomy=mk.Taxonomy.from_records(records), weekly_limit=3)
    index.add([{"id": "zo\u00eb", "skills": "vector stores:4", "site": "\u00c5s \U0001f680"}])
    index.remove("p1")
    index.record("p0", when=date(2027, 1, 11))
    index.save(tmp_path / "index")
    loaded = mk.BuddyIndex.load(tmp_path / "index")
    assert told(loaded) == told(index)
    assert loaded.people.fingerprint == index.people.fingerprint
    for each in (index, loaded):
        each.record("p0", when=date(2027, 1, 12))
        each.record("p0", when=date(2027, 1, 12))
        each.update([{"id": "p2", "skills": "vectors:1; C#"}])
    assert told(loaded) == told(index)
    assert "p0" not in {buddy.person for answers in told(loaded) for buddy in answers}


def test_vectors_stay_on_the_disk(tmp_path: Path) -> None:
    """Starting a service would read a large index as a whole."""
    index = mk.BuddyIndex(FOUR)
    index.save(tmp_path / "index")
    loaded = mk.BuddyIndex.load(tmp_path / "index")
    assert all(isinstance(each.vectors, np.memmap) for each in loaded._snapshot.segments)


def test_a_program_and_its_own_rules_are_kept(tmp_path: Path) -> None:
    """After a restart people would be sent where a rule forbids it."""
    people = [person | {"floor": str(floor)} for floor, person in enumerate(FOUR)]
    program = mk.Program(rules=(SameFloor(), mk.Different("department")))
    mk.BuddyIndex(people, program, fairness=0.5).save(tmp_path / "index")
    loaded = mk.BuddyIndex.load(tmp_path / "index", custom=[SameFloor])
    found = loaded.find("sql", seeker={"id": "eve", "floor": "2"})
    assert [buddy.person for buddy in found] == ["cy"]
    with pytest.raises(mk.ProgramError, match="SameFloor"):
        mk.BuddyIndex.load(tmp_path / "index")


def test_an_index_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    """A slip in a path would delete somebody's folder."""
    goal = tmp_path / "index"
    mk.BuddyIndex(FOUR).save(goal)
    mk.BuddyIndex(FOUR[:2]).save(goal)
    assert len(mk.BuddyIndex.load(goal)) == 2
    (goal / "letters.txt").write_text("dear")
    with pytest.raises(mk.ProgramError, match="letters"):
        mk.BuddyIndex(FOUR).save(goal)
    assert len(mk.BuddyIndex.load(goal)) == 2


def test_a_failure_leaves_the_former_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk would leave a service with half an index."""
    goal = tmp_path / "index"
    mk.BuddyIndex(FOUR).save(goal)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(mk.ProgramError, match="no space left"):
        mk.BuddyIndex(FOUR[:1]).save(goal)
    assert len(mk.BuddyIndex.load(goal)) == 4
    assert [entry.name for entry in tmp_path.iterdir()] == ["index"]


def test_what_is_no_index_is_a_typed_error(tmp_path: Path) -> None:
    """A damaged or foreign folder would crash a service, or be answered from by half."""
    with pytest.raises(mk.ResultError, match="no index"):
        mk.BuddyIndex.load(tmp_path / "nowhere")
    goal = tmp_path / "index"
    index = mk.BuddyIndex(FOUR)
    index.save(goal)
    vectors = goal / "vectors-0.npy"
    whole = vectors.read_bytes()
    np.save(vectors, np.zeros((4, 99), dtype=np.int16))
    with pytest.raises(mk.ResultError, match="damaged"):
        mk.BuddyIndex.load(goal)
    vectors.write_bytes(whole)
    document = json.loads((goal / INDEX).read_text("utf-8"))
    changes: tuple[dict[str, object], ...] = (
        {"gone": document["segments"][:1]},
        {"load": {"Monday": {}}},
        {"segments": [{}]},
    )
    for change in changes:
        (goal / INDEX).write_text(json.dumps(document | change), "utf-8")
        with pytest.raises(mk.ResultError, match="damaged"):
            mk.BuddyIndex.load(goal)
    (goal / INDEX).write_text(json.dumps(document), "utf-8")
    index.add([{"id": f"n{n}", "skills": "sql"} for n in range(9)])
    other = tmp_path / "other"
    index.save(other)
    (goal / ARRAYS).write_bytes((goal / ARRAYS).read_bytes()[:-100])
    with pytest.raises(mk.ResultError, match="damaged"):
        mk.BuddyIndex.load(goal)
    (goal / INDEX).write_text(json.dumps(document | {"matchkit_index": 99}), "utf-8")
    with pytest.raises(mk.ResultError, match=r"version 99.*build it anew"):
        mk.BuddyIndex.load(goal)


def test_the_embedder_must_be_given_again(tmp_path: Path) -> None:
    """Vectors of one model would be compared with those of another."""

    def embedder(texts: Sequence[str]) -> list[list[float]]:
        return [[float(len(text)), 1.0] for text in texts]

    index = mk.BuddyIndex(FOUR, embedder=embedder)
    index.save(tmp_path / "index")
    assert told(mk.BuddyIndex.load(tmp_path / "index", embedder=embedder)) == told(index)
    with pytest.raises(mk.ProgramError, match="an embedder"):
        mk.BuddyIndex.load(tmp_path / "index")
    mk.BuddyIndex(FOUR).save(tmp_path / "index")
    with pytest.raises(mk.ProgramError, match="no embedder"):
        mk.BuddyIndex.load(tmp_path / "index", embedder=embedder)
