"""What a claim asserts, and how observations decide it. Knows no network, no world and no claim.

- verdicts: the record of a judgement, and how several are combined.
- error_rates: the chance one judgement may use, intervals, and the sample sizes they need.
- criteria: a relation in words, what it asserts and what would refute it.
- mean_tests: what is said of a mean, and judged by t intervals.
- rules: the other relations, exact or by fresh draws, and several parts together.
- relations: the words that claims assert relations by.
- jackknife: a statistic of all networks made into one observation per network.
- drawn_examples: the examples that hypothesis draws for a claim, each of them judged.
"""
