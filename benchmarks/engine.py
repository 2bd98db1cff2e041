"""The assignment engine at scale, beside its peers and beside what it cannot do without.

Usage: python benchmarks/engine.py ROW [--runs N] [--threads N] [--plot FILE]

tall      10,000 mentees, 2,000 mentors with 5 places each, against every peer
square    10,000 mentees, 10,000 mentors with one place, against every peer
growth    10,000 to 100,000 mentees, 5 to a mentor: how time grows
hundred   100,000 mentees, 20,000 mentors with 5 places, against the bare float32 product
          of all their vectors, measured before and after
cores     with SciPy only against Numba's machine code (``pip install matchkit[fast]``): 20,000
          places, and as many mentees, or 5, 100 or 4,000 more
again     20,000 mentees, 4,000 mentors with 5, 4 and 6 places, after one of them has left:
          from the solution before, against the first solve
ties      scores of 20 and of 5 values, and one for all, against a round of the row tall or one
          twice as large in which hardly anything ties
methods   dense against sparse from 200 to 4,000 mentees: what "auto" goes by

Peers are scipy.optimize.linear_sum_assignment with every place a column and, where
installed, lapx, POT and OR-Tools (``pip install matchkit[bench]``). They are given the
finished matrix and only their solve is timed; matchkit computes every pair itself, proves
the optimum, settles ties and verifies. Each measurement has a process of its own. Runs of
all solvers alternate; figures are medians. Memory is the peak of the whole process. On a
busy machine compare processor time ("cpu").

The cohort is synthetic: 128 skills of Zipf-distributed popularity as tf-idf, 32 departments
that favor skills of their own and colleagues, and popular mentors.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from matchkit.assign import FactorSource, Problem, Solution, solve
from matchkit.assign import methods as choice

SKILLS, DEPARTMENTS = 128, 32
Measure = dict[str, float]


def cohort(n: int, m: int, seed: int = 0) -> FactorSource:
    """Return points of a synthetic cohort: what mentees want, and what mentors know."""
    rng = np.random.default_rng(seed)
    zipf = 1 / np.arange(1, SKILLS + 1)
    own = rng.permuted(np.tile(zipf, (DEPARTMENTS, 1)), axis=1)
    chances = np.log((zipf + own) / (zipf + own).sum(axis=1, keepdims=True))

    def people(count: int, fewest: int, most: int) -> tuple[NDArray[Any], NDArray[Any]]:
        department = rng.integers(DEPARTMENTS, size=count)
        keys = chances[department] + rng.gumbel(size=(count, SKILLS))
        rank = np.argsort(np.argsort(-keys, axis=1), axis=1)
        has = rank < rng.integers(fewest, most, size=count)[:, None]
        return department, has * rng.uniform(0.2, 1.0, size=(count, SKILLS))

    (mentee_in, goals), (mentor_in, skills) = people(n, 2, 7), people(m, 4, 13)
    idf = np.log((n + m) / (1 + (goals > 0).sum(axis=0) + (skills > 0).sum(axis=0)))

    def whole(levels: NDArray[Any], department: NDArray[Any], last: Any) -> NDArray[np.int16]:
        weighted = levels * idf
        weighted /= np.linalg.norm(weighted, axis=1, keepdims=True)
        colleagues = 0.3 * np.eye(DEPARTMENTS)[department]
        parts = [weighted, colleagues, np.broadcast_to(last, (len(levels), 1))]
        vectors: NDArray[np.int16] = np.rint(np.hstack(parts) * 30_000).astype(np.int16)
        return vectors

    popular = rng.beta(2, 5, size=(m, 1))
    return FactorSource(whole(goals, mentee_in, 0.3), whole(skills, mentor_in, popular), scale=1300)


def matrix(source: FactorSource) -> NDArray[np.int64]:
    """Return the exact points of all pairs."""
    points: NDArray[np.int64] = Problem(source, capacity=1).dense().points
    return points


def by_matchkit(source: FactorSource, places: int, threads: int) -> Callable[[], int]:
    """Prepare nothing: points are computed by the engine as it goes, with SciPy only."""
    choice.COMPILED_FROM = sys.maxsize
    problem = Problem(source, capacity=places)
    return lambda: int(solve(problem, method="sparse", n_jobs=threads).total)


def by_fast(source: FactorSource, places: int, threads: int) -> Callable[[], int]:
    """Prepare the machine code of the extra ``[fast]``, as the second round of a process."""
    run = by_matchkit(source, places, threads)
    choice.COMPILED_FROM = 0
    solve(Problem(np.eye(3, dtype=np.int64), capacity=1), method="sparse")
    return run


def by_dense(source: FactorSource, places: int, _: int) -> Callable[[], int]:
    """Prepare an array of points."""
    problem = Problem(source, capacity=places).dense()
    return lambda: int(solve(problem, method="dense").total)


def by_lsa(source: FactorSource, places: int, _: int) -> Callable[[], int]:
    """Prepare a matrix with every place a column."""
    points = matrix(source)
    losses = np.repeat(-points, places, axis=1).astype(np.float64)

    def run() -> int:
        row, column = linear_sum_assignment(losses)
        return int(points[row, column // places].sum())

    return run


def by_lapx(source: FactorSource, places: int, _: int) -> Callable[[], int]:
    """Prepare the same for lapx."""
    lap = importlib.import_module("lap")
    points = matrix(source)
    losses = np.repeat(points.max() - points, places, axis=1).astype(np.float64)

    def run() -> int:
        found = lap.lapjv(losses, extend_cost=losses.shape[0] != losses.shape[1], return_cost=False)
        return int(points[np.arange(len(points)), found[0] // places].sum())

    return run


def by_pot(source: FactorSource, places: int, _: int) -> Callable[[], int]:
    """Prepare an optimal transport from mentees to as many places."""
    ot = importlib.import_module("ot")
    points = matrix(source)
    losses = (points.max() - points).astype(np.float64)
    n, m = source.shape

    def run() -> int:
        plan = ot.emd(np.ones(n), np.full(m, float(places)), losses, numItermax=10**9)
        return int(np.rint((plan * points).sum()))

    return run


def by_ortools(source: FactorSource, places: int, _: int) -> Callable[[], int]:
    """Prepare a flow through all pairs, or an assignment where there is one place each."""
    points = matrix(source)
    n, m = source.shape
    rows, columns = (part.ravel().astype(np.int32) for part in np.indices((n, m)))
    losses = (points.max() - points).ravel()
    if places == 1:
        module = importlib.import_module("ortools.graph.python.linear_sum_assignment")

        def assigned() -> int:
            solver = module.SimpleLinearSumAssignment()
            solver.add_arcs_with_cost(rows, columns, losses)
            solver.solve()
            return n * int(points.max()) - int(solver.optimal_cost())

        return assigned
    module = importlib.import_module("ortools.graph.python.min_cost_flow")

    def flowed() -> int:
        flow = module.SimpleMinCostFlow()
        one = np.ones(rows.size, dtype=np.int64)
        flow.add_arcs_with_capacity_and_unit_cost(rows, columns + n, one, losses)
        supplies = np.append(np.ones(n, dtype=np.int64), np.full(m, -places))
        flow.set_nodes_supplies(np.arange(n + m, dtype=np.int32), supplies)
        flow.solve()
        return n * int(points.max()) - int(flow.optimal_cost())

    return flowed


SOLVERS = {
    "matchkit": (by_matchkit, "numpy"),
    "matchkit[fast]": (by_fast, "numba"),
    "SciPy LSA": (by_lsa, "scipy"),
    "lapx": (by_lapx, "lap"),
    "POT": (by_pot, "ot"),
    "OR-Tools": (by_ortools, "ortools"),
    "dense": (by_dense, "scipy"),
}
OURS = ("matchkit", "matchkit[fast]")


def bare_product(source: FactorSource, threads: int) -> Measure:
    """Time the float32 product of all vectors, block by block, and nothing else."""
    from joblib import Parallel, delayed

    n, m = source.shape

    def stripe(first: int) -> None:
        rows = np.arange(first, min(first + 256, n))
        for start in range(0, m, 1024):
            source.block(rows, np.arange(start, min(start + 1024, m)))

    cpu, wall = time.process_time(), time.perf_counter()
    Parallel(n_jobs=threads, prefer="threads")(delayed(stripe)(i) for i in range(0, n, 256))
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def child(name: str, size: Sequence[int], threads: int) -> None:
    """Measure one solver in this process and print what was found."""
    n, m, places = size
    source = cohort(n, m)
    products = [bare_product(source, threads)]
    run = SOLVERS[name][0](source, places, threads)
    forget_peak()
    cpu, wall = time.process_time(), time.perf_counter()
    total = run()
    found = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    most = peak()
    products.append(bare_product(source, threads))
    passes = {f"pass {key}": statistics.mean(each[key] for each in products) for key in found}
    print(json.dumps(found | passes | {"total": total, "MB": most / 2**20}))


def forget_peak() -> None:
    """Let the peak of memory begin anew, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak() -> int:
    """Return the peak of memory in bytes."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def measured(name: str, size: Sequence[int], threads: int) -> Measure:
    """Measure one solver in a process of its own."""
    command = [sys.executable, __file__, "child", name, *map(str, size), "--threads", str(threads)]
    found: Measure = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def medians(runs: list[Measure]) -> Measure:
    """Return the median of each figure."""
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def against_peers(size: Sequence[int], runs: int, threads: int) -> None:
    """Print a table of all solvers that are installed."""
    names = [name for name, (_, module) in SOLVERS.items() if name != "dense" and _there(module)]
    found: dict[str, list[Measure]] = {name: [] for name in names}
    for _ in range(runs):
        for name in names:
            found[name].append(measured(name, size, threads if name in OURS else 1))
    ours = medians(found["matchkit"])
    print("| solver | cpu s | wall s | MB | cpu, times ours | MB, times ours | total |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        own = medians(found[name])
        times = f"{own['cpu'] / ours['cpu']:.1f} | {own['MB'] / ours['MB']:.1f}"
        figures = f"{own['cpu']:.1f} | {own['wall']:.1f} | {own['MB']:.0f}"
        print(f"| {name} | {figures} | {times} | {own['total']:,.0f} |")


def growth(runs: int, threads: int, plot: str) -> None:
    """Print how time grows with the number of mentees, five to a mentor, and plot it."""
    sizes = [10_000, 20_000, 40_000, 100_000]
    cpu = []
    print("| mentees | cpu s | wall s | bare passes (cpu) | MB |")
    print("|---|---|---|---|---|")
    for n in sizes:
        own = medians([measured("matchkit", (n, n // 5, 5), threads) for _ in range(runs)])
        cpu.append(own["cpu"])
        passes = own["cpu"] / own["pass cpu"]
        print(f"| {n:,} | {own['cpu']:.1f} | {own['wall']:.1f} | {passes:.0f} | {own['MB']:.0f} |")
    exponent = np.polyfit(np.log(sizes), np.log(cpu), 1)[0]
    print(f"time grows with the power {exponent:.2f} of the number of mentees")
    if plot:
        draw_growth(sizes, cpu, exponent, plot)


def draw_growth(sizes: list[int], cpu: list[float], exponent: float, path: str) -> None:
    """Draw times and the power that fits them, both axes logarithmic, the same bytes each time."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "growth"
    figure = Figure(figsize=(5.2, 3.4), layout="constrained")
    axes = figure.subplots()
    fitted = np.exp(np.mean(np.log(cpu)) + exponent * (np.log(sizes) - np.mean(np.log(sizes))))
    axes.loglog(sizes, fitted, "--", color="#8d8778", label=f"power {exponent:.2f}")
    axes.loglog(sizes, cpu, "o", color="#2b7a83", label="measured")
    axes.set(xlabel="mentees, five to a mentor", ylabel="seconds of processor time")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], minor=False)
    axes.set_xticks([], minor=True)
    axes.legend(frameon=False)
    figure.savefig(path, format="svg", metadata={"Date": None})


