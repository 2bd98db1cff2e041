"""Layers: what criteria and rules say, taken apart and added up again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from matchkit.scoring import layers
from matchkit.scoring.layers import Layers, Listed, Stack, Sums, by_known, forbidden


def taken_apart(rng: np.random.Generator, shape: tuple[int, int], weight: float) -> Layers:
    """Make layers of whole numbers, which float32 adds up exactly."""
    n, m = shape
    kinds = rng.permutation(np.arange(n) % 3)
    table = (rng.integers(0, 9, size=(3, m)) * weight).astype(np.float64)
    left = rng.integers(0, 3, size=(n, 5)) * (rng.random((n, 5)) < 0.5)
    sums = Sums(csr_array(left.astype(float)), rng.integers(0, 4, size=(5, m)), weight > 2)
    codes = rng.choice(n * m, size=4, replace=False)
    listed = Listed(codes // m, codes % m, rng.integers(1, 9, size=4).astype(float))
    return Layers(kinds, table, sums, listed)


def added_up(parts: list[tuple[Layers, float]], shape: tuple[int, int]) -> np.ndarray:
    """Add layers up one after the other."""
    points = np.zeros(shape)
    for each, weight in parts:
        points += each.table[each.kinds]
        if each.sums is not None:
            sums = each.sums.left.toarray() @ each.sums.right
            points += weight * (np.minimum(sums, 1) if each.sums.capped else sums)
        if each.listed is not None:
            points[each.listed.rows, each.listed.cols] += weight * each.listed.values
    return points


@pytest.mark.parametrize("seed", range(20))
def test_a_stack_is_the_sum_of_its_layers(seed: int) -> None:
    """Pairs would be ruled out by points that they do not have."""
    rng = np.random.default_rng(seed)
    shape = int(rng.integers(3, 9)), int(rng.integers(3, 12))
    parts = [(taken_apart(rng, shape, weight), weight) for weight in (1.0, 2.0, 3.0, 4.0)]
    parts.append((forbidden(np.array([1, 2]), np.array([0, 2]), shape), 1.0))
    expected = added_up(parts, shape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "COLUMNS", int(rng.integers(1, 6)))
        stack = Stack(shape, parts)
        rows = np.flatnonzero(rng.random(shape[0]) < 0.7)
        cols = np.flatnonzero(rng.random(shape[1]) < 0.7)
        assert np.array_equal(stack.block(*map(np.arange, shape)), expected)
        assert np.array_equal(stack.block(rows, cols), expected[np.ix_(rows, cols)])


def test_tables_are_put_together_only_where_few_kinds_occur_together() -> None:
    """A table would grow with the square of the kinds, beyond any memory."""
    n = 100
    many, few = np.arange(n), np.arange(n) % 2
    table = np.arange(n)[:, None] * np.ones((1, 4))
    apart = [(Layers(few, table[:2]), 1.0), (Layers(np.arange(n) % 50, table[:50]), 1.0)]
    assert len(layers._united(apart)) == 1
    nobody = np.arange(0), np.arange(3)
    assert Stack((n, 4), apart).block(*nobody).shape == (0, 3)
    scattered = [(Layers(many // 10, table[:10]), 1.0), (Layers(many % 10, table[:10]), 1.0)]
    assert len(layers._united(scattered)) == 2


def test_known_by_both_or_by_either() -> None:
    """A pair of whom nothing is known would count as if it had nothing in common."""
    mentees, mentors = np.array([True, False]), np.array([True, False, True])
    for either in (False, True):
        kinds, table = by_known(mentees, mentors, either=either)
        known = np.logical_or if either else np.logical_and
        assert np.array_equal(np.isnan(table[kinds]), ~known.outer(mentees, mentors))
        assert not np.nansum(table)
