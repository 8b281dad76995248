"""The verdict on a claim: a status, the numbers behind it, and the rule that decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """The outcome of a judgement; with NOT ASKED, UNTESTED and BROKEN nothing was judged."""

    SUPPORTED = "SUPPORTED"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_ASKED = "NOT ASKED"
    UNTESTED = "UNTESTED"
    REFUTED = "REFUTED"
    BROKEN = "BROKEN"


# From mild to grave: a combination is as grave as its gravest part.
GRAVITY = {status: rank for rank, status in enumerate(Status)}


class Level(NamedTuple):
    """The mean of a measured quantity, in words, with its standard error over n networks."""

    about: str
    value: float
    se: float
    n: int


@dataclass(frozen=True)
class Verdict:
    """The record of one judgement.

    status: see :class:`Status`.
    reason: the rule that decided, in words.
    about: what the number is of, in words ("gain of deep layers"); empty where the claim has one part.
    predicted: what was claimed, in words.
    value, lower, upper: the estimate and its interval, in ``unit``; None where nothing was measured.
    se: the standard error of the estimate over observations, in ``unit``; None where there is none.
    n, counted: the number of independent observations, and what they are ("networks", "dichotomies", "comparisons").
    detectable: the smallest deviation that a t bound would have detected with probability 0.999, in ``unit``. For a direction
        it is a mean that would have been SUPPORTED, for an equality or a law a deviation that would not. None for exact
        comparisons.
    leans, needed: the outcome to which the estimate leans where nothing was decided, and how many observations with the same
        mean and spread would decide it; empty and None otherwise.
    note: what a reader must know of the observations ("skewed"); empty otherwise.
    method: by what method capacity, radius and dimension were measured, in words; empty where the claim reads none of them.
    strain: how near the relation is to being rejected, from 0 (not at all) to 1; it selects the example that the board shows.
    where: the drawn example behind the number; empty where none was drawn.
    examples: how many drawn examples are combined here.
    parts: the verdicts combined here.
    levels: the levels of what was read, which decide nothing; changes of them are noticed.
    layers: where the values are means over layers, the verdict that each layer alone would have; they decide nothing.
    rule, effect: the kind of rule that decided ("direction"), and the smallest effect worth arguing about, in ``unit``; empty
        and None where nothing was measured.
    alarm, false_support: the error rates of this verdict, alone; None where the rule uses no chance.
    values: the value of each network, to seven digits, where the observations are networks.
    chosen: whether the networks decide which parts there are.
    p_value: the smallest alarm rate at which the verdict would have been REFUTED. For a true claim it is below a rate of a with
        probability at most a. It is 0 where a part without chance refutes, and None where no part uses chance.
    """

    status: Status
    reason: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str = ""
    n: int = 0
    counted: str = ""
    detectable: float | None = None
    strain: float = 0.0
    where: str = ""
    examples: int = 0
    predicted: str = ""
    parts: tuple["Verdict", ...] = ()
    p_value: float | None = None
    needed: int | None = None
    method: str = ""
    about: str = ""
    se: float | None = None
    leans: str = ""
    note: str = ""
    layers: tuple["Verdict", ...] = ()
    levels: tuple[Level, ...] = ()
    rule: str = ""
    effect: float | None = None
    alarm: float | None = None
    false_support: float | None = None
    values: tuple[float, ...] = ()
    chosen: bool = False

    def record(self) -> dict:
        """The verdict as plain JSON values."""
        # What dataclasses.asdict returns, which copies every number of hundreds of parts by itself.
        return {**vars(self), **{name: tuple(one.record() for one in getattr(self, name)) for name in ("parts", "layers")}}

    @classmethod
    def from_record(cls, record: dict) -> "Verdict":
        """Inverse of :meth:`record`."""
        parts, layers = (tuple(map(cls.from_record, record[name])) for name in ("parts", "layers"))
        read = {"levels": tuple(Level(*one) for one in record["levels"]), "parts": parts, "layers": layers}
        return cls(**{**record, "status": Status(record["status"]), "values": tuple(record["values"]), **read})

    def alone(self) -> "Verdict":
        """The verdict without what it combines and what it read."""
        return replace(self, parts=(), layers=(), levels=())


def combine(verdicts: Sequence[Verdict], share: int = 0) -> Verdict:
    """The combined verdict: SUPPORTED when all are, otherwise as grave as the gravest.

    Its numbers are those of one of the gravest verdicts: the most strained, then the one that the lowest alarm rate would
    refute.

    :param share: the number of parts that share the alarm rate, where it is larger than the number of verdicts.
    """
    gravest = max(GRAVITY[verdict.status] for verdict in verdicts)
    lead = min((v for v in verdicts if GRAVITY[v.status] == gravest), key=_firmness)
    known = [verdict.p_value for verdict in verdicts if verdict.p_value is not None]
    if any(verdict.status == Status.REFUTED and verdict.p_value is None for verdict in verdicts):
        # Refuted at any rate.
        known = [0.0 for _ in known]
    p_value = min(1.0, max(share, len(verdicts)) * min(known)) if known else None
    return replace(lead, parts=tuple(verdicts), p_value=p_value)


def _firmness(verdict: Verdict) -> tuple[float, float]:
    return -verdict.strain, 1.0 if verdict.p_value is None else verdict.p_value


class EvidenceError(Exception):
    """Evidence cannot be judged; ``status`` is the outcome."""

    status = Status.BROKEN


class Broken(EvidenceError):
    """A certificate, checksum or schema failed."""


class NotAsked(EvidenceError):
    """The claim cannot be asked of this world; the message says what the world's networks lack."""

    status = Status.NOT_ASKED


class Untested(EvidenceError):
    """The evidence, or a package that makes it, is missing; the message gives the one command that makes it."""

    status = Status.UNTESTED
