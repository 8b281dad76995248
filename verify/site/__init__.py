"""Static pages of a ledger and its evidence: ``python -m verify report``. They need jinja2; the figures need matplotlib.

- words: verdicts, numbers and sources in the words and symbols of the pages.
- history: the verdicts of earlier commits, in history.jsonl.
- material: all that the pages show, read once.
- forest: the estimates of a claim over worlds, on one scale.
- matrix: claims in rows, worlds in columns.
- overview, claim_pages, paper_pages, world_pages: what each kind of page shows.
- paper_summaries: every paper in three sentences.
- drawings: the figures of worlds, with their text as text.
- build: writes all pages into a folder.
"""
