from tests.verify.catalogue import page
from tests.verify.planted.comparisons import COMPARED
from tests.verify.planted.instruments import CHECKED, LAYERS, MEASURING
from tests.verify.planted.joint import JOINT
from tests.verify.planted.separating import SEPARATING
from tests.verify.planted.theories import THEORIES


def test_claims_md_says_what_the_claims_say():
    assert page.FILE.read_text(encoding="utf-8") == page.text(), "run: python -m tests.verify.catalogue.page"


def test_there_are_twelve_planted_errors_and_more():
    errors = THEORIES + SEPARATING + JOINT + COMPARED + MEASURING + LAYERS
    names = [error.name for error in errors] + [name for name, *_ in CHECKED]
    assert len(names) == len(set(names)) >= 12
