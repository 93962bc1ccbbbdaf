from answers import right, wrong

GOOD = {
    "green_share": 0.711,
    "share_returned": 0.58,
    "z_of_256": 12.19,
    "tokens_for_four": 27.55,
}

right("rounded", GOOD)
wrong("divide by what green and red weigh", "not normalised", GOOD | {"green_share": 1.847})
wrong("not by 2", "a factor of 2", GOOD | {"green_share": 0.4})
wrong("half of the vocabulary", "the logistic function", GOOD | {"green_share": 0.8808})
wrong("Green weighs", "a guess of the share", GOOD | {"green_share": 0.6})
wrong("still green by chance", "half of it", GOOD | {"share_returned": 0.48})
wrong("come back as others", "all of it", GOOD | {"share_returned": 0.8})
wrong("not a half", "half by chance", GOOD | {"share_returned": 0.68})
wrong("Six tenths keep", "a guess of the rest", GOOD | {"share_returned": 0.5})
wrong("the root of the number of tokens", "not the root", GOOD | {"z_of_256": 195.1})
wrong("not by its variance", "by the variance", GOOD | {"z_of_256": 28.16})
wrong("subtract the share", "nothing subtracted", GOOD | {"z_of_256": 21.43})
wrong("sqrt(256) times", "a guess of z", GOOD | {"z_of_256": 5})
wrong("enters squared", "four", GOOD | {"tokens_for_four": 6.887})
wrong("the root of the number of tokens.", "the root", GOOD | {"tokens_for_four": 5.249})
wrong("the course's image", "forty-nine", GOOD | {"tokens_for_four": 49})
wrong("Solve sqrt(n)", "a guess of n", GOOD | {"tokens_for_four": 100})
