"""Measure on ESCO what the constants of relatedness claim: ``python benchmarks/relatedness.py``.

The constants are those of ``matchkit/profiles/skills/related.py``.

``ALIKE``     over all pairs of ESCO's skills: how many are one hop apart, by the cosine of their
              labels. Once a hop goes to a parent, a child or a related skill, and once also to
              the others of one parent or group with at most 100 children
``TOGETHER``  vectors of company are learned from one half of the occupations, from the essential
              skills of each. The other half is asked how many of those occupations that need the
              one skill need the other too, by the cosine of the two vectors. Five ways to halve
``SIBLING``   how many of the occupations that need a skill also need its parent or child, and how
              many a sibling of one parent with few children, in the mean over pairs of skills that
              both occur

A curve is fitted by logistic regression to the pairs whose cosine is above a floor: below it lie
nearly all pairs, which are nothing to each other and earn nothing. Printed are the fitted curves,
and what is counted beside what the constants say.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.esco_people import ESCO, table
from matchkit import Taxonomy
from matchkit.profiles.skills import Resolver, clean_skill, company
from matchkit.profiles.skills.related import ALIKE, FULL, HALF, MOST_CHILDREN, SIBLING, TOGETHER

CELLS: Final = 200
"""Cells of a histogram over cosines from 0 to 1."""

AT_ONCE: Final = 256
HALVINGS: Final = 5
LARGEST: Final = 100
"""Children of a parent or group up to which they count as one hop apart: of the limits 30, 50, 100
and none the one whose counts come closest to ``ALIKE`` below 0.6, where most pairs are."""

ALIKE_FROM, TOGETHER_FROM = 0.3, 0.0
"""Cosines from which curves are fitted."""

CENTERS: Final = (np.arange(CELLS) + 0.5) / CELLS

Counts = NDArray[np.float64]
Pairs = NDArray[np.int64]
Curve = tuple[float, float]
"""Slope and offset of log odds over a cosine."""


def logistic(x: Counts, hits: Counts, tries: Counts) -> Curve:
    """Return slope and offset of the log odds of a hit, fitted by Newton's method."""
    design = np.column_stack([x, np.ones_like(x)])
    odds = np.zeros(2)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ odds))
        slope = design.T @ (hits - tries * chance)
        bend = design.T @ (design * (tries * chance * (1 - chance))[:, None])
        odds += np.linalg.solve(bend, slope)
    return float(odds[0]), float(odds[1])


def histogram(cosines: Counts, weights: Counts | None = None) -> Counts:
    """Count cosines in cells from 0 to 1; those below 0 are left out."""
    cells = np.minimum((cosines * CELLS).astype(np.int64), CELLS - 1)
    there = cosines >= 0
    kept = None if weights is None else weights[there]
    return np.bincount(cells[there], kept, minlength=CELLS).astype(np.float64)


def fitted(hits: Counts, tries: Counts, floor: float) -> Curve:
    """Return the curve of what is above a floor."""
    above = (floor < CENTERS) & (tries > 0)
    return logistic(CENTERS[above], hits[above], tries[above])


