"""Work on all pairs, a stripe of mentees at a time, by as many threads as were asked for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Progress = Callable[[str, int, int], None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works, and who hears about it.

    Attributes
    ----------
    n_jobs : int
        Threads, as joblib counts them: 1 for this one only, -1 for as many as there are
        processors.
    progress : callable
        Called with a stage, the mentees done and the mentees in all.
    """

    n_jobs: int
    progress: Progress

    def over(
        self, stage: str, work: Callable[[slice], Result], size: int, *, most: int
    ) -> Iterator[Result]:
        """Work on consecutive stripes of mentees and yield what each gives, in order.

        Parameters
        ----------
        stage : str
            What to call it.
        work : callable
            Takes a slice. What it gives must not depend on who else is at work.
        size : int
            Mentees in all.
        most : int
            Mentees of a stripe.
        """
        count = max(1, -(-size // most))
        ends = (np.arange(count + 1) * size // count).tolist()
        parts = [slice(a, b) for a, b in itertools.pairwise(ends)]
        self.progress(stage, 0, size)
        results = map(work, parts) if self.n_jobs == 1 else _together(work, parts, self.n_jobs)
        for part, result in zip(parts, results, strict=True):
            self.progress(stage, part.stop, size)
            yield result


def _together(work: Callable[[slice], Result], parts: list[slice], n_jobs: int) -> Iterator[Result]:
    """Work in threads, or wherever joblib was configured to.

    Each thread multiplies its own blocks, so the threads of BLAS would only be in the way.
    With one job BLAS is left as the caller has set it.
    """
    from joblib import Parallel, delayed
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        parallel = Parallel(n_jobs=n_jobs, prefer="threads", return_as="generator")
        yield from parallel(delayed(work)(part) for part in parts)
