"""What exercises 66 ask about logs and numbers: the right choices, and what is said of others."""

from genimg_lib.checks.judge import causes

RUNS = causes(
    right={
        "A": "a hacked reward",
        "B": "entropy collapse",
        "C": "silent groups",
        "D": "the penalty has the wrong sign",
        "E": "a healthy run",
    },
    signs={
        "a hacked reward": "Then the reward rises while the second judge falls.",
        "entropy collapse": "Then the nats of a sample go to 0, and all images of a prompt are "
        "alike.",
        "silent groups": "Then nearly all advantages are 0 and nothing moves at all.",
        "the penalty has the wrong sign": "Then the divergence grows without end, with or without "
        "reward.",
        "a healthy run": "Then reward and second judge rise together, at a small divergence.",
        "a ratio without a gradient": "Then the weights never move: the divergence stays 0.",
    },
    clues={
        "A": "Compare the reward with the second judge, line by line.",
        "B": "How many nats does a sample still have in the last line?",
        "C": "Which share of the groups has rewards that differ? And something does move.",
        "D": "What does the reward do while the divergence explodes?",
        "E": "Everything here is in measure. Is anything wrong?",
    },
)

CURES = causes(
    right={
        "P": "sample larger groups, or harder prompts",
        "Q": "stop early, by the other judge",
        "R": "raise beta",
        "S": "replace the judge",
    },
    signs={
        "sample larger groups, or harder prompts": "Groups help where rewards within a group are "
        "all equal.",
        "stop early, by the other judge": "Stopping helps where an earlier step was better, and a "
        "number says which.",
        "raise beta": "A penalty helps where the model drifts although the reward is right.",
        "replace the judge": "Another judge is needed where this one is wrong from the first step.",
        "lower the learning rate": "A smaller rate walks the same road in more steps.",
    },
    clues={
        "P": "98 % of the groups are solved. What do their advantages say?",
        "Q": "The best model lies in the middle of the run. The run itself cannot be repeated.",
        "R": "The reward is a measurement, so it cannot be wrong. What else was wanted?",
        "S": "The judge prefers the bad image of a pair before any training.",
    },
)

PARAMETERS, TOKENS, PROMPTS, GROUP, UPDATES = 0.5e6, 50, 64, 4, 4
IMAGES = PROMPTS * GROUP
FORWARD = 2 * PARAMETERS * TOKENS * IMAGES
COST = {
    "images": (
        IMAGES,
        {
            PROMPTS: "each prompt has a group of images.",
            IMAGES * UPDATES: "minibatches divide the images; they add none.",
        },
        "Prompts times images of a group.",
    ),
    "sampling": (
        FORWARD,
        {
            2 * FORWARD: "there is no guidance: the network runs once for each token.",
            3 * FORWARD: "6 FLOPs is training; sampling has no backward pass.",
            TOKENS * FORWARD: "with a cache each token passes the network once.",
            FORWARD / TOKENS: "every token of an image passes the network.",
        },
        "2 FLOPs for each weight, each token and each image.",
    ),
    "step": (
        FORWARD * (1 + 1 + 1 + 3),
        {
            FORWARD * (1 + 3): "the old and the reference log-probabilities cost a pass each.",
            FORWARD * (1 + 1 + 3): "there are two more passes: the old policy and the reference.",
            FORWARD * (3 + 3 * UPDATES): "each image is in one minibatch: one update sees it.",
            FORWARD * 3: "the update is missing: forwards and backwards, 6 FLOPs.",
        },
        "Sampling, old policy and reference are one forward pass each; the update is three.",
    ),
    "silent": (
        0.7**GROUP + 0.3**GROUP,
        {
            0.7**GROUP: "groups in which all are wrong are silent, too.",
            1 - 0.7**GROUP - 0.3**GROUP: "that is the share of groups that say something.",
            0.7: "that is a single image; a group is silent if all four agree.",
        },
        "All right, or all wrong: two probabilities that add.",
    ),
}
