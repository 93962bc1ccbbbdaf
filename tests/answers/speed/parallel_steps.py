from answers import right, wrong

GOOD = {
    "ratio_at_1": 21.21,
    "ratio_at_64": 1.069,
    "break_even_images": 69.2,
    "ratio_at_infinity": 0.125,
}

right("rounded", GOOD)
wrong("32 is the ratio of the passes; a pass over 256", "passes", GOOD | {"ratio_at_1": 32})
wrong("one by one takes longer", "reversed", GOOD | {"ratio_at_1": 0.04715568862275449})
wrong("256 (1 ms + 2 us)", "as fast", GOOD | {"ratio_at_1": 1})
wrong("that is batch 1", "the same at 64", GOOD | {"ratio_at_64": 21.20634920634921})
wrong("of the times only if positions cost nothing", "passes at 64", GOOD | {"ratio_at_64": 32})
wrong("256 (1 ms + 64 x 2 us)", "the limit at 64", GOOD | {"ratio_at_64": 0.125})
wrong("8 - 1 times more, not 8", "eight for seven", GOOD | {"break_even_images": 60.546875})
wrong("set the two times equal", "a pass in positions", GOOD | {"break_even_images": 500})
wrong("Set 256", "guess", GOOD | {"break_even_images": 64})
wrong("one by one sends each once", "limit one", GOOD | {"ratio_at_infinity": 1})
wrong("the reciprocal: with all", "limit eight", GOOD | {"ratio_at_infinity": 8})
wrong("a limit that is not zero", "limit zero", GOOD | {"ratio_at_infinity": 0})
wrong("only positions count", "limit passes", GOOD | {"ratio_at_infinity": 32})

EQUIVALENT = {}
