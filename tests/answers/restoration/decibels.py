from answers import right, wrong

GOOD = {
    "grey_levels": 10.152,
    "sampled": 24.99,
    "inside_the_hole": 11.057,
    "invented_share": 0.9375,
}

right("exact", GOOD)
right("rounded", {name: float(f"{value:.3g}") for name, value in GOOD.items()})
wrong("take the root", "a factor of 10^2.8", GOOD | {"grey_levels": 0.404})
wrong("that is the mean squared error", "squared", GOOD | {"grey_levels": 103.06})
wrong("not a divisor", "divided", GOOD | {"grey_levels": 9.107})
wrong("on a scale from 0 to 1", "of one", GOOD | {"grey_levels": 0.0398})
wrong("28 = 20 log10", "guessed", GOOD | {"grey_levels": 28})
wrong("10 log10 2 and not 20", "6 dB", GOOD | {"sampled": 21.98})
wrong("costs a constant", "half the decibels", GOOD | {"sampled": 14})
wrong("its own scatter", "free", GOOD | {"sampled": 28})
wrong("gives fewer decibels", "more decibels", GOOD | {"sampled": 31.01})
wrong("Sampling doubles", "18", GOOD | {"sampled": 18})
wrong("many pixels without an error", "the same", GOOD | {"inside_the_hole": 20})
wrong("worse than the whole", "better in the hole", GOOD | {"inside_the_hole": 28.94})
wrong("not shared out by area", "by area", GOOD | {"inside_the_hole": 2.551})
wrong("the square of the share of the side", "by side", GOOD | {"inside_the_hole": 15.53})
wrong("7.84 times as large", "5 dB", GOOD | {"inside_the_hole": 5})
wrong("that is the share that is given", "given", GOOD | {"invented_share": 0.0625})
wrong("both sides grow by 4", "factor of 2", GOOD | {"invented_share": 0.75})
wrong("4 a side, 16 in the area", "64", GOOD | {"invented_share": 0.984375})
wrong("as a share of all", "15 to 1", GOOD | {"invented_share": 15})
wrong("Given are 64", "half", GOOD | {"invented_share": 0.5})
wrong("is nearly right", "too roughly", GOOD | {"grey_levels": 10.4})
wrong("a dictionary with the entries", "a list", [10.15, 24.99, 11.06, 0.9375])

EQUIVALENT = {}
