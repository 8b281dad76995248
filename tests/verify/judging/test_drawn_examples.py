import os
import subprocess
import sys

import pytest

from tests.verify.conftest import ROOT

# The examples of C-01, a line each, judged by nobody. The arguments name modules that are loaded before.
DRAW = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
from verify.claims.chung2018 import claim_c01
from verify.judging.drawn_examples import judge_examples
from verify.judging.error_rates import of_claim
from verify.judging.verdicts import Status, Verdict

function = claim_c01.claim_capacity_formulas_agree.function
function.hypothesis.inner_test = lambda **drawn: None
verdict = judge_examples(function, lambda *_: Verdict(Status.SUPPORTED, ""), of_claim(0, "C-01"), frozenset())
print("\\n".join(part.where for part in verdict.parts))
"""
CONSTANTS = [number / 128 for number in range(1, 500)]


@pytest.mark.settled(reads=["verify/claims/chung2018/claim_c01.py", "verify/worlds/world.py"])
def test_examples_follow_from_the_seed_whatever_modules_are_loaded(tmp_path):
    (tmp_path / "loaded_constants.py").write_text(f"CONSTANTS = {CONSTANTS}")
    where = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])}
    both = [
        subprocess.Popen([sys.executable, "-c", DRAW, *names], cwd=tmp_path, env=where, stdout=subprocess.PIPE, text=True)
        for names in ([], ["loaded_constants", "verify.worlds.world"])
    ]
    first, second = (process.communicate()[0] for process in both)
    assert first.count("\n") == 30
    assert first == second
