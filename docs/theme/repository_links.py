"""What mkdocs does for this repository: pages that live outside docs/, and links to files that are no pages.

Links in the documents are those that work on GitHub: relative to the file in which they stand. On the site a link to a page
leads to the page, and a link to any other file of the repository leads to the repository, at ``repo_url``.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
# Documents outside docs/, and the pages that they are on the site.
OUTSIDE = {
    "README.md": "readme.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "verify/claims/README.md": "your-own-claim.md",
}
# A block of code, in which nothing is a link, or the target of a link.
CODE_OR_TARGET = re.compile(r"^( *)```.*?^\1```|(?<=\]\()[^)\s]+(?=[)\s])", re.DOTALL | re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the site, with the documents outside docs/."""
    for document, page in OUTSIDE.items():
        files.append(File.generated(config, page, content=(ROOT / document).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The text of a page, its links those of the site."""
    document = next((one for one, other in OUTSIDE.items() if other == page.file.src_uri), f"docs/{page.file.src_uri}")
    repository = f"{config.repo_url}".rstrip("/")

    def on_the_site(found: re.Match) -> str:
        written = found.group()
        kept = "```" in written or written.startswith(("#", "mailto:")) or "://" in written
        return written if kept else site_link(written, document, page.file.src_uri, repository, files)

    return CODE_OR_TARGET.sub(on_the_site, markdown)


def site_link(written: str, document: str, page: str, repository: str, files: Files) -> str:
    """The link of a page that stands for a relative link of its document.

    :param document: the path of the document in the repository. :param page: that of its page in docs/.
    :raises PluginError: the repository has no such file.
    """
    path, sharp, fragment = written.partition("#")
    file = posixpath.normpath(posixpath.join(posixpath.dirname(document), path))
    inside = OUTSIDE.get(file, file.removeprefix("docs/").replace(".ipynb", ".md") if file.startswith("docs/") else "")
    page_or_picture = files.get_file_from_path(inside) if inside else None
    if page_or_picture and page_or_picture.inclusion.is_included():
        return posixpath.relpath(inside, posixpath.dirname(page) or ".") + sharp + fragment
    if file.startswith("..") or not (ROOT / file).exists():
        raise PluginError(f"{document} links to {written}, and the repository has no {file}")
    kind = "tree" if (ROOT / file).is_dir() else "blob"
    return f"{repository}/{kind}/main/{file}{sharp}{fragment}"