def hundred(runs: int, threads: int) -> None:
    """Print what 100,000 mentees take, in bare passes."""
    print("| solver | cpu s | in bare passes | wall s | in bare passes | MB |")
    print("|---|---|---|---|---|---|")
    for name in OURS[: 1 + _there("numba")]:
        own = medians([measured(name, (100_000, 20_000, 5), threads) for _ in range(runs)])
        figures = [
            f"{own[clock]:.0f} | {own[clock] / own[f'pass {clock}']:.1f}"
            for clock in ("cpu", "wall")
        ]
        print(f"| {name} | {' | '.join(figures)} | {own['MB']:.0f} |")


def cores(runs: int) -> None:
    """Print what machine code saves where places are just enough, or just short."""
    print("| mentees | places | SciPy only, cpu s | with Numba, cpu s | ratio |")
    print("|---|---|---|---|---|")
    for n in (20_000, 20_005, 20_100, 24_000):
        found: dict[str, list[float]] = {name: [] for name in OURS}
        for _ in range(runs):
            for name in OURS:
                found[name].append(measured(name, (n, 4_000, 5), 1)["cpu"])
        plain, fast = (statistics.median(found[name]) for name in OURS)
        print(f"| {n:,} | 20,000 | {plain:.1f} | {fast:.1f} | {plain / fast:.1f} |")


