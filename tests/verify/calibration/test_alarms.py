from contextlib import nullcontext
from unittest.mock import patch

import pytest
from hypothesis import strategies as st

from tests.verify.calibration import alarm_counts, alarms
from verify import averages, given
from verify.registry import Claim, load_claims


def test_a_run_gives_every_claim_its_part_of_the_budget(registry):
    row = alarms.judged(registry["C-04"], 3)
    assert row == alarms.judged(registry["C-04"], 3)
    assert row["status"] == "SUPPORTED"
    assert 0 < row["p_value"] <= 1
    assert alarms.judged(registry["C-03"], 3)["p_value"] is None


def test_every_run_draws_an_example_of_its_own(registry):
    claim, drawn = registry["C-04"], []

    def remembered(body):
        return lambda **example: drawn.append(example) or body(**example)

    function = claim.function.hypothesis
    with patch.object(function, "inner_test", remembered(function.inner_test)):
        for run in range(4):
            alarms.judged(claim, run)
    assert len(drawn) == len({str(example) for example in drawn}) == 4


def test_where_there_is_but_one_example_it_is_judged():
    only = given(where=st.just(0))(lambda where: averages(1.0, lambda n, rng: rng.normal(1.0, 0.1, n), 0.1))
    row = alarms.judged(Claim("one", only, (), nullcontext), 0)
    assert row["status"] == "SUPPORTED"


def test_a_false_theory_raises_the_alarm(registry):
    with registry["C-04"].counterfeit():
        row = alarms.judged(registry["C-04"], 0)
    assert row["status"] == "REFUTED"
    assert row["p_value"] <= alarm_counts.ALARM


def test_what_a_killed_script_left_is_continued(tmp_path):
    lines = tmp_path / "alarms.jsonl"
    lines.write_text('{"claim": "C-00", "run": 0, "status": "SUPPORTED", "p_value": 0.5}\n{"claim": "C-0')
    rows = alarms.read(lines)
    assert alarms.missing(rows, ["C-00", "C-04"], 2) == {0: ["C-04"], 1: ["C-00", "C-04"]}


def test_counts_and_their_probabilities(tmp_path):
    rows = [
        {
            "claim": name,
            "run": run,
            "status": "REFUTED" if run in refuted else "SUPPORTED",
            "p_value": 1e-6 if run == 1 else 0.5,
        }
        for name, refuted in (("C-00", (1, 4)), ("C-04", (1,)))
        for run in range(10)
    ]
    rows.append({"claim": "C-04", "run": 10, "status": "BROKEN", "p_value": None})
    rows.append({"claim": "C-00", "run": 10, "status": "SUPPORTED", "p_value": 0.5})
    rows.append({"claim": "C-03", "run": 0, "status": "SUPPORTED", "p_value": None})
    with patch.object(alarm_counts, "RECORD", tmp_path / "alarms.json"):
        alarm_counts.write(rows, 11)
        record = alarm_counts.recorded()
    assert set(record["claims"]) == {"C-00", "C-04"}
    assert alarm_counts.alarms(record) == 2
    assert alarm_counts.at_most(record["claims"]["C-00"], 0.2) == 1
    assert alarm_counts.tail(2, 10, 0.2) == pytest.approx(1 - 0.8**10 - 10 * 0.2 * 0.8**9)
    assert record["claims"]["C-04"]["p_values"] == [0.5, 1e-6, *[0.5] * 8, 1.0]
    assert record["claims"]["C-04"]["broken"] == [10]
    assert "2 runs raised an alarm, where 2.2 may" in alarm_counts.text(record)
    assert "1 judgements were BROKEN" in alarm_counts.text(record)


@pytest.mark.skipif(not alarm_counts.RECORD.exists(), reason="nothing recorded yet")
def test_the_recorded_runs_keep_to_the_budget():
    """A count or p-values that the budget does not allow, once in 10,000, would be a finding about the judge."""
    record = alarm_counts.recorded()
    runs, claims, registry = record["about"]["runs"], record["claims"], load_claims()
    assert runs >= 200
    assert set(claims) <= set(registry)
    assert {len(one["p_values"]) for name, one in claims.items() if not alarms.dear(registry[name])} == {runs}
    assert alarm_counts.tail(alarm_counts.alarms(record), runs, record["about"]["budget"]) > 1e-4
    assert alarm_counts.least_likely(record) > 1e-4 / (len(claims) * len(alarm_counts.LEVELS))
