import re

import pytest

from tests.verify.catalogue import page
from tests.verify.planted.comparisons import COMPARED
from tests.verify.planted.instruments import CHECKED, LAYERS, MEASURING
from tests.verify.planted.joint import JOINT
from tests.verify.planted.separating import SEPARATING
from tests.verify.planted.theories import THEORIES
from tests.verify.settled_parts import files_of_claims
from verify.registry import load_claims


@pytest.mark.settled(reads=["docs/claims.md", "tests/verify/calibration/alarms.json"], of=files_of_claims, words=True)
def test_the_page_says_what_the_claims_say():
    assert page.FILE.read_text(encoding="utf-8") == page.text(), "run: python -m tests.verify.catalogue.page"


def test_the_page_has_an_entry_for_every_claim_and_a_section_for_every_paper():
    headings = re.findall(r"^### (\S+)$", page.FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(load_claims())
    assert set(page.PAPERS) == {claim.paper for claim in load_claims().values()}


def test_there_are_twelve_planted_errors_and_more():
    errors = THEORIES + SEPARATING + JOINT + COMPARED + MEASURING + LAYERS
    names = [error.name for error in errors] + [name for name, *_ in CHECKED]
    assert len(names) == len(set(names)) >= 12
