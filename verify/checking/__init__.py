"""One run of pytest that judges claims: what it is asked for, its items, and what it prints.

The list is in reading order; the hooks that join them are in :mod:`verify.plugin`.

- options: the options of a run, each under a name of its own.
- check: the state of a run; check_of_options: the state that options ask for.
- kept_verdicts: verdicts on claims that draw their own examples, kept for the next run.
- claim_item: one claim in one world as an item; claim_file: a claim file, whose items are its claims.
- running_board: the board as it comes.
- run_summary: what is printed at the end.
"""
