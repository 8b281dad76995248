"""Ends a run of the planted errors in a table: every error, its place, what detects it, and whether it was caught."""

from collections.abc import Iterable

import pytest
from rich.console import Console
from rich.table import Table

from tests.verify.planted.instruments import CHECKED
from tests.verify.planted.planted_error import PlantedError
from tests.verify.planted.slips.twenty import TWENTY

KEY = "planted error"
Row = tuple[str, str, str, str]  # name, place, detector, first


def pytest_configure(config):
    config.addinivalue_line("markers", "planted(name): plants the error of this name in CHECKED")


def pytest_collection_modifyitems(items):
    """Properties are part of a report, so that workers of pytest-xdist send them along."""
    for item in items:
        if row := row_of(item):
            item.user_properties.append((KEY, row))


def row_of(item: pytest.Item) -> Row | None:
    """What the table says of a test's error before the test is run; None where the test plants none."""
    error = getattr(item, "callspec", None) and item.callspec.params.get("error")  # type: ignore[attr-defined]
    if isinstance(error, PlantedError):
        return error.name, error.plant.target, error.detector, error.first
    if mark := item.get_closest_marker("planted"):
        name, _, turns = next(row for row in CHECKED if row[0] == mark.args[0])
        return name, "", turns, ""
    return None


def pytest_terminal_summary(terminalreporter):
    reports = [report for each in ("passed", "failed", "error") for report in terminalreporter.stats.get(each, [])]
    rows = {row: report.passed for report in reports for key, row in properties(report) if key == KEY}
    if rows:
        terminalreporter.section("planted errors")
        terminalreporter.write_line(text_of(rows.items()))


def properties(report) -> list[tuple[str, Row]]:
    """The properties of a report; a worker sends rows as lists."""
    return [(key, tuple(value) if isinstance(value, list) else value) for key, value in report.user_properties]


def text_of(rows: Iterable[tuple[Row, bool]]) -> str:
    """The table as plain text, and the number of errors caught."""
    rows = list(rows)
    table = Table("error", "where", "caught by", "at first", "", box=None, pad_edge=False)
    for (name, where, detector, first), caught in sorted(rows):
        table.add_row(name, where, detector, first, "caught" if caught else "MISSED")
    console = Console(width=300, no_color=True, markup=False)
    with console.capture() as captured:
        console.print(table)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    first = sum(error.first == "caught" for error in TWENTY)
    score = f"{sum(caught for _, caught in rows)} of {len(rows)} errors caught"
    return "\n".join([*lines, "", f"{score}; first score of the twenty slips: {first} of {len(TWENTY)}"])
