from answers import right, wrong

GOOD = {"alarms_a_day": 63.3, "threshold_for_one": 4.89, "right_at_two": 0.6755}

right("rounded", GOOD)
wrong("one tail of the distribution", "two tails", GOOD | {"alarms_a_day": 126.7})
wrong("the probability for one image", "not multiplied", GOOD | {"alarms_a_day": 3.17e-5})
wrong("that is for z above 3", "the other threshold", GOOD | {"alarms_a_day": 2700})
wrong("the probability of a z above 4", "a guess", GOOD | {"alarms_a_day": 20})
wrong("that is two-sided", "two-sided", GOOD | {"threshold_for_one": 5.026})
wrong("tens of false alarms", "four", GOOD | {"threshold_for_one": 4.0})
wrong("does not fall like a root", "a root", GOOD | {"threshold_for_one": 1414.2})
wrong("one in two million", "six", GOOD | {"threshold_for_one": 6.0})
wrong("the share of marked images that are found", "the recall", GOOD | {"right_at_two": 0.9})
wrong("that are left alone", "the specificity", GOOD | {"right_at_two": 0.9772})
wrong("alarms that are false", "the complement", GOOD | {"right_at_two": 0.3245})
wrong("Right alarms: 0.9", "a guess of the share", GOOD | {"right_at_two": 0.2})
