"""Answers -> verdicts. A check cell calls `check.<exercise>(answer)`; see `core` for checkers.

Each topic is a folder. The checkers are in `__init__`. What tempting mistakes give is in `faults`,
which computes and never judges. What is asked about logs, pictures and numbers is in `questions`,
with what is said of each choice. `judge` holds what many checkers share; `guard` and `intact`
protect a check from the answer that it runs.

An answer may call any library: what counts is what it returns.
"""
