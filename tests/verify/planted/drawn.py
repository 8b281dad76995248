"""All errors planted in theories and in judges of drawn worlds, room by room."""

from tests.verify.planted.cones import CONES
from tests.verify.planted.correlated import CORRELATED
from tests.verify.planted.gradients import GRADIENTS
from tests.verify.planted.joint import JOINT
from tests.verify.planted.linear import LINEAR
from tests.verify.planted.planted import SEPARATING, THEORIES
from tests.verify.planted.shapes import SHAPES

DRAWN = THEORIES + SHAPES + CONES + CORRELATED + SEPARATING + JOINT + GRADIENTS + LINEAR
