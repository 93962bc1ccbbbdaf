from answers import right, wrong

GOOD = {
    "ridge": 156,
    "rows": 156,
    "guided_images": 78,
    "int8_rows": 78,
    "intensity_limit": 21.2,
    "shared_rows": 288.5,
}

right("rounded", GOOD)
wrong("bytes per FLOP", "bytes per FLOP", GOOD | {"ridge": 0.00641025641025641})
wrong("the bandwidth is in bytes already", "bits", GOOD | {"ridge": 19.5})
wrong("FLOPs that the card can do", "ridge in thousands", GOOD | {"ridge": 0.156})
wrong("two FLOPs.", "multiply-adds", GOOD | {"rows": 312})
wrong("a 16-bit weight is two bytes", "bytes forgotten", GOOD | {"rows": 78})
wrong("as many FLOPs per byte as the ridge", "one row", GOOD | {"rows": 1})
wrong("a guided image is two rows of the batch", "guided as plain", GOOD | {"guided_images": 156})
wrong("so half as many images", "guided doubled", GOOD | {"guided_images": 312})
wrong(
    "How many rows does a guided image take",
    "guided divided by three",
    GOOD | {"guided_images": 52},
)
wrong("half the bytes are read in half the time", "int8 the same", GOOD | {"int8_rows": 156})
wrong("not a larger one", "int8 doubled", GOOD | {"int8_rows": 312})
wrong("Weights of one byte", "int8 a quarter", GOOD | {"int8_rows": 39})
wrong("that is what the card needs", "the ridge again", GOOD | {"intensity_limit": 156})
wrong("keys and values: the cache", "keys only", GOOD | {"intensity_limit": 42.385525173611114})
wrong(
    "each weight does two FLOPs a row",
    "multiply-adds of a row",
    GOOD | {"intensity_limit": 10.596381293402779},
)
wrong(
    "two factors of 2 in the cache",
    "numbers for bytes and keys only",
    GOOD | {"intensity_limit": 84.77105034722223},
)
wrong("the weights no longer count", "no limit", GOOD | {"intensity_limit": float("inf")})
wrong("without the cache", "shared without cache", GOOD | {"shared_rows": 156})
wrong("the batch is not divided", "batch divided", GOOD | {"shared_rows": 9.75})
wrong("Set the seconds of arithmetic equal", "negative", GOOD | {"shared_rows": -25})

EQUIVALENT = {}
