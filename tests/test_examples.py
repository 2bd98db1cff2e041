"""The examples: every script runs from top to bottom, and so does every notebook."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SCRIPTS = sorted(path.name for path in EXAMPLES.glob("*.py"))
NOTEBOOKS = sorted(path.name for path in EXAMPLES.glob("*.ipynb"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the examples, so that what they write stays out of the tree."""
    return Path(shutil.copytree(EXAMPLES, tmp_path / "examples"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_runs(name: str, copy: Path) -> None:
    """A reader would copy an example that fails."""
    run = subprocess.run(
        [sys.executable, "-W", "error", f"examples/{name}"],
        cwd=copy.parent,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout, "an example shows something"


@pytest.mark.filterwarnings("default")  # what Jupyter's own packages warn of is theirs to mend
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs(name: str, copy: Path) -> None:
    """An analyst would open a notebook that stops half-way."""
    notebook = nbformat.read(copy / name, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(copy)}}
    )
    client.execute()
