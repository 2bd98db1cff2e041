"""CSV files as spreadsheets and forms really write them."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matchkit.errors import Finding, MatchkitError, ProfileError
from matchkit.profiles import Form, Pool, examine_people, read_people, sources

PLAIN = "id,name,team\nana,Ana Ødegård,Data\nbo,Bo,Web\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder."""
    return tmp_path


def read(folder: Path, content: str | bytes, *, encoding: str = "utf-8") -> Pool:
    """Write a file and read it as mentees."""
    path = folder / "people.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_people(path, role="mentee")


def faults(folder: Path, content: str | bytes) -> tuple[Finding, ...]:
    """Write a file that cannot be read and return what is wrong with it."""
    with pytest.raises(ProfileError) as caught:
        read(folder, content)
    return caught.value.findings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings_are_told_apart(folder: Path, encoding: str) -> None:
    """Names would lose their accents, or the first heading its first letter."""
    pool = read(folder, PLAIN, encoding=encoding)
    assert pool.ids.tolist() == ["ana", "bo"]
    assert pool.text("name").tolist() == ["Ana Ødegård", "Bo"]
    guessed = encoding in {"cp1252", "utf-16-le", "utf-16-be"}
    assert [finding.severity for finding in pool.findings] == ["warning"] * guessed


def test_a_marked_utf_16_is_no_guess(folder: Path) -> None:
    """A file that says what it is would be doubted."""
    for mark, encoding in ((codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le")):
        assert read(folder, mark + PLAIN.encode(encoding)).findings == ()


def test_a_guess_shows_a_word_to_judge_it_by(folder: Path) -> None:
    """Nobody could see whether the guess was right."""
    pool = read(folder, PLAIN, encoding="cp1252")
    assert pool.findings[0].value == "Ødegård"
    assert "Windows-1252" in pool.findings[0].message


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(folder: Path, delimiter: str, newline: str) -> None:
    """A file saved in another country or on another system would be one column."""
    text = "id,skills,bio\nana,SQL,hello\n".replace(",", delimiter).replace("\n", newline)
    pool = read(folder, text)
    assert list(pool.columns) == ["id", "skills", "bio"]
    assert pool.ids.tolist() == ["ana"]


def test_delimiters_inside_headings_do_not_confuse(folder: Path) -> None:
    """A semicolon in a heading would split a file of commas."""
    pool = read(folder, 'id,name,"goals; most wanted first; please"\nana,Ana,x\n')
    assert len(pool.columns) == 3


def test_one_column_is_enough(folder: Path) -> None:
    """A plain list of ids could not be read."""
    assert read(folder, "id\nana\nbo\n").ids.tolist() == ["ana", "bo"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(folder: Path) -> None:
    """An error would send the user to the wrong row."""
    text = 'id,bio,capacity\nana,"two\nlines",1\n\n,,\nbo,"a ""quoted"" word",many\n'
    (fault,) = faults(folder, text)
    assert (fault.row, fault.column, fault.value) == (5, "capacity", "many")
    pool = read(folder, text.replace("many", "2"))
    assert pool.rows.tolist() == [2, 5]
    assert pool.text("bio").tolist() == ["two\nlines", 'a "quoted" word']


def test_blank_rows_are_skipped_aloud(folder: Path) -> None:
    """Rows would vanish, or a ghost without an id would be an error."""
    pool = read(folder, "id,name\n\nana,Ana\n , \nbo,Bo\n,\n")
    assert pool.ids.tolist() == ["ana", "bo"]
    assert [str(finding) for finding in pool.findings] == [
        "people.csv, row 2: 3 blank rows were skipped"
    ]


def test_blank_rows_above_the_headings(folder: Path) -> None:
    """A file with room at its top would have no headings, or wrong row numbers."""
    pool = read(folder, "\n,,\nid,name,team\nana,Ana,Data\n")
    assert pool.rows.tolist() == [4]
    assert [finding.severity for finding in pool.findings] == ["note"]


def test_every_ragged_row_is_named(folder: Path) -> None:
    """A delimiter inside a cell would shift the cells of a row in silence."""
    found = faults(folder, "id,name\nana,Ana,extra\nbo,Bo\ndi\n")
    assert [(fault.row, fault.message) for fault in found] == [
        (2, "the row has 3 fields, the headings are 2"),
        (4, "the row has 1 field, the headings are 2"),
    ]


def test_all_faults_come_together(folder: Path) -> None:
    """The user would mend a file one fault at a time."""
    text = (
        "id,capacity,timezone,hours,skills,seniority\n"
        "ana,many,Olso,Mon 9-5,sql:9,old\n"
        "ana,1,UTC,,,\n"
        "bo,1,UTC,,\n"
        ",#REF!,UTC,,,\n"
    )
    found = faults(folder, text)
    assert [(fault.row, fault.column) for fault in found] == [
        (2, "skills"), (2, "hours"), (2, "timezone"), (2, "seniority"), (2, "capacity"),
        (3, "id"), (4, ""), (5, "capacity"), (5, "id"),
    ]  # fmt: skip
    assert all(fault.source == "people.csv" for fault in found)
    assert all(fault.mend for fault in found)


def test_ghost_columns_are_named(folder: Path) -> None:
    """A trailing delimiter would be an error, or cells without a heading would vanish."""
    pool = read(folder, "id,name,\nana,Ana,\n")
    assert "column 3 has neither heading nor values" in pool.findings[0].message
    (fault,) = faults(folder, "id,name,\nana,Ana,\nbo,Bo,x\n")
    assert (fault.row, fault.value) == (3, "x")
    assert "column 3 has values but no heading" in fault.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n,,\n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"PK\x03\x04rest", "the workbook is damaged"),
        (b"%PDF-1.7 \xff", "a PDF"),
        (b"id,name\nana,A\x00na\n", "NUL byte on line 2"),
        (b"\x00\x01\x02\xff", "NUL byte on line 1"),
        (b"id\n\x81\xff\x8d\n", "neither UTF-8"),
        (b"\xff\xfei\x00d\x00\n", "marked as UTF-16 but is not"),
        (b'id,name\nana,"Ana\nbo,Bo\n', "the quotes of this row don't match"),
        (b'id,name\nana,"Ana" B\n', "the quotes of this row don't match"),
        (b"id,name\nana," + b"x" * 200_000 + b"\n", "field larger"),
        (b"id,name\nana,A\x07na\n", "control character U+0007"),
    ],
)
def test_what_is_no_table_is_said(folder: Path, content: bytes, message: str) -> None:
    """A wrong file would end in a traceback or in nonsense."""
    assert message in str(faults(folder, content)[0])


