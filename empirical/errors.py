"""Errors that are ours to explain: what was received, what is required, and the next step."""


class GeomemError(Exception):
    """Base of the errors whose message is meant for the user, without a traceback."""


class SpecError(GeomemError):
    """A run specification that is wrong."""


class StorageError(GeomemError):
    """A file that could not be written; what was there before is intact."""


class DownloadError(GeomemError):
    """A file that its host does not give, or not as it was published."""


class CheckpointError(GeomemError):
    """A checkpoint that is missing, truncated, altered, or of another run."""


class EvidenceMissing(GeomemError):
    """Evidence that has not been made yet; the message says the command that makes it."""


class ActivationError(GeomemError):
    """Activations that cannot be measured: no such layer, or not finite."""


class GeometryError(GeomemError):
    """Manifolds whose geometry cannot be measured; the message names layer, epoch and group."""
