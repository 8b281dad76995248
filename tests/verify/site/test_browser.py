"""The pages in a browser: no error on its console, wide and narrow, light and dark."""

import subprocess

import pytest

from tests.verify.site.test_pages import report

pytest.importorskip("jinja2")
pytestmark = pytest.mark.slow
PAGES = ("index.html", "claim/S-07.html", "paper/stephenson2021.html", "world/synthetic.html")
DARK = "--blink-settings=preferredColorScheme=0"


def shot(chromium, page, picture, width, *flags) -> str:
    """Take a picture of a page; what the browser wrote on stderr."""
    own = [
        f"--user-data-dir={picture.parent / 'profile'}",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
    ]
    command = [chromium, *own, *flags, f"--window-size={width},1600", f"--screenshot={picture}", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stderr


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [400, 1400])
def test_a_page_has_no_error_and_a_dark_look_of_its_own(chromium, place, name, width):
    assert report("--no-figures") == 0
    light, dark = place / "light.png", place / "dark.png"
    for picture, flags in ((light, ()), (dark, (DARK,))):
        said = shot(chromium, place / "site" / name, picture, width, *flags)
        assert "CONSOLE" not in said, said
    assert light.read_bytes() != dark.read_bytes()
