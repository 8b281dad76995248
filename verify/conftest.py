"""``pytest verify/`` judges the claims: the hooks of :mod:`verify.plugin`, with the short names of its options."""

import pytest

import verify.plugin
from verify.checking.options import add_short_names


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the hooks, unless the command line did, and the short names."""
    add_short_names(pluginmanager)
    if not any(_has_hooks(plugin) for plugin in pluginmanager.get_plugins()):
        pluginmanager.register(verify.plugin, verify.plugin.NAME)


def _has_hooks(plugin: object) -> bool:
    """Whether a plugin has our hooks, whatever the name is under which it was registered."""
    return getattr(plugin, "pytest_configure_node", None) is verify.plugin.pytest_configure_node
