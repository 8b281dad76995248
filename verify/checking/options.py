"""The options of a run of pytest, each under a name of its own, and in the checkout also under a short one."""

from pathlib import Path
from typing import Any

import pytest

from verify.gate import requirements
from verify.report import ledger

# Counterfeits of claims that draw their own examples take as long as the claims themselves.
COUNTERFEITS = ("networks", "all", "none")
OPTIONS: dict[str, dict[str, Any]] = {
    "claim": {"action": "append", "default": [], "help": "judge only the claim of this id; may be repeated"},
    "world": {"action": "append", "help": "judge only this world (theory, digits, ...); may be repeated"},
    "require": {
        "action": "append",
        "default": [],
        "metavar": "VERDICT",
        "help": f"fail unless this verdict is found: {requirements.FORM}; may be repeated",
    },
    "long": {"action": "store_true", "help": "end with the long board: a row for each claim and world"},
    "seed": {"type": int, "help": "seed of the drawn examples and of the networks"},
    "no-cache": {"action": "store_true", "help": "train and judge everything anew, without reading or writing the cache"},
    "evidence": {"type": Path, "help": "folder of recorded bundles"},
    "deviations": {"type": Path, "help": "registered verdicts (TOML)"},
    "counterfeits": {
        "choices": COUNTERFEITS,
        "default": "networks",
        "help": "also judge counterfeits, for the ledger: of claims about networks (default), of all claims, or none",
    },
    "ledger": {"type": Path, "help": f"where to write the verdicts (default: {ledger.LEDGER})"},
}
SHORT_NAMES = "geomem-short-names"


def add(parser: pytest.Parser) -> None:
    """Add every option as ``--geomem-NAME``, which no other plugin has."""
    group = parser.getgroup("geomem", "claims checker")
    for option, words in OPTIONS.items():
        group.addoption(f"--geomem-{option}", dest=_stored(option), **words)


class ShortNames:
    """A plugin that adds every option as ``--NAME`` too, for a run of nothing but claims."""

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        """Add the options; pytest calls this with its parser."""
        group = parser.getgroup("geomem-short", "claims checker, by short names")
        for option, words in OPTIONS.items():
            group.addoption(f"--{option}", dest=_stored(option), **words)


def add_short_names(manager: pytest.PytestPluginManager) -> None:
    """Add the short names, once."""
    if not manager.has_plugin(SHORT_NAMES):
        manager.register(ShortNames(), SHORT_NAMES)


def given(config: pytest.Config, option: str) -> Any:
    """What the run was given for an option, by either of its names."""
    return config.getoption(_stored(option))


def written(config: pytest.Config, option: str) -> str:
    """The name of an option as the run's user writes it."""
    return f"--{option}" if has_short_names(config) else f"--geomem-{option}"


def has_short_names(config: pytest.Config) -> bool:
    """Whether the run has the short names, which only a run of nothing but claims has."""
    return config.pluginmanager.has_plugin(SHORT_NAMES)


def _stored(option: str) -> str:
    return f"geomem_{option.replace('-', '_')}"
