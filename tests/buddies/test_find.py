"""Lookups: the right people on top, for reasons shown, and silence where nobody fits."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence

import numpy as np
import pytest

import matchkit as mk
from matchkit.buddies.calibration import (
    HOP,
    MEANT,
    OFFSET,
    SLOPE_OF_LENGTH,
    SLOPES,
    SLOPES_BY_LENGTH,
    UNLIKELY,
)
from matchkit.buddies.search import CONFIDENT
from matchkit.buddies.segment import text_vectors
from matchkit.buddies.snapshot import Snapshot
from matchkit.buddies.words import ALIKE, SHORT, content_words
from matchkit.profiles import clean_skill
from matchkit.profiles.skills import resolver_of
from matchkit.scoring.latent import UNIT
from tests.buddies.people import ANA, BO, CY, DI, FOUR, crowd

QUESTIONS = (
    "sql", "my postgres query is slow", "speaking in public", "managing projects", "keeping bees",
    "register of risks", "C#", "how do I deploy to k8s?", "negotiate", "kayak",
)  # fmt: skip


def ids(found: Sequence[mk.Buddy]) -> list[str]:
    """Return who was found, in order."""
    return [buddy.person for buddy in found]


def test_the_best_come_first_with_their_reasons() -> None:
    """The asker would not know why somebody was named, or meet the second best first."""
    found = mk.BuddyIndex(FOUR).find("sql")
    assert ids(found)[2:] == ["bo"]
    assert set(ids(found)[:2]) == {"ana", "cy"}
    (reason,) = found[2].evidence
    assert (reason.skill, reason.level, reason.asked) == ("SQL", 2, "sql")
    assert reason.words == (("sql", "sql"),)
    assert str(found[2]).endswith("skill 'SQL' level 2, found as 'sql': sql")
    assert found.hint == ""


def test_an_alias_and_a_slip_lead_to_the_skill() -> None:
    """Only who writes a skill as its holder does would find anybody."""
    index = mk.BuddyIndex(FOUR)
    for asked in ("k8s", "Kubernets", "kubernetes", "Kubernetes 1.29"):
        assert ids(index.find(asked)) == ["cy"], asked
    (buddy,) = index.find("Kubernets")
    assert "kubernets ~ kubernetes" in str(buddy)
    assert "level not stated" in str(buddy)


def reckoned(snapshot: Snapshot, query: str) -> dict[str, float]:
    """Return everybody's score for a question by plain loops over people, skills and words."""
    statistics, resolver = snapshot.statistics, resolver_of(None)
    words = content_words(query)
    weight = dict(zip(words, statistics.weights(words).tolist(), strict=True))
    vector = text_vectors([query], statistics, None)[0].astype(int)
    meant = resolver.resolve([query], similar=len(query.split()) <= 3)
    scores: dict[str, float] = {}
    for segment in snapshot.segments:
        for person, who in enumerate(segment.people.ids.tolist()):
            cosine = float(segment.vectors[person].astype(int) @ vector) / UNIT**2
            skills = segment.offers
            span = slice(int(skills.indptr[person]), int(skills.indptr[person + 1]))
            for code, level in zip(skills.codes[span], skills.levels[span], strict=True):
                found = resolver.resolve([skills.labels[code]])
                concept = int(found.concepts[0])
                others = resolver.taxonomy.synonyms[concept] if concept >= 0 else ()
                names = {*map(clean_skill, (found.labels[0], *others))}
                odds = reckoned_odds(names, weight, statistics, len(words))
                if all(
                    similarity(q, w) == 0 for n in names for w in content_words(n) for q in words
                ):
                    odds = -math.inf
                if found.labels == meant.labels:
                    odds = max(odds, MEANT)
                near = _near(resolver.taxonomy, int(meant.concepts[0]))
                if found.labels[0] in near:
                    odds = max(odds, HOP)
                if odds < UNLIKELY:
                    continue
                slope = SLOPES[-1] + math.log(len(words)) * SLOPES_BY_LENGTH[-1]
                chance = 1 / (1 + math.exp(-odds - slope * cosine))
                if chance >= CONFIDENT:
                    scores[who] = max(scores.get(who, 0.0), chance * (level or 3) / 5)
    return scores


