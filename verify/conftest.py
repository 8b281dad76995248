"""``pytest verify/`` judges the claims: the hooks of :mod:`verify.plugin`, with the short names of its options."""

import pytest

import verify.plugin
from verify.options import add_short_names


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the hooks, unless the command line did, and the short names."""
    add_short_names(pluginmanager)
    if not pluginmanager.has_plugin(verify.plugin.NAME):
        pluginmanager.register(verify.plugin, verify.plugin.NAME)
