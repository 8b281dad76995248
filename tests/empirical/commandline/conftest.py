"""The folder of a user, in which commands run."""

import sys

import pytest


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    # Its images need pillow, which is not installed everywhere that these tests run.
    from tests.empirical.commandline.user_projects import write_project

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
