"""Claim files of other repositories: imported once, under names of their own, and told by line where they cannot be."""

import sys

import pytest

from verify.claim_modules import ClaimFileError, claims_in, is_claim_file, load, registry_of
from verify.project import Project
from verify.registry import CLAIMS, load_claims

CLAIM = '''
from helper import EFFECT
from verify import claim, positive
from verify.counterfeits import scaled


@claim("{id}", needs="accuracy", counterfeit=scaled("accuracy", "test", 0.0))
def claim_it(runs):
    """{id}: it is so."""
    return positive(runs.accuracy("test", "end"), effect=EFFECT)
'''


@pytest.fixture
def mine(tmp_path, kept_registry):
    """A repository with a claim in a folder of claims, and what it imports beside that folder."""
    paths, modules = list(sys.path), set(sys.modules)
    (tmp_path / "claims" / "ours2026").mkdir(parents=True)
    (tmp_path / "helper.py").write_text("EFFECT = 0.1\n")
    (tmp_path / "claims" / "ours2026" / "claim_a.py").write_text(CLAIM.format(id="OWN-01"))
    yield Project(tmp_path, (tmp_path / "claims",))
    sys.path[:] = paths
    for name in set(sys.modules) - modules:
        del sys.modules[name]


def test_own_claims_are_in_the_registry_with_those_of_the_package(mine):
    found = registry_of(mine)
    assert set(load_claims()) <= set(found)
    assert found["OWN-01"].paper == "ours2026"
    assert found["OWN-01"].statement == "OWN-01: it is so"


def test_a_file_is_imported_once(mine):
    path = mine.claims[0] / "ours2026" / "claim_a.py"
    registry_of(mine)
    assert load(path) is load(path.parent / ".." / "ours2026" / "claim_a.py")
    assert [claim.id for claim in claims_in(load(path))] == ["OWN-01"]


def test_files_of_one_name_in_two_folders_are_two(mine):
    (mine.claims[0] / "claim_a.py").write_text(CLAIM.format(id="OWN-02"))
    assert {"OWN-01", "OWN-02"} <= set(registry_of(mine))


def test_a_file_of_the_package_has_the_name_that_the_registry_knows():
    path = CLAIMS / "chung2018" / "claim_c01.py"
    load_claims()
    assert load(path) is sys.modules["verify.claims.chung2018.claim_c01"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import nothing_of_that_name", "claim_b.py, line 1 cannot be imported: ModuleNotFoundError: No module named"),
        ("\n\nx = 1 / 0", "claim_b.py, line 3 cannot be imported: ZeroDivisionError"),
        ("def", "claim_b.py cannot be imported: SyntaxError"),
        (CLAIM.format(id="S-07"), "cannot be imported: ClaimError: S-07 in .* share an id"),
    ],
)
def test_what_cannot_be_imported_is_told_in_one_line(mine, text, words):
    (mine.claims[0] / "claim_b.py").write_text(text)
    with pytest.raises(ClaimFileError, match=words):
        registry_of(mine)


def test_files_of_the_checker_are_no_claim_files(tmp_path):
    assert is_claim_file(CLAIMS / "chung2018" / "claim_c01.py")
    assert is_claim_file(tmp_path / "claim_x.py")
    assert not is_claim_file(CLAIMS.parent / "claim_item.py")
    assert not is_claim_file(tmp_path / "test_claim.py")
