"""How well skill-buddy lookups rank people, beside random order, popularity and BM25.

Usage: python benchmarks/buddies.py [--split test]

Prints nDCG@10 over the test queries of `benchmarks/esco_people.py`: 600 skills, each asked for
by an alias that nobody has written (short), by its description (long) and in a question around
the alias. Rows marked with a taxonomy know all other names of every skill. Then says how often
the index answers at its own limit, and how often somebody relevant is among the first five,
and the same for 600 skills that nobody lists. Needs the ESCO files in ../shared/data/esco.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matchkit as mk
from benchmarks.esco_people import KINDS, TOP, Query, TestSet, ndcg, skills, test_set
from matchkit.profiles import clean_skill
from matchkit.profiles.skills import Concept

Ranker = Callable[[str], NDArray[np.int64]]
"""From a query to people, best first."""

WORD = re.compile(r"[\w+#]+")
K1, B = 1.2, 0.75


def names_by_alias() -> dict[str, tuple[str, ...]]:
    """Return for each alias that people may write all names of its skill, the reserved not."""
    return {
        clean_skill(name): (skill.label, *skill.written)
        for skill in skills().values()
        for name in (skill.label, *skill.written)
    }


def written(cells: str) -> list[str]:
    """Return the skills of a person as written, without levels."""
    return [cell.rpartition(":")[0] for cell in cells.split("; ")]


def random_order(people: TestSet) -> Ranker:
    """Rank by a new draw for every query."""
    draws = np.random.default_rng(0)
    return lambda _: draws.permutation(len(people.people))


def popularity(people: TestSet) -> Ranker:
    """Rank the same people first, whoever asks: those with the highest sum of levels."""
    sums = [
        sum(int(cell.rpartition(":")[2]) for cell in each["skills"].split("; "))
        for each in people.people
    ]
    ranking = np.argsort(-np.array(sums), kind="stable")
    return lambda _: ranking


def bm25(people: TestSet, names: dict[str, tuple[str, ...]]) -> Ranker:
    """Rank by BM25 over one document for each person: the skills, with all names known.

    Robertson and Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009,
    with the usual ``k1 = 1.2`` and ``b = 0.75``.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    texts = [
        "\n".join(
            name
            for skill in written(each["skills"])
            for name in names.get(clean_skill(skill), (skill,))
        )
        for each in people.people
    ]
    counter = CountVectorizer(token_pattern=WORD.pattern, stop_words="english")
    counts = counter.fit_transform(texts).toarray().astype(float)
    length = counts.sum(axis=1, keepdims=True)
    held = (counts > 0).sum(axis=0)
    rarity = np.log(1 + (len(counts) - held + 0.5) / (held + 0.5))
    weights = counts * (K1 + 1) / (counts + K1 * (1 - B + B * length / length.mean())) * rarity
    return lambda query: np.argsort(
        -(weights @ (counter.transform([query]).toarray()[0] > 0)), kind="stable"
    )


def taxonomy() -> mk.Taxonomy:
    """Return ESCO's skills with every name but the reserved."""
    return mk.Taxonomy.from_concepts(
        Concept(skill.uri, skill.label, skill.written) for skill in skills().values()
    )


def found_by(index: mk.BuddyIndex) -> Ranker:
    """Rank by the index, down to the least likely."""
    return lambda query: np.array(
        [int(buddy.person[1:]) for buddy in index.find(query, TOP, min_score=0)], dtype=np.int64
    )


def measure(people: TestSet, ranker: Ranker) -> list[float]:
    """Return mean nDCG@10 over the queries of each kind."""
    return [
        float(
            np.mean([ndcg(query.grades, ranker(getattr(query, kind))) for query in people.queries])
        )
        for kind in KINDS
    ]


def answered(index: mk.BuddyIndex, queries: Sequence[Query]) -> list[tuple[float, float]]:
    """Return for each kind the share answered, and the share with somebody relevant among five."""
    shares = []
    for kind in KINDS:
        found = [index.find(getattr(query, kind)) for query in queries]
        right = [
            any(query.grades[int(buddy.person[1:])] for buddy in buddies)
            for query, buddies in zip(queries, found, strict=True)
        ]
        shares.append((float(np.mean([bool(each) for each in found])), float(np.mean(right))))
    return shares


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("train", "test"), default="test")
    people = test_set(parser.parse_args().split)
    indexes = {
        "matchkit": mk.BuddyIndex(people.people),
        "matchkit, with taxonomy": mk.BuddyIndex(people.people, taxonomy=taxonomy()),
    }
    rankers = {
        "random": random_order(people),
        "popularity": popularity(people),
        "BM25": bm25(people, {}),
        "BM25, with taxonomy": bm25(people, names_by_alias()),
    } | {name: found_by(index) for name, index in indexes.items()}
    head = "".join(f"{kind:>10}" for kind in KINDS)
    print(f"{len(people.people)} people, {len(people.queries)} queries, nDCG@10")
    print(f"{'':28}{head}")
    for name, ranker in rankers.items():
        print(f"{name:28}" + "".join(f"{value:10.3f}" for value in measure(people, ranker)))
    print("\nshare answered / share with somebody who lists the skill among the first five")
    print(f"{'':40}" + "".join(f"{kind:>14}" for kind in KINDS))
    for name, index in indexes.items():
        for what, queries in (("on offer", people.queries), ("not on offer", people.absent)):
            shares = answered(index, queries)
            cells = "".join(f"{some:7.2f} / {right:.2f}" for some, right in shares)
            print(f"{name + ', ' + what:40}{cells}")


if __name__ == "__main__":
    main()
