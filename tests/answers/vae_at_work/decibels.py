from answers import right, wrong

GOOD = {
    "error_at_24_db": 16.1,
    "lost_by_a_sample": 3.01,
    "lost_by_the_mean_of_four": 0.97,
    "hidden_beta": 12288,
    "bits_of_22_nats": 31.7,
}

right("rounded", GOOD)
wrong("the mean SQUARED error", "without a root", GOOD | {"error_at_24_db": 258.9})
wrong("has half as many", "24 dB of the error", GOOD | {"error_at_24_db": 1.0152})
wrong("a share of the range", "of 1", GOOD | {"error_at_24_db": 0.0631})
wrong("and take the root", "a guess", GOOD | {"error_at_24_db": 24})
wrong("that is the factor of the squared error; give decibels", "2", GOOD | {"lost_by_a_sample": 2})
wrong("not the error itself", "6 dB", GOOD | {"lost_by_a_sample": 6.02})
wrong("how much is lost", "negative", GOOD | {"lost_by_a_sample": -3.01})
wrong("a bel has ten", "in bels", GOOD | {"lost_by_a_sample": 0.30103})
wrong("Sample and truth are independent", "nothing", GOOD | {"lost_by_a_sample": 0})
wrong("decibels are logarithms", "a quarter", GOOD | {"lost_by_the_mean_of_four": 0.7526})
wrong("never worse than 3 dB", "6 dB better", GOOD | {"lost_by_the_mean_of_four": 6.02})
wrong("1 + 1 / 4; give decibels", "a factor", GOOD | {"lost_by_the_mean_of_four": 1.25})
wrong("keeps its own variance", "both divided", GOOD | {"lost_by_the_mean_of_four": -3.01})
wrong("has a quarter of the variance", "nothing lost", GOOD | {"lost_by_the_mean_of_four": 0})
wrong("channels are averaged as well", "grey", GOOD | {"hidden_beta": 4096})
wrong("the size of MNIST", "MNIST", GOOD | {"hidden_beta": 784})
wrong("their number does not matter", "over latents", GOOD | {"hidden_beta": 96})
wrong("makes the KL count more", "upside down", GOOD | {"hidden_beta": 1 / 12288})
wrong("Multiply the whole loss", "none", GOOD | {"hidden_beta": 1})
wrong("bit is less than a nat", "times ln 2", GOOD | {"bits_of_22_nats": 15.249})
wrong("8 bits are a byte", "bytes", GOOD | {"bits_of_22_nats": 2.75})
wrong("for digits of ten", "decimal digits", GOOD | {"bits_of_22_nats": 73.08})
wrong("A nat is 1 / ln 2 bits", "the same", GOOD | {"bits_of_22_nats": 22})

EQUIVALENT = {
    "255 -> 254": "within one percent",
    "255 -> 256": "within one percent",
}
