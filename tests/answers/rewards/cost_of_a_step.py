from answers import right, wrong

FORWARD = 2 * 0.5e6 * 50 * 256
RIGHT = {
    "images": 256,
    "sampling": FORWARD,
    "step": 6 * FORWARD,
    "silent": 0.7**4 + 0.3**4,
}


def but(key, value):
    return RIGHT | {key: value}


right("counted", RIGHT)
wrong("has a group of images", "prompts", but("images", 64))
wrong("they add none", "minibatches", but("images", 1024))
wrong("times images of a group", "guessed", but("images", 100))
wrong("there is no guidance", "guided", but("sampling", 2 * FORWARD))
wrong("no backward pass", "trained", but("sampling", 3 * FORWARD))
wrong("passes the network once", "uncached", but("sampling", 50 * FORWARD))
wrong("every token of an image", "one token", but("sampling", FORWARD / 50))
wrong("2 FLOPs for each weight", "off", but("sampling", FORWARD / 3))
wrong("cost a pass each", "update alone", but("step", 4 * FORWARD))
wrong("two more passes", "one pass", but("step", 5 * FORWARD))
wrong("one update sees it", "four updates", but("step", 15 * FORWARD))
wrong("the update is missing", "passes", but("step", 3 * FORWARD))
wrong("the update is three", "off again", but("step", 100 * FORWARD))
wrong("say something", "loud", but("silent", 1 - 0.7**4 - 0.3**4))
wrong("if all four agree", "one image", but("silent", 0.7))
wrong("two probabilities that add", "half", but("silent", 0.5))
wrong("in which all are wrong", "all right", but("silent", 0.7**4))

EQUIVALENT = {
    "0.7 -> -0.7": "an even power",
    "0.3 -> -0.3": "an even power",
    "500000.0 -> 499999.0": "within the tolerance",
    "500000.0 -> 500001.0": "within the tolerance",
}
