"""The import: small, silent, and without effects on the program that does it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"icalendar", "jinja2", "pandas", "polars", "rich", "scipy", "sklearn", "typer"}


def loaded_after(statement: str) -> set[str]:
    """Return the names of the modules that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert run.stderr == ""
    return set(json.loads(run.stdout))


def test_package_loads_no_library() -> None:
    """A platform that imports matchkit at start-up would pay for libraries it may not use."""
    assert not (HEAVY | {"numpy", "pydantic", "narwhals"}) & loaded_after("import matchkit")


@pytest.mark.parametrize("name", ["Program", "Profile", "SkillCoverage", "NotManager"])
def test_configuration_loads_no_heavy_library(name: str) -> None:
    """Configuring a round would wait for libraries that only running it needs."""
    assert not HEAVY & loaded_after(f"from matchkit import {name}")


def test_no_log_handler() -> None:
    """The host's logging would be changed by an import."""
    code = (
        "import logging, matchkit, matchkit.pipeline\n"
        "assert logging.getLogger().handlers == []\n"
        "assert logging.getLogger('matchkit').handlers == []\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_engine_loads_no_people_library() -> None:
    """A researcher who solves an instance would pay for frames and models."""
    unwanted = {"pandas", "pydantic", "sklearn", "narwhals", "matchkit.profiles"}
    assert not unwanted & loaded_after("import matchkit.assign")
