"""What a solve remembers of all the pairs that it looked at, for the next solve.

Solver and verifier remember for themselves: neither relies on what the other has seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matchkit.assign.known import Known
    from matchkit.assign.resuming import Searched


@dataclass(frozen=True, eq=False)
class Recall:
    """What is known of the pairs of a source beside the solution.

    It is of use in the same process only, with the same source; a copy or a pickled solution
    is without it.

    Attributes
    ----------
    searched : Searched or None
        What the solver knows.
    verified : Known or None
        What the verifier knows.
    """

    searched: Searched | None = None
    verified: Known | None = None

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        """Leave it out of copies."""
        return type(None), ()
