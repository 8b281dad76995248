"""The plugin of ``geomem judge``: a run of nothing but claims, all of them, whose options have short names."""

from pathlib import Path

import pytest

from verify.conftest import pytest_addoption
from verify.project import find
from verify.registry import CLAIMS

__all__ = ["pytest_addoption", "pytest_configure"]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Judge the claims of the package and of the repository, unless the command line names files."""
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [str(folder) for folder in (CLAIMS, *find(Path.cwd()).claims)]
