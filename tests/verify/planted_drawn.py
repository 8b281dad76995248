"""All errors planted in theories and in judges of drawn worlds, room by room."""

from tests.verify.planted import SEPARATING, THEORIES
from tests.verify.planted_cones import CONES
from tests.verify.planted_correlated import CORRELATED
from tests.verify.planted_gradients import GRADIENTS
from tests.verify.planted_joint import JOINT
from tests.verify.planted_linear import LINEAR
from tests.verify.planted_shapes import SHAPES

DRAWN = THEORIES + SHAPES + CONES + CORRELATED + SEPARATING + JOINT + GRADIENTS + LINEAR
