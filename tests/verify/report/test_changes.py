from tests.verify.report.pages import entry, lines, measured
from verify.judging.verdicts import Status
from verify.report import changes


def printed(*entries):
    return lines(changes.render, list(entries), width=300)


def test_where_nothing_changed_one_line_says_so():
    assert printed(entry()) == ["nothing changed since it was registered"]


def test_a_recorded_change_is_told_with_its_numbers():
    found = printed(entry(), entry("S-08", accepted=False, objection="was REFUTED when it was registered on 2026-11-28"))
    assert found == [
        "changed since registered: 1",
        "  S-08 in digits: was REFUTED when it was registered on 2026-11-28 (+0.500 accuracy [0.400, 0.600])",
    ]


def test_a_fresh_draw_confirms_a_change_or_does_not():
    again = {"objection": "REFUTED is not accepted", "status": Status.REFUTED}
    confirmed = entry("S-08", accepted=False, again=measured(0.1, Status.REFUTED), **again)
    cleared = entry("S-09", accepted=True, again=measured(0.7), **again)
    _, first, second = printed(confirmed, cleared)
    assert first.endswith("; confirmed on a fresh draw: REFUTED (+0.100 accuracy [0.000, 0.200])")
    assert second.endswith("; not confirmed on a fresh draw: SUPPORTED (+0.700 accuracy [0.600, 0.800])")
