from answers import right, wrong

GOOD = {
    "trained": 4_194_304,
    "megabytes": 8.389,
    "full": 112,
    "lora": 14.067,
    "customers": 4768,
}

right("exact", GOOD)
right("rounded", {name: float(f"{value:.3g}") for name, value in GOOD.items()})
wrong("two adapted matrices", "one matrix", GOOD | {"trained": 2_097_152})
wrong("those are the frozen matrices", "all", GOOD | {"trained": 1_073_741_824})
wrong("that is one layer", "one layer", GOOD | {"trained": 131_072})
wrong("Layers times matrices", "a million", GOOD | {"trained": 1_000_000})
wrong("16 bits are two bytes", "one byte", GOOD | {"megabytes": 4.194})
wrong("that is in 32 bits", "four bytes", GOOD | {"megabytes": 16.78})
wrong("state is not in the file", "the optimizer, too", GOOD | {"megabytes": 67.1})
wrong("that is the whole model", "everything", GOOD | {"megabytes": 14_000})
wrong("Two bytes for each trained number", "one", GOOD | {"megabytes": 1})
wrong("training keeps gradients", "weights", GOOD | {"full": 14})
wrong("weights and gradients; AdamW", "and gradients", GOOD | {"full": 28})
wrong("weights and gradients are there as well", "the state", GOOD | {"full": 84})
wrong("eight bytes", "eight bytes", GOOD | {"full": 56})
wrong("2 + 2 + 4 + 4 + 4 bytes", "five", GOOD | {"full": 5})
wrong("no gradient and no moments", "as before", GOOD | {"lora": 112})
wrong("as large as the model", "with gradients", GOOD | {"lora": 28})
wrong("has to be in memory, too", "the adapter alone", GOOD | {"lora": 0.0671})
wrong("and 16 bytes for each trained", "twenty", GOOD | {"lora": 20})
wrong("nobody trains here", "with the state", GOOD | {"customers": 596})
wrong("lie on the same card", "the whole card", GOOD | {"customers": 9537})
wrong("each customer adds an adapter", "a model each", GOOD | {"customers": 2.857})
wrong("What is left of the card", "a thousand", GOOD | {"customers": 1000})

EQUIVALENT = {
    "2 -> -2": "an even power",
}
