"""What exercises 40 ask: the right numbers and causes, and what is said of each tempting one."""

from genimg_lib.checks.judge import causes


def _block():
    return 12 * 768**2 / 1e6


def _millions(width, copies=1):
    return (144 * width**2 + (copies * 50_257 + 1024) * width) / 1e6


PARAMETERS = {
    "one block": (
        _block(),
        {
            4 * 768**2 / 1e6: "that is only attention, 4 width^2: the MLP has two "
            "matrices of width x 4 width.",
            8
            * 768**2
            / 1e6: "that is the MLP alone, or attention and half an MLP: 4 width^2 and 8 width^2 "
            "add up.",
            11 * 768**2 / 1e6: "three matrices of attention: the output is projected as well.",
            56
            * 768**2
            / 1e6: "heads do not multiply: twelve heads SHARE the width, 64 numbers each.",
            _block() * 1e6: "give millions.",
        },
        "List the matrices of attention and of the MLP, all in width^2.",
    ),
    "tied": (
        _millions(768),
        {
            12
            * _block(): "these are the blocks alone: add the embeddings of tokens and positions.",
            _millions(
                768, copies=2
            ): "the embedding is counted twice: tied means that the head uses the same table.",
            _millions(768)
            - 1024 * 768 / 1e6: "the learned positions are missing: 1,024 vectors more.",
            _millions(768) * 1e6: "give millions of parameters.",
        },
        "Twelve blocks, one table of tokens, one of positions.",
    ),
    "untied": (
        _millions(768, copies=2),
        {
            _millions(768): "untied, the head has a table of its own, width x vocabulary.",
            _millions(768, copies=2) * 1e6: "give it in millions.",
        },
        "The tied model and a second table of tokens.",
    ),
    "twice as wide": (
        _millions(1536) / _millions(768),
        {
            2.0: "everything times 2: the matrices of a block grow in both directions.",
            4.0: "everything times 4: the embedding grows in one direction only.",
            _millions(
                1536
            ): "that is the size; asked is how many times the size of the tied model.",
            _millions(1536, copies=2)
            / _millions(768, copies=2): "that is the untied model; asked is the tied one.",
            _millions(1536) / _millions(768) - 1: "that is what is ADDED; the factor is one more.",
        },
        "Blocks grow fourfold, tables twofold: divide the sums.",
    ),
}


SIGNS = {
    "healthy": "Its validation loss would end a little above ln 1000 = 6.91, the entropy.",
    "no causal mask": "It would fall below the entropy on BOTH sets, because the answer stands in "
    "the input.",
    "learns 100 lines by heart": "Train would pass below 6.91 towards ln 100 = 4.61, while "
    "validation only rises.",
    "validation spelt otherwise": "Train would be healthy, and validation far off from the first "
    "line and never better.",
    "learning rate far too high": "BOTH losses would jump about, hardly better than the 126 nats "
    "of an untrained model.",
    "train and validation overlap": "Both would go together, down to the entropy and not beyond "
    "ln 900 = 6.80.",
}


CAUSES = {
    "A": "learns 100 lines by heart",
    "B": "healthy",
    "C": "learning rate far too high",
    "D": "validation spelt otherwise",
    "E": "no causal mask",
}


CLUES = {
    "A": "Compare the last train loss of run A with ln 1000 and with ln 100.",
    "B": "In run B both losses come within 0.4 nats of the entropy, validation less close than "
    "train.",
    "C": "In run C neither loss settles, and train and validation agree.",
    "D": "In run D train reaches the entropy; look at validation beside it.",
    "E": "In run E both losses are below what is possible.",
}


RUNS = causes(CAUSES, SIGNS, CLUES)
