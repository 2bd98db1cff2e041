"""Relatedness: who earns credit for whom, how much, and what is learned from many people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from matchkit import Taxonomy
from matchkit.profiles import read_people
from matchkit.profiles.skills import (
    Relatedness,
    Resolver,
    company,
    profiles,
    relate,
    resolver_of,
    understood,
)
from matchkit.profiles.skills.related import FULL, HALF, KINDS, MOST_CHILDREN, SIBLING
from matchkit.profiles.skills.together import ENOUGH, SEEN
from tests.strategies import SKILLS


def related(*names: str, resolver: Resolver | None = None) -> tuple[tuple[str, ...], Relatedness]:
    """Return the labels of some names, and their relatedness."""
    resolver = resolver or resolver_of(None)
    found = resolver.resolve(names)
    return found.labels, relate(found.labels, found.concepts, resolver)


def own(*rows: dict[str, str]) -> Resolver:
    """Return the resolver of a small taxonomy."""
    return resolver_of(Taxonomy.from_records(rows))


TREE = own(
    {"id": "craft", "label": "Glasswork"},
    {"id": "blow", "label": "Blowing", "parents": "craft"},
    {"id": "cut", "label": "Cutting", "parents": "craft"},
    {"id": "kiln", "label": "Kilns", "related": "blow"},
    {"id": "lens", "label": "Optics", "parents": "cut"},
)


@pytest.mark.parametrize(
    ("wanted", "offered", "credit", "kind"),
    [
        ("Blowing", "Blowing", FULL, "same skill"),
        ("Blowing", "Glasswork", HALF, "parent"),
        ("Glasswork", "Blowing", HALF, "child"),
        ("Blowing", "Cutting", SIBLING, "sibling"),
        ("Blowing", "Kilns", HALF, "related"),
        ("Kilns", "Blowing", HALF, "related"),
        ("Optics", "Glasswork", 0, ""),
        ("Optics", "Blowing", 0, ""),
    ],
)
def test_one_hop_earns_at_most_a_half(wanted: str, offered: str, credit: int, kind: str) -> None:
    """Credit would reach further than one hop, or not as far."""
    labels, found = related(wanted, offered, resolver=TREE)
    assert found.of(labels.index(wanted), labels.index(offered)) == (credit, kind)


def test_parents_of_many_say_nothing() -> None:
    """All skills under one broad heading would count as related."""
    rows = [{"id": f"k{at}", "label": f"Kind{at:03}", "parents": "top"}
            for at in range(MOST_CHILDREN + 1)]  # fmt: skip
    many = own({"id": "top", "label": "Everything"}, *rows)
    _, found = related("Kind000", "Kind001", resolver=many)
    assert found.of(0, 1) == (0, "")


def test_unresolved_names_of_the_same_words_are_one_skill() -> None:
    """Two people who write an unknown skill in two orders would not meet."""
    labels, found = related("tasting of teas", "tea tasting", "sea-glass", "sea glass", "tea")
    place = {label: at for at, label in enumerate(labels)}
    assert found.of(place["tasting of teas"], place["tea tasting"]) == (FULL, "same words")
    assert found.of(place["sea-glass"], place["sea glass"]) == (FULL, "same words")
    assert found.of(place["tea"], place["tea tasting"])[0] <= HALF


def test_likeness_earns_less_than_a_half_and_short_names_nothing() -> None:
    """A name that shares a word would be worth the skill itself, or C would stand for C++."""
    labels, found = related(
        "museum lighting", "museum lighting design", "C", "C++", "Java", "JavaScript"
    )
    place = {label: at for at, label in enumerate(labels)}
    credit, kind = found.of(place["museum lighting"], place["museum lighting design"])
    assert 100 < credit < HALF
    assert kind == "similar"
    assert found.of(place["C"], place["C++"]) == (0, "")
    assert found.of(place["Java"], place["JavaScript"]) == (0, "")


@given(
    st.lists(st.sampled_from([*SKILLS, "SQL server", "React", "React Native", "Redux"]), max_size=9)
)
def test_shape_of_relatedness(names: list[str]) -> None:
    """A skill would not be itself, credit would be lopsided, or depend on who else is there."""
    labels, found = related(*names)
    dense = found.credit.toarray()
    assert (np.diag(dense) == FULL).all()
    assert (dense == dense.T).all()
    assert (found.credit.data > 0).all()
    assert len(found.kind) == len(found.credit.data)
    assert set(found.kind) <= set(range(len(KINDS)))
    more, wider = related(*names, "Elixir", "Phoenix")
    places = [more.index(label) for label in labels]
    for at, mine in enumerate(places):
        for other, theirs in enumerate(places):
            assert wider.of(mine, theirs) == found.of(at, other)


def crowd(count: int) -> csr_array:
    """Return people of two trades of four skills each, who know three of their own trade."""
    rng = np.random.default_rng(5)
    rows = np.zeros((count, 9))
    for person, row in enumerate(rows):
        row[rng.permutation(4)[:3] + 4 * (person % 2)] = 1
    rows[: SEEN - 1, 8] = 1
    return csr_array(rows)


def test_company_is_learned_from_many_only() -> None:
    """Few people would teach chance, or many would teach nothing."""
    assert company(crowd(ENOUGH - 1)) is None
    vectors = company(crowd(ENOUGH))
    assert vectors is not None
    near = vectors @ vectors.T
    assert near[:4, :4].min() > 0.9
    assert np.abs(near[:4, 4:8]).max() < 0.5
    assert not vectors[8].any(), "too few people name it"


def test_company_is_the_same_again() -> None:
    """Two runs would give two results."""
    first, second = company(crowd(ENOUGH)), company(crowd(ENOUGH))
    assert first is not None
    assert second is not None
    assert first.tobytes() == second.tobytes()


def test_company_of_few_skills() -> None:
    """A large pool that names two skills in all would end in an error of algebra."""
    assert company(csr_array(np.ones((ENOUGH, 2)))) is None
    alone = company(csr_array(np.ones((ENOUGH, 3))))
    assert alone is None or np.isfinite(alone).all()


def test_skills_of_one_trade_earn_credit() -> None:
    """What goes together among a thousand people would not count for one of them."""
    names = ("opal", "onyx", "jade", "ruby glass", "rope", "sail", "keel", "mast", "tea")
    resolver = resolver_of(None)
    found = resolver.resolve(names)
    vectors = company(crowd(ENOUGH)[:, np.argsort(names)])
    learned = relate(found.labels, found.concepts, resolver, vectors)
    place = {label: at for at, label in enumerate(found.labels)}
    credit, kind = learned.of(place["opal"], place["jade"])
    assert 0 < credit <= HALF
    assert kind == "together"
    assert learned.of(place["opal"], place["keel"]) == (0, "")


def test_profiles_are_lists_of_two_and_more() -> None:
    """One wish alone would count as company, or a repeat as two."""
    people = read_people([{"id": 1, "skills": "k8s; Kubernetes; Go"}, {"id": 2, "skills": "Go"},
                          {"id": 3, "skills": ""}, {"id": 4, "skills": "k8s; Kubernetes"}],
                         role="mentor")  # fmt: skip
    skills = understood(resolver_of(None), people.skills)
    named = profiles((people.skills,), (skills.maps[0][people.skills.codes],), 2)
    assert named.toarray().tolist() == [[1, 1]]


def test_chance_teaches_nothing() -> None:
    """A crowd whose skills have nothing to do with each other would relate many of them."""
    rng = np.random.default_rng(3)
    vectors = company(csr_array((rng.random((2 * ENOUGH, 40)) < 0.2).astype(float)))
    if vectors is not None:
        near = vectors @ vectors.T - np.eye(40)
        assert (near > 0.8).mean() < 0.02
