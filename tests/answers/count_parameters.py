from answers import right, wrong

GOOD = {"one block": 7.078, "tied": 124.3, "untied": 162.9, "twice as wide": 3.37}

right("on paper", GOOD)
right(
    "with all biases and norms",
    {"one block": 7.087872, "tied": 124.439808, "untied": 163.037184, "twice as wide": 418.8 / 124.4},
)
right("rounded", {"one block": 7.1, "tied": 124, "untied": 163, "twice as wide": 3.36})
wrong("that is only attention", "attention", GOOD | {"one block": 2.36})
wrong("that is the MLP alone", "the MLP", GOOD | {"one block": 4.72})
wrong("the output is projected as well", "no projection", GOOD | {"one block": 6.49})
wrong("twelve heads SHARE the width", "heads multiply", GOOD | {"one block": 33.0})
wrong("these are the blocks alone", "no embedding", GOOD | {"tied": 85})
wrong("the embedding is counted twice", "tied twice", GOOD | {"tied": 163})
wrong("a table of its own", "untied once", GOOD | {"untied": 124.3})
wrong("grow in both directions", "all doubled", GOOD | {"twice as wide": 2})
wrong("grows in one direction only", "all fourfold", GOOD | {"twice as wide": 4})
wrong("asked is how many times", "the size", GOOD | {"twice as wide": 418.5})
wrong("give millions", "not in millions", GOOD | {"tied": 124_439_808})
wrong("times what it should be", "a third", GOOD | {"tied": 46})
wrong("with the keys", "one number", 124)
wrong("should be numbers", "in words", GOOD | {"one block": "seven million"})
