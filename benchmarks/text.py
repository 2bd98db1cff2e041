"""How well the text criterion ranks mentors, beside scikit-learn's defaults and BM25.

Usage: python benchmarks/text.py [--people N] [--draws N] [--model FOLDER]

Two kinds of synthetic rounds with real texts, so many mentees and as many mentors:

handbook  texts are the opening paragraphs of functions in scikit-learn, SciPy, NumPy and
          pandas, as they are installed. A mentor knows 1 to 3 of their modules: a paragraph
          of each is in the bio, two names of functions are listed as skills. A mentee wants to
          learn 1 or 2: a paragraph of each in goals_text, a name as a goal, of functions that
          mentors never mention. The grade of a mentor is how many of these modules they know
esco      if ../shared/data/esco is there. A mentor has 10 skills of an occupation, listed by
          one of their names or told in the bio by their description; a mentee wants 3 skills
          of an occupation. The two sides never tell the same skill by the same description,
          and often by different names. The grade is how many of the skills the mentor has

Printed is nDCG@10 over the mentees whom anybody suits, the mean over the draws and the least
and the most of them. "three best" are the three best pairs of single documents of a mentee
and a mentor, which no block of pairs can be computed with: the same documents as in the
recipe, each compared alone. Last comes what related words cost in time, as a share of what a
block of pairs takes without. What was chosen (documents apart, square root of the length,
shares, dimensions, the least number of people) was chosen on draws from 1000 on; those
printed are 0, 1, 2, ...
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import pkgutil
import re
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matchkit as mk
from benchmarks.esco_people import ESCO, jobs, ndcg, skills, split_of
from matchkit.scoring import Context
from matchkit.scoring.text import Documents, TextFeature, Weighed

Person = dict[str, Any]
Scores = NDArray[np.float64]
Ranker = Callable[["Round"], Scores]

WISHES, EXPERIENCE = ("goals_text", "goals"), ("bio", "skills", "role")
K1, B = 1.5, 0.75
LIBRARIES = ("sklearn", "scipy", "numpy", "pandas")
INNER = {"compat", "conftest", "core", "externals", "f2py", "test", "testing", "tests", "util",
         "utils"}  # fmt: skip
FEWEST = 8
"""Functions of a module that make it a subject."""


@dataclass(frozen=True, eq=False)
class Round:
    """Mentees, mentors, and how well each suits each, shape (mentees, mentors)."""

    mentees: list[Person]
    mentors: list[Person]
    grades: NDArray[np.int64]

    @property
    def sides(self) -> tuple[tuple[mk.Pool, tuple[str, ...]], tuple[mk.Pool, tuple[str, ...]]]:
        """Both pools as they are read, in the order of the lists, with their columns."""
        mentees = mk.read_people(self.mentees, role="mentee")
        return (mentees, WISHES), (mk.read_people(self.mentors, role="mentor"), EXPERIENCE)

    @property
    def texts(self) -> tuple[list[str], list[str]]:
        """All that each person wrote, joined."""
        both = (self.mentees, WISHES), (self.mentors, EXPERIENCE)
        mine, theirs = ([_joined(each, columns) for each in side] for side, columns in both)
        return mine, theirs


def _joined(person: Person, columns: tuple[str, ...]) -> str:
    cells = [person.get(column, "") for column in columns]
    return "\n".join("\n".join(each) if isinstance(each, list) else each for each in cells)


# Rounds -------------------------------------------------------------------------------------------


@cache
def handbook() -> dict[str, dict[str, str]]:
    """Return the opening paragraph of each function of each module."""
    found: dict[str, dict[str, str]] = {}
    for library in LIBRARIES:
        package = importlib.import_module(library)
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_") and module.name not in INNER:
                name = f"{library}.{module.name}"
                found[name] = _paragraphs(name)
    # Several modules offer some of the same functions: what is in two is in none.
    times: dict[str, int] = {}
    for texts in found.values():
        for paragraph in texts.values():
            times[paragraph] = times.get(paragraph, 0) + 1
    kept = {
        name: {at: paragraph for at, paragraph in texts.items() if times[paragraph] == 1}
        for name, texts in found.items()
    }
    return {name: texts for name, texts in sorted(kept.items()) if len(texts) >= FEWEST}


def _paragraphs(name: str) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module = importlib.import_module(name)
        except ImportError:
            return {}
        offered = [each for each in sorted(dir(module)) if not each.startswith("_")]
        things = {each: getattr(module, each, None) for each in offered}
    texts = {}
    for each, thing in things.items():
        ours = str(getattr(thing, "__module__", "")).startswith(name.split(".", 1)[0])
        if callable(thing) and ours and thing.__doc__:
            opening = inspect.cleandoc(thing.__doc__).split("\n\n")[0]
            paragraph = re.sub(r"[`*_:]+", " ", " ".join(opening.split()))
            if len(paragraph.split()) >= 4:
                texts[each] = paragraph
    return texts


def _spoken(name: str) -> str:
    """Return the name of a function in words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()


