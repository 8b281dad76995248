"""How many products of a probe with a point are best computed at a time in the inner problem."""

from typing import Any

import array_api_compat as api

# As many as fit in a processor's cache.
IN_CACHE = 2**17
# As many as keep an accelerator busy.
ON_ACCELERATOR = 2**25


def products_at_a_time(array: Any) -> int:
    """How many products to compute at a time on the device of an array."""
    on_host = "cpu" in str(api.device(array)).lower()
    return IN_CACHE if on_host else ON_ACCELERATOR
