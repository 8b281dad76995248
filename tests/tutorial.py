"""The tutorial, run from its first cell to its last; ``python -m tests.tutorial`` stores its outputs in docs/tutorial.ipynb."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "docs" / "tutorial.ipynb"
SECONDS_A_CELL = 1200


def executed(extra: str = "") -> nbformat.NotebookNode:
    """The notebook with the outputs of a run in its own folder, as Jupyter runs it.

    :param extra: code of one more cell at the end.
    :raises nbclient.exceptions.CellExecutionError: a cell raised an error; the message has the traceback.
    """
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    if extra:
        notebook.cells.append(nbformat.v4.new_code_cell(extra))
    # The times at which cells ran, and the pieces in which they printed, would make every run another file.
    NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(NOTEBOOK.parent)}},
        record_timing=False,
        coalesce_streams=True,
    ).execute()
    return notebook


def write() -> None:
    """Run the notebook and store what it printed and drew; the versions of the machine are left out."""
    notebook = executed()
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    nbformat.write(notebook, NOTEBOOK)


if __name__ == "__main__":
    write()
