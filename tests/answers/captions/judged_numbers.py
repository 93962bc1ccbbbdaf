from answers import right, wrong

GOOD = {"reported": 0.83, "gap": 0.14, "pictures": 1800, "prompts": 596}

right("exact", GOOD)
right("rounded", GOOD | {"prompts": 600})
wrong("that is the truth", "the truth", GOOD | {"reported": 0.9})
wrong("are reported as right, too", "only the recognised", GOOD | {"reported": 0.81})
wrong("and stops 80 %", "exchanged", GOOD | {"reported": 0.89})
wrong("Right pictures that are recognised", "half", GOOD | {"reported": 0.5})
wrong("the judge shrinks it", "the true gap", GOOD | {"gap": 0.2})
wrong("has more wrong pictures", "without false alarms", GOOD | {"gap": 0.18})
wrong("help the weaker model: subtract", "added", GOOD | {"gap": 0.22})
wrong("Both reports, subtracted", "too small", GOOD | {"gap": 0.03})
wrong("that is for one model", "one model", GOOD | {"pictures": 900})
wrong("two of them are asked for", "one standard error", GOOD | {"pictures": 450})
wrong("do not add, variances do", "errors added", GOOD | {"pictures": 3600})
wrong("Two standard errors of a difference", "a hundred", GOOD | {"pictures": 100})
wrong("that ignores the pairs", "as before", GOOD | {"prompts": 1800})
wrong("one standard error 2 points; two", "one standard error, paired", GOOD | {"prompts": 149})
wrong("do not cancel in the variance", "the net share", GOOD | {"prompts": 200})
wrong("The difference on a prompt is 1, 0 or -1", "a hundred prompts", GOOD | {"prompts": 100})

EQUIVALENT = {
    "0.06 - 0.02 ** 2 -> 0.06": "less than 1 % larger",
    "2 -> 3 (4)": "less than 1 % larger",
    "0.02 -> -0.02": "it is squared",
    "0.02 -> -0.02 (2)": "it is squared",
    "0.02 -> -0.02 (3)": "it is squared",
}
