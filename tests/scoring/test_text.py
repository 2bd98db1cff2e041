"""Text fit: words shared, words that do not count, and the arithmetic of tf-idf."""

from __future__ import annotations

import re
from itertools import pairwise
from math import log, sqrt

import pytest

from matchkit import TextFit
from tests.scoring.values import feature, values


def fit(mentor: dict[str, str], mentee: dict[str, str]) -> float | None:
    """Return the text fit of one pair."""
    found = values(TextFit(), [{"id": "di", **mentor}], [{"id": "ana", **mentee}])
    return found[0][0]


def test_the_same_words_fit_fully() -> None:
    """Two texts that are equal would not fit."""
    assert fit({"bio": "budget planning"}, {"goals_text": "budget planning"}) == 1


def test_other_words_do_not_fit() -> None:
    """Two texts without a common word would score."""
    assert fit({"bio": "budget planning"}, {"goals_text": "sea kayaks"}) == 0


@pytest.mark.parametrize("text", ["", "the and of to", "; ,", "-"])
def test_no_word_that_counts_is_unknown(text: str) -> None:
    """Empty words would count as a text about nothing and score 0."""
    assert fit({"bio": text}, {"goals_text": "budgets"}) is None
    assert fit({"bio": "budgets"}, {"goals_text": text}) is None
    assert fit({"bio": "-"}, {"goals_text": text or "-"}) is None


def test_goals_and_skills_are_read_too() -> None:
    """Whoever wrote only lists would have no text."""
    assert fit({"skills": "budget planning:4"}, {"goals": "budget planning"}) == 1
    assert fit({"role": "budget planning"}, {"goals": "budget planning"}) == 1


def test_levels_are_no_words() -> None:
    """Two people with a skill at level 4 would share the word 4."""
    assert fit({"skills": "sql:4"}, {"goals": "rust:4"}) == 0
    mentors, mentees = [{"id": "di", "skills": "sql:4"}], [{"id": "ana", "goals": "sql:4"}]
    assert feature(TextFit(), mentors, mentees).evidence(0, 0) == ("shared words: sql",)


@pytest.mark.parametrize("name", ["C", "C++", "C#", ".NET", "数据", "Été"])
def test_names_with_signs_stay_words(name: str) -> None:
    """C, C++, C# and .NET would be one word, or none."""
    assert fit({"bio": f"years of {name}, daily"}, {"goals_text": f"more {name}."}) != 0
    others = {"C", "C++", "C#", ".NET"} - {name}
    for other in others:
        assert fit({"bio": other}, {"goals_text": name}) == 0


def test_items_of_a_list_are_no_phrase() -> None:
    """Two lists would fit better because two tags stand side by side in both."""
    lists = {"skills": "law; sales; art"}
    assert fit(lists, {"goals": "law; sales"}) == fit(lists, {"goals": "law; art"})
    phrase = {"bio": "law sales art"}
    assert fit(phrase, {"goals_text": "law sales"}) != fit(phrase, {"goals_text": "law art"})


def test_accents_make_no_difference() -> None:
    """Who types without accents would not be understood."""
    assert fit({"bio": "présentation"}, {"goals_text": "Presentation"}) == 1


def test_full_sets_what_counts_as_full() -> None:
    """The setting would do nothing."""
    mentors = [{"id": "di", "bio": "budget planning law"}]
    mentees = [{"id": "ana", "goals_text": "budget kayaks sea"}]
    (low,) = values(TextFit(full=1), mentors, mentees)[0]
    (high,) = values(TextFit(full=0.25), mentors, mentees)[0]
    assert low is not None
    assert high is not None
    assert 0 < low < 0.25
    assert high == pytest.approx(4 * low)


def test_evidence_names_the_words_that_count_most() -> None:
    """A coordinator could not see what two texts share."""
    mentors = [{"id": "di", "bio": "sailing budget planning"}, {"id": "gil", "bio": "budget"}]
    mentees = [{"id": "ana", "goals_text": "sailing, budget"}]
    bound = feature(TextFit(), mentors, mentees)
    assert bound.evidence(0, 0) == ("shared words: sailing, sailing budget, budget",)
    mentors[1]["bio"] = "kayaks"
    assert feature(TextFit(), mentors, mentees).evidence(0, 1) == ("no words in common",)


def by_hand(texts: list[str]) -> list[dict[str, float]]:
    """Return unit tf-idf vectors over words and pairs of words, in a plain loop."""
    counts = []
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        terms = words + [" ".join(pair) for pair in pairwise(words)]
        counts.append({term: 1 + log(terms.count(term)) for term in terms})
    spread = {term: sum(term in each for each in counts) for each in counts for term in each}
    rare = {term: log((1 + len(texts)) / (1 + some)) + 1 for term, some in spread.items()}
    vectors = [{term: tf * rare[term] for term, tf in each.items()} for each in counts]
    norms = [sqrt(sum(value**2 for value in each.values())) for each in vectors]
    return [
        {term: value / norm for term, value in each.items()}
        for each, norm in zip(vectors, norms, strict=True)
    ]


def test_agrees_with_plain_tf_idf() -> None:
    """The vectors would be other than documented."""
    mentees = ["budget plan plan sea", "sea kayaks sea kayaks law"]
    mentors = ["law budget", "plan sea kayaks", "sea sea sea plan budget plan"]
    vectors = by_hand(mentees + mentors)
    found = values(
        TextFit(full=1),
        [{"id": str(at), "bio": text} for at, text in enumerate(mentors)],
        [{"id": str(at), "goals_text": text} for at, text in enumerate(mentees)],
    )
    for mine, row in zip(vectors[:2], found, strict=True):
        for theirs, value in zip(vectors[2:], row, strict=True):
            cosine = sum(part * theirs.get(term, 0) for term, part in mine.items())
            assert value == pytest.approx(cosine, abs=1e-3)