def shown(name: str, counted: tuple[Counts, Counts], floor: float, used: Curve) -> None:
    """Print the fitted curve, and counted shares beside those of the constants."""
    hits, tries = counted
    slope, offset = fitted(hits, tries, floor)
    print(f"{name}: fitted {slope:.1f}, {offset:.1f}")
    tenths = [slice(at, at + CELLS // 10) for at in range(0, CELLS, CELLS // 10)]
    print("  cosine   counted  constants")
    for cell in tenths:
        if CENTERS[cell][-1] > floor and tries[cell].sum():
            middle = (tries[cell] @ CENTERS[cell]) / tries[cell].sum()
            chance = 1 / (1 + np.exp(-used[0] * middle - used[1]))
            print(f"  {middle:6.2f}   {hits[cell].sum() / tries[cell].sum():7.3f}   {chance:7.3f}")


def ordered(groups: Any) -> set[tuple[int, int]]:
    """Return every ordered pair of two different members of each group."""
    return {(a, b) for group in groups for a in group for b in group if a != b}


def ends(pairs: set[tuple[int, int]]) -> tuple[Pairs, Pairs]:
    """Return pairs as two arrays, in a fixed order."""
    found = np.array(sorted(pairs), dtype=np.int64)
    return found[:, 0], found[:, 1]


def hops(taxonomy: Taxonomy) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return the pairs one step up or down, and those that are named as related."""
    places = range(len(taxonomy))
    up = ordered((a, parent) for a in places for parent in taxonomy.parents[a])
    return up, ordered((a, other) for a in places for other in taxonomy.related[a])


def families(taxonomy: Taxonomy) -> list[list[int]]:
    """Return the children of each skill and of each group of skills."""
    place = {uri: at for at, uri in enumerate(taxonomy.ids)}
    found = defaultdict(list)
    for row in table("esco-v1.1.1-relations.zip", "broaderRelationsSkillPillar.csv"):
        if row["conceptUri"] in place:
            found[row["broaderUri"]].append(place[row["conceptUri"]])
    return list(found.values())


def siblings(taxonomy: Taxonomy) -> set[tuple[int, int]]:
    """Return the pairs that count as siblings in a round: of one skill with few children."""
    found = defaultdict(list)
    for at in range(len(taxonomy)):
        for parent in taxonomy.parents[at]:
            found[parent].append(at)
    return ordered(each for each in found.values() if len(each) <= MOST_CHILDREN)


def alike(taxonomy: Taxonomy) -> None:
    """Print how likely skills are one hop apart whose labels are written alike."""
    vectors = Resolver(taxonomy).rarity.vectors([clean_skill(each) for each in taxonomy.labels])
    tries = np.zeros(CELLS)
    for start in range(0, len(taxonomy), AT_ONCE):
        near = (vectors[start : start + AT_ONCE] @ vectors.T).toarray()
        tries += histogram(near.reshape(-1))
    own = np.asarray(vectors.multiply(vectors).sum(axis=1)).reshape(-1)
    tries -= histogram(own)
    near_by = set().union(*hops(taxonomy))
    across = near_by | ordered(each for each in families(taxonomy) if len(each) <= LARGEST)
    for name, pairs in (("up, down, related", near_by), ("and across", across)):
        rows, cols = ends(pairs)
        cosines = np.asarray(vectors[rows].multiply(vectors[cols]).sum(axis=1)).reshape(-1)
        shown(f"ALIKE {ALIKE}, {name}", (histogram(cosines), tries), ALIKE_FROM, ALIKE)


def needs(taxonomy: Taxonomy) -> csr_array:
    """Return which occupation needs which skill, ones of shape (occupations, skills)."""
    place = {uri: at for at, uri in enumerate(taxonomy.ids)}
    found = defaultdict(set)
    for row in table("esco-v1.1.1-relations.zip", "occupationSkillRelations.csv"):
        if row["relationType"] == "essential" and row["skillUri"] in place:
            found[row["occupationUri"]].add(place[row["skillUri"]])
    lists = [sorted(found[uri]) for uri in sorted(found)]
    indptr = np.cumsum([0, *map(len, lists)])
    entries = np.ones(indptr[-1]), np.concatenate(lists), indptr
    return csr_array(entries, shape=(len(lists), len(taxonomy)))


def together(needed: csr_array) -> None:
    """Print how likely who needs one skill needs another that keeps the same company."""
    hits, tries, curves = np.zeros(CELLS), np.zeros(CELLS), []
    for seed in range(HALVINGS):
        order = np.random.default_rng(seed).permutation(needed.shape[0])
        learned, asked = needed[order[::2]], needed[order[1::2]]
        vectors = company(learned)
        if vectors is None:
            raise SystemExit("too few occupations to learn from")
        known = np.flatnonzero(vectors.any(axis=1))
        theirs = asked[:, known]
        both = (theirs.T @ theirs).toarray()
        one = np.broadcast_to(both.diagonal()[:, None], both.shape)
        apart = ~np.eye(len(known), dtype=bool)
        cosines = (vectors[known] @ vectors[known].T)[apart]
        mine = histogram(cosines, both[apart]), histogram(cosines, one[apart])
        curves.append(fitted(*mine, TOGETHER_FROM))
        hits, tries = hits + mine[0], tries + mine[1]
    for name, each in zip(("slope", "offset"), np.transpose(curves), strict=True):
        print(f"TOGETHER {name}: {each.min():.1f} to {each.max():.1f}")
    shown(f"TOGETHER {TOGETHER}", (hits, tries), TOGETHER_FROM, TOGETHER)


def sibling(taxonomy: Taxonomy, needed: csr_array) -> None:
    """Print how often siblings are needed together, beside parents and children."""
    both = (needed.T @ needed).tocsr()
    alone = both.diagonal()
    shares = []
    for name, pairs in (("parent or child", hops(taxonomy)[0]), ("sibling", siblings(taxonomy))):
        rows, cols = ends(pairs)
        occur = (alone[rows] > 0) & (alone[cols] > 0)
        rows, cols = rows[occur], cols[occur]
        shares.append(float((np.asarray(both[rows, cols]).reshape(-1) / alone[rows]).mean()))
        print(f"needed together with its {name}: {shares[-1]:.3f} of {len(rows):,} pairs")
    print(
        f"SIBLING: {shares[1] / shares[0]:.2f} as often; credit {SIBLING / FULL} and "
        f"{HALF / FULL}, {SIBLING / HALF:.2f} of it"
    )


def main() -> None:
    """Measure and print."""
    if not ESCO.is_dir():
        raise SystemExit(f"there is no {ESCO}")
    taxonomy = Taxonomy.from_esco(ESCO)
    needed = needs(taxonomy)
    print(f"{taxonomy!r}, {needed.shape[0]:,} occupations")
    alike(taxonomy)
    together(needed)
    sibling(taxonomy, needed)


if __name__ == "__main__":
    main()
