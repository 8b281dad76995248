"""How much of the inner problem is best solved at a time, counted in products of a probe with a point."""

import array_api_compat as api

# As many as stay in a processor's cache.
IN_CACHE = 2**17
# As many as keep an accelerator busy.
ON_ACCELERATOR = 2**25


def products_at_a_time(array) -> int:
    """For the device that an array lies on."""
    on_host = "cpu" in str(api.device(array)).lower()
    return IN_CACHE if on_host else ON_ACCELERATOR
