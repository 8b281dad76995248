"""The words that tables and claims share: groups, layers, moments, and those of the choice column. Needs no torch."""

# Groups of images. Restored are the permuted images under their true labels.
GROUPS = ("unpermuted", "permuted", "restored", "test")
UNPERMUTED, PERMUTED, RESTORED, TEST = GROUPS
# All images whose labels took part in the permutation, those included that kept their true label by chance.
PERMUTED_ALL = "permuted_all"
# The group of what compares the gradients of these with those of the unpermuted images.
COMPARED = f"{UNPERMUTED}+{PERMUTED_ALL}"
# What is of no group of images.
ALL, WEIGHTS = "all", "weights"

# The layer of the pixels, before the first one; and of what belongs to no single layer.
INPUT, NETWORK = "input", "network"

# Moments of a training: the epoch of best test accuracy, and the last.
TURNING_POINT, END = "turning_point", "end"

# Choices: the halves of the test images, to choose the turning point on and to report.
SELECT, REPORT = "select", "report"
# The null line of the permuted group: the same points, their labels shuffled.
SHUFFLED = "shuffled"
# What an analyst could have chosen otherwise.
VARIANTS = ("other points", "half the points", "half the classes", "other probes")
OTHER_POINTS, HALF_POINTS, HALF_CLASSES, OTHER_PROBES = VARIANTS
# How gradients are taken: in evaluation mode; normalized by the group's own statistics, as in training; the network's own
# output subtracted.
STANDARD, BATCH_STATISTICS, ZERO_LOGITS = "standard", "batch_statistics", "zero_logits"
# Which layers are rewound: one alone, it and all later ones, it and all earlier ones.
SINGLE, SUFFIX, PREFIX = "single", "suffix", "prefix"


def packed(*fields: str) -> str:
    """A choice of several fields in one word of the choice column: "single/report", "shuffled/half the points".

    Fields that are empty are left out: "shuffled" alone is the null line of what was chosen as usual.
    """
    return "/".join(filter(None, fields))


def unpacked(choice: str) -> tuple[str, ...]:
    """The fields of a choice, those left out that are empty: the inverse of :func:`packed`."""
    return tuple(filter(None, choice.split("/")))
