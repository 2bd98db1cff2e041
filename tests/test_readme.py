"""The README's first screen: what it shows is what the commands print today."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FAULTY = """\
id,name,skills,capacity,hours
di,Di,python:7,2,Mon 9-11
gil,Gil,sql:3,many,Mon 9-11
di,Di,go,1,Mon 11-9
"""


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder, as a newcomer's terminal would show it."""
    return subprocess.run(
        [sys.executable, "-m", "matchkit", *arguments],
        cwd=folder,
        env=os.environ | {"COLUMNS": "80", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.latest
def test_demo_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """A newcomer would read one result in the README and get another from `make demo`."""
    data = ROOT / "examples" / "data"
    files = str(data / "mentors.csv"), str(data / "mentees.csv")
    done = run("match", *files, "--start", "2027-01-11", "--out", "out/demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())
    assert printed in README


def test_faults_are_those_the_readme_shows(tmp_path: Path) -> None:
    """The README would promise messages that nobody gets."""
    (tmp_path / "bad.csv").write_text(FAULTY, encoding="utf-8")
    done = run("match", "bad.csv", "bad.csv", "--out", "out", folder=tmp_path)
    assert done.returncode == 2
    lines = [line.removeprefix("matchkit: ") for line in done.stderr.strip().splitlines()]
    assert "\n".join(lines[:4]) in README
