"""Skill coverage: worked examples, a plain oracle, and what must make no difference."""

from __future__ import annotations

from itertools import product
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit import SkillCoverage, Taxonomy
from matchkit.profiles import SkillLists, clean_skill, relate, resolver_of
from matchkit.scoring.base import Context
from matchkit.scoring.skills import goal_weights
from tests.scoring.values import everyone, feature, pools, values
from tests.strategies import People, people

TEACH = SkillCoverage().teach


@pytest.mark.parametrize(
    ("mentor", "mentee", "worth"),
    [
        ("sql:2", "sql:3", 0.0), ("sql:1", "sql:5", 0.0), ("sql:3", "sql:3", 0.3),
        ("sql:3", "sql:2", 0.8), ("sql:4", "sql:2", 1.0), ("sql:5", "sql:2", 1.0),
        ("sql:5", "sql:1", 0.85), ("sql:5", "", 0.85), ("sql:1", "", 0.8), ("sql", "", 1.0),
        ("sql", "sql", 0.3), ("sql", "sql:2", 0.8), ("go:5", "", 0.0),
    ],
)  # fmt: skip
def test_levels_are_taught_by_their_gap(mentor: str, mentee: str, worth: float) -> None:
    """A mentor behind the mentee would teach, or one two steps ahead would not."""
    mentees = [{"id": "ana", "goals": "SQL", "skills": mentee}]
    assert values(SkillCoverage(), [{"id": "di", "skills": mentor}], mentees) == [[worth]]


def test_goals_count_in_their_order() -> None:
    """The last wish would weigh as much as the first."""
    mentors = [{"id": "di", "skills": "sql:3"}, {"id": "gil", "skills": "go:3"}]
    found = values(SkillCoverage(), mentors, [{"id": "ana", "goals": "sql; go"}])
    assert found == [[1000 / 1631, 631 / 1631]]


def test_weights_of_goals_are_discounted() -> None:
    """The documented weights 1, 0.63, 0.5, 0.43 would not be those that are used."""
    expected = [round(1000 / log2(place + 2)) for place in range(30)]
    assert goal_weights(np.arange(30)).tolist() == expected


def test_similar_names_are_different_skills() -> None:
    """C would be taught by who knows C++."""
    mentors = [{"id": name, "skills": name} for name in ("C", "C++", "C#", ".NET", "NET")]
    mentees = [{"id": "ana", "goals": "c"}, {"id": "bo", "goals": ".net"}]
    found = values(SkillCoverage(), mentors, mentees)
    assert found == [[1, 0, 0, 0, 0], [0, 0, 0, 1, 0]]


def test_who_said_nothing_is_unknown() -> None:
    """A short profile would score 0 instead of the mean."""
    mentors = [{"id": "di", "skills": ""}, {"id": "gil", "skills": "sql"}]
    mentees = [{"id": "ana", "goals": ""}, {"id": "bo", "goals": "go"}]
    assert values(SkillCoverage(), mentors, mentees) == [[None, None], [None, 0]]


def test_own_teaching_curve() -> None:
    """A program that values peers would not be heard."""
    criterion = SkillCoverage(teach=(0.5, 1.0))
    mentors = [{"id": "di", "skills": "sql:1"}, {"id": "gil", "skills": "sql:5"}]
    mentees = [{"id": "ana", "goals": "sql", "skills": "sql:4"}, {"id": "bo", "goals": "sql"}]
    assert values(criterion, mentors, mentees) == [[0.5, 1.0], [1.0, 1.0]]


def test_evidence_names_skill_and_levels() -> None:
    """A coordinator could not check what a score rests on."""
    mentors = [{"id": "di", "skills": "Go:1; SQL:4; Excel"}]
    mentees = [{"id": "ana", "goals": "rust; go; sql; excel", "skills": "sql:2; go:3"}]
    said = feature(SkillCoverage(), mentors, mentees).evidence(0, 0)
    assert said == (
        "goal 'sql' <- skill 'SQL' level 4, mentee at level 2",
        "goal 'excel' <- skill 'Excel' level not stated",
        "goal 'rust' is not answered",
        "goal 'go' is not answered: skill 'Go' level 1, mentee at level 3",
    )


