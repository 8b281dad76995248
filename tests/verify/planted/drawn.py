"""All errors planted in theories and in judges of drawn examples, by room."""

from tests.verify.planted.cones import CONES
from tests.verify.planted.correlated import CORRELATED
from tests.verify.planted.descents import DESCENTS
from tests.verify.planted.diluted import DILUTED
from tests.verify.planted.gradients import GRADIENTS
from tests.verify.planted.joint import JOINT
from tests.verify.planted.kernel_tasks import KERNEL_TASKS
from tests.verify.planted.linear import LINEAR
from tests.verify.planted.linearity import LINEARITY
from tests.verify.planted.mislabeled import MISLABELED
from tests.verify.planted.sensitivity import SENSITIVITY
from tests.verify.planted.separating import SEPARATING
from tests.verify.planted.shapes import SHAPES
from tests.verify.planted.theories import THEORIES

DRAWN = [
    *(THEORIES + SHAPES + CONES + CORRELATED + SEPARATING + JOINT + GRADIENTS + LINEAR + MISLABELED + LINEARITY),
    *(KERNEL_TASKS + SENSITIVITY + DILUTED + DESCENTS),
]
