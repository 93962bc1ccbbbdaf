"""The bug museum: the faults of one published article and of famous public code, rebuilt small, each with its proof."""
