from answers import right, wrong

GOOD = {"one block": 7.078, "tied": 124.3, "untied": 162.9, "twice as wide": 3.37}

right("on paper", GOOD)
right(
    "with all biases and norms",
    {
        "one block": 7.087872,
        "tied": 124.439808,
        "untied": 163.037184,
        "twice as wide": 418.8 / 124.4,
    },
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
wrong("give millions of", "not in millions", GOOD | {"tied": 124_439_808})
wrong("is off. Twelve blocks", "a third", GOOD | {"tied": 46})
wrong("a dictionary with the entries", "one number", 124)
wrong("should be a number, but is", "in words", GOOD | {"one block": "seven million"})
wrong("the learned positions are missing", "no positions", GOOD | {"tied": 123.5})
wrong("that is the untied model", "untied factor", GOOD | {"twice as wide": 3.04})
wrong("that is what is ADDED", "growth", GOOD | {"twice as wide": 2.37})
wrong("give millions.", "block not in millions", GOOD | {"one block": 7_077_888})
wrong("give it in millions", "untied not in millions", GOOD | {"untied": 162_900_000})
wrong("is off. List the matrices", "a norm as wide as a matrix", GOOD | {"one block": 7.67})
wrong("is off. The tied model", "three tables", GOOD | {"untied": 201.5})
wrong("is off. Blocks grow", "rounded too far", GOOD | {"twice as wide": 3.5})