def again(runs: int) -> None:
    """Print what a changed round takes from the solution before, and that from scratch.

    The last column is for points that are another object than before: all pairs of these have
    to be looked at.
    """
    print("| places each | change | first, cpu s | from scratch | from before | ", end="")
    print("ratio to the first | with new points |")
    print("|---|---|---|---|---|---|---|")
    source = cohort(20_000, 4_000)
    choice.COMPILED_FROM = sys.maxsize
    for places in (5, 4, 6):
        whole = Problem(source, capacity=places)
        firsts = [_timed(whole) for _ in range(runs)]
        first, start = statistics.median(seconds for seconds, _ in firsts), firsts[-1][1]
        anywhere = np.setdiff1d(np.arange(4_000), start.mentor_of[11])[:1]
        changes: dict[str, dict[str, Any]] = {
            "a mentor leaves": {"capacity": np.where(np.arange(4_000) == 7, 0, places)},
            "a mentee leaves": {"forbidden": [(11, j) for j in range(4_000)]},
            "a pair is locked": {"locked": [(11, int(anywhere[0]))]},
        }
        for name, change in changes.items():
            less = whole.changed(**change)
            other = less.changed(points=cohort(20_000, 4_000))
            taken: list[list[float]] = [[], [], []]
            for _ in range(runs):
                scratch, expected = _timed(less)
                resumed, found = _timed(less, start)
                anew, again = _timed(other, start)
                for solution in (found, again):
                    if not np.array_equal(expected.mentor_of, solution.mentor_of):
                        raise SystemExit("the start changed the matching")
                for each, seconds in zip(taken, (scratch, resumed, anew), strict=True):
                    each.append(seconds)
            scratch, resumed, anew = map(statistics.median, taken)
            figures = f"{first:.2f} | {scratch:.2f} | {resumed:.2f} | {resumed / first:.2f}"
            print(f"| {places} | {name} | {figures} | {anew:.2f} |", flush=True)


