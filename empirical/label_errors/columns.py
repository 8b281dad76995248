"""Whether column c of the logits stands for class c of the labels; columns in another order pass silently elsewhere."""

import numpy as np
from scipy.optimize import linear_sum_assignment

# A class whose examples are predicted as one other class this often, and more often than as itself by this much.
SHARE, LEAD = 0.5, 0.3
FEWEST = 10
CHANCE = 1.5
SHOWN = 5


class ColumnCount:
    """How often each given label is predicted as each class, in the present epoch and in the last complete one."""

    def __init__(self, n_classes: int):
        self.now = np.zeros((n_classes, n_classes), dtype=np.int64)
        self.last = np.zeros_like(self.now)

    def add(self, given: np.ndarray, predicted: np.ndarray) -> None:
        """Count some examples: given labels, (b,), and the columns of their largest logits, (b,)."""
        np.add.at(self.now, (given, predicted), 1)

    def end_epoch(self) -> None:
        """Keep the counts of the complete epoch, and start anew."""
        self.now, self.last = self.last, self.now
        self.now.fill(0)

    def warnings(self) -> list[str]:
        """A sentence for what the last complete epoch shows to be wrong; an empty list where nothing is seen."""
        moved = _moved(self.last)
        if moved:
            pairs = ", ".join(f"{given} as {column}" for given, column in moved[:SHOWN])
            more = f" and {len(moved) - SHOWN} more" if len(moved) > SHOWN else ""
            return [
                f"labels and columns of the logits seem to be in different order: the network predicts most examples labelled "
                f"{pairs}{more}; give logits whose column c is class c"
            ]
        return _at_chance(self.last)


def _moved(counts: np.ndarray) -> list[tuple[int, int]]:
    """The labels whose examples are predicted as another class, one to one, with that class."""
    given, column = linear_sum_assignment(counts, maximize=True)
    sizes = counts.sum(axis=1)
    own, other = np.diag(counts), counts[given, column]
    clear = (given != column) & (sizes >= FEWEST) & (other > SHARE * sizes) & (other - own > LEAD * sizes)
    return [(int(one), int(another)) for one, another in zip(given[clear], column[clear], strict=True)]


def _at_chance(counts: np.ndarray) -> list[str]:
    sizes = counts.sum(axis=1)
    total, agreeing = int(sizes.sum()), int(np.diag(counts).sum())
    by_chance = float((sizes * counts.sum(axis=0)).sum()) / max(total, 1)
    if total < FEWEST * len(counts) or agreeing > max(CHANCE * by_chance, by_chance + 3 * np.sqrt(by_chance)):
        return []
    return [
        f"the network agrees with {agreeing:,} of {total:,} labels, which is chance: either it has learned nothing yet, or "
        "index is not the position of the example in labels (such as its position in the batch); check index, or train longer"
    ]
