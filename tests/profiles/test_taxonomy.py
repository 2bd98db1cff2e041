"""Taxonomies: reading, laying one over another, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from matchkit import ProgramError, ResultError, Taxonomy, resolve_skills
from matchkit.profiles.skills import curated
from matchkit.profiles.skills.forms import clean_skill

ROWS = [
    {"id": "db", "label": "Databases", "synonyms": "data stores"},
    {"id": "pg", "label": "The cluster", "synonyms": "postgres; PG", "parents": "db"},
    {"id": "tea", "label": "Tea tasting"},
]


def own() -> Taxonomy:
    """Return a small taxonomy."""
    return Taxonomy.from_records(ROWS)


def test_row_order_makes_no_difference() -> None:
    """The same taxonomy, sorted otherwise, would give another result and another hash."""
    other = Taxonomy.from_records(ROWS[::-1])
    assert other == own()
    assert other.fingerprint == own().fingerprint
    assert Taxonomy.from_records(ROWS[:2]).fingerprint != own().fingerprint


def test_json_reads_back() -> None:
    """A saved round would not find its taxonomy again."""
    assert Taxonomy.from_json(own().to_json()) == own()
    with pytest.raises(ResultError, match="not a taxonomy"):
        Taxonomy.from_json('{"ids": 3}')


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_spreadsheets_write_it(tmp_path: Path, delimiter: str) -> None:
    """A file saved by a spreadsheet would not be understood."""
    lines = [
        ["ID", "Label", "synonyms", "parents", "lang"],
        ["db", "Databases", '"data stores\nstores of data"', "", "en"],
        ["db", "Datenbanken", "", "", "de"],
        ["", "", "", "", ""],
        ["pg", "The cluster", "postgres", "db", "en"],
    ]
    path = tmp_path / "skills.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(delimiter.join(line) for line in lines).encode())
    english = Taxonomy.from_csv(path)
    assert english.labels == ("Databases", "The cluster")
    assert english.synonyms[0] == ("Datenbanken", "data stores", "stores of data")
    assert english.parents == ((), (0,))
    assert Taxonomy.from_csv(path, lang="de").labels[0] == "Datenbanken"
    assert Taxonomy.read(path) == english


def test_labels_stand_in_for_ids(tmp_path: Path) -> None:
    """Who has no ids could not write a taxonomy."""
    path = tmp_path / "skills.csv"
    path.write_text("label,parents\nDatabases,\nPostgres,databases\n", encoding="utf-8")
    assert Taxonomy.from_csv(path).parents == ((), (0,))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("id,labels\n1,x\n", "no column 'label'; did you mean 'labels'"),
        ("id,label\n,\n1,x\n,\n", None),
        ("id,label,parents\n1,x,2\n", "row 2, column parents: '1' names '2'"),
        ("id,label,parents\n1,x,1\n", "'1' names itself"),
        ("id,label\n1,\n", "row 2, column label: '1' has no label"),
        ("synonyms,label\nx,\n", "row 2, column label: the row names no skill"),
        ('id,label\n1,"x\n', "row 2: the quotes"),
    ],
)
def test_faults_name_row_and_mend(tmp_path: Path, text: str, said: str | None) -> None:
    """A wrong file would be read in part, or end in a traceback."""
    path = tmp_path / "skills.csv"
    path.write_text(text, encoding="utf-8")
    if said is None:
        assert Taxonomy.from_csv(path).labels == ("x",)
    else:
        with pytest.raises(ProgramError, match=said):
            Taxonomy.from_csv(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A wrong path or encoding would end in a traceback."""
    with pytest.raises(ProgramError, match="cannot be read"):
        Taxonomy.from_csv(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"label\nF\xfchrung\n")
    with pytest.raises(ProgramError, match="not UTF-8"):
        Taxonomy.from_csv(tmp_path / "latin.csv")


def test_concepts_of_one_id_are_refused() -> None:
    """Two skills would share an id, and links to it would mean either."""
    twice = [*own().concepts(), own().concepts()[0]]
    with pytest.raises(ProgramError, match="'db' stands more than once"):
        Taxonomy.from_concepts(twice)


def test_own_names_come_first() -> None:
    """A user's file would be overruled by the table that matchkit brings."""
    found = resolve_skills(
        ["postgres", "pg", "PostgreSQL", "data stores", "rdbms", "js"], taxonomy=own()
    )
    assert found["canonical"].tolist() == [
        "The cluster", "The cluster", "The cluster", "Databases", "Databases", "JavaScript",
    ]  # fmt: skip


