"""``python -m benchmarks`` is ``python -m benchmarks.geometry``: the engine's times, in one table."""

import os
import sys

from benchmarks.geometry import main

os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
sys.exit(main())
