from io import StringIO

import pytest

from verify.judging.verdicts import Status
from verify.report.console import COLORS, PIPED_COLUMNS, console


class Terminal(StringIO):
    def isatty(self):
        return True


def test_a_pipe_has_a_fixed_width_and_a_terminal_its_own(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert console(StringIO()).width == PIPED_COLUMNS
    monkeypatch.setenv("COLUMNS", "80")
    assert console(Terminal()).width == console(StringIO()).width == 80


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_colour(status):
    assert COLORS[status]


@pytest.mark.parametrize(("color", "there"), [("yes", True), ("no", False), ("auto", False)])
def test_colours_go_into_a_pipe_where_they_are_asked_for(color, there):
    page = StringIO()
    console(page, color).print("[red]REFUTED[/]")
    assert ("\x1b[31m" in page.getvalue()) == there
