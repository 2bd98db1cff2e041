"""The block source: almost the points in float32, exactly the points for pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchkit.scoring import Criterion, Scorer, Side, TextFit, latent, layers, products, tables
from matchkit.scoring.base import Context
from matchkit.scoring.sides import Values
from matchkit.scoring.source import REFUSED, ScoreSource
from tests.scoring.values import every_pair, pools
from tests.strategies import CRITERIA, RULES, START, People, people


class Halves(Criterion):
    """A criterion of one's own that answers for columns only."""

    needs = ("seniority",)

    def value(self, mentee: Side, mentor: Side) -> Values:
        """Return a half where the seniorities differ."""
        different = mentee.number("seniority") != mentor.number("seniority")
        halves: Values = np.where(different, 0.5, 1.0)
        return halves


@settings(max_examples=40)
@given(people(), people(), st.data(), st.sampled_from([None, 0]))
def test_blocks_are_as_near_as_promised(
    mentors: People, mentees: People, data: st.DataObject, cells: int | None
) -> None:
    """The engine would rule pairs out that could matter, and lose the optimum."""
    min_score = data.draw(st.sampled_from([0.0, 0.3, 0.5]))
    forbidden = data.draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4))
    shape = len(mentees), len(mentors)
    inside = [(row, col) for row, col in forbidden if row < shape[0] and col < shape[1]]
    full, enough = data.draw(st.sampled_from([(0.5, 500), (0.5, 2), (0.01, 2)]))
    others = [each for each in CRITERIA if not isinstance(each, TextFit)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(latent, "ENOUGH", enough)
        if cells is not None:
            patch.setattr(products, "TABLE_CELLS", cells)
            patch.setattr(layers, "CELLS", cells)
            patch.setattr(layers, "COLUMNS", 3)
            patch.setattr(tables, "TABLE_CELLS", cells)
        scoring = Scorer(
            *pools(mentors, mentees),
            criteria=(*others, TextFit(weight=2, full=full), Halves()),
            rules=RULES,
            context=Context(START),
            min_score=min_score,
        )
        source = ScoreSource(scoring, np.array(inside, dtype=np.int64).reshape(-1, 2))
        rows, cols = every_pair(*shape)
        exact = source.pairs(rows, cols)
        block = source.block(np.arange(shape[0]), np.arange(shape[1])).reshape(-1)
    allowed = scoring.eligible_pairs(rows, cols)
    allowed &= [pair not in inside for pair in zip(rows.tolist(), cols.tolist(), strict=True)]
    assert source.shape == shape
    assert ((exact != REFUSED) == allowed).all()
    assert (np.isfinite(block) == allowed).all()
    assert (exact[allowed] == scoring.pairs(rows, cols)[allowed]).all()
    assert (np.abs(block[allowed] - exact[allowed]) <= source.error).all()