@pytest.mark.parametrize(
    ("goal", "skill", "said"),
    [
        ("k8s", "Kubernetes:4", "skill 'Kubernetes' level 4 (same skill by alias)"),
        ("Kubernetes", "k8s:4", "skill 'k8s' level 4 (same skill by alias)"),
        ("Python 3", "Python:4", "skill 'Python' level 4 (same skill, version or vendor apart)"),
        ("web-development", "web dev:4", "skill 'web dev' level 4 (same skill by spelling)"),
        ("Tea tasting", "tasting teas:4", "skill 'tasting teas' level 4 (same words)"),
        ("JavaScript", "React:4", "skill 'React' level 4 (related (child), half credit)"),
        ("Kubernetes", "Kubernetse:4", "skill 'Kubernetse' level 4 (same skill by likeness)"),
        ("managing of change", "change management:4",
         "skill 'change management' level 4 (same skill by its words)"),
    ],
)  # fmt: skip
def test_evidence_says_why_a_skill_counts(goal: str, skill: str, said: str) -> None:
    """A coordinator would wonder how one name came to answer another."""
    mentors, mentees = [{"id": "di", "skills": skill}], [{"id": "ana", "goals": goal}]
    assert feature(SkillCoverage(), mentors, mentees).evidence(0, 0) == (
        f"goal '{goal}' <- {said}",
    )


@pytest.mark.parametrize(("most", "worth"), [(0.5, 0.5), (0.2, 0.2), (0.0, 0.0)])
def test_related_sets_what_a_related_skill_earns(most: float, worth: float) -> None:
    """The setting would do nothing, or lower the same skill too."""
    mentors = [{"id": "di", "skills": "React:3"}, {"id": "gil", "skills": "js:3"}]
    mentees = [{"id": "ana", "goals": "JavaScript"}]
    assert values(SkillCoverage(related=most), mentors, mentees) == [[worth, 1.0]]


def test_the_better_of_two_skills_counts() -> None:
    """Credit of related skills would add up, or a higher level elsewhere would hide the skill."""
    mentors = [{"id": "di", "skills": "React:3; Vue:3; JavaScript:1"}]
    mentees = [{"id": "ana", "goals": "js"}, {"id": "bo", "goals": "js", "skills": "JS:2; js 5:1"}]
    assert values(SkillCoverage(), mentors, mentees) == [[0.8], [0.4]]


def test_a_taxonomy_of_ones_own_counts() -> None:
    """The names of an organisation would be unknown."""
    taxonomy = Taxonomy.from_records([{"label": "Our cluster", "synonyms": "the beast; k8s"}])
    mentees, mentors = pools(
        [{"id": "di", "skills": "Kubernetes:3"}], [{"id": "ana", "goals": "the beast"}]
    )
    bound = SkillCoverage().bind(mentees, mentors, Context(taxonomy=taxonomy))
    assert bound.grid(*everyone(1, 1)).tolist() == [[1.0]]
    assert bound.evidence(0, 0) == (
        "goal 'the beast' <- skill 'Kubernetes' level 3 (same skill by alias)",
    )
    unaware = SkillCoverage().bind(mentees, mentors, Context())
    assert unaware.grid(*everyone(1, 1)).tolist() == [[0.0]]


NAMES = ("k8s", "Kubernetes", "React", "react native", "js", "JavaScript", "tea tasting",
         "tasting teas", "Go", "museum lighting", "museum lighting design")  # fmt: skip
ITEMS = st.tuples(st.sampled_from(NAMES), st.sampled_from(["", ":1", ":3", ":5"])).map("".join)
LISTED = st.lists(ITEMS, max_size=5).map("; ".join)
RESOLVER = resolver_of(None)


def read(lists: SkillLists, person: int) -> list[tuple[int, int]]:
    """Return the skills that a person means, by their place among those of NAMES, and levels."""
    skills = RESOLVER.resolve(NAMES)
    names = map(clean_skill, skills.raw)
    meant = dict(zip(names, skills.codes.tolist(), strict=True))
    span = slice(lists.indptr[person], lists.indptr[person + 1])
    each = zip(lists.codes[span], lists.levels[span], strict=True)
    return [(meant[lists.labels[code]], int(level) or 3) for code, level in each]


