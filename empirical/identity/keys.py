"""What a world's numbers depend on: specification, sources, data, versions and processor. Needs no torch."""

from functools import cache

from empirical.data import datasets
from empirical.identity.identity_spec import IdentitySpec
from empirical.runs import provenance
from empirical.runs.training_spec import digest_of

JOB = "empirical/identity/group_job.py"


def fingerprint(spec: IdentitySpec) -> dict:
    """Everything that a table depends on, as plain JSON values; equal fingerprints give equal tables."""
    # The module's own functions: to make them public would change its text, and with it the keys of all measured networks.
    return {
        "spec_sha256": spec.digest,
        "sources_sha256": _sources(),
        "data_sha256": datasets.checksum(spec.dataset),
        "versions": {name: provenance._version(name) for name in provenance.PACKAGES},
        "dtype": "float32",
        "device": "cpu",
        "processor": provenance._processor(),
        "threads_per_network": 1,
    }


@cache
def _sources() -> str:
    return provenance.sources(JOB)


def key_of(specs: tuple[IdentitySpec, ...]) -> str:
    """The key under which the networks of a world are kept, 16 hexadecimal digits."""
    return digest_of({"all": [fingerprint(spec) for spec in specs]})[:16]
