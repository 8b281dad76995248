"""How often true claims are refuted: hundreds of runs with fresh seeds and a raised budget, python -m tests.verify.alarms.

A full run may raise a false alarm with probability 1e-3, which no number of runs can show. Here the same budget is 0.2: every
claim that draws its own worlds spends 200 times what it spends live, on fewer worlds than it draws live, each of which gets
its share. A run raises an alarm when any claim is REFUTED. What is counted is kept as it comes in, one line a claim and run; killed
and started again, it continues.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from unittest.mock import patch

import hypothesis

from verify import drawn
from verify.chance import FULL_RUN_ALARM, LIVE_ALARM, Chance
from verify.claim import Claim, load_claims
from verify.verdict import Status

RECORD = Path(__file__).with_name("alarms.jsonl")
BUDGET = 0.2
# What a claim may spend of the budget: the same part of it as live.
ALARM = BUDGET * LIVE_ALARM / FULL_RUN_ALARM
RUNS = 200
WORLDS = 2


def judged(claim: Claim, run: int) -> dict:
    """One claim in one run: its status, and the p-value of its truth; None where no chance is in it."""
    few = hypothesis.settings(
        drawn.SETTINGS,
        max_examples=min(WORLDS, drawn.n_examples(claim.function)),
        phases=(hypothesis.Phase.generate,),
    )
    with patch.object(claim.function, "_hypothesis_internal_use_settings", few):
        verdict = claim.judge(Chance(alarm=ALARM, seed=("alarms", str(run), claim.id)), accept=frozenset(Status))
    return {"claim": claim.id, "run": run, "status": verdict.status, "p_value": verdict.p_value}


def judged_run(run: int, ids: list[str]) -> list[dict]:
    """The claims of these ids in one run."""
    registry = load_claims()
    return [judged(registry[name], run) for name in ids]


def read(record: Path = RECORD) -> list[dict]:
    """What was counted so far; the last line of a killed run may be half written."""
    if not record.exists():
        return []
    lines = [line for line in record.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    return [json.loads(line) for line in lines]


def missing(rows: Iterable[dict], names: Iterable[str], runs: int) -> dict[int, list[str]]:
    """What is left to be judged, by run."""
    done = {(row["claim"], row["run"]) for row in rows}
    left = {run: [name for name in names if (name, run) not in done] for run in range(runs)}
    return {run: ids for run, ids in left.items() if ids}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--record", type=Path, default=RECORD, help="where the lines are kept")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("-k", dest="claims", nargs="*", help="only these claims")
    options = parser.parse_args()
    names = options.claims or [name for name, claim in load_claims().items() if not claim.needs]
    left, started = missing(read(options.record), names, options.runs), time.time()
    with ProcessPoolExecutor(options.workers) as pool, options.record.open("a", encoding="utf-8") as out:
        jobs = [pool.submit(judged_run, run, ids) for run, ids in left.items()]
        for done, job in enumerate(as_completed(jobs), start=1):
            out.writelines(json.dumps(row) + "\n" for row in job.result())
            out.flush()
            sys.stderr.write(f"\r{done} of {len(jobs)} runs, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
