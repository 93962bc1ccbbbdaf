from answers import right, wrong

RIGHT = {
    "P": "sample larger groups, or harder prompts",
    "Q": "stop early, by the other judge",
    "R": "raise beta",
    "S": "replace the judge",
}

right("as made", RIGHT)
wrong("What do their advantages say", "P slower", RIGHT | {"P": "lower the learning rate"})
wrong("lies in the middle", "Q groups", RIGHT | {"Q": "sample larger groups, or harder prompts"})
wrong("it cannot be wrong", "R judge", RIGHT | {"R": "replace the judge"})
wrong("before any training", "S beta", RIGHT | {"S": "raise beta"})
wrong("an earlier step was better", "S stop", RIGHT | {"S": "stop early, by the other judge"})
