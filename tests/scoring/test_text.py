"""Text fit: words shared, words that do not count, and the arithmetic of tf-idf."""

from __future__ import annotations

import re
from itertools import pairwise
from math import log, sqrt

import numpy as np
import pytest

from matchkit import TextFit
from tests.scoring.values import everyone, feature, values


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


def by_hand(people: list[list[str]]) -> list[dict[str, float]]:
    """Return what people wrote as unit vectors over words and pairs of words, in plain loops."""
    counts = [[_terms(text) for text in texts] for texts in people]
    documents = [each for person in counts for each in person]
    spread = {term: sum(term in each for each in documents) for each in documents for term in each}
    rare = {term: log((1 + len(documents)) / (1 + some)) + 1 for term, some in spread.items()}
    vectors = []
    for person in counts:
        added: dict[str, float] = {}
        for each in person:
            weighed = {term: (1 + log(count)) * rare[term] for term, count in each.items()}
            length = sqrt(sum(value**2 for value in weighed.values()))
            for term, value in weighed.items():
                added[term] = added.get(term, 0.0) + value / sqrt(length)
        norm = sqrt(sum(value**2 for value in added.values()))
        vectors.append({term: value / norm for term, value in added.items()})
    return vectors


def _terms(text: str) -> dict[str, int]:
    words = re.findall(r"\w+", text.lower())
    terms = words + [" ".join(pair) for pair in pairwise(words)]
    return {term: terms.count(term) for term in terms}


def test_agrees_with_what_is_documented() -> None:
    """The vectors would be other than documented."""
    mentees = [
        {"goals_text": "budget plan plan sea", "goals": "law; sea kayaks; law school"},
        {"goals": "sea kayaks"},
        {"goals_text": "sea kayaks sea kayaks law"},
    ]
    mentors = [
        {"bio": "law budget", "skills": "sea; plan budget:4", "role": "kayaks"},
        {"bio": "plan sea kayaks"},
        {"bio": "sea sea sea plan budget plan", "skills": "law"},
    ]
    people = [
        [text for cell in each.values() for text in re.split(r"(?::\d)?;\s*|:\d$", cell) if text]
        for each in (*mentees, *mentors)
    ]
    assert people[3] == ["law budget", "sea", "plan budget", "kayaks"]
    vectors = by_hand(people)
    found = values(
        TextFit(full=1),
        [{"id": f"r{at}"} | each for at, each in enumerate(mentors)],
        [{"id": f"e{at}"} | each for at, each in enumerate(mentees)],
    )
    for mine, row in zip(vectors[:3], found, strict=True):
        for theirs, value in zip(vectors[3:], row, strict=True):
            cosine = sum(part * theirs.get(term, 0) for term, part in mine.items())
            assert value == pytest.approx(cosine, abs=1e-3)


def test_a_long_text_does_not_drown_a_tag() -> None:
    """Whoever writes a long bio would be found for none of the listed skills."""
    bio = " ".join(f"word{at}" for at in range(200))
    short, long = (
        fit({"skills": "budgets", "bio": bio[:length]}, {"goals": "budgets"})
        for length in (11, len(bio))
    )
    assert short is not None
    assert long is not None
    assert short > long > 0.2


# Related words ------------------------------------------------------------------------------------


def crowd(count: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return people of fifty trades, each with two names for the work that nobody uses both of.

    Sailing and boating are one, accounting and bookkeeping another.
    """
    rng = np.random.default_rng(0)
    names = [("sailing", "boating"), ("accounting", "bookkeeping")]
    names += [(f"work{at}a", f"work{at}b") for at in range(48)]

    def written(at: int) -> str:
        words = [f"tool{at % 50}x{tool}" for tool in rng.permutation(6)[:4].tolist()]
        return "; ".join([*words, str(rng.choice(names[at % 50]))])

    mentors = [{"id": f"r{at}", "skills": written(at)} for at in range(count)]
    return mentors, [{"id": f"e{at}", "goals": written(at)} for at in range(count)]


def test_words_in_the_same_company_are_related() -> None:
    """Two names for one trade would have nothing in common in a round that knows both."""
    mentors, mentees = crowd(300)
    mentors += [{"id": "di", "bio": "sailing"}, {"id": "gil", "bio": "accounting"}]
    mentees += [{"id": "ana", "goals_text": "boating"}]
    bound = feature(TextFit(), mentors, mentees)
    near, far = bound.grid(np.array([300]), np.array([300, 301]))[0].tolist()
    assert near > 0.2  # 3 of 20 parts, over a half
    assert far < 0.02
    assert bound.evidence(300, 300) == ("related words: boating and sailing",)
    assert bound.evidence(300, 301) == ("no words in common",)


def test_few_people_teach_nothing_about_words() -> None:
    """Chance company in a small round that counts as meaning."""
    mentors, mentees = crowd(240)
    mentors += [{"id": "di", "bio": "sailing"}]
    mentees += [{"id": "ana", "goals_text": "boating"}]
    assert values(TextFit(), mentors, mentees)[240][240] == 0


def test_those_who_wrote_nothing_teach_nothing() -> None:
    """Blank cells that make a small round look large."""
    mentors, mentees = crowd(240)
    mentors += [{"id": f"b{at}", "bio": ""} for at in range(100)] + [{"id": "di", "bio": "sailing"}]
    mentees += [{"id": "ana", "goals_text": "boating"}]
    assert values(TextFit(), mentors, mentees)[240][340] == 0


def test_more_people_than_the_sample_change_no_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample by position, so that the order of a file decides what is learned."""
    monkeypatch.setattr("matchkit.scoring.latent.SAMPLE", 520)
    mentors, mentees = crowd(300)
    straight = feature(TextFit(), mentors, mentees).grid(*everyone(300, 300))
    turned = feature(TextFit(), mentors[::-1], mentees[::-1]).grid(*everyone(300, 300))
    assert np.array_equal(straight, turned[::-1, ::-1])


def test_shared_and_related_words_are_both_named() -> None:
    """Evidence that leaves out what counts more."""
    mentors, mentees = crowd(300)
    mentors += [{"id": "di", "bio": "sailing knots cleats anchors sea"}]
    mentees += [{"id": "ana", "goals_text": "boating swell reefs harbors sea"}]
    bound = feature(TextFit(), mentors, mentees)
    shared, related = bound.evidence(300, 300)
    assert shared == "shared words: sea"
    assert related.startswith("related words: ")
    assert " and sailing" in related
