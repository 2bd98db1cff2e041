"""How well skill-buddy lookups rank people, beside random order, popularity and BM25.

Usage: python benchmarks/buddies.py [--split test]

Prints nDCG@10 over the test queries of `benchmarks/esco_people.py`: 600 skills, each asked for
by an alias that nobody has written (short) and by its description (long). Rows marked with a
taxonomy know all other names of every skill. Needs the ESCO files in ../shared/data/esco.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.esco_people import TestSet, ndcg, skills, test_set
from matchkit.profiles import clean_skill

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


def measure(people: TestSet, ranker: Ranker) -> tuple[float, float]:
    """Return mean nDCG@10 over the short and over the long queries."""
    short = [ndcg(query.grades, ranker(query.short)) for query in people.queries]
    long = [ndcg(query.grades, ranker(query.long)) for query in people.queries]
    return float(np.mean(short)), float(np.mean(long))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("train", "test"), default="test")
    people = test_set(parser.parse_args().split)
    print(f"{len(people.people)} people, {len(people.queries)} queries, nDCG@10")
    print(f"{'':28} {'short':>6} {'long':>6}")
    rows = {
        "random": random_order(people),
        "popularity": popularity(people),
        "BM25": bm25(people, {}),
        "BM25, with taxonomy": bm25(people, names_by_alias()),
    }
    for name, ranker in rows.items():
        short, long = measure(people, ranker)
        print(f"{name:28} {short:6.3f} {long:6.3f}")


if __name__ == "__main__":
    main()
