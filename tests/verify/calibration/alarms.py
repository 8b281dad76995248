"""Counts of how often true claims are refuted, in hundreds of runs with fresh seeds and a raised alarm rate."""

import argparse
import functools
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from unittest.mock import patch

import hypothesis
from hypothesis.errors import Unsatisfiable

from tests.verify.calibration import alarm_counts
from verify.judging import drawn_examples
from verify.judging.error_rates import Chance
from verify.judging.verdicts import Status
from verify.registry import Claim, load_claims

LINES = Path(".geomem") / "alarms.jsonl"
RUNS = 200
EXAMPLES = 1
# A claim whose examples take most of a second or more draws fewer than these, and is judged in every fifth run alone.
FEW_EXAMPLES = 5
EVERY = 5


def dear(claim: Claim) -> bool:
    """Whether it draws its own examples, and they are few."""
    return not claim.needs and drawn_examples.n_examples(claim.function) < FEW_EXAMPLES


def judged(claim: Claim, run: int) -> dict:
    """One claim in one run: its status, and the p-value of its truth; None where no chance is in it."""
    few = hypothesis.settings(
        drawn_examples.SETTINGS,
        max_examples=min(EXAMPLES, drawn_examples.n_examples(claim.function)),
        phases=(hypothesis.Phase.generate,),
    )
    chance = Chance(alarm=alarm_counts.ALARM, seed=("alarms", str(run), claim.id))
    body = drawn_examples.body_of(claim.function)
    with patch.object(claim.function, "_hypothesis_internal_use_settings", few):
        try:
            with patch.object(claim.function.hypothesis, "inner_test", after_the_simplest(body)):  # type: ignore[attr-defined]
                verdict = claim.judge(chance, accept=frozenset(Status))
        except Unsatisfiable:
            # There is no other example: all that is drawn afresh are its observations.
            verdict = claim.judge(chance, accept=frozenset(Status))
    return {"claim": claim.id, "run": run, "status": verdict.status, "p_value": verdict.p_value}


def after_the_simplest(body: Callable) -> Callable:
    """The same but for hypothesis's first example, which is the simplest there is and the same in every run."""
    calls = itertools.count()

    @functools.wraps(body)
    def run(**drawn):
        hypothesis.assume(next(calls) > 0)
        return body(**drawn)

    return run


def judged_run(run: int, ids: list[str]) -> list[dict]:
    """The claims of these ids in one run."""
    registry = load_claims()
    return [judged(registry[name], run) for name in ids]


def read(lines: Path) -> list[dict]:
    """What was counted so far; the last line of a killed run may be half written."""
    if not lines.exists():
        return []
    return [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines() if line.endswith("}")]


def missing(rows: Iterable[dict], names: Iterable[str], runs: int) -> dict[int, list[str]]:
    """What is left to be judged, by run."""
    done = {(row["claim"], row["run"]) for row in rows}
    registry, every = load_claims(), list(names)
    cheap = [name for name in every if not dear(registry[name])]
    wanted = {run: cheap if run % EVERY else every for run in range(runs)}
    left = {run: [name for name in ids if (name, run) not in done] for run, ids in wanted.items()}
    return {run: ids for run, ids in left.items() if ids}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--lines", type=Path, default=LINES, help=f"where the lines are kept (default: {LINES})")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    options = parser.parse_args()
    options.lines.parent.mkdir(parents=True, exist_ok=True)
    registry = load_claims()
    names = [name for name, claim in registry.items() if not claim.needs]
    left, started = missing(read(options.lines), names, options.runs), time.time()
    with ProcessPoolExecutor(options.workers) as pool, options.lines.open("a", encoding="utf-8") as out:
        jobs = [pool.submit(judged_run, run, ids) for run, ids in left.items()]
        for done, job in enumerate(as_completed(jobs), start=1):
            out.writelines(json.dumps(row) + "\n" for row in job.result())
            out.flush()
            sys.stderr.write(f"\r{done} of {len(jobs)} runs, {time.time() - started:.0f} s")
    rows = [row for row in read(options.lines) if row["claim"] in names and row["run"] < options.runs]
    rows = [row for row in rows if row["run"] % EVERY == 0 or not dear(registry[row["claim"]])]
    alarm_counts.write(rows, options.runs)


if __name__ == "__main__":
    main()
