"""The estimates of a claim over worlds, part by part, each part on one scale."""

from collections.abc import Iterable
from dataclasses import dataclass

from empirical.pages.charts import Mark, Scale, mark
from verify.judging.verdicts import Verdict
from verify.report import long_board
from verify.report.ledger import Entry
from verify.report.tally import quantities
from verify.site import words


@dataclass(frozen=True)
class Row:
    """One estimate: its label, its verdict, and its place in the chart.

    label: the world. place: the fragment of the page that tells more. registered: the registered reason, which is shown there.
    """

    label: str
    verdict: Verdict
    mark: Mark
    place: str
    registered: str

    @property
    def kind(self) -> str:
        """The verdict in the style of the pages."""
        return words.kind(self.verdict.status)

    @property
    def spoken(self) -> str:
        """The row in words, for who does not see a chart without numbers beside it."""
        return f"{self.label}: {words.measured(self.verdict)}, {self.verdict.status}"

    @property
    def singles(self) -> str:
        """The range of single networks in words, which only the chart shows; "" where they are not known."""
        values = self.verdict.values
        return f"single networks from {min(values):.3g} to {max(values):.3g}" if values else ""

    @property
    def said(self) -> str:
        """Over what the estimate is a mean, the rule that decided, and what a reader must know of it."""
        texts = (long_board.over(self.verdict), words.reason(self.verdict, self.registered), self.verdict.note)
        return "; ".join(filter(None, texts))


@dataclass(frozen=True)
class Forest:
    """Rows on one scale. about: what the numbers are of. band: the ends of the effect's band on the scale, or None."""

    about: str
    unit: str
    scale: Scale
    band: tuple[float, float] | None
    rows: tuple[Row, ...]


def forests(entries: Iterable[Entry]) -> list[Forest]:
    """A forest for every part of a claim that was measured, each with its worlds; examples that were drawn have none."""
    found: dict[tuple[str, str], list[tuple[Entry, Verdict]]] = {}
    for entry in entries:
        for one in quantities(entry.verdict) if not entry.verdict.examples else []:
            if one.value is not None:
                found.setdefault((one.about, one.unit), []).append((entry, one))
    return [_forest(about, unit, pairs) for (about, unit), pairs in found.items()]


def leading(entries: Iterable[Entry]) -> Forest | None:
    """The forest of the part that most worlds have; the first of several."""
    return max(forests(entries), key=lambda one: len(one.rows), default=None)


def _forest(about: str, unit: str, pairs: list[tuple[Entry, Verdict]]) -> Forest:
    scale = scale_of(one for _, one in pairs)
    rows = tuple(Row(e.world, one, _mark(scale, one), e.world, e.registered) for e, one in pairs)
    return Forest(about, unit, scale, band(scale, pairs[0][1]), rows)


def scale_of(verdicts: Iterable[Verdict]) -> Scale:
    """The scale of all estimates, intervals, single networks and effects."""
    numbers: list[float | None] = []
    for one in verdicts:
        shown = one.effect if one.rule != "identity" else None
        numbers += [one.value, one.lower, one.upper, shown, -shown if shown and one.rule != "direction" else None, *one.values]
    return Scale.over(numbers)


def band(scale: Scale, verdict: Verdict) -> tuple[float, float] | None:
    """The ends of what is smaller than the effect: from 0 for a direction, on both sides of 0 for others; None without one."""
    if not verdict.effect or verdict.rule == "identity":
        return None
    return scale.x(0.0 if verdict.rule == "direction" else -verdict.effect), scale.x(verdict.effect)


def _mark(scale: Scale, verdict: Verdict) -> Mark:
    return mark(scale, verdict.value or 0.0, verdict.lower, verdict.upper, verdict.values)
