import pytest

from verify.registry import load_claims
from verify.report.lookup import LookupFailed, continuing, exactly, named

CLAIMS = load_claims()


@pytest.mark.parametrize("text", ["S-07", "s-07", "S-04.NULL"])
def test_an_exact_id_is_meant_alone(text):
    assert (
        [claim.id for claim in named(text, CLAIMS)]
        == [exactly(text, CLAIMS).id]
        == [text.replace("NULL", "null").upper()[:4] + text[4:].lower()]
    )


def test_a_stem_without_a_claim_means_all_that_continue_it():
    assert [claim.id for claim in named("S-17", CLAIMS)] == ["S-17.batch", "S-17.eval", "S-17.layers", "S-17.share"]
    with pytest.raises(LookupFailed, match=r"S-17 means S-17.batch, S-17.eval, .*; name one of them"):
        exactly("S-17", CLAIMS)


def test_an_id_is_continued_after_a_dot():
    assert [claim.id for claim in continuing("S-04", CLAIMS)] == [
        "S-04.independent", "S-04.joint", "S-04.null", "S-04.null.independent",
    ]  # fmt: skip
    assert continuing("S-0", CLAIMS) == []


def test_an_unknown_id_is_told_with_near_ones():
    with pytest.raises(LookupFailed, match=r"there is no claim S-7; did you mean .*S-07"):
        exactly("S-7", CLAIMS)
