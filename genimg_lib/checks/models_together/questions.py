"""What exercises 62 ask about a table and about numbers: the right choices, and what is said of
the others.
"""

from genimg_lib.checks.judge import causes

SYSTEMS = causes(
    right={
        "A": "as it should be",
        "B": "words it was never taught",
        "C": "nothing is trained",
        "D": "the grammar ends otherwise than the examples",
        "E": "cut off at a limit",
    },
    signs={
        "as it should be": "Tuned and asked in its own words, the model needs no grammar.",
        "words it was never taught": "Asked in new words, the model writes what the grammar has to "
        "forbid.",
        "nothing is trained": "A and B that both start at 0 get no gradient: the loss stays.",
        "the grammar ends otherwise than the examples": "A grammar whose end no example shows "
        "changes where the model stops.",
        "cut off at a limit": "A mask promises that a text can still become valid, not that it is "
        "complete.",
        "the prompt counts in the loss": "Prompts cannot be foretold: with them, the loss ends far "
        "above 0.",
    },
    clues={
        "A": "Here both halves of the line are the same, and good.",
        "B": "Here the grammar makes everything valid, and most of it is wrong.",
        "C": "Here the loss is at the end what it was at the start.",
        "D": "Here the grammar takes what was right half of the time to never.",
        "E": "Here even under a grammar most texts are not valid. What can a mask not do?",
    },
)


_PER_MATRIX = 8 * (4096 + 4096)
_TRAINED = 32 * 2 * _PER_MATRIX
LORA = {
    "trained": (
        _TRAINED,
        {
            _TRAINED / 2: "A and B both count, and each layer has two adapted matrices: one 2 is "
            "missing.",
            32 * 2 * 4096**2: "those are the frozen matrices themselves.",
            2 * _PER_MATRIX: "that is one layer; there are 32.",
        },
        "Layers times matrices times 8 * (4,096 + 4,096).",
    ),
    "megabytes": (
        _TRAINED * 2 / 1e6,
        {
            _TRAINED / 1e6: "16 bits are two bytes.",
            _TRAINED * 4 / 1e6: "that is in 32 bits; the file has 16.",
            _TRAINED * 16 / 1e6: "the optimizer's state is not in the file.",
            14_000: "that is the whole model; the file holds the adapter.",
        },
        "Two bytes for each trained number, in millions.",
    ),
    "full": (
        112.0,
        {
            14: "that is the model alone; training keeps gradients, moments and a master copy.",
            28: "weights and gradients; AdamW also keeps two moments and a master copy.",
            84: "the moments and the master copy alone; weights and gradients are there as well.",
            56: "eight bytes; with the two moments of 32 bits it is 16.",
        },
        "2 + 2 + 4 + 4 + 4 bytes for each of 7 billion weights.",
    ),
    "lora": (
        14 + _TRAINED * 16 / 1e9,
        {
            112: "frozen weights need no gradient and no moments.",
            28: "frozen weights need no gradients, which would be as large as the model.",
            _TRAINED * 16 / 1e9: "the frozen model has to be in memory, too.",
        },
        "The model in 16 bits, and 16 bytes for each trained number.",
    ),
    "customers": (
        40e9 / (_TRAINED * 2),
        {
            40e9 / (_TRAINED * 16): "nobody trains here: an adapter has two bytes for each number.",
            80e9 / (_TRAINED * 2): "the model and the caches lie on the same card.",
            40 / 14: "the model is shared; each customer adds an adapter.",
        },
        "What is left of the card, 80 - 14 - 26 GB, over the size of one file.",
    ),
}