def coarse(n: int, m: int, values: int) -> FactorSource:
    """Return points of few values: what a mentor is worth to each of 32 groups of mentees."""
    rng = np.random.default_rng(0)
    groups = np.eye(32, dtype=np.int16)[rng.integers(32, size=n)]
    return FactorSource(groups * 100, (rng.integers(values, size=(m, 32)) * 100).astype(np.int16))


def ties(runs: int) -> None:
    """Print what rounds take in which very many optima tie."""
    choice.COMPILED_FROM = sys.maxsize
    print("| mentees | mentors | values | cpu s | ratio | MB | mentees tied |")
    print("|---|---|---|---|---|---|---|")
    for n, m in ((10_000, 2_000), (20_000, 4_000)):
        usual = 0.0
        for values in (0, 20, 5, 1):
            source = coarse(n, m, values) if values else cohort(n, m)
            problem = Problem(source, capacity=5)
            forget_peak()
            found = [_timed(problem) for _ in range(runs)]
            cpu = statistics.median(seconds for seconds, _ in found)
            usual = usual or cpu
            tied, most = int(found[0][1].tied.sum()), peak() / 2**20
            told = f"{values or 'many'} | {cpu:.1f} | {cpu / usual:.1f} | {most:.0f} | {tied:,}"
            print(f"| {n:,} | {m:,} | {told} |", flush=True)


def _timed(problem: Problem, start: Solution | None = None) -> tuple[float, Solution]:
    begin = time.process_time()
    found = solve(problem, method="sparse", start=start)
    return time.process_time() - begin, found


def methods(runs: int) -> None:
    """Print dense against sparse."""
    print("| mentees | mentors | places each | dense, cpu s | sparse, cpu s |")
    print("|---|---|---|---|---|")
    sizes = [(200, 200, 1), (500, 100, 5), (500, 500, 1), (1000, 200, 5), (1000, 1000, 1)]
    sizes += [(2000, 400, 5), (2000, 2000, 1), (2000, 40, 50), (4000, 800, 5), (4000, 4000, 1)]
    for size in sizes:
        cpu = [
            medians([measured(name, size, 1) for _ in range(runs)])["cpu"]
            for name in ("dense", "matchkit")
        ]
        print("| " + " | ".join(map(str, size)) + f" | {cpu[0]:.2f} | {cpu[1]:.2f} |")


def _there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def main() -> None:
    """Read the command line and run one row."""
    parser = argparse.ArgumentParser(usage=(__doc__ or "").split("Usage: ")[1])
    parser.add_argument("row")
    parser.add_argument("rest", nargs="*")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--plot", default="", help="an SVG file for the row growth")
    given = parser.parse_args()
    rows: dict[str, Callable[[], None]] = {
        "tall": lambda: against_peers((10_000, 2_000, 5), given.runs, given.threads or 1),
        "square": lambda: against_peers((10_000, 10_000, 1), given.runs, given.threads or 1),
        "growth": lambda: growth(given.runs, given.threads or 1, given.plot),
        "hundred": lambda: hundred(given.runs, given.threads or 2),
        "cores": lambda: cores(given.runs),
        "again": lambda: again(given.runs),
        "ties": lambda: ties(given.runs),
        "methods": lambda: methods(given.runs),
    }
    if given.row == "child":
        child(given.rest[0], tuple(map(int, given.rest[1:])), given.threads)
    elif given.row in rows:
        rows[given.row]()
    else:
        parser.error(f"no row {given.row!r}")


if __name__ == "__main__":
    main()
