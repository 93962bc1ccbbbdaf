from answers.lessons import right, wrong

GIVEN = {
    "lead_at_256": [
        wrong("what does it do in them", "a"),
        wrong("most of the machine is idle", "b"),
    ],
    "who_is_right": [
        wrong("the spread over seeds", "a"),
        wrong("as you just did", "c"),
        wrong("can no single image show", "d"),
    ],
    "count_positions": [
        right(lambda n, steps: (sum(range(n + 1)), n, n * steps)),
        right(lambda n, steps: [n * (n + 1) / 2, n, steps * n]),
        wrong("16 tokens and 4 steps", lambda n, steps: (1225, 49, 392)),
        wrong("three things", lambda n, steps: n * (n + 1) // 2),
        wrong("about twice too many", lambda n, steps: (n * n, n, steps * n)),
        wrong("not n - 1", lambda n, steps: (sum(range(n)), n, steps * n)),
        wrong("1 + 2 + 3 = 6", lambda n, steps: (2 * n, n, steps * n)),
        wrong("passes once", lambda n, steps: (n * (n + 1) // 2, n * n, steps * n)),
        wrong("keeps nothing", lambda n, steps: (n * (n + 1) // 2, n, n)),
        wrong("number of MaskGIT's passes", lambda n, steps: (n * (n + 1) // 2, n, steps)),
        wrong("times the number", lambda n, steps: (n * (n + 1) // 2, n, steps * n * n)),
    ],
    "fixed_and_price": [
        right(
            lambda small, large: (
                (small[1] * large[0] - large[1] * small[0]) / (large[0] - small[0]),
                (large[1] - small[1]) / (large[0] - small[0]),
            )
        ),
        wrong("exchanged", lambda small, large: (2.0, 5.0)),
        wrong("not a ratio", lambda small, large: (0.0, large[1] / large[0])),
        wrong("the slope", lambda small, large: (0.0, small[1] / small[0])),
        wrong(
            "not one",
            lambda small, large: (
                small[1] - (large[1] - small[1]) / (large[0] - small[0]),
                (large[1] - small[1]) / (large[0] - small[0]),
            ),
        ),
        wrong(
            "leave 5 s of the 11",
            lambda small, large: (small[1], (large[1] - small[1]) / (large[0] - small[0])),
        ),
    ],
    "guided_call": [
        wrong("share of the fixed part", "a"),
        wrong("a batch of two", "b"),
    ],
}
