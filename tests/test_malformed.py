"""Malformed inputs: each is read with a line that says what was done, or refused with a place."""

from __future__ import annotations

from pathlib import Path

import pytest

import matchkit as mk
from matchkit.errors import Finding, MatchkitError
from matchkit.profiles import examine_people
from tests.malformed import CORPUS, Case, cases

FILES = [case for case in cases() if case.kind != "rules"]


def names(listed: list[Case]) -> list[str]:
    """Return what each case is called in a report."""
    return [f"{case.kind}-{case.name}" for case in listed]


def test_the_corpus_has_every_class() -> None:
    """A whole class of trouble would go untried."""
    classes = {path.stem for path in CORPUS.glob("*.toml")}
    assert classes == {
        "bytes", "shape", "headings", "excel", "identity", "numbers", "multi-select", "time",
        "rules", "text", "json",
    }  # fmt: skip
    assert len(cases()) >= 100
    assert len({(case.kind, case.name) for case in cases()}) == len(cases())


@pytest.mark.parametrize("case", FILES, ids=names(FILES))
def test_what_a_malformed_file_gives(case: Case, tmp_path: Path) -> None:
    """A file would end in a traceback, in nonsense, or in a loss without a word."""
    examined = examine_people(case.write(tmp_path), role=case.role)  # type: ignore[arg-type]
    people = -1 if examined.pool is None else len(examined.pool)
    assert people == case.people, examined.findings
    if examined.pool is not None and case.record:
        assert examined.pool.to_records()[0] == case.record
    check(case, examined.findings)
    if examined.pool is not None:
        again = mk.read_people(examined.pool.to_records(), role=case.role)  # type: ignore[arg-type]
        assert again.fingerprint == examined.pool.fingerprint
        used = mk.ColumnMap.from_toml_text(mk.ColumnMap(columns=examined.mapping).to_toml())
        path = case.write(tmp_path)
        mapped = mk.read_people(path, role=case.role, columns=used)  # type: ignore[arg-type]
        assert mapped.fingerprint == examined.pool.fingerprint
        assert mapped.mapping == examined.mapping


def check(case: Case, findings: tuple[Finding, ...]) -> None:
    """Check that the finding is there that a case asks for, at its place."""
    if not case.severity:
        assert not {each.severity for each in findings} - {"note"}, findings
        return
    found = [
        each
        for each in findings
        if each.severity == case.severity and case.says in each.message
        and (not case.row or each.row == case.row) and each.column == case.column
    ]  # fmt: skip
    assert found, findings
    assert all(each.mend for each in findings if each.severity in {"error", "question"})


@pytest.mark.parametrize("case", cases("rules"), ids=names(cases("rules")))
def test_what_malformed_rules_give(case: Case, tmp_path: Path) -> None:
    """A program that does not fit its people would be followed in part, without a word."""
    mentors = case.write(tmp_path)
    (tmp_path / "mentees.csv").write_text(case.mentees, encoding="utf-8")
    if case.people < 0:
        with pytest.raises(MatchkitError) as caught:
            play(case, mentors, tmp_path / "mentees.csv")
        assert case.says in str(caught.value)
        return
    matching = play(case, mentors, tmp_path / "mentees.csv")
    assert len(matching) == case.people
    check(case, matching.record.findings)


def play(case: Case, mentors: Path, mentees: Path) -> mk.Matching:
    """Match the people of a case under its program."""
    return mk.match(mentors, mentees, program=mk.Program.from_toml_text(case.program))
