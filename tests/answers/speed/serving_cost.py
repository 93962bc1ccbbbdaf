from answers import right, wrong

GOOD = {"dollars_per_thousand": 0.496, "break_even_utilisation": 0.5787, "cards_at_peak": 23}

right("rounded", GOOD)
wrong("busy all day", "always busy", GOOD | {"dollars_per_thousand": 0.1736111111111111})
wrong(
    "divide by the utilisation",
    "times utilisation",
    GOOD | {"dollars_per_thousand": 0.06076388888888888},
)
wrong("that is one image", "one image", GOOD | {"dollars_per_thousand": 0.000496031746031746})
wrong("60 were used", "minutes", GOOD | {"dollars_per_thousand": 29.761904761904763})
wrong("those are cents", "cents", GOOD | {"dollars_per_thousand": 49.60317460317461})
wrong("Price of an hour / images", "an hour", GOOD | {"dollars_per_thousand": 2.5})
wrong("that is in per cent", "per cent", GOOD | {"break_even_utilisation": 57.87})
wrong("a share above 1 cannot be", "reciprocal", GOOD | {"break_even_utilisation": 1.728})
wrong(
    "that compares at 35 %",
    "ratio of prices",
    GOOD | {"break_even_utilisation": 1.6534391534391535},
)
wrong(
    "the ratio of the prices at 35 %",
    "ratio of prices reversed",
    GOOD | {"break_even_utilisation": 0.6048},
)
wrong("Solve: price of an hour", "a third", GOOD | {"break_even_utilisation": 0.333})
wrong("90 are asked for: round up", "rounded down", GOOD | {"cards_at_peak": 22})
wrong("cards come whole: round up", "a half card", GOOD | {"cards_at_peak": 22.5})
wrong("the average of the day", "mean utilisation", GOOD | {"cards_at_peak": 65})
wrong("cards come whole.", "one each", GOOD | {"cards_at_peak": 90})
wrong("cards_at_peak: cards come whole", "almost a card", GOOD | {"cards_at_peak": 22.9})

EQUIVALENT = {}