def test_over_merges_what_is_one_skill() -> None:
    """The same skill would stand twice, once with each taxonomy's names."""
    both = own().over(curated())
    assert len(both) == len(own()) + len(curated()) - 2  # databases and PostgreSQL
    assert both.labels.count("Databases") == 1
    assert "PostgreSQL" not in both.labels
    at = both.ids.index("db")
    assert "rdbms" in both.synonyms[at]
    sql = both.labels.index("SQL")
    assert both.ids[sql] == "matchkit:sql"


def test_no_name_of_the_shipped_table_means_two_skills() -> None:
    """A name that two skills of the table claim would be understood as neither."""
    owner: dict[str, str] = {}
    table = curated()
    for label, synonyms in zip(table.labels, table.synonyms, strict=True):
        for name in {clean_skill(each) for each in (label, *synonyms)}:
            assert owner.setdefault(name, label) == label, name
    assert len(table) >= 300


def esco_files(folder: Path) -> None:
    """Write a few rows in the form of ESCO's own files."""
    skills = (
        "conceptType,conceptUri,preferredLabel,altLabels\n"
        'KnowledgeSkillCompetence,u:1,manage staff,"manage a team\nlead staff"\n'
        "KnowledgeSkillCompetence,u:2,manage musical staff,\n"
        "KnowledgeSkillCompetence,u:3,music theory,\n"
    )
    broader = (
        "conceptType,conceptUri,broaderType,broaderUri\n"
        "KnowledgeSkillCompetence,u:2,KnowledgeSkillCompetence,u:1\n"
        "KnowledgeSkillCompetence,u:2,SkillGroup,g:1\n"
    )
    related = (
        "originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri\n"
        "u:2,skill/competence,optional,knowledge,u:3\n"
    )
    (folder / "skills_en.csv").write_text(skills, encoding="utf-8")
    (folder / "broaderRelationsSkillPillar.csv").write_text(broader, encoding="utf-8")
    (folder / "skillSkillRelations.csv").write_text(related, encoding="utf-8")


def test_esco_is_read_from_folder_and_archives(tmp_path: Path) -> None:
    """Its users would have to unpack or rename what they downloaded."""
    folder = tmp_path / "plain"
    folder.mkdir()
    esco_files(folder)
    taxonomy = Taxonomy.from_esco(folder)
    assert taxonomy.labels == ("manage staff", "manage musical staff", "music theory")
    assert taxonomy.synonyms[0] == ("lead staff", "manage a team")
    assert taxonomy.parents == ((), (0,), ())
    assert taxonomy.related == ((), (2,), ())
    zipped = tmp_path / "zipped"
    zipped.mkdir()
    with zipfile.ZipFile(zipped / "esco-en.zip", "w") as archive:
        archive.write(folder / "skills_en.csv", "some/folder/skills_en.csv")
    with zipfile.ZipFile(zipped / "relations.zip", "w") as archive:
        archive.write(folder / "broaderRelationsSkillPillar.csv", "broaderRelationsSkillPillar.csv")
        archive.write(folder / "skillSkillRelations.csv", "skillSkillRelations.csv")
    assert Taxonomy.read(zipped) == taxonomy
    skills, relations = zipped / "esco-en.zip", zipped / "relations.zip"
    assert Taxonomy.from_esco(skills, relations=relations) == taxonomy
    assert Taxonomy.from_esco(skills).parents == ((), (), ())
    assert Taxonomy.read(folder / "skills_en.csv").labels == taxonomy.labels


def test_wrong_esco_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong folder, a damaged archive or a huge one would end in a traceback or worse."""
    with pytest.raises(ProgramError, match=r"holds no skills_en\.csv"):
        Taxonomy.from_esco(tmp_path)
    with pytest.raises(ProgramError, match="cannot be read"):
        Taxonomy.from_esco(tmp_path / "none")
    esco_files(tmp_path)
    with pytest.raises(ProgramError, match=r"no skills_de\.csv; there is skills_en\.csv"):
        Taxonomy.from_esco(tmp_path, lang="de")
    (tmp_path / "skills_de.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(ProgramError, match="no column conceptUri, preferredLabel, altLabels"):
        Taxonomy.from_esco(tmp_path, lang="de")
    (tmp_path / "skills_de.csv").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ProgramError, match=r"skills_de\.csv: cannot be read"):
        Taxonomy.from_esco(tmp_path, lang="de")
    with zipfile.ZipFile(tmp_path / "big.zip", "w") as archive:
        archive.write(tmp_path / "skills_en.csv", "skills_en.csv")
    monkeypatch.setattr("matchkit.profiles.skills.esco.LARGEST", 10)
    with pytest.raises(ProgramError, match="unpacks to"):
        Taxonomy.from_esco(tmp_path / "big.zip")
