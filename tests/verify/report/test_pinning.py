from dataclasses import replace

import pytest

from tests.verify.report.pages import entry, measured
from verify.judging.verdicts import Status
from verify.report.pins import differences, moved, pinned, renewed

OLD = {(one.id, one.world): pinned(one, "at first", "2026-11-01") for one in (entry("S-07"), entry("S-08"))}


def se(verdict):
    return replace(verdict, se=0.02)


def test_an_entry_replaces_its_pin_and_the_rest_stays():
    after = renewed(OLD, [entry("S-08", status=Status.REFUTED), entry("S-09")], "new networks", "2026-11-28")
    assert after["S-07", "digits"] is OLD["S-07", "digits"]
    assert (after["S-08", "digits"].status, after["S-08", "digits"].reason) == ("REFUTED", "new networks")
    assert after["S-09", "digits"].since == "2026-11-28"


@pytest.mark.parametrize("status", [Status.BROKEN, Status.UNTESTED])
def test_what_was_not_judged_is_not_pinned(status):
    assert renewed(OLD, [entry("S-07", status=status), entry("S-09", status=status)], "r", "2026-11-28") == OLD


def test_that_a_claim_is_not_asked_is_pinned():
    unasked = entry("S-07", status=Status.NOT_ASKED)
    assert renewed({}, [unasked], "r", "2026-11-28")["S-07", "digits"].status == "NOT ASKED"


def test_differences_name_statuses_and_count_numbers():
    both = [se(measured(0.5, about="gain")), se(measured(0.3, about="rise"))]
    before = renewed({}, [entry("S-07", verdict=both), entry("S-08")], "r", "2026-11-01")
    changed = entry("S-07", verdict=[both[0], se(measured(0.1, Status.REFUTED, "rise"))])
    after = renewed({}, [changed, entry("S-09")], "r", "2026-11-28")
    assert differences(before, after) == [
        "S-07 in digits: SUPPORTED -> REFUTED",
        "S-08 in digits: no longer pinned",
        "S-09 in digits: not pinned -> SUPPORTED",
        "1 number changed",
    ]


def test_what_is_pinned_has_not_moved():
    found = entry(verdict=[se(measured(1 / 3, about="gain"))], evidence="digest")
    (pin,) = renewed({}, [found], "r", "2026-11-28").values()
    assert moved(found.verdict, "digest", pin) == ""
    elsewhere = [replace(part, value=0.4) for part in found.verdict.parts]
    assert moved(replace(found.verdict, parts=tuple(elsewhere)), "digest", pin).startswith(
        "gain: 0.4 +- 0.02, registered 0.3333"
    )
