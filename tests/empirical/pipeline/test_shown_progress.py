"""Progress without a terminal: a line now and then, and none for what is quick."""

import pytest

from empirical.pipeline import shown_progress


@pytest.fixture
def seconds(monkeypatch):
    """The time, which the test sets."""
    now = [0.0]
    monkeypatch.setattr(shown_progress.time, "monotonic", lambda: now[0])
    return now


def test_a_line_is_printed_every_half_minute(seconds, capsys):
    with shown_progress.progress("measuring [net]") as report:
        for second in range(0, 100, 10):
            seconds[0] = second
            report(second, 100)
    said = capsys.readouterr()
    assert said.err.splitlines() == [f"measuring [net]: {second}% after {second} s" for second in (30, 60, 90)]
    assert said.out == ""


def test_what_is_quick_prints_nothing(seconds, capsys):
    with shown_progress.progress("measuring") as report:
        report(1, 1)
    assert capsys.readouterr().err == ""
