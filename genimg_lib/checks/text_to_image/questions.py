"""What exercises 60 ask about numbers: the right ones, and what is said of tempting others."""

NUMBERS = {
    "states_terabytes": (
        77 * 4096 * 2 / 1e6,
        {
            77 * 4096 * 4 / 1e6: "float16 has two bytes, not four.",
            4096 * 2 / 1e6: "that is one vector a caption; there is one for each token.",
            77 * 4096 / 1e6: "that counts numbers, not bytes.",
        },
        "Multiply captions, tokens, dimensions and bytes.",
    ),
    "padding_share": (
        65 / 77,
        {
            12 / 77: "that is the share of the words.",
            77 / 12: "that is how many times as many positions there are as words.",
        },
        "Of 77 positions, 12 hold a word.",
    ),
    "pictures_needed": (
        0.8 * 0.2 / 0.01**2,
        {
            0.8 * 0.2 / 0.01: "the standard error falls with the root of the number.",
            0.25 / 0.01**2: "that is the worst case, a share of one half; here it is 0.8.",
            4 * 0.8 * 0.2 / 0.01**2: "that is for an interval of two standard errors.",
        },
        "A share p of n pictures has the variance p (1 - p) / n.",
    ),
    "network_passes": (
        50 + 0.6 * 50,
        {
            100: "that is guidance at every step; here it is used at 60 % of them.",
            50: "a guided step needs two passes.",
            60: "the steps without guidance need one pass, too.",
        },
        "Count one pass for every step, and one more for each guided step.",
    ),
}