@given(
    st.lists(LISTED, min_size=1, max_size=3),
    st.lists(st.tuples(LISTED, LISTED), min_size=1, max_size=3),
)
def test_best_related_skill_by_hand(offers: list[str], wishes: list[tuple[str, str]]) -> None:
    """The expansion over related skills would compute something else than the definition."""
    mentors = [{"id": str(at), "skills": skills} for at, skills in enumerate(offers)]
    mentees = [{"id": str(at), "goals": a, "skills": b} for at, (a, b) in enumerate(wishes)]
    mentee_pool, mentor_pool = pools(mentors, mentees)
    skills = RESOLVER.resolve(NAMES)
    credit = relate(skills.labels, skills.concepts, RESOLVER).credit.toarray()
    found = values(SkillCoverage(), mentors, mentees)
    for row, col in product(range(len(mentees)), range(len(mentors))):
        own: dict[int, int] = {}
        for code, level in read(mentee_pool.skills, row):
            own[code] = max(level, own.get(code, 0))
        goals = [code for code, _ in read(mentee_pool.goals, row)]
        offered = read(mentor_pool.skills, col)
        if not goals or not offered:
            assert found[row][col] is None
            continue
        got = whole = 0
        for place, goal in enumerate(goals):
            weight = round(1000 / log2(place + 2))
            whole += weight * 1_000_000
            got += weight * max(
                int(credit[goal, code])
                * round(1000 * TEACH[min(max(level - own.get(goal, 0) + 1, 0), 5)])
                for code, level in offered
            )
        assert found[row][col] == got / whole


def by_hand(goals: SkillLists, own: SkillLists, offered: SkillLists) -> float | None:
    """Return the coverage of one pair, each side of one person, in a plain loop."""
    mine, theirs = (
        {
            each.labels[code]: int(level) or 3
            for code, level in zip(each.codes, each.levels, strict=True)
        }
        for each in (own, offered)
    )
    if not len(goals.codes) or not theirs:
        return None
    got = whole = 0
    for place, code in enumerate(goals.codes):
        weight, label = round(1000 / log2(place + 2)), goals.labels[code]
        whole += weight * 1000
        if label in theirs:
            gap = theirs[label] - mine.get(label, 0)
            got += weight * round(1000 * TEACH[min(max(gap + 1, 0), len(TEACH) - 1)])
    return got / whole


@given(people(["skills"]), people(["goals", "skills"]))
def test_agrees_with_a_plain_loop(mentors: People, mentees: People) -> None:
    """The sparse product would compute something else than the definition."""
    mentee_pool, mentor_pool = pools(mentors, mentees)
    expected = []
    for row in range(len(mentees)):
        goals, own = mentee_pool.goals.take([row]), mentee_pool.skills.take([row])
        offers = [mentor_pool.skills.take([col]) for col in range(len(mentors))]
        expected.append([by_hand(goals, own, offered) for offered in offers])
    assert values(SkillCoverage(), mentors, mentees) == expected


@given(people(["skills"]), people(["goals", "skills"]))
def test_further_skills_cost_nothing(mentors: People, mentees: People) -> None:
    """A mentor who knows more would be punished for it."""
    more = [{**who, "skills": f"{who['skills']}; welding:5; baking"} for who in mentors]
    before = values(SkillCoverage(), mentors, mentees)
    after = values(SkillCoverage(), more, mentees)
    for old, new in zip(before, after, strict=True):
        for one, other in zip(old, new, strict=True):
            assert one is None or one == other


@given(people(["skills"]), people(["goals", "skills"]))
def test_evidence_tells_answered_from_unanswered(mentors: People, mentees: People) -> None:
    """What is said of a pair would contradict its value."""
    bound = feature(SkillCoverage(), mentors, mentees)
    grid = bound.grid(*everyone(len(mentees), len(mentors)))
    for row, col in zip(*np.nonzero(~np.isnan(grid)), strict=True):
        answered = [line for line in bound.evidence(row, col) if " <- " in line]
        assert bool(answered) == (grid[row, col] > 0)
