"""The words that tables and claims share: groups, layers, moments of training, and analysis choices. Needs no torch."""

# Groups of images. The restored group is the permuted images under their true labels.
GROUPS = ("unpermuted", "permuted", "restored", "test")
UNPERMUTED, PERMUTED, RESTORED, TEST = GROUPS
# All images whose labels took part in the permutation; some kept their true label by chance.
PERMUTED_ALL = "permuted_all"
# Images of the noise that a network was trained on, none of which it was trained on.
NOISE = "noise"
# The group of quantities that compare the gradients of these images with the gradients of the unpermuted images.
COMPARED = f"{UNPERMUTED}+{PERMUTED_ALL}"
# Groups of quantities that concern no group of images.
ALL, WEIGHTS = "all", "weights"

# The layer of the pixels; and the layer of quantities that belong to no single layer.
INPUT, NETWORK = "input", "network"

# Moments of a training: the epoch of best test accuracy, and the last.
TURNING_POINT, END = "turning_point", "end"

# Choices: the halves of the test images, to choose the turning point on and to report.
SELECT, REPORT = "select", "report"
# The shuffled baseline of the permuted group: its points under shuffled labels.
SHUFFLED = "shuffled"
# Other analysis choices.
VARIANTS = ("other points", "half the points", "half the classes", "other probes")
OTHER_POINTS, HALF_POINTS, HALF_CLASSES, OTHER_PROBES = VARIANTS
# The corrected geometry, with the directions that centres share searched from other random starts.
OTHER_STARTS = ("other starts 1", "other starts 2", "other starts 3")
# How gradients are computed: in evaluation mode; with the group's own statistics in BatchNorm, as in training; with the
# network's own output subtracted.
STANDARD, BATCH_STATISTICS, ZERO_LOGITS = "standard", "batch_statistics", "zero_logits"
# Radii of adversarial search, in grey levels (1/255 of the range of pixel values): that of Arpit et al. 2017, and larger ones.
RADII = ("0.3", "2", "8")
# How critical samples are searched: along the gradient of the cross-entropy; within the range of pixel values.
SOFTMAX, IN_RANGE = "softmax", "in range"
# Which layers are rewound: one layer alone, a layer and all later layers, a layer and all earlier layers.
SINGLE, SUFFIX, PREFIX = "single", "suffix", "prefix"
# Kinds of data on which small networks are trained (Arpit et al. 2017): real images; Gaussian noise with the mean and standard
# deviation of all pixels, or of each pixel; real images under permuted labels.
KINDS = ("real", "randX", "randXpix", "randY")
REAL, RAND_X, RAND_X_PIXELS, RAND_Y = KINDS
# How labels are made wrong: drawn from all classes alike, or from each class to one other.
UNIFORM, CLASS_DEPENDENT = NOISES = ("uniform", "class-dependent")
# Scores by which labels are ranked: averaged loss and class-mean margin, area under the margin, alignment with the mean
# gradient.
SCORES = ("loss", "class-mean margin", "area under the margin", "alignment")
LOSS, CLASS_MEAN_MARGIN, AREA, ALIGNMENT = SCORES
# Over which epochs a score is averaged, or at which one it is taken, other than to twice the epoch of least held-out loss.
BEST_EPOCH, ALL_EPOCHS, LAST_EPOCH = "best epoch", "all epochs", "last epoch"
# What is wrong with the scores of counterfeits: labels drawn anew before they are scored; features of the initialization.
LABELS_ANEW, INITIAL_FEATURES = "labels drawn anew", "initial features"
# The examples from which a verified sample is drawn: all of them, or the half that is less suspicious.
FROM_ALL, FROM_EASIER = "verified from all", "verified from the easier half"
# Every example has a class of its own.
OWN_CLASSES = "own classes"


def packed(*fields: str) -> str:
    """The word of the choice column for several fields, such as "single/report" or "shuffled/half the points".

    Empty fields are left out: "shuffled" alone is the shuffled baseline with the usual analysis choices.
    """
    return "/".join(filter(None, fields))


def unpacked(choice: str) -> tuple[str, ...]:
    """The fields of a choice, without empty fields: the inverse of :func:`packed`."""
    return tuple(filter(None, choice.split("/")))
