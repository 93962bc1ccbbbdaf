from answers import right, wrong

NUMBERS = {"limit": 6.82, "excess at 1,000": 2.21, "thousands of images": 4.43}

right("with two digits", NUMBERS)
right("rounded", {"limit": 6.8, "excess at 1,000": 2.2, "thousands of images": 4.4})

wrong("the last measurement is not the limit", "the last value", NUMBERS | {"limit": 8.2})
wrong("a line in 1 / sqrt(N)", "a root for a reciprocal", NUMBERS | {"limit": 4.05})
wrong("a line in N", "a straight line", NUMBERS | {"limit": 13.73})
wrong("Two equations, two unknowns", "a guess", NUMBERS | {"limit": 6})
wrong("the sign of the slope is wrong", "added", NUMBERS | {"limit": 9.58})
wrong("that is FID at 1,000 images", "with the limit", NUMBERS | {"excess at 1,000": 9.03})
wrong("that is the slope", "not divided", NUMBERS | {"excess at 1,000": 2213})
wrong(
    "It is slope / 1000, with the slope against", "off by two", NUMBERS | {"excess at 1,000": 1.1}
)
wrong(
    "above the measurement with 1,600", "above the last value", NUMBERS | {"excess at 1,000": 0.83}
)
wrong("not the bias", "the excess by a root", NUMBERS | {"excess at 1,000": 5.25})
wrong("the answer counts thousands", "in images", NUMBERS | {"thousands of images": 4427})
wrong("where the excess is 1", "for an excess of 1", NUMBERS | {"thousands of images": 2.2})
wrong("there the excess is 0.25", "for a quarter", NUMBERS | {"thousands of images": 8.9})
wrong("it would take that many", "the number by a root", NUMBERS | {"thousands of images": 110})
wrong("Where is slope / N = 0.5", "a round number", NUMBERS | {"thousands of images": 5})
wrong("it should be a dictionary with the keys limit", "three numbers", [6.8, 2.2, 4.4])
wrong("limit should be numbers", "words", NUMBERS | {"limit": "about seven"})
wrong("should be numbers, but is 6.82 (str)", "a number as a word", NUMBERS | {"limit": "6.82"})
