from tests.verify.report.pages import entry, measured
from verify.gate import board_sheets
from verify.judging.verdicts import Status
from verify.registry import load_claims

CLAIMS = load_claims()


def test_the_tables_have_what_a_run_prints():
    changed = {"accepted": False, "objection": "REFUTED is not accepted"}
    entries = [entry("S-02"), entry("S-05", verdict=measured(0.1, Status.REFUTED), **changed), entry("C-01", "theory")]
    first, *papers, abstract = board_sheets.sheets(entries, CLAIMS)
    assert first.heading == "changed since registered: 1"
    assert first.rows == (("S-05 in digits: REFUTED is not accepted (+0.100 accuracy [0.000, 0.200])", "no"),)
    rows = {row[0]: row for paper in papers for row in paper.rows}
    assert rows["S-02"][1:5] == ("1", "0", "0", "+0.5 accuracy")
    assert rows["S-05"][1:5] == ("0", "1", "0", "+0.1 accuracy")
    assert set(rows) == {"S-02", "S-05", "C-01"}
    assert [row[1:] for row in abstract.rows] == [("S-05, S-02", "holds in 0 of 1 world, against in 1 (digits)")]


def test_claims_outside_the_abstract_end_without_it():
    first, *papers = board_sheets.sheets([entry("C-01", "theory")], CLAIMS)
    assert (first.heading, first.rows) == ("nothing changed since it was registered", ())
    assert len(papers) == 1
