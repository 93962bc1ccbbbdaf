from answers import right, wrong

GOOD = {
    "dense_step": 604000000.0,
    "attention_step": 6291456,
    "cached_image": 38656000000.0,
    "uncached_image": 1256320000000.0,
}

right("exact", GOOD)
right("half the square", GOOD | {"uncached_image": 1236992000000.0})
wrong("one multiplication and one addition", "multiply-adds", GOOD | {"dense_step": 302000000.0})
wrong("6 per weight is a training step", "training", GOOD | {"dense_step": 1812000000.0})
wrong("that is the whole image", "whole image", GOOD | {"dense_step": 38656000000.0})
wrong("dense_step = 1.51e+09 is off", "with biases doubled", GOOD | {"dense_step": 1510000000.0})
wrong("two products, queries with keys", "one product", GOOD | {"attention_step": 3145728.0})
wrong(
    "neither the second product",
    "one product of multiply-adds",
    GOOD | {"attention_step": 1572864.0},
)
wrong("the square of the length", "square of scores", GOOD | {"attention_step": 402653184})
wrong("that is one layer", "one layer", GOOD | {"attention_step": 262144.0})
wrong("In every layer: 64 scores", "one head", GOOD | {"attention_step": 393216.0})
wrong("that is the uncached loop", "cached as uncached", GOOD | {"cached_image": 1256320000000.0})
wrong(
    "cached_image = 1.9328e+10: that counts multiply-adds",
    "cached multiply-adds",
    GOOD | {"cached_image": 19328000000.0},
)
wrong("Each of the 64 positions", "cached ends early", GOOD | {"cached_image": 36240000000.0})
wrong(
    "the full length at every step",
    "uncached full square",
    GOOD | {"uncached_image": 2473984000000.0},
)
wrong("that is the cached loop", "uncached as cached", GOOD | {"uncached_image": 38656000000.0})
wrong(
    "uncached_image = 6.2816e+11: that counts",
    "uncached multiply-adds",
    GOOD | {"uncached_image": 628160000000.0},
)
wrong("1 + 2 + ... + 64", "uncached cube", GOOD | {"uncached_image": 158334976000000.0})

EQUIVALENT = {}
