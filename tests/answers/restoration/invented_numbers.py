from answers import right, wrong

GOOD = {
    "inside_the_hole": 11.057,
    "invented_share": 0.9375,
    "wrong_accounts": 0.04696,
    "assignments": 3_628_800,
}

right("exact", GOOD)
right("rounded", {name: float(f"{value:.3g}") for name, value in GOOD.items()})
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
wrong("comes out right", "the right ones", GOOD | {"wrong_accounts": 0.953})
wrong("is counted twice", "added up", GOOD | {"wrong_accounts": 0.048})
wrong("that is one digit", "one digit", GOOD | {"wrong_accounts": 0.004})
wrong("*all* twelve", "all wrong", GOOD | {"wrong_accounts": 1 / 250**12})
wrong("0.996 twelve times over", "a half", GOOD | {"wrong_accounts": 0.5})
wrong("keeps the digits", "only one", GOOD | {"assignments": 1})
wrong("may go to ten others", "ten", GOOD | {"assignments": 10})
wrong("could not both come back", "ten to the ten", GOOD | {"assignments": 10**10})
wrong("fixed by the way there", "both ways", GOOD | {"assignments": 3_628_800**2})
wrong("counts pairs of classes", "pairs", GOOD | {"assignments": 100})
wrong("has ten places to go", "halved", GOOD | {"assignments": 1_814_400})
wrong("is nearly right", "too roughly", GOOD | {"inside_the_hole": 11.3})
wrong("a dictionary with the entries", "a list", [11.06, 0.9375, 0.047, 3_628_800])

EQUIVALENT = {}
