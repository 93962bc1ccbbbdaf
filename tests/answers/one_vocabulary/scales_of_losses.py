from answers import right, wrong

PICTURE, CAPTION = 49 * 2.4, 24 * 0.35
RIGHT = {
    "caption": CAPTION,
    "share": CAPTION / (PICTURE + CAPTION),
    "share of means": 0.35 / 2.75,
    "weight": PICTURE / CAPTION,
    "caption alone": CAPTION + 6,
}


def but(key, value):
    return RIGHT | {key: value}


right("counted", RIGHT)
wrong("that is one place", "a place", but("caption", 0.35))
wrong("a caption has 24", "as long as a picture", but("caption", 49 * 0.35))
wrong("Places times nats", "guessed", but("caption", 3.0))
wrong("caption by both", "by picture", but("share", CAPTION / PICTURE))
wrong("the picture's share", "the other one", but("share", PICTURE / (PICTURE + CAPTION)))
wrong("add up the tokens", "of means", but("share", 0.35 / 2.75))
wrong("divided by the nats of the pair", "off", but("share", 0.5))
wrong("counts once", "of sums", but("share of means", RIGHT["share"]))
wrong("a share of tokens", "tokens", but("share of means", 24 / 73))
wrong("the sum of both means", "off again", but("share of means", 0.9))
wrong("the other way round", "inverse", but("weight", CAPTION / PICTURE))
wrong("both lengths matter", "of means again", but("weight", 2.4 / 0.35))
wrong("so that both sums are equal", "one", but("weight", 1.0))
wrong("without it a caption costs more", "subtracted", but("caption alone", CAPTION - 6))
wrong("a picture without its caption", "picture", but("caption alone", PICTURE + 6))
wrong("what both have in common", "information", but("caption alone", 6.0))
wrong("the same from both sides", "unchanged", but("caption alone", CAPTION))

EQUIVALENT = {}
