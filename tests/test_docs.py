"""The pages: every example on them runs, every link and command on them exists."""

from __future__ import annotations

import doctest
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import matchkit
from matchkit.program import SECTIONS
from scripts import columns

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")],
)
IDS = [str(page.relative_to(ROOT)) for page in PAGES]

FENCE = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")
HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    language: str
    code: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found["language"], found["code"], text.count("\n", 0, found.start("code")))
        for found in FENCE.finditer(text)
    ]


def run_session(block: Block, names: dict[str, object], page: Path) -> None:
    """Check a block of prompts and answers."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(
        block.code, names, page.name, str(page), lineno=block.line
    )
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=flags)
    runner.run(test, out=report.append, clear_globs=False)
    names.update(test.globs)
    assert not report, "".join(report)


def pages_with(*languages: str) -> list[Any]:
    """Return the pages that hold a block in one of the languages, named for the report."""
    return [
        pytest.param(page, id=name)
        for page, name in zip(PAGES, IDS, strict=True)
        if any(block.language in languages for block in blocks(page))
    ]


@pytest.mark.latest
@pytest.mark.parametrize("page", pages_with("python", "pycon"))
def test_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader would copy an example that fails, or that prints something else.

    The Python blocks of a page run one after the other, as one session, in a folder that
    holds the example cohort.
    """
    for name in ("mentors.csv", "mentees.csv"):
        shutil.copy(ROOT / "examples" / "data" / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks(page):
        if block.language == "pycon":
            run_session(block, names, page)
        elif block.language == "python":
            code = "\n" * block.line + block.code  # so that a traceback names the page's line
            exec(compile(code, str(page), "exec"), names)  # noqa: S102 - our own pages


def anchor_of(title: str) -> str:
    """Turn a heading into the anchor that the usual renderers give it."""
    kept = re.sub(r"[^\w\- ]", "", title.casefold())
    return kept.strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page: Path) -> None:
    """A reader would follow a link to nothing."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.finditer(prose):
        target = (page.parent / link["path"]).resolve() if link["path"] else page
        assert target.exists(), link[0]
        if link["anchor"]:
            titles = HEADING.finditer(target.read_text(encoding="utf-8"))
            assert link["anchor"] in {anchor_of(found["title"]) for found in titles}, link[0]


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_commands_exist(page: Path) -> None:
    """A newcomer's first command would fail."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    shell = [block.code for block in blocks(page) if block.language in {"sh", "console"}]
    named = set(re.findall(r"`make ([a-z]+)", text))
    named |= {
        name for code in shell for name in re.findall(r"^(?:\$ )?make ([a-z]+)", code, re.MULTILINE)
    }
    assert named <= targets


@pytest.mark.parametrize("page", pages_with("toml"))
def test_programs_load(page: Path) -> None:
    """A coordinator would copy a program file that is refused."""
    for block in blocks(page):
        if block.language == "toml":
            matchkit.Program.from_toml_text(block.code)


def test_every_setting_is_documented() -> None:
    """A criterion, rule, constraint or setting of the program would stay unknown."""
    program = (ROOT / "docs" / "program.md").read_text(encoding="utf-8")
    scoring = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
    for kind in (kind for kinds in SECTIONS.values() for kind in kinds):
        assert re.search(rf"`{kind.__name__}\b", program + scoring), kind.__name__
    told = set(re.findall(r"^\| `([a-z_]+)` \|", program, re.MULTILINE))
    assert told == set(matchkit.Program.model_fields)


def test_table_of_columns_is_the_schema() -> None:
    """A reader would name a column in a way that is not understood."""
    written = columns.PAGE.read_text(encoding="utf-8")
    assert written == columns.page(), "write it anew: python scripts/columns.py"


def test_fences_are_closed() -> None:
    """An example could hide in a broken fence and never be run."""
    for page in PAGES:
        assert len(re.findall(r"^```", page.read_text(encoding="utf-8"), re.MULTILINE)) == 2 * len(
            blocks(page)
        ), page
