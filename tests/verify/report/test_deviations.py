import pytest

from verify.judging.verdicts import Status
from verify.report.deviations import DeviationError, load

ENTRY = """
[[deviation]]
id = "S-02"
world = "digits"
accept = ["REFUTED", "INCONCLUSIVE"]
reason = "known"
since = "2026-11-21"
"""
REGISTERED = [("S-02", "digits"), ("C-00", "theory")]


@pytest.fixture
def file(tmp_path):
    def write(text):
        (tmp_path / "deviations.toml").write_text(text)
        return tmp_path / "deviations.toml"

    return write


def test_entries_are_found_by_claim_and_world(file):
    found = load(file(ENTRY), REGISTERED)
    assert found["S-02", "digits"].accept == (Status.REFUTED, Status.INCONCLUSIVE)
    assert load(file(""), REGISTERED) == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("S-02", "S-20"), r"S-20 in world digits matches no registered claim; did you mean S-02/digits"),
        (("digits", "zzzzzzzzz"), r"S-02 in world zzzzzzzzz matches no registered claim; S-02 is judged in digits"),
        (('"known"', '" "'), "has an empty reason"),
        (("REFUTED", "REFUSED"), "'REFUSED' is not a valid Status"),
        (('"REFUTED", "INCONCLUSIVE"', '"BROKEN"'), "BROKEN is never accepted"),
        (('"REFUTED", "INCONCLUSIVE"', '"REFUTED", "SUPPORTED"'), "accepts SUPPORTED and REFUTED, so that it notices nothing"),
        (('"REFUTED", "INCONCLUSIVE"', ""), "name one or more of"),
        (("reason", "raeson"), r"unknown fields \['raeson'\], missing fields \['reason'\]"),
        (("[[deviation]]", "[[deviation"), "not valid TOML"),
        (("[[deviation]]", "[deviation]"), r"write \[\[deviation\]\]"),
        (('["REFUTED", "INCONCLUSIVE"]', "5"), "one or more of"),
    ],
)
def test_wrong_entries_are_refused(file, change, words):
    with pytest.raises(DeviationError, match=words):
        load(file(ENTRY.replace(*change)), REGISTERED)


def test_two_entries_for_one_pair_are_refused(file):
    with pytest.raises(DeviationError, match="registered twice"):
        load(file(ENTRY + ENTRY), REGISTERED)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DeviationError, match=r"cannot read .*gone"):
        load(tmp_path / "gone", REGISTERED)
