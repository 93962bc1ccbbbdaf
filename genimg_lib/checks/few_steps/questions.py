"""What exercises 51 ask: the right numbers and causes, and what is said of each tempting one."""

from genimg_lib.checks.judge import causes

PASS, DECODER, TEXT = 1.2, 1.0, 0.8  # TFLOP
TEACHER = 56 * PASS + DECODER + TEXT
STUDENT = PASS + DECODER + TEXT
COST = {  # entry -> (what is right, {mistaken number: what it forgot}, advice)
    "passes": (
        56,
        {
            28: "guidance needs a second prediction in every step.",
            29: "guidance needs a second prediction in every step, not once.",
        },
        "Every step needs the network with the prompt and without it.",
    ),
    "teacher": (
        TEACHER,
        {
            56 * PASS: "decoder and text encoder are missing.",
            28 * PASS + DECODER + TEXT: "guidance is missing.",
            56 * (PASS + DECODER) + TEXT: "the decoder runs once, at the end.",
        },
        "All passes, then the decoder and the text encoder once.",
    ),
    "student": (
        STUDENT,
        {
            PASS: "decoder and text encoder run as before.",
            2 * PASS + DECODER + TEXT: "the guidance is distilled as well: one pass.",
        },
        "One pass, the decoder and the text encoder.",
    ),
    "speedup": (
        TEACHER / STUDENT,
        {
            56: "that is the ratio of the passes; divide the totals.",
            28: "that is the ratio of the steps; divide the totals.",
            STUDENT / TEACHER: "that is the inverse: how many times cheaper?",
        },
        "Divide the totals.",
    ),
    "rest": (
        (DECODER + TEXT) / STUDENT,
        {
            (DECODER + TEXT) / TEACHER: "that is its share with the teacher.",
            DECODER / STUDENT: "the text encoder belongs to it.",
        },
        "Decoder and text encoder, over all that the student needs.",
    ),
}

SIGNS = {
    "nothing": "Then mean and spread would be those of the data.",
    "no stop-gradient": "Then the loss would be the lowest, and the samples too narrow.",
    "wrong sign of the derivative": "Then the target would run away from the network, and the "
    "loss would be the highest.",
    "derivative of the position only": "Then the derivative with respect to time would be "
    "missing: the loss looks right, and the samples are displaced.",
    "sampled with both times equal": "Then one step would follow the first velocity, to the mean.",
}
RUNS = causes(
    {
        "A": "no stop-gradient",
        "B": "sampled with both times equal",
        "C": "derivative of the position only",
        "D": "nothing",
        "E": "wrong sign of the derivative",
    },
    SIGNS,
    {
        "A": "Its loss is the lowest, and the spread a little over half of the data's.",
        "B": "All samples are equal. Where does the velocity at time 0 lead?",
        "C": "The loss is that of the right run, the mean is far off.",
        "D": "Compare with the data.",
        "E": "Nothing about these samples is of the data's size.",
    },
)