def _near(taxonomy: mk.Taxonomy, concept: int) -> set[str]:
    """Return the skills one hop from a concept."""
    if concept < 0:
        return set()
    near = {*taxonomy.parents[concept], *taxonomy.related[concept]}
    near |= {child for child in range(len(taxonomy)) if concept in taxonomy.parents[child]}
    return {taxonomy.labels[other] for other in near}


def similarity(mine: str, other: str) -> float:
    """Return how alike two words are spelled."""
    if mine == other:
        return 1.0
    if min(len(mine), len(other)) <= SHORT:
        return 0.0
    sets = [
        {f" {word} "[at : at + n] for n in (3, 4, 5) for at in range(len(word) + 3 - n)}
        for word in (mine, other)
    ]
    alike = len(sets[0] & sets[1]) / math.sqrt(len(sets[0]) * len(sets[1]))
    return alike if alike >= ALIKE else 0.0


def reckoned_odds(
    names: set[str], weight: dict[str, float], statistics: object, length: int
) -> float:
    """Return the log odds that a skill of these names is asked for."""
    rarity = statistics.rarities  # type: ignore[attr-defined]
    size = math.sqrt(sum(each**2 for each in weight.values()))
    inputs = [0.0] * 5
    together: dict[str, int] = {}
    for name in names:
        own = content_words(name)
        rare = dict(zip(own, rarity(own).tolist(), strict=True))
        for word in own:
            together[word] = together.get(word, 0) + 1
        met = {w: max(counts * similarity(q, w) for q, counts in weight.items()) for w in own}
        alike = {w: max(similarity(q, w) for q in weight) for w in own}
        long = math.sqrt(sum(each**2 for each in rare.values()))
        cosine = sum(rare[w] * met[w] for w in own) / size / long
        covered = sum(rare[w] * alike[w] for w in own) / sum(rare.values())
        full = cosine if covered > 1 - 1e-9 else 0.0
        each = (cosine, covered, math.sqrt(cosine * covered), full)
        inputs[:4] = [max(pair) for pair in zip(inputs[:4], each, strict=True)]
    rare = dict(zip(together, rarity(tuple(together)).tolist(), strict=True))
    share = {w: (1 + math.log(count)) * rare[w] for w, count in together.items()}
    met = {w: max(counts * similarity(q, w) for q, counts in weight.items()) for w in share}
    long = math.sqrt(sum(each**2 for each in share.values()))
    inputs[4] = sum(share[w] * met[w] for w in share) / size / long
    log = math.log(length)
    slopes = [a + log * b for a, b in zip(SLOPES[:5], SLOPES_BY_LENGTH[:5], strict=True)]
    return OFFSET + SLOPE_OF_LENGTH * log + sum(a * b for a, b in zip(slopes, inputs, strict=True))


@pytest.mark.parametrize("query", QUESTIONS)
def test_scores_are_those_of_plain_loops(query: str) -> None:
    """The fast way through postings would rank by other numbers than the documented formula."""
    index = mk.BuddyIndex(crowd(25, seed=1))
    expected = reckoned(index._snapshot, query)
    found = {buddy.person: buddy.score for buddy in index.find(query, k=100)}
    assert found.keys() == expected.keys()
    for who, score in found.items():
        assert score == pytest.approx(expected[who], abs=2e-6)


def test_of_several_skills_the_mean_counts() -> None:
    """Asking for two skills would be answered by whoever has one of them best."""
    index = mk.BuddyIndex(FOUR)
    both = index.find(["sql", "public speaking"], min_score=0)
    alone = {each.person: each.score for each in index.find("sql", min_score=0)}
    assert both[0].person == "bo"
    assert [each.asked for each in both[0].evidence] == ["sql", "public speaking"]
    assert both[-1].score == pytest.approx(alone[both[-1].person] / 2, abs=1e-6)


