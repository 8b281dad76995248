"""The folder of a user, in which commands run."""

import sys

import pytest

from tests.empirical.commandline.user_projects import write_project


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return write_project(tmp_path_factory.mktemp("user"))


@pytest.fixture
def inside(project, monkeypatch):
    monkeypatch.chdir(project)
    # A command is a process of its own, and leaves the folder of the user's file among those that are searched.
    monkeypatch.setattr(sys, "path", list(sys.path))
    return project
