"""The accuracies of a bundle as a table for the terminal. Needs no torch."""

import numpy as np
from rich.table import Table

from empirical.evidence.bundle import Bundle
from empirical.evidence.names import GROUPS, SELECT

# Number of epochs shown, or a few more.
EPOCHS = 8


def accuracy_table(bundle: Bundle) -> Table:
    """A table of the groups' accuracies at a few epochs, averaged over networks; test accuracies are of the half "report"."""
    table = Table(title=f"{bundle.manifest['world']}: accuracy, mean over networks")
    for heading in ("epoch", *GROUPS):
        table.add_column(heading, justify="right")
    rows = [row for row in bundle.rows if row.quantity == "accuracy" and row.choice != SELECT]
    epochs = sorted({row.epoch for row in rows})
    for epoch in epochs[:: max(1, len(epochs) // EPOCHS)]:
        here = {group: [row.value for row in rows if (row.epoch, row.group) == (epoch, group)] for group in GROUPS}
        table.add_row(str(epoch), *(f"{np.mean(values):.3f}" if values else "" for values in here.values()))
    return table