def test_the_row_of_an_open_quote_is_named(folder: Path) -> None:
    """The user would look for the quote at the end of the file."""
    (fault,) = faults(folder, 'id,bio\nana,"two\nlines"\nbo,"open\ndi,x\n')
    assert fault.row == 3


def test_form_of_a_file(folder: Path) -> None:
    """The check of a file could not say how it was read."""
    path = folder / "people.csv"
    path.write_text(PLAIN.replace(",", ";"), "utf-16")
    assert examine_people(path).form == Form("CSV", encoding="utf-16", delimiter=";")
    assert examine_people(folder / "nobody.csv").form is None


def test_a_file_with_headings_alone_is_an_empty_pool(folder: Path) -> None:
    """A round to which nobody has signed up yet would be an error."""
    pool = read(folder, "id,name,skills\n")
    assert len(pool) == 0
    assert list(pool.columns) == ["id", "name", "skills"]


def test_missing_files_folders_and_devices(folder: Path) -> None:
    """A wrong path would end in a traceback, or wait for ever."""
    for path, message in (
        (folder / "nobody.csv", "there is no file"),
        (folder, "this is a folder"),
        (folder / ("x" * 300), "cannot be read"),
        ("a\0b", "there is no file"),
    ):
        with pytest.raises(ProfileError, match=message):
            read_people(path, role="mentor")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_a_pipe_is_no_file(folder: Path) -> None:
    """Reading would wait for ever."""
    os.mkfifo(folder / "pipe")
    with pytest.raises(ProfileError, match="not a regular file"):
        read_people(folder / "pipe", role="mentor")


