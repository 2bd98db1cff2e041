"""What ``matchkit check`` shows: how files of people are read, and what to mend or answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from matchkit.console import complain, counted, say, table

if TYPE_CHECKING:
    from matchkit.errors import Finding
    from matchkit.profiles import ColumnMap, Examination, Form
    from matchkit.profiles.pool import Role
    from matchkit.profiles.presets import Preset

_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_PLURAL = {"mentor": "mentors", "mentee": "mentees", "person": "people"}


@dataclass(frozen=True, eq=False)
class Checked:
    """One file, examined for each side that it holds.

    Attributes
    ----------
    path : Path
        The file.
    sides : mapping of str to Examination
        What came of each side: ``"mentor"``, ``"mentee"``, or ``"person"`` where nothing says
        on which side the people are.
    """

    path: Path
    sides: Mapping[str, Examination]

    @property
    def form(self) -> Form | None:
        """How the file was read."""
        return next(iter(self.sides.values())).form

    @property
    def mapping(self) -> dict[str, str]:
        """Each heading and its column."""
        return {key: each for one in self.sides.values() for key, each in one.mapping.items()}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed, each thing once."""
        return tuple(dict.fromkeys(each for one in self.sides.values() for each in one.findings))

    @property
    def sound(self) -> bool:
        """Whether the file can be matched as it is."""
        return all(one.pool is not None for one in self.sides.values())


def examine(
    path: Path, columns: ColumnMap, *, role: Role | None = None, preset: Preset | None = None
) -> Checked:
    """Examine a file for the side that it holds, or for both where it says who is on which.

    Parameters
    ----------
    path : Path
        The file.
    columns : ColumnMap
        What the user says about headings.
    role : {"mentor", "mentee"}, optional
        Whom the file holds; else told by a column, or by the file's name.
    preset : str, optional
        The kind of export, if the user names it.

    Returns
    -------
    Checked
        What came of it.
    """
    from matchkit.profiles import examine_people

    name = path.name.casefold()
    named: tuple[Role, ...] = ("mentee", "mentor")
    told = role or next((each for each in named if each in name), None)

    def side(wanted: Role | None) -> Examination:
        return examine_people(path, role=wanted, columns=columns, preset=preset)

    first = side(told)
    if role is None:
        sides = {each: side(each) for each in reversed(named)} if _may_hold_both(first) else {}
        if first.sides or len({one.form and one.form.sheet for one in sides.values()}) > 1:
            return Checked(path, {str(each): one for each, one in sides.items()})
    return Checked(path, {told or "person": first})


def _may_hold_both(first: Examination) -> bool:
    """Return whether it is worth asking for each side: a column says it, or a sheet may."""
    return bool(first.sides) or bool(first.form and first.form.sheet)


def settled(files: Sequence[Checked]) -> list[Checked]:
    """Leave out what one file says of a mapping that fits another of them."""
    from matchkit.profiles.both import met

    headings = [heading for file in files for heading in file.mapping]
    return [
        replace(file, sides={
            role: replace(one, findings=tuple(met(one.findings, headings)))
            for role, one in file.sides.items()
        })
        for file in files
    ]  # fmt: skip


def mapping_of(files: Sequence[Checked], columns: ColumnMap) -> ColumnMap:
    """Return the mapping that was used, to be saved.

    Headings that mean different columns in different files count for one side only.
    """
    merged: dict[str, str] = {}
    own: dict[str, dict[str, str]] = {"mentor": {}, "mentee": {}}
    for file in files:
        for role, one in file.sides.items():
            for heading, column in one.mapping.items():
                if merged.setdefault(heading, column) != column and role in own:
                    own[role][heading] = column
    return replace(columns, columns=merged, mentors=own["mentor"], mentees=own["mentee"])


# Shown --------------------------------------------------------------------------------------------


def show(file: Checked) -> None:
    """Print what was read from a file; errors and questions go to standard error."""
    stopping = [one for one in file.findings if one.severity in {"error", "question"}]
    form = file.form
    table(
        [
            ("file", str(file.path)),
            *([] if form is None else [("read as", described(form))]),
            ("people", _people(file)),
            *_columns(file.mapping),
            ("findings", counted(file.findings)),
        ]
    )
    say(*_lines([one for one in file.findings if one not in stopping]), "")
    complain(*(f"{'question: ' * (one.severity == 'question')}{one}" for one in stopping))


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings, the gravest first; several of one column stand below its name."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for severity in ("warning", "repaired", "note"):
        for one in findings:
            if one.severity == severity:
                groups.setdefault((severity, one.column), []).append(one)
    for (severity, column), alike in groups.items():
        if len(alike) < 2 or not column:
            yield from (f"{severity}: {one}" for one in alike)
            continue
        yield f"{severity}: {alike[0].source}, column {column}"
        for one in sorted(alike, key=lambda each: (each.row is None, each.row or 0)):
            yield f"  {replace(one, source='', column='')}"


def described(form: Form) -> str:
    """Say how a file was read.

    Examples
    --------
    >>> from matchkit.profiles import Form
    >>> described(Form("CSV", encoding="utf-8", delimiter=";", preset="Google Forms"))
    'Google Forms: CSV, utf-8, delimited by semicolons'
    """
    sign = _SIGNS.get(form.delimiter, repr(form.delimiter))
    parts = (
        form.kind,
        form.encoding,
        form.delimiter and f"delimited by {sign}",
        form.sheet and f"sheet {form.sheet!r}",
    )
    told = f"{form.preset}: " if form.preset else ""
    return told + ", ".join(part for part in parts if part)


def _people(file: Checked) -> str:
    """Say how many people were read, of each side where there are two."""
    if not file.sound:
        return "none yet: see the errors and questions"
    said = [
        f"{len(one.pool)} {role if len(one.pool) == 1 else _PLURAL[role]}"
        for role, one in file.sides.items()
        if one.pool is not None
    ]
    heading = next((heading for heading, key in file.mapping.items() if key == "side"), None)
    told = f", told apart by {heading!r}" if heading and len(file.sides) > 1 else ""
    return ", ".join(said) + told


def _columns(mapping: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return which headings were understood, which of them by another name, and the rest."""
    from matchkit.profiles import COLUMNS

    known = {heading: column for heading, column in mapping.items() if column in COLUMNS}
    same = [heading for heading, column in known.items() if heading == column]
    other = [f"{heading} -> {column}" for heading, column in known.items() if heading != column]
    kept = [heading for heading, column in mapping.items() if column and heading not in known]
    left = [heading for heading, column in mapping.items() if not column]
    lines = (("columns", same), ("understood", other), ("also kept", kept), ("left out", left))
    return [(label, ", ".join(names)) for label, names in lines if names]


def document(file: Checked) -> dict[str, object]:
    """Return what was read from a file as plain data."""
    form = file.form
    return {
        "file": str(file.path),
        "read_as": form and asdict(form),
        "people": {role: one.pool and len(one.pool) for role, one in file.sides.items()},
        "mapping": file.mapping,
        "findings": [asdict(finding) for finding in file.findings],
    }
