"""The pages in a browser, wide and narrow, light and dark: what it reports and loads, what is seen, who can read it."""

from itertools import product

import pytest

from tests.verify.site.test_pages import report

pytest.importorskip("jinja2")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright, which drives the browser, is not installed")
axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core-python, which checks the pages, is not installed")
pytestmark = pytest.mark.slow
PAGES = ("index.html", "claim/S-07.html", "claim/C-01.html", "paper/stephenson2021.html", "world/synthetic.html")
WIDTHS, SCHEMES = (400, 1400), ("light", "dark")
GRAVE = ("serious", "critical")


@pytest.fixture(scope="session")
def browser(chromium):
    """A browser without a window."""
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser, place):
    """A function that opens a page of the report and returns it, with what the browser said and loaded."""
    assert report("--no-figures") == 0
    contexts = []

    def opened(name, width, scheme):
        context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=scheme)
        contexts.append(context)
        page, said, loaded = context.new_page(), [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: loaded.append(request.url))
        page.goto((place / "site" / name).as_uri())
        return page, said, loaded

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_only_files_reports_no_error_and_can_be_read_by_everyone(opened, name):
    for width, scheme in product(WIDTHS, SCHEMES):
        page, said, loaded = opened(name, width, scheme)
        assert not said
        assert all(url.startswith(("file:", "data:")) for url in loaded), loaded
        grave = [one for one in axe.Axe().run(page)["violations"] if one["impact"] in GRAVE]
        found = [(one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:3]]) for one in grave]
        assert not found, f"{width} px, {scheme}: {found}"


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_window(opened, name):
    for width in WIDTHS:
        page, _, _ = opened(name, width, "light")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_dark_has_a_look_of_its_own(opened):
    light, dark = (opened("index.html", 1400, scheme)[0].screenshot() for scheme in SCHEMES)
    assert light != dark


def test_the_first_column_of_a_narrow_matrix_has_ids_alone(opened):
    words = ".matrix tbody th[scope=row] .words"
    assert opened("index.html", 1400, "light")[0].locator(words).first.is_visible()
    narrow = opened("index.html", 400, "light")[0]
    assert not narrow.locator(words).first.is_visible()
    assert narrow.locator(".matrix tbody th[scope=row] .id").first.is_visible()
