"""Entries of a ledger as tests need them, and what a report prints of them."""

from io import StringIO

from rich.console import Console

from verify.judging.verdicts import Status, Verdict, combine
from verify.report.ledger import Entry


def measured(value=0.5, status=Status.SUPPORTED, about="", **fields):
    """A verdict over ten networks."""
    words = {"unit": "accuracy", "n": 10, "counted": "networks", "detectable": 0.2, **fields}
    return Verdict(status, "interval", value, value - 0.1, value + 0.1, about=about, **words)


def entry(id="S-07", world="digits", status=Status.SUPPORTED, verdict=None, accepted=True, **fields):
    """An entry; ``verdict`` is one of :func:`measured`, or several of them, which are combined."""
    verdict = verdict or measured(status=status)
    whole = verdict if isinstance(verdict, Verdict) else combine(verdict)
    return Entry(id, world, whole, accepted, "", f"{id}: words", None, **fields)


def lines(render, *arguments, width=160):
    """The lines that a function prints on a page of this width."""
    page = Console(file=StringIO(), width=width, highlight=False)
    render(*arguments, page)
    return [line.rstrip() for line in page.file.getvalue().splitlines()]
