"""What a run says and keeps: the ledger, the registered verdicts, the board, and one claim explained.

- ledger: every verdict of a run, one line each.
- deviations: the verdicts other than SUPPORTED that are known and accepted, from deviations.toml.
- lookup: claims by id, paper and world, and the last ledger.
- acceptance: a verdict of the ledger registered as a deviation.
- board: the table that a run prints.
- papers: the papers by the folders of their claims.
- listing: all claims as a table.
- explanation: one claim in full.
"""
