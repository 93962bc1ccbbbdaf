from answers import right, wrong

GOOD = {
    "ship": 320,
    "generator_loss_measures": "success against this discriminator",
    "comparable_across_steps": "no",
}

right("read carefully", GOOD)
right("written otherwise", {key: str(value).upper() for key, value in GOOD.items()})
wrong("the lowest generator loss", "lowest loss", GOOD | {"ship": 80})
wrong("the last one is not the best one", "the last", GOOD | {"ship": 400})
wrong("that is the start", "the first", GOOD | {"ship": 40})
wrong("compare the two columns", "quality", GOOD | {"generator_loss_measures": "quality"})
wrong(
    "the opinion of the discriminator",
    "distance",
    GOOD | {"generator_loss_measures": "distance to the data"},
)
wrong("a GAN gives no likelihood", "likelihood", GOOD | {"generator_loss_measures": "likelihood"})
wrong("another judge", "comparable", GOOD | {"comparable_across_steps": "yes"})
wrong(
    "the judge goes on changing",
    "smoothed",
    GOOD | {"comparable_across_steps": "after smoothing"},
)
wrong(
    "from step 240 to 320",
    "settled",
    GOOD | {"comparable_across_steps": "once it has settled"},
)
wrong("300 is not among", "a step between", GOOD | {"ship": 300})
wrong("sharpness is not among", "another measure", GOOD | {"generator_loss_measures": "sharpness"})
wrong("at step 160", "too early", GOOD | {"ship": 160})
wrong("at step 240", "early", GOOD | {"ship": 240})

EQUIVALENT = {}
