"""What every test relies on."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run: a failure is then a change of the code, never of the dice.
# To search for new ones: pytest --hypothesis-profile=search
settings.register_profile("suite", derandomize=True, deadline=None, database=None, max_examples=50)
settings.register_profile(
    "search",
    deadline=None,
    max_examples=2_000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Leave the doctests of machine code alone where nothing can compile it."""
    if importlib.util.find_spec("numba") is None:
        fast = Path(__file__).parent.parent / "matchkit" / "assign" / "fast.py"
        config.option.ignore = [*(config.option.ignore or ()), str(fast)]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder that holds the project."""
    return Path(__file__).resolve().parent.parent