def handbook_round(people: int, seed: int) -> Round:
    """Draw people who know modules, and others who want to learn them."""
    rng, book = np.random.default_rng(seed), handbook()
    names = list(book)
    halves = {}
    for name in names:
        order = rng.permutation(sorted(book[name])).tolist()
        halves[name] = order[: len(order) // 2], order[len(order) // 2 :]

    def drawn(side: int, most: int, count: int) -> tuple[list[str], list[list[str]]]:
        chosen = rng.choice(names, rng.integers(1, most + 1), replace=False).tolist()
        return chosen, [rng.choice(halves[n][side], count, replace=False).tolist() for n in chosen]

    mentors, mentees, knows, wants = [], [], [], []
    for at in range(people):
        chosen, told = drawn(1, 3, 3)
        bio = " ".join(book[name][each[0]] for name, each in zip(chosen, told, strict=True))
        listed = [_spoken(one) for each in told for one in each[1:]]
        mentors.append({"id": f"r{at}", "bio": bio, "skills": listed})
        knows.append(set(chosen))
    for at in range(people):
        chosen, told = drawn(0, 2, 2)
        text = " ".join(book[name][each[0]] for name, each in zip(chosen, told, strict=True))
        mentees.append(
            {"id": f"e{at}", "goals_text": text, "goals": [_spoken(each[1]) for each in told]}
        )
        wants.append(set(chosen))
    return Round(mentees, mentors, _grades(wants, knows))


def esco_round(people: int, seed: int) -> Round:
    """Draw people with skills of an occupation, and others who want some."""
    rng, known = np.random.default_rng(seed), skills()
    work = [jobs()[at] for at in rng.choice(len(jobs()), 60, replace=False)]

    def drawn(count: int) -> list[str]:
        chosen: list[str] = rng.choice(work[rng.integers(len(work))], count, replace=False).tolist()
        return chosen

    mentors, mentees, knows, wants = [], [], [], []
    for at in range(people):
        chosen = drawn(10)
        told = [known[uri].description for uri in chosen if split_of(uri) == "train"][:3]
        listed = [
            known[uri].label if split_of(uri) == "train" else str(rng.choice(known[uri].written))
            for uri in chosen
            if known[uri].description not in told
        ]
        mentors.append({"id": f"r{at}", "bio": " ".join(told), "skills": listed})
        knows.append(set(chosen))
    for at in range(people):
        chosen, told, listed = drawn(3), [], []
        for uri in chosen:
            if split_of(uri) == "train":
                listed.append(str(rng.choice(known[uri].written)))
            elif rng.random() < 0.5:
                told.append(known[uri].description)
            else:
                listed.append(known[uri].reserved)
        mentees.append({"id": f"e{at}", "goals_text": " ".join(told), "goals": listed})
        wants.append(set(chosen))
    return Round(mentees, mentors, _grades(wants, knows))


def _grades(wants: list[set[str]], knows: list[set[str]]) -> NDArray[np.int64]:
    return np.array([[len(mine & theirs) for theirs in knows] for mine in wants])


# Rankers ------------------------------------------------------------------------------------------


def defaults(drawn: Round) -> Scores:
    """Score by tf-idf as scikit-learn does it by default, all texts of a person joined."""
    mine, theirs = drawn.texts
    vectors = TfidfVectorizer().fit(mine + theirs)
    found: Scores = (vectors.transform(mine) @ vectors.transform(theirs).T).toarray()
    return found


def bm25(drawn: Round) -> Scores:
    """Score by BM25 (Robertson and Zaragoza, 2009), all texts of a person joined."""
    mine, theirs = drawn.texts
    vectorizer = CountVectorizer(stop_words="english").fit(mine + theirs)
    asked = vectorizer.transform(mine) > 0
    counts = vectorizer.transform(theirs).astype(np.float64).tocsr()
    held = np.asarray((counts > 0).sum(axis=0)).reshape(-1)
    rarity = np.log(1 + (len(theirs) - held + 0.5) / (held + 0.5))
    length = np.asarray(counts.sum(axis=1)).reshape(-1)
    own = length.repeat(np.diff(counts.indptr)) / length.mean()
    counts.data = counts.data * (K1 + 1) / (counts.data + K1 * (1 - B + B * own))
    found: Scores = (asked.multiply(rarity).tocsr() @ counts.T).toarray()
    return found


def by_recipe(drawn: Round, criterion: type[mk.TextFit] = mk.TextFit) -> Scores:
    """Score as `TextFit` does."""
    (mentees, _), (mentors, _) = drawn.sides
    feature = criterion(full=1).bind(mentees, mentors, Context())
    everybody = np.arange(len(mentees)), np.arange(len(mentors))
    return np.nan_to_num(feature.grid(*everybody))


def three_best(drawn: Round, *, pooled: bool = False) -> Scores:
    """Score by the mean of the three best pairs of documents, padded with zeros.

    With ``pooled`` by all documents of a person together, which is the recipe without
    related words.
    """
    (mentees, _), (mentors, _) = sides = drawn.sides
    documents = Documents.of(sides)
    n, m = len(mentees), len(mentors)
    if pooled:
        people = Weighed.of(documents).people
        found: Scores = (people[:n] @ people[n:].T).toarray()
        return found
    single = Documents(documents.texts, _one_each(documents.owned))
    alone = normalize(Weighed.of(single).people)
    close = (alone @ alone.T).toarray()
    owned = [row.indices for row in documents.owned]
    scores = np.zeros((n, m))
    for i in range(n):
        mine = close[owned[i]]
        for j in range(m):
            best = np.sort(mine[:, owned[n + j]], axis=None)[-3:]
            scores[i, j] = best.sum() / 3
    return scores


def _one_each(owned: Any) -> Any:
    """Let each text belong to somebody alone, however many wrote it."""
    from scipy.sparse import diags_array

    return diags_array(np.maximum(owned.sum(axis=0), 1)).tocsr()


# Figures ------------------------------------------------------------------------------------------


def quality(scores: Scores, grades: NDArray[np.int64]) -> float:
    """Return the mean nDCG@10 over the mentees whom anybody suits."""
    asked = np.flatnonzero(grades.any(axis=1))
    order = np.argsort(-scores[asked], axis=1, kind="stable")
    return float(np.mean([ndcg(grades[i], order[at]) for at, i in enumerate(asked.tolist())]))


def relevance(draw: Callable[[int, int], Round], people: int, draws: int, rankers: Any) -> None:
    """Print a row for each ranker."""
    found: dict[str, list[float]] = {name: [] for name in rankers}
    for seed in range(draws):
        drawn = draw(people, seed)
        for name, ranker in rankers.items():
            found[name].append(quality(ranker(drawn), drawn.grades))
    for name, each in found.items():
        print(f"| {name} | {np.mean(each):.3f} | {min(each):.3f} to {max(each):.3f} |")


def cost(people: int) -> None:
    """Print what related words take beside shared ones."""
    (mentees, _), (mentors, _) = handbook_round(people, 0).sides
    both = TextFeature(0.5, (WISHES, EXPERIENCE), mentees=mentees, mentors=mentors)
    with mock.patch("matchkit.scoring.text.learned_axes", return_value=None):
        words = TextFeature(0.5, (WISHES, EXPERIENCE), mentees=mentees, mentors=mentors)
    seconds: dict[TextFeature, list[float]] = {words: [], both: []}
    everybody = np.arange(len(mentors))
    for _ in range(5):
        for feature, taken in seconds.items():
            begin = time.process_time()
            for first in range(0, people, 256):
                feature.block(np.arange(first, min(first + 256, people)), everybody)
            taken.append(time.process_time() - begin)
    plain, whole = (float(np.median(each)) for each in seconds.values())
    pair = 1e9 / people**2
    print(
        f"a block of pairs takes {whole / plain:.2f} times as long with related words: "
        f"{whole * pair:.1f} against {plain * pair:.1f} ns a pair"
    )


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(usage=(__doc__ or "").split("Usage: ")[1])
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--model", help="the folder of a model of sentence-transformers")
    given = parser.parse_args()
    rankers: dict[str, Ranker] = {
        "tf-idf, scikit-learn's defaults": defaults,
        "BM25": bm25,
        "`TextFit`": by_recipe,
        "the same without related words": lambda drawn: three_best(drawn, pooled=True),
        "the same, three best pairs of documents": three_best,
    }
    if given.model:

        class MeaningFit(mk.TextFit):
            embedder = mk.SentenceModel(given.model)

        rankers["`TextFit` with the model"] = lambda drawn: by_recipe(drawn, MeaningFit)
    rounds = {"handbook": handbook_round} | ({"esco": esco_round} if ESCO.is_dir() else {})
    for kind, draw in rounds.items():
        print(f"{kind}, {given.people} mentees and as many mentors, {given.draws} draws")
        print("| scored by | nDCG@10 | from, to |\n|---|---|---|")
        relevance(draw, given.people, given.draws, rankers)
    cost(2_000)


if __name__ == "__main__":
    main()
