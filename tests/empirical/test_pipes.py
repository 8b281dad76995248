import subprocess
import sys

import pytest

from tests.verify.conftest import ROOT


@pytest.mark.slow
@pytest.mark.parametrize("module", ["verify", "empirical", "geomem"])
def test_a_reader_that_has_seen_enough_ends_a_command_in_silence(module):
    """The reader leaves before the command has written anything; what is written is more than a pipe holds."""
    words = ["list", "--world", "theory"] if module == "verify" else ["--help"]
    with subprocess.Popen(
        [sys.executable, "-m", module, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert command.stdout
        command.stdout.close()
        assert command.stderr
        assert command.stderr.read() == b""
    assert command.returncode in (0, 1)
