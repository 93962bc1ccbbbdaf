from answers import right, wrong

TRUTH = {
    "states_terabytes": 0.630784,
    "padding_share": 65 / 77,
    "pictures_needed": 1600,
    "network_passes": 80,
}

right("as it is", TRUTH)


def but(**change):
    return TRUTH | change


wrong("two bytes, not four", "float32", but(states_terabytes=1.261568))
wrong("one for each token", "pooled", but(states_terabytes=0.008192))
wrong("counts numbers, not bytes", "numbers", but(states_terabytes=0.315392))
wrong("Multiply captions, tokens", "one", but(states_terabytes=0.9))
wrong("the share of the words", "words", but(padding_share=12 / 77))
wrong("how many times as many positions", "factor", but(padding_share=77 / 12))
wrong("12 hold a word", "half", but(padding_share=0.5))
wrong("falls with the root", "not squared", but(pictures_needed=16))
wrong("that is the worst case", "worst case", but(pictures_needed=2500))
wrong("interval of two standard errors", "two errors", but(pictures_needed=6400))
wrong("has the variance", "guess", but(pictures_needed=1000))
wrong("guidance at every step", "all steps", but(network_passes=100))
wrong("a guided step needs two", "one each", but(network_passes=50))
wrong("without guidance need one pass", "guided only", but(network_passes=60))
wrong("one more for each guided step", "guess 75", but(network_passes=75))
wrong("is nearly right", "rounded", but(states_terabytes=0.615))
wrong("the entries are", "one missing", {"padding_share": 65 / 77})

EQUIVALENT = {}
