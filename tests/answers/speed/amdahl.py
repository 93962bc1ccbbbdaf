from answers import right, wrong

GOOD = {"speedup": 2.7, "limit": 3.33, "network_for_three": 21}

right("rounded", GOOD)
wrong(
    "treats the speed-up as if it could be shared out",
    "share of the factor",
    GOOD | {"speedup": 7.0},
)
wrong("averages speed-ups", "mean of factors", GOOD | {"speedup": 7.3})
wrong("it is the 70 % that did", "shares exchanged", GOOD | {"speedup": 1.37})
wrong("its reciprocal.", "time for factor", GOOD | {"speedup": 0.37})
wrong("is off. Time after", "only the product", GOOD | {"speedup": 9.0})
wrong("that takes no time now", "limit of the network", GOOD | {"limit": 1.43})
wrong("one particular network", "limit is ten", GOOD | {"limit": 10})
wrong("that is the time which is left", "limit as a time", GOOD | {"limit": 0.3})
wrong("the other 30 % would remain", "limit without end", GOOD | {"limit": float("inf")})
wrong("= 1.9 in all", "three for three", GOOD | {"network_for_three": 3})
wrong(
    "assumes that speed-ups can be shared out",
    "three over the share",
    GOOD | {"network_for_three": 4.285714285714286},
)
wrong("= 3.09", "thirty", GOOD | {"network_for_three": 30})
wrong("is off. Solve", "too small", GOOD | {"network_for_three": 10})
wrong("should be a dictionary", "a list", [2.7, 3.33, 21])
wrong("the entries are", "another entry", GOOD | {"speed_up": 2.7})
wrong("should be a number, but is", "a word", GOOD | {"limit": "three"})
wrong("by how much faster", "faster by", GOOD | {"speedup": 1.7027})
wrong("share of time that is saved", "time saved", GOOD | {"speedup": 0.63})
wrong("which a free network saves", "limit of the saving", GOOD | {"limit": 0.7})
wrong("but is '2.7' (str)", "a number as text", GOOD | {"speedup": "2.7"})

EQUIVALENT = {}
