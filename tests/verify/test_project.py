"""The table [tool.geomem]: what it can say, where it is looked for, and what is wrong with it in one line."""

import pytest

from verify.project import Project, ProjectError, find
from verify.worlds.world import EVIDENCE


@pytest.fixture
def repository(tmp_path):
    """Write the pyproject.toml of a repository that has the folders claims and evidence."""
    for name in ("claims", "evidence", "below"):
        (tmp_path / name).mkdir()

    def write(text):
        (tmp_path / "pyproject.toml").write_text(text)
        return tmp_path

    return write


def test_paths_are_relative_to_the_file(repository):
    root = repository(
        '[tool.geomem]\nclaims = ["claims"]\nevidence = "evidence"\ndeviations = "mine.toml"\nworlds = ["ours"]\n'
    )
    expected = Project(root, (root / "claims",), root / "evidence", root / "mine.toml", ("ours",))
    assert find(root) == find(root / "below") == expected


def test_a_table_that_says_nothing_leaves_the_package_s_own(repository):
    root = repository("[tool.geomem]\n")
    assert find(root) == Project(root, (), EVIDENCE, None, ())


def test_files_without_the_table_are_passed_over(repository, tmp_path):
    root = repository('[tool.geomem]\nworlds = ["theory"]\n')
    (root / "below" / "pyproject.toml").write_text("[tool.other]\n")
    assert find(root / "below").root == root
    repository("[project]\n")
    assert find(root).root is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("claim = ['claims']", r"\[tool.geomem\]: there is no key claim; known: claims, .*; did you mean claims\?"),
        ("zzz = 1", "there is no key zzz; known: claims, evidence, deviations, worlds$"),
        ("claims = 'claims'", "claims is 'claims'; write a list of texts"),
        ("worlds = [1]", r"worlds is \[1\]; write a list of texts"),
        ("evidence = ['evidence']", "write one text"),
        ("claims = ['claimz']", "claimz is not a folder in .*; make it, or correct the name"),
        ("evidence = 'nothing'", "nothing is not a folder"),
    ],
)
def test_what_is_wrong_with_it_is_told(repository, text, words):
    with pytest.raises(ProjectError, match=words):
        find(repository(f"[tool.geomem]\n{text}\n"))


def test_what_is_no_table_is_told(repository):
    with pytest.raises(
        ProjectError, match=r"geomem is 3 under \[tool\]; write a table, \[tool.geomem\], with claims, evidence"
    ):
        find(repository("[tool]\ngeomem = 3\n"))


def test_a_file_that_cannot_be_read_is_told(repository):
    with pytest.raises(ProjectError, match=r"cannot read .*pyproject\.toml"):
        find(repository("[tool.geomem\n"))
