"""Folders that are whole or absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from matchkit.errors import ProgramError
from matchkit.folders import check_free, replacing


def fill(folder: Path, text: str = "new") -> None:
    """Put one file into a folder."""
    (folder / "a.txt").write_text(text, encoding="utf-8")


def fail_half_way(folder: Path) -> None:
    """Put one file into a folder and fail."""
    fill(folder)
    raise ZeroDivisionError


def nothing(folder: Path) -> list[str]:
    """Call nothing foreign."""
    assert folder.is_dir()
    return []


def test_a_new_folder_appears_with_its_content(tmp_path: Path) -> None:
    """A round would not arrive, or leave its scaffolding behind."""
    with replacing(tmp_path / "deep" / "out") as folder:
        fill(folder)
        assert not (tmp_path / "deep" / "out").exists()
    assert [path.name for path in (tmp_path / "deep" / "out").iterdir()] == ["a.txt"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    """Half a round would look like a whole one."""
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "out") as folder:
        fail_half_way(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_what_stood_there(tmp_path: Path) -> None:
    """A failed second run would cost the result of the first."""
    goal = tmp_path / "out"
    goal.mkdir()
    fill(goal, "old")
    with pytest.raises(ZeroDivisionError), replacing(goal, nothing) as folder:
        fail_half_way(folder)
    assert (goal / "a.txt").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [goal]


def test_a_failed_move_puts_the_former_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between taking the old result away and placing the new one, both could be lost."""
    goal = tmp_path / "out"
    goal.mkdir()
    fill(goal, "old")
    rename = Path.rename

    def refuse_new(path: Path, target: Path) -> Path:
        if path.suffix == ".tmp":
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(ProgramError, match="permission denied"), replacing(goal, nothing) as folder:
        fill(folder)
    assert (goal / "a.txt").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [goal]


def test_a_former_folder_is_replaced_whole(tmp_path: Path) -> None:
    """Files of an older round would mix with those of the new one."""
    goal = tmp_path / "out"
    goal.mkdir()
    (goal / "old.txt").write_text("old", encoding="utf-8")
    with replacing(goal, nothing) as folder:
        fill(folder)
    assert [path.name for path in goal.iterdir()] == ["a.txt"]
    assert list(tmp_path.iterdir()) == [goal]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    """A folder that somebody made beforehand would be refused."""
    goal = tmp_path / "out"
    goal.mkdir()
    with replacing(goal) as folder:
        fill(folder)
    assert (goal / "a.txt").exists()


def test_foreign_files_are_never_touched(tmp_path: Path) -> None:
    """Somebody's own files would be deleted with the old result."""
    fill(tmp_path, "mine")
    (tmp_path / "b.txt").write_text("mine too", encoding="utf-8")
    with pytest.raises(ProgramError, match=r"did not write \(a.txt and 1 more\)"):
        check_free(tmp_path)
    with pytest.raises(ProgramError), replacing(tmp_path):
        pytest.fail("there is nothing to fill")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A file would be replaced by a folder."""
    fill(tmp_path)
    with pytest.raises(ProgramError, match="is a file"):
        check_free(tmp_path / "a.txt")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_is_followed(tmp_path: Path) -> None:
    """A link to another disk would be replaced by a folder on this one."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with replacing(tmp_path / "link") as folder:
        fill(folder)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a.txt").exists()
