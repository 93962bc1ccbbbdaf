from answers.lessons import right, wrong

GIVEN = {
    "tempting_answer": [
        wrong("biased upward", "a"),
        wrong("leading term", "c"),
        wrong("KID is one", "d"),
    ],
    "points_made": [
        right((5, 2, 1)),
        right([1, 2, 2, 5]),
        wrong("from 1 to 5", [0, 1, 4]),
        wrong("the batch or the weights", [1, 2, 3, 5]),
        wrong("says the opposite", [1, 2, 4, 5]),
        wrong("all six factors", [2, 5]),
        wrong("reason for the doubling", [1, 5]),
        wrong("three ways", [1, 2]),
    ],
    "forgetting_curve": [
        right(lambda days, s, w: 1 / (1 + (0.9 ** (-1 / w) - 1) * days / s) ** w),
        wrong("a power law", lambda days, s, w: 0.9 ** (days / s)),
        wrong("this recall grows", lambda days, s, w: (1 + (0.9 ** (-1 / w) - 1) * days / s) ** w),
        wrong("subtracted", lambda days, s, w: (1 + 0.9 ** (-1 / w) * days / s) ** -w),
        wrong("divided by", lambda days, s, w: (1 + (0.9 ** (-1 / w) - 1) * days) ** -w),
        wrong("R(0) must be 1", lambda days, s, w: (1 + days / s) ** -w),
    ],
    "weaker_ahead": [
        wrong("half an hour hold", "a"),
        wrong("more than the spread", "c"),
    ],
}