def test_a_level_wanted_is_enough() -> None:
    """A beginner's question would always land on the greatest expert."""
    index = mk.BuddyIndex(FOUR)
    for asked in (["sql:2"], [("sql", 2)]):
        scores = {buddy.person: buddy.score for buddy in index.find(asked)}
        assert min(scores.values()) == pytest.approx(max(scores.values()), abs=0.02)
        assert len(scores) == 3


def test_nobody_is_said_with_the_nearest_on_offer() -> None:
    """Nonsense would be answered by somebody, or left the asker with nothing to try."""
    index = mk.BuddyIndex(FOUR)
    found = index.find("bee stings")
    assert not found or found[0].person == "di"
    nobody = index.find("keepsakes")
    assert not len(nobody)
    assert "nobody here offers this" in nobody.hint
    assert "name a skill" in index.find("sourdough").hint
    copy = pickle.loads(pickle.dumps(nobody))  # noqa: S301 - our own bytes
    assert (len(copy), copy.hint, copy.nearest) == (0, nobody.hint, nobody.nearest)


def test_a_related_skill_is_named_as_such() -> None:
    """Somebody who knows the next thing to it would be left out, or pass for an expert in it."""
    records = [
        {"id": "db", "label": "databases"},
        {"id": "vs", "label": "vector stores", "parents": "db"},
    ]
    index = mk.BuddyIndex([DI | {"skills": "vector stores:5"}, BO],
                          taxonomy=mk.Taxonomy.from_records(records))  # fmt: skip
    (buddy,) = index.find("databases")
    assert buddy.score < 0.5
    assert str(buddy.evidence[0]) == "skill 'vector stores' level 5, related to 'databases'"


def test_a_text_that_mentions_a_skill_counts_a_little() -> None:
    """Whoever wrote a bio and listed nothing could never be asked."""
    people = [
        {"id": "ana", "bio": "For years I have worked with Python and public speaking, go figure."},
        {"id": "bo", "skills": "Python:4", "bio": "Python all day", "role": "data engineer"},
        {"id": "cy", "skills": "beekeeping"},
    ]
    index = mk.BuddyIndex(people)
    best, other = index.find("python")
    assert (best.person, best.evidence[0].listed, best.evidence[0].level) == ("bo", True, 4)
    assert str(other.evidence[0]).startswith("mentions 'Python'")
    assert (other.evidence[0].listed, other.evidence[0].level) == (False, 0)
    assert ids(index.find("public speaking")) == ["ana"]
    assert not index.find("go")
    assert ids(index.find("python", seeker={"id": "eve", "skills": "python:3"})) == ["bo"]


def test_skills_that_nobody_left_has_are_not_on_offer() -> None:
    """The hint would send people after somebody who has gone."""
    index = mk.BuddyIndex(FOUR)
    asked = "public relations"
    assert "Public speaking" in index.find(asked).nearest
    index.remove("bo")
    assert "Public speaking" not in index.find(asked).nearest


@pytest.mark.parametrize(
    "query",
    ["", " ", "?", "x", "the of and", "\u0000", "日本語の質問", "<script>alert(1)</script>",
     "💥" * 50, "<script" * 1_400, "=HYPERLINK('x')", "a" * 9_999, "; drop table people", []],
)  # fmt: skip
def test_hostile_questions_are_answered_by_nobody(query: str | list[str]) -> None:
    """A slip of the keyboard, or an attack, would crash a service or name somebody at random."""
    found = mk.BuddyIndex(FOUR).find(query)
    assert not len(found)
    assert found.hint


@pytest.mark.parametrize(
    ("query", "said"),
    [("a" * 1_000_000, "1,000,000 characters"), (7, "text or a list"), ([7], "no skill"),
     (["sql"] * 51, "51 skills"), (["sql:7"], "levels 1 to 5"), ([("sql", 2, 3)], "no skill")],
)  # fmt: skip
def test_what_is_no_question_is_a_typed_error(query: object, said: str) -> None:
    """A service would show a traceback, or work on a megabyte of text for minutes."""
    with pytest.raises(mk.ProgramError, match=said):
        mk.BuddyIndex(FOUR).find(query)  # type: ignore[arg-type]


