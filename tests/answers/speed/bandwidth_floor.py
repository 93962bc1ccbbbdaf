from answers import right, wrong

GOOD = {
    "step_seconds": 0.0014,
    "image_seconds": 0.806,
    "guided_seconds": 0.8064,
    "int8_seconds": 0.403,
}

right("rounded", GOOD)
wrong("no factor 8", "bits", GOOD | {"step_seconds": 0.0112})
wrong("a 16-bit weight is two bytes", "one byte a weight", GOOD | {"step_seconds": 0.0007})
wrong("those are milliseconds", "milliseconds", GOOD | {"step_seconds": 1.4})
wrong("GB and GiB are mixed", "gibibytes", GOOD | {"step_seconds": 0.00130385})
wrong(
    "is off. Every weight is read once",
    "arithmetic",
    GOOD | {"step_seconds": 8.974358974358974e-06},
)
wrong("the triangle of an uncached loop", "a triangle", GOOD | {"image_seconds": 232.6464})
wrong("that is one step", "one step", GOOD | {"image_seconds": 0.0014})
wrong("576 tokens wait for each other, one step each", "the side", GOOD | {"image_seconds": 0.0336})
wrong("a batch of two", "guidance doubles", GOOD | {"guided_seconds": 1.6128})
wrong("does not make it faster", "guidance halves", GOOD | {"guided_seconds": 0.4032})
wrong("What is read from memory", "guidance and a half", GOOD | {"guided_seconds": 1.2096})
wrong("bytes are what takes the time", "int8 the same", GOOD | {"int8_seconds": 0.8064})
wrong("from 16 to 8 bits is a factor 2", "int8 a quarter", GOOD | {"int8_seconds": 0.2016})
wrong("Half the bytes, all else the same", "int8 slower", GOOD | {"int8_seconds": 0.56448})

EQUIVALENT = {}
