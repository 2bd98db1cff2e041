"""Files that are whole or absent, and cells that a spreadsheet will not run.

Every file that matchkit writes for people goes through here: first to a temporary file
beside its goal, then to the disk, then into place, so that nobody ever opens half a file.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from matchkit.errors import ProgramError

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*%?")
# A formula starts a cell. Where a spreadsheet expects another delimiter, it also starts after
# a semicolon, a tab or a line break inside the text, so these places are guarded as well.
_INVISIBLE = r"[\s\x00-\x1f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_FORMULA = re.compile(rf"(^|[;\t\r\n])({_INVISIBLE}*)([=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")
_AT_ONCE = 8
_BEGINNING = 4096  # bytes in which a file says what it is
_BOM = b"\xef\xbb\xbf"


def safe_cell(text: str) -> str:
    r"""Return a cell that no spreadsheet runs as a formula.

    An apostrophe goes before every sign that could start a formula (``= + - @`` and their
    full-width forms), at the start of the text and after ``;``, tab or line break, spaces
    and invisible signs in between included. A plain number such as ``-5`` stays as it is.

    Parameters
    ----------
    text : str
        What the cell is to show.

    Returns
    -------
    str
        The same text, or the text with apostrophes.

    Notes
    -----
    The rule follows the advice of OWASP, *CSV Injection*.

    Examples
    --------
    >>> safe_cell('=HYPERLINK("http://example.org")')
    '\'=HYPERLINK("http://example.org")'
    >>> safe_cell("-5"), safe_cell("R&D")
    ('-5', 'R&D')
    """
    if not _FORMULA.search(text) or _NUMBER.fullmatch(text):
        return text
    return _FORMULA.sub(r"\1\2'\3", text)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    r"""Return a table as CSV for people: UTF-8 with a BOM, CRLF, no formulas.

    Parameters
    ----------
    header : sequence of str
        The headings.
    rows : iterable of sequences
        Cells; None becomes an empty cell, everything but text is written by ``str``.

    Returns
    -------
    bytes
        The file's content.

    Examples
    --------
    >>> csv_bytes(["name", "meetings"], [["Åse", 3], ["=1+1", None]])
    b"\xef\xbb\xbfname,meetings\r\n\xc3\x85se,3\r\n'=1+1,\r\n"
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(cell) for cell in header])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return _BOM + text.getvalue().encode("utf-8", errors="replace")


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    return safe_cell(cell) if isinstance(cell, str) else str(cell)


def keep_others(path: str | os.PathLike[str], mark: bytes) -> None:
    """Refuse to replace a file that matchkit did not write, unless it is empty.

    Parameters
    ----------
    path : path
        Where a file is to go.
    mark : bytes
        What stands near the beginning of every file of its kind that matchkit writes.

    Raises
    ------
    ProgramError
        A file without the mark stands there, or one that cannot be read.
    """
    goal = Path(path)
    with _told(goal):
        if not goal.is_file():
            return
        with goal.open("rb") as there:
            beginning = there.read(_BEGINNING)
    if beginning and mark not in beginning:
        raise ProgramError(
            f"{str(goal)!r} is a file that matchkit did not write, and stays as it is; "
            "give another name"
        )


def write_csv(
    path: str | os.PathLike[str], header: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Write a table for people to a CSV file, whole or not at all.

    Parameters
    ----------
    path : path
        Where the file goes; a file that is there is replaced.
    header, rows
        As for :func:`csv_bytes`.

    Raises
    ------
    ProgramError
        The file cannot be written.
    """
    write_atomically(path, csv_bytes(header, rows))


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that it is whole or absent, whatever happens meanwhile.

    The bytes go to a temporary file in the same folder, are forced to the disk, and the
    file is then moved over its goal in one step.

    Parameters
    ----------
    path : path
        Where the file goes; a file that is there is replaced. Its folder must exist.
    data : bytes
        The content.

    Raises
    ------
    ProgramError
        The file cannot be written: the folder is missing, is not writable, or the disk is
        full. What was there before is untouched.
    """
    goal = Path(path)
    with _told(goal):
        _write(goal.parent, [(goal.name, data)])


def write_together(folder: str | os.PathLike[str], contents: Iterable[tuple[str, bytes]]) -> None:
    """Write many files into one folder, each of them whole or absent.

    Parameters
    ----------
    folder : path
        An existing folder; files of the same names are replaced, others stay.
    contents : iterable of (str, bytes)
        Name and content of each file. None is moved into place before all are on the disk.

    Raises
    ------
    ProgramError
        A file cannot be written. Then nothing was changed, unless moving failed halfway.
    """
    with _told(Path(folder)):
        _write(Path(folder), contents)


def made_folder(folder: str | os.PathLike[str]) -> Path:
    """Return a folder, made where it is missing.

    Raises
    ------
    ProgramError
        It cannot be made: a file stands there, or the place is not writable.
    """
    goal = Path(folder)
    try:
        goal.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProgramError(
            f"cannot make the folder {str(goal)!r}: {reason}; give a place that you may write to"
        ) from error
    return goal


@contextlib.contextmanager
def _told(goal: Path) -> Iterator[None]:
    """Say in plain words that a file cannot be written, and why."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProgramError(
            f"cannot write {str(goal)!r}: {reason}; "
            "give a path in a folder that exists and that you may write to"
        ) from error


def _write(folder: Path, contents: Iterable[tuple[str, bytes]]) -> None:
    # Names of their own, so that a long goal does not grow beyond what file systems take.
    mark = f".matchkit-{secrets.token_hex(8)}"
    waiting: list[tuple[Path, str]] = []
    try:
        for name, data in contents:
            temporary = folder / f"{mark}-{len(waiting)}.tmp"
            waiting.append((temporary, name))
            with temporary.open("xb") as file:
                file.write(data)
        _sync([temporary for temporary, _ in waiting])
        for temporary, name in waiting:
            temporary.replace(folder / name)
    except BaseException:
        for temporary, _ in waiting:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise
    _sync_folder(folder)


def _sync(paths: list[Path]) -> None:
    """Force files to the disk: many at once, because a disk does so in one go."""
    if len(paths) == 1:
        _force(paths[0])
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(_force, paths))


def _force(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # The move itself must reach the disk too. Windows cannot open folders: there the file
    # system's journal has to do.
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems refuse this; the file itself is safe by then.
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
