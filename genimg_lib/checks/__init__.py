"""Answers -> verdicts: one module per topic. A check cell calls `check.<exercise>(answer)`. See
`core`.
"""
