"""What a repository asks of a run before it lets a change in: the same verdicts as before, and those that it requires.

- differences: what changed between two ledgers.
- requirements: the verdicts that ``--require`` asks for, and whether a run found them.
- sheets: tables that a terminal and a page of Markdown show alike.
- difference_sheets: the differences of two ledgers as tables.
- board_sheets: the board as tables.
"""
