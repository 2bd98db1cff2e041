"""Work on all pairs, a stripe of mentees at a time, by as many threads as were asked for."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import monotonic
from typing import TypeVar

import numpy as np

Progress = Callable[[str, int, int, float | None], None]
"""Called with a stage, the work done, the work in all, and the gap, None until it is known."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage of a solve took.

    Attributes
    ----------
    name : str
        As progress names it.
    times : int
        How often it began.
    seconds : float
        In all, by a clock on the wall: nothing but a report depends on it.
    """

    name: str
    times: int
    seconds: float


class OutOfTimeError(Exception):
    """The deadline has passed; never leaves the engine."""


def unheard(_stage: str, _done: int, _total: int, _gap: float | None) -> None:
    """Take progress that nobody asked for."""


class Watch:
    """The clock of one solve: when it has to end, and what each stage took.

    Parameters
    ----------
    deadline : float, optional
        Seconds from now.
    """

    def __init__(self, deadline: float | None = None) -> None:
        self._now = monotonic()
        self._end = None if deadline is None else self._now + deadline
        self._stage = ""
        self._seconds: dict[str, float] = {}
        self._times: dict[str, int] = {}
        self.gap: float | None = None

    @property
    def late(self) -> bool:
        """Whether the deadline has passed."""
        return self._end is not None and monotonic() > self._end

    @property
    def left(self) -> float:
        """Seconds until the deadline, 0 after it; infinite where there is none."""
        return math.inf if self._end is None else max(0.0, self._end - monotonic())

    def enter(self, stage: str, *, anew: bool) -> None:
        """Book the time since the last call, and note which stage it is now."""
        now = monotonic()
        if self._stage:
            self._seconds[self._stage] += now - self._now
        self._now, self._stage = now, stage
        self._seconds.setdefault(stage, 0.0)
        self._times[stage] = self._times.get(stage, 0) + anew

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What each stage took so far, in the order in which they first began."""
        return tuple(Stage(name, self._times[name], took) for name, took in self._seconds.items())


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works, who hears about it, and until when.

    Attributes
    ----------
    n_jobs : int
        Threads, as joblib counts them: 1 for this one only, -1 for as many as there are
        processors.
    heard : callable
        Hears of progress.
    watch : Watch
        The clock.
    patient : bool
        Whether to go on though the deadline has passed.
    """

    n_jobs: int
    heard: Progress
    watch: Watch
    patient: bool = False

    def waiting(self) -> Crew:
        """Return the same crew, for work that has to be finished in any case."""
        return replace(self, patient=True)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Tell how far a stage is.

        Raises
        ------
        OutOfTimeError
            If the deadline has passed.
        """
        self.watch.enter(stage, anew=done == 0)
        self.heard(stage, done, total, self.watch.gap)
        if self.watch.late and not self.patient:
            raise OutOfTimeError

    def over(
        self, stage: str, work: Callable[[slice], Result], size: int, *, most: int
    ) -> Iterator[Result]:
        """Work on consecutive stripes of mentees and yield what each gives, in order.

        Parameters
        ----------
        stage : str
            What to call it.
        work : callable
            Takes a slice. What it gives must not depend on who else is at work. For a
            crew on several machines: a `functools.partial` of a function of a module, so
            that what all stripes share is sent once.
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
            yield result
            if part.stop < size:
                self.progress(stage, part.stop, size)
        if size:
            self.waiting().progress(stage, size, size)


def _together(work: Callable[[slice], Result], parts: list[slice], n_jobs: int) -> Iterator[Result]:
    """Work in threads, or wherever joblib was configured to.

    Each thread multiplies its own blocks, so the threads of BLAS would only be in the way.
    With one job BLAS is left as the caller has set it.
    """
    from joblib import Parallel, delayed
    from threadpoolctl import threadpool_limits

    shared = work if isinstance(work, functools.partial) else functools.partial(work)
    task = delayed(shared.func)
    with threadpool_limits(limits=1, user_api="blas"):
        parallel = Parallel(n_jobs=n_jobs, prefer="threads", return_as="generator")
        yield from parallel(task(*shared.args, part, **shared.keywords) for part in parts)
