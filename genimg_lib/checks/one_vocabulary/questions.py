"""What exercises 65 ask about numbers and designs: right answers, and what is said of others."""

from genimg_lib.checks.judge import causes

TOKENS, PER_TOKEN, PLACES, PER_PLACE, KNOWN = 49, 2.4, 24, 0.35, 6.0
PICTURE, CAPTION = TOKENS * PER_TOKEN, PLACES * PER_PLACE
SCALES = {
    "caption": (
        CAPTION,
        {
            PER_PLACE: "that is one place; a caption is the sum of its places.",
            TOKENS * PER_PLACE: "those are the picture's places; a caption has 24.",
        },
        "Places times nats of a place.",
    ),
    "share": (
        CAPTION / (PICTURE + CAPTION),
        {
            CAPTION / PICTURE: "that is caption by picture; the share is caption by both.",
            PICTURE / (PICTURE + CAPTION): "that is the picture's share.",
            PER_PLACE / (PER_TOKEN + PER_PLACE): "every nat counts alike: add up the tokens.",
        },
        "Nats of a caption divided by the nats of the pair.",
    ),
    "share of means": (
        PER_PLACE / (PER_TOKEN + PER_PLACE),
        {
            CAPTION / (PICTURE + CAPTION): "now each segment's mean over its tokens counts once.",
            PLACES / (PLACES + TOKENS): "that is a share of tokens, not of losses.",
        },
        "The mean of a caption's places, divided by the sum of both means.",
    ),
    "weight": (
        PICTURE / CAPTION,
        {
            CAPTION / PICTURE: "the other way round: the caption is to be raised.",
            PER_TOKEN / PER_PLACE: "the losses are sums: both lengths matter.",
        },
        "What must a nat of a caption count, so that both sums are equal?",
    ),
    "caption alone": (
        CAPTION + KNOWN,
        {
            CAPTION - KNOWN: "the picture helps: without it a caption costs more.",
            PICTURE + KNOWN: "that is a picture without its caption.",
            KNOWN: "that is what both have in common.",
        },
        "H(C) = H(C | X) + I, and I is the same from both sides.",
    ),
}

DESIGNS = causes(
    right={
        "A": "Chameleon",
        "B": "Transfusion",
        "C": "Janus",
        "D": "BAGEL",
    },
    signs={
        "Chameleon": "Chameleon makes everything a token and has one softmax.",
        "Transfusion": "Transfusion adds a diffusion loss for pictures to the loss of words.",
        "Janus": "Janus sees a picture with another encoder than the one it paints with.",
        "BAGEL": "BAGEL gives understanding and generation weights of their own.",
        "two specialists": "Two specialists share nothing but the data.",
    },
    clues={
        "A": "How many loss functions are there?",
        "B": "What does the output for a picture consist of?",
        "C": "How many ways does a picture have into the model?",
        "D": "What do the two tasks share, and what not?",
    },
)

WAYS = causes(
    right={
        "A": "the written tokens see themselves",
        "B": "the caption counts too little",
        "C": "dropped captions are still taught",
        "D": "what is read is in the loss",
        "E": "a healthy run",
    },
    signs={
        "the written tokens see themselves": "Then the loss goes to nearly 0, and samples are "
        "noise.",
        "the caption counts too little": "Then painting is fine, and captions fit no picture.",
        "dropped captions are still taught": "Then some captions come out empty.",
        "what is read is in the loss": "Then each direction's nats are those of the whole pair.",
        "a healthy run": "Then both directions improve, and samples keep what the loss promises.",
        "words and tokens share numbers": "Then samples of one kind turn up in the other.",
    },
    clues={
        "A": "Compare the loss with the samples.",
        "B": "Which of the two losses does not move?",
        "C": "Look at the last column.",
        "D": "Add the nats of a picture and those of a caption.",
        "E": "Is anything wrong here?",
    },
)
