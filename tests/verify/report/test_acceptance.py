import stat
from pathlib import Path

import pytest

from verify.judging.verdicts import Status, Verdict
from verify.report.acceptance import Refusal, acceptable, judged, register
from verify.report.deviations import Deviation, DeviationError, load
from verify.report.ledger import Entry

REGISTERED = [("S-02", "digits"), ("S-02", "digits-mlp"), ("S-13", "digits"), ("C-00", "theory")]
LEDGER = Path("ledger.jsonl")
FILE = """# What is known.

[[deviation]]
id = "S-02"
world = "digits"
accept = ["REFUTED"] # not for long
reason = \"\"\"one \\
reason\"\"\"
since = "2026-11-21"
evidence = "old"

# The coin.
[[deviation]]
id = "C-00"
world = "theory"
accept = ["INCONCLUSIVE"]
reason = "known"
since = "2026-11-21"
"""


def entry(id="S-02", world="digits", status=Status.INCONCLUSIVE, accepted=False):
    return Entry(id, world, Verdict(status, "why"), accepted, "", "words", None)


def verdicts(*entries):
    return {(one.id, one.world): one for one in entries}


def wanted(id="S-02", world="digits", evidence=""):
    return Deviation(id, world, (Status.INCONCLUSIVE, Status.REFUTED), 'a "reason"', "2026-11-22", evidence)


@pytest.fixture
def file(tmp_path):
    (tmp_path / "deviations.toml").write_text(FILE)
    return tmp_path / "deviations.toml"


def test_an_entry_is_replaced_and_the_rest_kept(file):
    written = register(wanted(), file, REGISTERED)
    assert load(file, REGISTERED)["S-02", "digits"].accept == (Status.INCONCLUSIVE, Status.REFUTED)
    text = file.read_text()
    assert written in text.replace(" # not for long", "")
    assert "# The coin." not in written
    assert "one \\" not in text
    assert text.startswith("# What is known.\n")
    assert text.partition("# The coin.")[2] == FILE.partition("# The coin.")[2]


def test_a_new_entry_follows_the_others(file):
    written = register(wanted("S-13", evidence="abc"), file, REGISTERED)
    assert file.read_text() == f"{FILE}\n{written}"
    assert written == (
        '[[deviation]]\nid = "S-13"\nworld = "digits"\naccept = ["INCONCLUSIVE", "REFUTED"]\n'
        'reason = "a \\"reason\\""\nsince = "2026-11-22"\nevidence = "abc"\n'
    )


@pytest.mark.parametrize("text", ["", "# nothing is known\n"])
def test_the_first_entry_of_a_file(file, text):
    file.write_text(text)
    register(wanted(), file, REGISTERED)
    assert file.read_text().startswith(text)
    assert set(load(file, REGISTERED)) == {("S-02", "digits")}


def test_a_file_that_does_not_exist_is_begun(tmp_path):
    written = register(
        Deviation("S-13", "digits", (Status.REFUTED,), "why", "2026-11-30", ""), tmp_path / "new.toml", REGISTERED
    )
    assert (tmp_path / "new.toml").read_text() == written
    assert load(tmp_path / "new.toml", REGISTERED).keys() == {("S-13", "digits")}


def test_live_evidence_has_no_digest(file):
    register(wanted(), file, REGISTERED)
    assert load(file, REGISTERED)["S-02", "digits"].evidence == ""


@pytest.mark.parametrize("text", ["[[deviation", FILE + FILE, FILE.replace("S-02", "S-99")])
def test_a_file_that_is_wrong_is_left_alone(file, text):
    file.write_text(text)
    with pytest.raises(DeviationError):
        register(wanted(), file, REGISTERED)
    assert file.read_text() == text


def test_an_acceptance_that_matches_no_claim_changes_nothing(file):
    with pytest.raises(DeviationError, match="S-77 in world digits matches no registered claim"):
        register(wanted("S-77"), file, REGISTERED)
    assert file.read_text() == FILE


def test_a_file_that_cannot_be_written_is_as_it_was(file, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(Refusal, match=r"cannot write .*: Permission denied; the file is unchanged"):
        register(wanted(), file, REGISTERED)
    assert file.read_text() == FILE
    assert stat.S_ISREG(file.stat().st_mode)


def test_the_verdict_is_the_ledgers():
    known = verdicts(entry(), entry("S-13", "digits-mlp"))
    assert judged("S-13", None, known, LEDGER).world == "digits-mlp"


@pytest.mark.parametrize(
    ("claim", "world", "words"),
    [
        ("S-03", None, r"ledger.jsonl has no verdict on S-03; judge the claim first: pytest verify/ --claim S-03"),
        ("S-02", None, r"S-02 was judged in digits, digits-mlp; add --world"),
        ("S-02", "theory", r"not in theory; judge the claim there: pytest verify/ --claim S-02 --world theory"),
    ],
)
def test_a_verdict_that_is_not_there_is_refused(claim, world, words):
    with pytest.raises(Refusal, match=words):
        judged(claim, world, verdicts(entry(), entry(world="digits-mlp")), LEDGER)


def test_without_a_ledger_there_is_nothing_to_accept():
    with pytest.raises(Refusal, match=r"ledger.jsonl has no verdicts; judge the claim first: pytest verify/ --claim S-02"):
        judged("S-02", None, {}, LEDGER)


@pytest.mark.parametrize(
    ("given", "reason", "words"),
    [
        (entry(status=Status.BROKEN), "r", "BROKEN, which is never accepted: why"),
        (entry(status=Status.SUPPORTED, accepted=True), "r", "no entry is needed"),
        (entry(status=Status.SUPPORTED), "r", "does not accept; delete the entry"),
        (entry(), "  ", "--reason is empty"),
    ],
)
def test_what_is_never_registered(given, reason, words):
    with pytest.raises(Refusal, match=words):
        acceptable(given, reason)