def test_markup_is_no_part_of_a_question() -> None:
    """A question pasted from a web page would ask for its tags, or for a script in it."""
    index = mk.BuddyIndex(FOUR)
    plain = [buddy.person for buddy in index.find("public speaking")]
    for asked in ("<b>public</b> speaking", "public speaking<script>sql()</script>",
                  "<p class='sql'>public speaking", "public speaking <SCRIPT>var sql"):  # fmt: skip
        assert ids(index.find(asked)) == plain


def test_order_of_people_and_columns_changes_nothing() -> None:
    """The first row of a file would be asked more often than the last."""
    people = crowd(40, seed=2)
    turned = [dict(reversed(person.items())) for person in reversed(people)]
    index, other = mk.BuddyIndex(people), mk.BuddyIndex(turned)
    for query in QUESTIONS:
        assert index.find(query, k=50) == other.find(query, k=50)


def test_equals_stand_in_keyed_order() -> None:
    """Of equals the one whose name starts with A would always be asked."""
    people = [{"id": f"p{number}", "skills": "sql:3"} for number in range(100)]
    found = ids(mk.BuddyIndex(people).find("sql", k=100))
    assert len(found) == 100
    assert found != sorted(found)
    assert found[:10] == ids(mk.BuddyIndex(people).find("sql", k=10))
    other = mk.BuddyIndex(people, mk.Program(seed=1)).find("sql", k=100)
    assert sorted(ids(other)) == sorted(found)
    assert ids(other) != found


def test_somebody_irrelevant_changes_no_answer() -> None:
    """A newcomer with other skills would push people up or down."""
    index = mk.BuddyIndex(crowd(30, seed=3))
    before = [index.find(query, k=50) for query in QUESTIONS]
    index.add([{"id": "new", "skills": "zither:5"}])
    assert [index.find(query, k=50) for query in QUESTIONS] == before


def test_an_embedder_makes_the_text_vectors() -> None:
    """A platform's own model would be taken and do nothing."""
    seen: list[str] = []

    def embedder(texts: Sequence[str]) -> list[list[float]]:
        seen.extend(texts)
        return [[1.0, 0.0] if "bees" in text else [0.0, 1.0] for text in texts]

    people = [ANA | {"bio": "bees"}, CY | {"id": "eve", "bio": "wasps"}, BO, DI]
    index = mk.BuddyIndex(people, embedder=embedder)
    assert index.find("bees and sql", k=1)[0].person == "ana"
    assert index.find("wasps and sql", k=1)[0].person == "eve"
    assert "PostgreSQL; SQL\nbees" in seen
    assert np.array(index._snapshot.segments[0].vectors).shape == (4, 2)


def test_nobody_at_all() -> None:
    """An index that is filled later could not be made."""
    index = mk.BuddyIndex([])
    assert not len(index.find("sql"))
    index.add(FOUR)
    assert ids(index.find("public speaking")) == ["bo"]
    assert repr(index) == "BuddyIndex(4 people, 5 skills)"


@pytest.mark.parametrize(
    ("settings", "said"), [({"fairness": 2}, "fairness"), ({"weekly_limit": 0}, "weekly_limit")]
)
def test_settings_out_of_range(settings: dict[str, int], said: str) -> None:
    """A slip in a setting would turn the ranking upside down."""
    with pytest.raises(mk.ProgramError, match=said):
        mk.BuddyIndex(FOUR, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"k": 0}, {"min_score": 2.0}])
def test_arguments_out_of_range(wrong: dict[str, float]) -> None:
    """A wrong argument would give an empty answer without a word."""
    with pytest.raises(mk.ProgramError, match=str(*wrong)):
        mk.BuddyIndex(FOUR).find("sql", **wrong)  # type: ignore[arg-type]
