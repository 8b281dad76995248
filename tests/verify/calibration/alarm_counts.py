"""Alarms and p-values of true claims in hundreds of runs at a raised alarm rate, recorded in alarms.json."""

import json
import time
from collections.abc import Iterable
from pathlib import Path

from scipy import stats

from verify.judging import error_rates
from verify.judging.verdicts import Status

RECORD = Path(__file__).with_name("alarms.json")
# What all claims together may spend in a run that is not confirmed, and what each may spend.
BUDGET = 0.2
ALARM = error_rates.ALARM
LEVELS = (0.01, 0.05, 0.2, 0.5)


def write(rows: Iterable[dict], runs: int) -> None:
    """Keep what was counted: for every claim with chance in it its p-values, run by run, and the runs that refuted it.

    A claim judged in some runs only has been judged in every so many of them. Where it was BROKEN, or no chance was in the
    example drawn, it could not have been refuted by chance: its p-value is 1.
    """
    rows, claims = sorted(rows, key=lambda row: (row["claim"], row["run"])), {}
    with_chance = {row["claim"] for row in rows if row["p_value"] is not None}
    for row in (row for row in rows if row["claim"] in with_chance):
        one = claims.setdefault(row["claim"], {"refuted": [], "broken": [], "p_values": []})
        one["p_values"].append(1.0 if row["p_value"] is None else float(f"{row['p_value']:.3g}"))
        if row["status"] == Status.REFUTED:
            one["refuted"].append(row["run"])
        if row["status"] == Status.BROKEN:
            one["broken"].append(row["run"])
    about = {"made": time.strftime("%Y-%m-%d", time.gmtime()), "runs": runs, "budget": BUDGET}
    lines = [f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in claims.items()]
    RECORD.write_text(f'{{"about": {json.dumps(about)}, "claims": {{\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")


def recorded() -> dict:
    """The record: ``about`` and ``claims``."""
    return json.loads(RECORD.read_text(encoding="utf-8"))


def alarms(record: dict) -> int:
    """Runs in which any claim was REFUTED."""
    return len({run for one in record["claims"].values() for run in one["refuted"]})


def tail(count: int, runs: int, level: float) -> float:
    """Probability of so many or more, at a rate of the level: exact binomial."""
    return float(stats.binom.sf(count - 1, runs, level))


def at_most(one: dict, level: float) -> int:
    """How many p-values of a claim are at most the level."""
    return sum(p <= level for p in one["p_values"])


def least_likely(record: dict) -> float:
    """Of all claims and levels, the smallest probability of so many p-values at most the level, or more."""
    claims = record["claims"].values()
    return min(tail(at_most(one, level), len(one["p_values"]), level) for one in claims for level in LEVELS)


def text(record: dict) -> str:
    """The paragraph and the table that docs/claims.md has of it."""
    about, claims = record["about"], record["claims"]
    runs, found = about["runs"], alarms(record)
    cells = [
        [name, len(one["p_values"]), len(one["refuted"]), *(at_most(one, level) for level in LEVELS)]
        for name, one in claims.items()
    ]
    rows = [f"| {' | '.join(map(str, row))} |" for row in cells]
    sentences = [
        f"The {len(claims)} claims that draw examples and use chance were judged in {runs} runs, with one fresh example each",
        f"and an alarm rate of {about['budget']:g} per run ({about['made']}, `python -m tests.verify.calibration.alarms`;",
        f"the slowest claims in every fifth run). {found} runs raised an alarm, where {runs * about['budget']:g} may;",
        f"so many or more have a probability of {tail(found, runs, about['budget']):.2g} (exact binomial). These are first",
        "verdicts: in a run of the checker, a verdict that is not accepted is judged again on a fresh draw before it fails.",
        f"{sum(len(one['broken']) for one in claims.values())} judgements were BROKEN because a certificate failed.",
        "The p-value of a true claim is at most a level in at most that share of the runs. The table counts how often it is;",
        f"the least likely of these {len(claims) * len(LEVELS)} counts has a probability of {least_likely(record):.2g}.",
    ]
    heads = [f"| claim | runs | REFUTED | {' | '.join(f'p <= {a:g}' for a in LEVELS)} |", f"|{' --- |' * (3 + len(LEVELS))}"]
    return "\n".join([" ".join(sentences), "", *heads, *rows])
