"""From what a question and a skill share to the probability that the skill is what is asked.

A logistic model, fitted by ``python benchmarks/buddy_calibration.py`` on training questions made
from ESCO and from everyday work, apart from those on which results are reported. Its inputs are
cosines and shares in [0, 1], each by itself and times the logarithm of the number of words in
the question, since a long question shares little with any name.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

INPUTS: Final = ("name", "covered", "both", "full", "concept", "text")
"""Soft cosine with a name; share of a name's words that are met; their geometric mean; the
cosine with a name that is met in full, each for the best name of a skill; the cosine with all
its names together; and the cosine of the person's text vector with the question's."""

OFFSET: Final = -8.98
SLOPES: Final = (5.64, -2.54, 2.43, 3.04, 3.13, 0.94)
SLOPES_BY_LENGTH: Final = (0.64, 0.17, 0.60, -0.31, 0.00, 0.81)
SLOPE_OF_LENGTH: Final = 0.51

MEANT: Final = 3.5
"""Log odds, at least, of a skill that the whole question names: a probability of .97."""

HOP: Final = -1.1
"""Log odds, at least, of a skill one hop away from that: a probability of .25."""

MOST_WORDS: Final = 40
"""Content words of the longest questions fitted; a longer one counts as of that length."""

UNLIKELY: Final = -5.3
"""Log odds by its names alone below which a skill is no answer, whoever has it: a probability of
.005. A question of many common words would else be about everything."""

TEXT: Final = INPUTS.index("text")


def log_odds(inputs: NDArray[np.float64], words: int) -> NDArray[np.float64]:
    """Return the log odds of skills before anything is known of who has them.

    Parameters
    ----------
    inputs : float64 array (5, skills)
        The first five of `INPUTS`.
    words : int
        Content words in the question, 1 or more.
    """
    length = _length(words)
    slopes = np.array(SLOPES[:TEXT]) + length * np.array(SLOPES_BY_LENGTH[:TEXT])
    odds: NDArray[np.float64] = slopes @ inputs + (OFFSET + SLOPE_OF_LENGTH * length)
    return odds


def text_slope(words: int) -> float:
    """Return what the cosine of a person's text vector adds to the log odds."""
    return SLOPES[TEXT] + _length(words) * SLOPES_BY_LENGTH[TEXT]


def _length(words: int) -> float:
    return float(np.log(min(words, MOST_WORDS)))


def probability(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities of log odds.

    Examples
    --------
    >>> probability(np.array([0.0, 3.0])).round(3).tolist()
    [0.5, 0.953]
    """
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return chance
