"""What a claim asserts, and how observations decide it. Nothing here imports networks, worlds or claims.

- verdicts: the record of a judgement, and how several are combined.
- error_rates: the chance that one judgement may use, intervals, and the sample sizes they need.
- mean_bounds: one-sided bounds for a mean, corrected for skewness, and when values are visibly skewed.
- criteria: a relation in words: what it asserts and what would refute it.
- mean_tests: relations of a mean, judged by intervals.
- rules: the other relations, exact or on fresh draws, and several parts together.
- relations: the functions by which claims assert relations.
- jackknife: one observation per network from a statistic of all networks.
- drawn_examples: examples that hypothesis draws for a claim, each of which is judged.
"""
