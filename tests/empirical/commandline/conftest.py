"""The folder of a user, in which commands run."""

import sys

import pytest

from tests.empirical.commandline.user_projects import write_project


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return write_project(tmp_path_factory.mktemp("user"))


@pytest.fixture
def inside(project, monkeypatch):
    """The folder, in which the test runs; what commands and tests add to the folders that are searched goes again."""
    monkeypatch.chdir(project)
    before = list(sys.path)
    yield project
    sys.path[:] = before


@pytest.fixture(autouse=True)
def width_of_a_pipe(monkeypatch):
    """Workers of pytest-xdist have a width in their environment, as if the user had asked for it."""
    monkeypatch.delenv("COLUMNS", raising=False)
