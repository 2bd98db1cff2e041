"""Models of one's own: what is asked of them, and the adapter for sentence-transformers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import matchkit as mk
from matchkit.embedding import embedded


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("words", "a str that is no array of numbers"),
        ([[1, 2], [3]], "a list that is no array of numbers"),
        ([[1.0, 2.0]], r"shape \(1, 2\) for 2 texts; it must be \(2, dimensions\)"),
        ([1.0, 2.0], r"shape \(2,\) for 2 texts"),
        (np.zeros((2, 0)), r"shape \(2, 0\) for 2 texts"),
        ([[1.0, 0.0], [float("nan"), 1.0]], "not finite for 'law'"),
    ],
)
def test_what_is_no_array_of_vectors_is_refused(given: object, said: str) -> None:
    """A model's slip that ends as a wrong score, or far from its cause."""
    with pytest.raises(mk.ProgramError, match=said):
        embedded(lambda _: given, ["sea", "law"])


def test_vectors_may_come_as_any_array() -> None:
    """A model that gives float32 or lists would have to be wrapped."""
    for given in ([[1, 2]], np.array([[1, 2]], dtype=np.float32)):
        vectors = embedded(lambda _, found=given: found, ["sea"])
        assert vectors.dtype == np.float64
        assert vectors.tolist() == [[1.0, 2.0]]


class Model:
    """What the adapter needs of a sentence-transformers model."""

    def __init__(self, folder: str, **settings: Any) -> None:
        self.folder, self.settings = Path(folder), settings

    def encode(self, texts: list[str], **settings: Any) -> np.ndarray:
        """Return how often two letters stand in each text."""
        assert settings == {"batch_size": 8, "show_progress_bar": False}
        found: np.ndarray = np.array(
            [[text.count("a"), text.count("e")] for text in texts], dtype=np.float32
        )
        return found


def test_a_model_is_read_from_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is looked for on a network, or whose answers are turned around."""
    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = Model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    model = mk.SentenceModel(tmp_path, batch_size=8)
    assert model._model.settings == {"device": "cpu", "local_files_only": True}
    assert embedded(model, ["sea", "law"]).tolist() == [[1.0, 1.0], [1.0, 0.0]]
    people = [{"id": "di", "skills": "sea"}, {"id": "gil", "skills": "law"}]
    assert mk.BuddyIndex(people, embedder=model).find("sea")[0].person == "di"


def test_a_missing_folder_or_extra_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback from inside a library that is or is not there."""
    with pytest.raises(mk.ProgramError, match=r"there is no folder .*nowhere"):
        mk.SentenceModel(tmp_path / "nowhere")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(mk.ProgramError, match=r"pip install 'matchkit\[embed\]'"):
        mk.SentenceModel(tmp_path)


def meaning(texts: Sequence[str]) -> list[list[float]]:
    """Tell what is about water from what is about money."""
    return [
        [float("sea" in text or "boat" in text), float("budget" in text or "price" in text), 0.01]
        for text in texts
    ]


class MeaningFit(mk.TextFit):
    """Text fit by what texts mean."""

    embedder = staticmethod(meaning)


MENTORS = [{"id": "di", "bio": "a boat"}, {"id": "gil", "bio": "the budget"}]
MENTEES = [{"id": "ana", "goals_text": "the sea"}, {"id": "bo", "goals": "prices; boat"}]


def test_a_criterion_by_meaning_pairs_what_shares_no_word() -> None:
    """A model that is asked, and counts for nothing."""
    program = mk.Program(criteria=(MeaningFit(),))
    matching = mk.match(MENTORS, MENTEES, program=program)
    assert {pair.mentee: pair.mentor for pair in matching} == {"ana": "di", "bo": "gil"}
    assert matching["ana"].parts[0].evidence == ("texts of like meaning: cosine 1.00",)
    assert matching["ana"].score == pytest.approx(0.6, abs=1e-3)  # 6 of 20, over a half
    again = mk.match(MENTORS[::-1], MENTEES[::-1], program=program)
    assert again.to_json() == matching.to_json()


def test_a_saved_round_tells_that_it_had_a_model() -> None:
    """A round that is read again and scored by something else, without a word."""
    matching = mk.match(MENTORS, MENTEES, program=mk.Program(criteria=(MeaningFit(),)))
    text = matching.to_json()
    with pytest.raises(mk.MatchkitError, match="MeaningFit"):
        mk.Matching.from_json(text, mentors=MENTORS, mentees=MENTEES)
    read = mk.Matching.from_json(text, mentors=MENTORS, mentees=MENTEES, custom=[MeaningFit])
    assert read.to_json() == text
    assert mk.verify(read) == ()


def test_each_distinct_text_is_asked_for_once() -> None:
    """A slow model that reads the same text for everybody who wrote it."""
    asked: list[str] = []

    def listening(texts: Sequence[str]) -> list[list[float]]:
        asked.extend(texts)
        return meaning(texts)

    class Listening(mk.TextFit):
        embedder = staticmethod(listening)

    mentors = [{"id": str(at), "skills": "boat; sea", "bio": "the"} for at in range(5)]
    mk.score(mentors, MENTEES, program=mk.Program(criteria=(Listening(),)))
    assert asked == ["boat", "prices", "sea", "the sea"]


def test_nobody_who_wrote_anything_asks_no_model() -> None:
    """A model that is called with no text at all."""

    class Never(mk.TextFit):
        @staticmethod
        def embedder(texts: Sequence[str]) -> list[list[float]]:
            """Fail."""
            raise AssertionError(texts)

    program = mk.Program(criteria=(Never(), mk.SeniorityGap()))
    mentors = [{"id": "di", "bio": "the", "seniority": 5}]
    scores = mk.score(mentors, [{"id": "ana", "goals_text": "of", "seniority": 3}], program=program)
    assert scores.points.tolist() == [[500_000]]
