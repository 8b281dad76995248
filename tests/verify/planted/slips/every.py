"""All slips."""

from tests.verify.planted.slips.critical_samples import CRITICAL_SAMPLES
from tests.verify.planted.slips.descents import DESCENT_SLIPS
from tests.verify.planted.slips.identity import IDENTITY
from tests.verify.planted.slips.label_errors import LABEL_ERROR_SLIPS
from tests.verify.planted.slips.mislabeled import MISLABELED_SLIPS
from tests.verify.planted.slips.noise_and_regularizers import NOISE_AND_REGULARIZERS
from tests.verify.planted.slips.reported import REPORTED
from tests.verify.planted.slips.small_networks import SMALL_NETWORK_SLIPS
from tests.verify.planted.slips.twenty import TWENTY

SLIPS = (
    REPORTED
    + TWENTY
    + SMALL_NETWORK_SLIPS
    + NOISE_AND_REGULARIZERS
    + CRITICAL_SAMPLES
    + IDENTITY
    + MISLABELED_SLIPS
    + LABEL_ERROR_SLIPS
    + DESCENT_SLIPS
)
