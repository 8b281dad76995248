"""Verdicts, numbers and sources in the words and symbols of the pages."""

from verify.judging.verdicts import Status, Verdict
from verify.report import long_board
from verify.report.sentences import Outcome

# The name of a verdict in the style of the pages.
KINDS = {
    Status.SUPPORTED: "supported",
    Status.REFUTED: "refuted",
    Status.INCONCLUSIVE: "inconclusive",
    Status.BROKEN: "broken",
    Status.NOT_ASKED: "unasked",
    Status.UNTESTED: "unasked",
}
LEGEND = {
    "supported": ("SUPPORTED: the whole claim holds, at the stated error"),
    "refuted": ("REFUTED: a part of it falls short of the smallest effect worth arguing about"),
    "inconclusive": ("INCONCLUSIVE: neither is shown, or the effect is smaller than claimed"),
    "broken": ("BROKEN: a checksum, certificate or check failed"),
    "unasked": ("NOT ASKED: the networks lack what the claim is about"),
}
SOURCES = {
    "abstract": ("the abstract"),
    "figure": ("a figure"),
    "text": ("the text"),
    "remembered": ("remembered, and not compared with the text"),
    "ours": ("our own sentence, beside the paper"),
}
RULES = {
    "direction": (
        "SUPPORTED where the interval of the mean over networks lies above 0 and not all of it below the effect; REFUTED "
        "where it lies below the effect and is not shown to be above 0."
    ),
    "equality": (
        "SUPPORTED where the interval of the mean lies within the effect of 0 on either side; REFUTED where it lies outside."
    ),
    "difference": (
        "SUPPORTED where the interval of the mean lies beyond the effect, on either side of 0; REFUTED where it lies within."
    ),
    "identity": (
        "SUPPORTED where the largest relative difference is within the declared accuracy, REFUTED elsewhere; there is no "
        "chance in it."
    ),
    "binomial law": (
        "REFUTED where an exact binomial test rejects the predicted probability, SUPPORTED elsewhere; as many trials are "
        "drawn as reject a deviation of the effect with probability 0.999."
    ),
}


def kind(status: Status | None) -> str:
    """The name of a verdict in the style; of none, that of a claim that was not asked."""
    return KINDS[status] if status else "unasked"


def outcome_kind(outcome: Outcome) -> str:
    """The name of what a sentence of the abstract comes to: refuted in some world, supported in all, or open."""
    if not outcome.claims:
        return "unasked"
    if outcome.against:
        return "refuted"
    return "inconclusive" if outcome.unclear or outcome.missing else "supported"


def measured(verdict: Verdict) -> str:
    """The estimate with its interval and unit; "" where nothing was measured."""
    return long_board.measured(verdict) if verdict.value is not None else ""


def bare(verdict: Verdict) -> str:
    """The estimate with its interval, without the unit."""
    return measured(verdict).replace(f" {verdict.unit}", "", 1) if verdict.unit else measured(verdict)


def reason(verdict: Verdict, registered: str = "") -> str:
    """The rule that decided, in words; "" where the registered reason says it already."""
    return "" if verdict.reason in registered else verdict.reason


def rates(verdict: Verdict) -> str:
    """The error rates of one part, in words; "" where no chance is used."""
    if verdict.alarm is None:
        return ""
    words = f"a true part comes out REFUTED with probability at most {verdict.alarm:.1g}"
    return (
        words
        if verdict.false_support is None
        else f"{words}, a false one SUPPORTED with probability at most {verdict.false_support:g}"
    )


def counted(n: int, noun: str) -> str:
    """A number with its noun: "1 world", "3 worlds"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
