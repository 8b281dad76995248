from tests.verify.report.pages import entry
from verify.judging.verdicts import Status, Verdict
from verify.registry import load_claims
from verify.report import world_notes
from verify.worlds.world import World

CLAIMS = load_claims()


def test_what_a_world_is_not_asked_is_one_line_for_each_reason():
    unfit = Verdict(Status.NOT_ASKED, "a network fitted only 0.84 of its permuted labels")
    entries = [entry(id, "fast", verdict=unfit) for id in ("S-06", "S-07", "S-08")]
    entries += [entry("S-09", "fast", verdict=Verdict(Status.NOT_ASKED, "too few layers")), entry("S-02", "fast")]
    entries += [entry("S-02", "digits", verdict=Verdict(Status.UNTESTED, "python -m empirical bundle digits"))]
    assert world_notes.not_judged(entries) == [
        "fast: 3 claims not asked: a network fitted only 0.84 of its permuted labels",
        "fast: 1 claim not asked: too few layers",
        "digits: 1 claim untested: python -m empirical bundle digits",
    ]


def test_a_world_that_is_not_recorded_says_the_command():
    worlds = {"resnet18-widths": World("resnet18-widths"), "digits-live": World("digits-live")}
    assert world_notes.waiting(CLAIMS.values(), worlds) == [
        "resnet18-widths: not recorded, 3 claims wait for it: python -m empirical bundle resnet18-widths --into verify/evidence"
    ]
    assert world_notes.waiting([CLAIMS["S-20"]], worlds)[0].startswith("resnet18-widths: not recorded, 1 claim waits for it")
    assert world_notes.waiting([CLAIMS["C-01"]], worlds) == []


def test_few_manifolds_are_noted_where_geometry_was_judged():
    worlds = {name: World(name) for name in ("digits", "digits-mlp")}
    (note,) = world_notes.judged_in([entry("S-07"), entry("S-02"), entry("S-07", "digits-mlp")], CLAIMS, worlds)
    assert note.startswith("geometry of few manifolds, far below the theory's limit of many")
    assert note.endswith("10 manifolds in digits, digits-mlp")
    assert world_notes.judged_in([entry("S-02")], CLAIMS, worlds) == []
    assert world_notes.judged_in([entry("S-07", status=Status.NOT_ASKED)], CLAIMS, worlds) == []
