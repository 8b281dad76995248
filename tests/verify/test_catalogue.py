from tests.verify import catalogue
from tests.verify.planted import SEPARATING, THEORIES
from tests.verify.planted_comparisons import COMPARED
from tests.verify.planted_instruments import CHECKED, LAYERS, MEASURING
from tests.verify.planted_joint import JOINT


def test_claims_md_says_what_the_claims_say():
    assert catalogue.FILE.read_text(encoding="utf-8") == catalogue.text(), "run: python -m tests.verify.catalogue"


def test_there_are_twelve_planted_errors_and_more():
    errors = THEORIES + SEPARATING + JOINT + COMPARED + MEASURING + LAYERS
    names = [error.name for error in errors] + [name for name, *_ in CHECKED]
    assert len(names) == len(set(names)) >= 12
