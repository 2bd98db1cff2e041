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

OFFSET: Final = -8.57
SLOPES: Final = (6.97, -3.91, 3.36, 2.72, 2.11, 0.19)
SLOPES_BY_LENGTH: Final = (-0.62, 0.42, 1.07, -0.10, 0.62, 1.25)
SLOPE_OF_LENGTH: Final = 0.26

MEANT: Final = 3.5
"""Log odds, at least, of a skill that the whole question names: a probability of .97."""

HOP: Final = -1.1
"""Log odds, at least, of a skill one hop away from that: a probability of .25."""

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
    length = np.log(words)
    slopes = np.array(SLOPES[:TEXT]) + length * np.array(SLOPES_BY_LENGTH[:TEXT])
    odds: NDArray[np.float64] = slopes @ inputs + (OFFSET + SLOPE_OF_LENGTH * length)
    return odds


def text_slope(words: int) -> float:
    """Return what the cosine of a person's text vector adds to the log odds."""
    return SLOPES[TEXT] + float(np.log(words)) * SLOPES_BY_LENGTH[TEXT]


def probability(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities of log odds.

    Examples
    --------
    >>> probability(np.array([0.0, 3.0])).round(3).tolist()
    [0.5, 0.953]
    """
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return chance