def test_spreadsheet_errors_are_errors(folder: Path) -> None:
    """The text #N/A would become somebody's team."""
    found = faults(folder, "id,team,name\nana,#N/A,Ana\nbo,#1,#NAME?\n")
    assert [(fault.row, fault.column, fault.value) for fault in found] == [
        (2, "team", "#N/A"), (3, "name", "#NAME?"),
    ]  # fmt: skip


def test_cells_are_trimmed_and_composed(folder: Path) -> None:
    """One id would be two: with a space, a decomposed accent or an invisible sign."""
    pool = read(folder, "id,name\n  zoe\u0308 ,\u200bBo\u00a0\n")
    assert pool.ids.tolist() == ["zoë"]
    assert pool.text("name").tolist() == ["Bo"]


def test_name_of_the_source_can_be_given(folder: Path) -> None:
    """Two files of the same name could not be told apart on the screen."""
    path = folder / "people.csv"
    path.write_text("id,capacity\nana,x\n")
    with pytest.raises(ProfileError, match=r"^oslo/people.csv, row 2"):
        read_people(path, role="mentor", name="oslo/people.csv")


csv_like = st.text(st.sampled_from('id,name;\t"\n\r 1é\x00:#goals'), max_size=60)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file to write over and over."""
    return tmp_path_factory.mktemp("fuzz") / "people.csv"


@given(
    st.one_of(
        st.binary(max_size=80),
        csv_like.map(str.encode),
        csv_like.map(lambda text: b"id,skills,hours,timezone\n" + text.encode()),
        st.text(max_size=40).map(lambda text: text.encode("utf-16")),
    )
)
@example(b'id\n"')
@example(b"id,id\n1,1\n")
@example("id\n\u2028\n".encode())
def test_no_bytes_escape_the_typed_errors(place: Path, content: bytes) -> None:
    """Some file would end in a traceback."""
    place.write_bytes(content)
    pool = None
    with contextlib.suppress(MatchkitError):
        pool = read_people(place, role="mentor")
    if pool is not None:
        again = read_people(pool.to_records(), role="mentor")
        assert again.fingerprint == pool.fingerprint


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
        ),
        max_size=5,
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_written_tables_read_back(
    place: Path, rows: list[tuple[str, str]], delimiter: str, newline: str
) -> None:
    """A cell that Python's own writer quotes would be read as something else."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(["id", "name", "bio"])
    writer.writerows([f"p{i}", *row] for i, row in enumerate(rows))
    place.write_bytes(text.getvalue().encode())
    records = [{"id": f"p{i}", "name": name, "bio": bio} for i, (name, bio) in enumerate(rows)]
    one, other = examine_people(place, role="mentee"), examine_people(records, role="mentee")
    assert [each.message for each in one.findings] == [each.message for each in other.findings]
    assert (one.pool is None) == (other.pool is None)
    if one.pool is not None and other.pool is not None and len(one.pool):
        assert one.pool.fingerprint == other.pool.fingerprint


def test_files_beyond_reason_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dump of gigabytes would take all memory before anything is said."""
    monkeypatch.setattr(sources, "LARGEST_FILE", 5)
    assert "the file has" in faults(folder, PLAIN)[0].message


@pytest.mark.parametrize("text", ["Ana Ødegård ÅÄÖ åäö", "“quoted” – dash €", "é", "naïve café"])
def test_accents_are_not_taken_for_another_alphabet(folder: Path, text: str) -> None:
    """A few accents would be guessed to be Cyrillic or Chinese."""
    pool = read(folder, f"id,name\na,{text}\n", encoding="cp1252")
    assert pool.text("name").tolist() == [text]


def test_a_sep_line_tells_the_delimiter(folder: Path) -> None:
    """The line that only a spreadsheet understands would become the headings."""
    pool = read(folder, "sep=^\nid^name\nana^Ana, Fry\n")
    assert pool.text("name").tolist() == ["Ana, Fry"]
    assert pool.rows.tolist() == [2]
