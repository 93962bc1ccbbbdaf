import numpy as np
from answers import right, wrong


def per_prompt(english, chinese):
    return english.mean(axis=1) - chinese.mean(axis=1)


@right
def prompts_first(english, chinese):
    each = per_prompt(english, chinese)
    return each.mean(), 1.96 * each.std(ddof=1) / np.sqrt(len(each))


@right
def with_variances(english, chinese):
    a, b = english.mean(axis=1), chinese.mean(axis=1)
    (first, both), (_, second) = np.cov(a, b)
    return a.mean() - b.mean(), 1.96 * np.sqrt((first + second - 2 * both) / len(a))


@right
def with_sums(english, chinese):
    each = (english - chinese).sum(axis=1) / english.shape[1]
    squares = np.sum((each - each.mean()) ** 2)
    return [each.mean(), 1.96 * (squares / (len(each) * (len(each) - 1))) ** 0.5]


@wrong("the sign is turned")
def turned(english, chinese):
    return prompts_first(chinese, english)


@wrong("samples of one prompt count as prompts")
def every_sample(english, chinese):
    each = (english - chinese).ravel()
    return each.mean(), 1.96 * each.std(ddof=1) / np.sqrt(each.size)


@wrong("the prompts are not paired")
def unpaired(english, chinese):
    gap, _ = prompts_first(english, chinese)
    variance = english.mean(axis=1).var(ddof=1) + chinese.mean(axis=1).var(ddof=1)
    return gap, 1.96 * np.sqrt(variance / len(english))


@wrong("that is the standard error")
def one_error(english, chinese):
    gap, half = prompts_first(english, chinese)
    return gap, half / 1.96


@wrong("that is the spread of prompts")
def spread(english, chinese):
    gap, half = prompts_first(english, chinese)
    return gap, half * np.sqrt(len(english))


@wrong("one less")
def divided_by_all(english, chinese):
    each = per_prompt(english, chinese)
    return each.mean(), 1.96 * each.std() / np.sqrt(len(each))


@wrong("use the spread over prompts")
def no_width(english, chinese):
    return per_prompt(english, chinese).mean(), 0.0


EQUIVALENT = {
    "1 -> -1": "the second of two axes is the last",
    "1 -> -1 (2)": "the second of two axes is the last",
}
