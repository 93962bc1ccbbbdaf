from answers import right, wrong

RIGHT = {"passes": 56, "teacher": 69, "student": 3, "speedup": 23, "rest": 0.6}


def but(**changes):
    return RIGHT | changes


right("rounded", RIGHT)
wrong("in every step.", "28 passes", but(passes=28))
wrong("not once", "29 passes", but(passes=29))
wrong("with the prompt and without", "60 passes", but(passes=60))
wrong("text encoder are missing", "passes alone", but(teacher=67.2))
wrong("guidance is missing", "no guidance", but(teacher=28 * 1.2 + 1.8))
wrong("once, at the end", "decoder in each pass", but(teacher=56 * 2.2 + 0.8))
wrong("then the decoder and the text encoder once", "100", but(teacher=100))
wrong("run as before", "one pass", but(student=1.2))
wrong("distilled as well", "two passes", but(student=4.2))
wrong("One pass, the decoder", "5", but(student=5))
wrong("the ratio of the passes", "56 times", but(speedup=56))
wrong("the ratio of the steps", "28 times", but(speedup=28))
wrong("that is the inverse", "inverse", but(speedup=3 / 69))
wrong("Divide the totals.", "20 times", but(speedup=20))
wrong("share with the teacher", "of the teacher", but(rest=1.8 / 69))
wrong("belongs to it", "decoder alone", but(rest=1 / 3))
wrong("over all that the student needs", "0.9", but(rest=0.9))
wrong("the entries are", "one entry", {"passes": 56})
wrong("should be a dictionary", "a list", [56])
EQUIVALENT = {}
