from answers import right, wrong

RIGHT = {
    "A": "the written tokens see themselves",
    "B": "the caption counts too little",
    "C": "dropped captions are still taught",
    "D": "what is read is in the loss",
    "E": "a healthy run",
}

right("as made", RIGHT)
wrong("Compare the loss with the samples", "A healthy", RIGHT | {"A": "a healthy run"})
wrong("does not move", "B shared", RIGHT | {"B": "words and tokens share numbers"})
wrong("Look at the last column", "C weight", RIGHT | {"C": "the caption counts too little"})
wrong("Add the nats", "D leak", RIGHT | {"D": "the written tokens see themselves"})
wrong("Is anything wrong here?", "E dropped", RIGHT | {"E": "dropped captions are still taught"})
wrong("those of the whole pair", "E sum", RIGHT | {"E": "what is read is in the loss"})
