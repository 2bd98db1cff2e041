"""Folders that are whole or absent: filled beside their goal and moved into place in one step."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from matchkit.errors import ProgramError

Foreign = Callable[[Path], list[str]]
"""Names what a folder holds that is not ours to replace."""


def everything(folder: Path) -> list[str]:
    """Call everything foreign: only an empty folder may be replaced."""
    return sorted(entry.name for entry in folder.iterdir())


def check_free(goal: Path, foreign: Foreign = everything) -> None:
    """Raise unless a folder may be put at the goal.

    Parameters
    ----------
    goal : path
        Where the folder is to stand: nothing, an empty folder, or a former one.
    foreign : callable
        Names what there is not ours to replace.

    Raises
    ------
    ProgramError
        A file stands there, or a folder that holds something foreign.
    """
    with _told(goal):
        if not goal.exists():
            return
        if not goal.is_dir():
            raise ProgramError(f"{str(goal)!r} is a file; give a folder that is empty or new")
        names = foreign(goal)
    if names:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        raise ProgramError(
            f"{str(goal)!r} holds something that matchkit did not write ({names[0]}{more}), "
            "and stays as it is; give an empty or a new folder"
        )


@contextlib.contextmanager
def replacing(goal: Path, foreign: Foreign = everything) -> Iterator[Path]:
    """Give an empty folder to fill, and move it to its goal if all goes well.

    Parameters
    ----------
    goal : path
        Where the folder is to stand; a link is followed, folders above it are made.
    foreign : callable
        Names what stands there that is not ours to replace.

    Yields
    ------
    pathlib.Path
        A folder beside the goal. It is gone afterwards, whatever happens.

    Raises
    ------
    ProgramError
        The goal holds something foreign, or cannot be written. Nothing is changed then.
    """
    goal = goal.resolve()
    check_free(goal, foreign)
    temporary = goal.parent / f".matchkit-{secrets.token_hex(8)}.tmp"
    with _told(goal):
        try:
            goal.parent.mkdir(parents=True, exist_ok=True)
            temporary.mkdir()
            yield temporary
            _move(temporary, goal)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def _told(goal: Path) -> Iterator[None]:
    """Tell an error of the file system as one that names the goal and a mend."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProgramError(
            f"cannot write {str(goal)!r}: {reason}; give a folder in a place that you may write to"
        ) from error


def _move(folder: Path, goal: Path) -> None:
    """Put a folder at the goal; what stood there goes only once the new one stands."""
    if not goal.exists():
        folder.rename(goal)
        return
    former = goal.parent / f".matchkit-{secrets.token_hex(8)}.old"
    goal.rename(former)
    try:
        folder.rename(goal)
    except BaseException:
        former.rename(goal)
        raise
    shutil.rmtree(former, ignore_errors=True)
