"""Exact sums: the same numbers from a grid, from pairs, with a table and without."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchkit.scoring import products
from matchkit.scoring.products import PairList, PatternProduct, Product, distinct
from tests.scoring.values import every_pair, everyone

Matrix = NDArray[np.int64]


@st.composite
def matrices(draw: st.DrawFn) -> tuple[Matrix, Matrix]:
    """Draw two sparse matrices of one width, with rows that repeat."""
    n, m, width = (draw(st.integers(0, 4)), draw(st.integers(0, 4)), draw(st.integers(1, 4)))
    draw(st.integers(0, 2**16))
    rng = np.random.default_rng(5)
    return tuple(rng.integers(0, 3, (size, width)) * 1000 for size in (n, m))  # type: ignore[return-value]


@given(both=matrices())
@pytest.mark.parametrize("cells", [products.TABLE_CELLS, 0])
def test_products_are_exact(both: tuple[Matrix, Matrix], cells: int) -> None:
    """A sum would depend on how many people are asked for at once."""
    left, right = both
    true = left @ right.T
    left_, right_ = (csr_array(side.astype(np.float64)) for side in both)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "TABLE_CELLS", cells)
        for product in (Product(left_, right_), PatternProduct(left_, right_)):
            assert product.grid(*everyone(*true.shape)).tolist() == true.tolist()
            assert product.pairs(*every_pair(*true.shape)).tolist() == true.reshape(-1).tolist()


def test_products_of_some_people_in_any_order() -> None:
    """A block would give the numbers of other people."""
    rng = np.random.default_rng(7)
    left, right = rng.integers(0, 3, (5, 3)), rng.integers(0, 3, (4, 3))
    rows, cols = np.array([4, 0, 0]), np.array([3, 1])
    left_, right_ = (csr_array(side.astype(np.float64)) for side in (left, right))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "TABLE_CELLS", 0)
        for product in (Product(left_, right_), PatternProduct(left_, right_)):
            assert product.grid(rows, cols).tolist() == (left[rows] @ right[cols].T).tolist()


def test_distinct_rows() -> None:
    """People with one set of hours would be told apart, or people with different ones not."""
    matrix = csr_array(np.array([[0, 1.0], [2, 0], [0, 1], [0, 2], [0, 0], [0, 0]]))
    rows, number = distinct(matrix)
    assert rows.toarray().tolist() == [[0, 1], [2, 0], [0, 2], [0, 0]]
    assert number.tolist() == [0, 1, 0, 2, 3, 3]


def test_listed_pairs() -> None:
    """A pair would get another's value, or the second of two."""
    listed = PairList(np.array([1, 0, 1]), np.array([2, 0, 2]), np.array([5, 6, 7.0]), (2, 3))
    assert listed.grid(*everyone(2, 3)).tolist() == [[6, 0, 0], [0, 0, 5]]
    assert listed.grid(np.array([1]), np.array([2, 0])).tolist() == [[5, 0]]
    assert listed.pairs(*every_pair(2, 3)).tolist() == [6, 0, 0, 0, 0, 5]


def test_no_listed_pairs() -> None:
    """A round in which nobody names anybody would fail."""
    none = np.zeros(0, dtype=np.int64)
    listed = PairList(none, none, none, (2, 0))
    assert listed.grid(np.arange(2), none).shape == (2, 0)
    assert listed.pairs(none, none).shape == (0,)
    assert PairList(none, none, none, (1, 1)).pairs(np.array([0]), np.array([0])).tolist() == [0]


def test_blocks_of_wide_tables_are_the_sums() -> None:
    """What is multiplied dense and what is multiplied sparse would not add up to the whole."""
    rng = np.random.default_rng(5)
    width = 4 * products.BUSY
    often = np.minimum(1.0, 12.0 / np.arange(1, width + 1))
    tables = [
        csr_array((rng.random((people, width)) < often) * rng.integers(1, 9, (people, width)))
        for people in (40, 30)
    ]
    mentees, mentors = (table.astype(np.float64) for table in tables)
    product = Product(mentees, mentors)
    rows, cols = np.array([3, 0, 39, 7]), np.arange(30)[::-3]
    exact = product.grid(rows, cols)
    assert np.array_equal(product.block(rows, cols), exact)
    assert np.array_equal(exact, (mentees[rows] @ mentors[cols].T).toarray())
    assert product.terms > np.diff(mentees.indptr).max()
