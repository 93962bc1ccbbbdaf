from answers import right, wrong

STEP, DECODER = 2 * 0.6e9 * 1024, 1.2e12
IMAGE, STUDENT = 60 * STEP + DECODER, 4 * STEP + DECODER
RIGHT = {"passes": 60, "flops": IMAGE, "seconds": 1.87, "speedup": 12.25, "decoder_share": 0.196}


def but(**changes):
    return RIGHT | changes


right("mostly rounded", RIGHT)
right(
    "formulas", but(seconds=IMAGE / 40e12, speedup=IMAGE / STUDENT, decoder_share=DECODER / STUDENT)
)
wrong("without the prompt, in every step", "30 passes", but(passes=30))
wrong("in every step, not once", "31 passes", but(passes=31))
wrong("not the network that is meant", "61 passes", but(passes=61))
wrong("costs one evaluation", "120 passes", but(passes=120))
wrong("Every step needs the network", "90 passes", but(passes=90))
wrong("the decoder is missing", "no decoder", but(flops=60 * STEP))
wrong("either guidance is missing", "no guidance", but(flops=30 * STEP + DECODER))
wrong("not in every pass", "decoder in each pass", but(flops=60 * (STEP + DECODER)))
wrong("all 1,024 positions", "one position", but(flops=60 * STEP / 1024 + DECODER))
wrong("drawing has no backward pass", "training", but(flops=180 * STEP + DECODER))
wrong("that is the peak", "peak", but(seconds=IMAGE / 100e12))
wrong("40 % of it is less", "more than the peak", but(seconds=IMAGE / 250e12))
wrong("what the card achieves: 40", "minutes", but(seconds=IMAGE / 40e12 / 60))
wrong("divide the totals", "15", but(speedup=15))
wrong("the student needs no guidance", "7.5", but(speedup=7.5))
wrong("four passes, not eight", "guided student", but(speedup=IMAGE / (8 * STEP + DECODER)))
wrong("that is the inverse", "inverse", but(speedup=STUDENT / IMAGE))
wrong("must be decoded too", "undecoded", but(speedup=IMAGE / (4 * STEP)))
wrong("that is its share in the 30 steps", "teacher's share", but(decoder_share=DECODER / IMAGE))
wrong("that is its ratio", "ratio", but(decoder_share=DECODER / (4 * STEP)))
wrong("between 0 and 1", "percent", but(decoder_share=19.6))
wrong("60 times, then the decoder once", "no passes", but(flops=DECODER))
wrong("against the FLOPs from above", "five steps", but(speedup=IMAGE / (5 * STEP + DECODER)))
wrong(
    "by all that the student needs",
    "eight passes",
    but(decoder_share=DECODER / (8 * STEP + DECODER)),
)
wrong("should be a dictionary", "a list", [60, IMAGE])
wrong("speedup = 12 is nearly right, but not within 1 %", "rounded", but(speedup=12))

EQUIVALENT = {}
