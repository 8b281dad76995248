"""Versions that stand in several files: they are the same."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# What the tests of that environment need besides.
FOR_TESTS = {"mpmath"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def numbers(version: str) -> list[int]:
    """The parts of a version without zeros at its end, 2 for "2.0.0"."""
    parts = [int(part) for part in version.split(".")]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def test_the_lowest_versions_are_those_of_the_package():
    lowest = dict(re.findall(r"^([\w-]+)==([\d.]+)$", text("constraints-lowest.txt"), re.MULTILINE))
    allowed = dict(re.fullmatch(r"([\w-]+)>=([\d.]+)", one).groups() for one in PROJECT["dependencies"])
    assert set(lowest) - FOR_TESTS == set(allowed)
    assert not [name for name, version in allowed.items() if numbers(version) != numbers(lowest[name])]


def test_the_version_has_a_heading_in_the_changelog_and_is_the_one_to_cite():
    assert re.findall(r"^## (.+)$", text("CHANGELOG.md"), re.MULTILINE)[0] == PROJECT["version"]
    assert re.search(r"^version: (.+)$", text("CITATION.cff"), re.MULTILINE)[1] == PROJECT["version"]
