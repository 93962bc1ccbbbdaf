"""What exercises 71 ask.

The right choices and numbers, and what is said of each tempting one.
"""

from genimg_lib.checks.judge import Estimate, Question

BEACH: dict[str, Question] = {
    "line_2": (
        "no generate",
        {
            "runs": "line_2: AutoModel leaves out the language-model head, so there is nothing to "
            "generate with.",
            "no weights": "line_2: the weights are found; it is the class that lacks something.",
            "no Chinese": "line_2: the tokenizer does not complain: it writes <unk>.",
        },
    ),
    "result": (
        "token ids",
        {
            "pixels": "result: no line makes pixels: the vocabulary holds pieces of words.",
            "text": "result: text comes out of tokenizer.decode; generate itself returns whole "
            "numbers.",
            "features": "result: features are the last hidden states; generate picks a token at "
            "every step.",
        },
    ),
    "prompt": (
        "unknown",
        {
            "Chinese": "prompt: the pieces of this tokenizer are from English, German, French and "
            "Romanian text.",
            "bytes": "prompt: a tokenizer with byte fallback would do that; this one has none.",
            "English": "prompt: nobody translates: a tokenizer only cuts.",
        },
    ),
    "missing": (
        "image tokens",
        {
            "a larger model": "missing: a larger model writes better text, and still text.",
            "a better prompt": "missing: a prompt changes which words come out, not that they are "
            "words.",
            "a longer output": "missing: fifty or five thousand tokens of text: none of them is a "
            "patch of an image.",
        },
    ),
}

CHECKPOINT: dict[str, Question] = {
    "ship": (
        320,
        {
            80: "ship: step 80 has the lowest generator loss; its images are three times as far "
            "from real ones as the best.",
            400: "ship: the last one is not the best one: the distance has risen again.",
            40: "ship: that is the start; look at the distance.",
            160: "ship: at step 160 the distance still falls.",
            240: "ship: at step 240 the distance still falls.",
        },
    ),
    "generator_loss_measures": (
        "success against this discriminator",
        {
            "quality": "if the loss measured quality, it would have to fall with the distance: "
            "compare the two columns.",
            "distance to the data": "that distance is the last column; the loss is the opinion of "
            "the discriminator.",
            "likelihood": "a GAN gives no likelihood; the loss is about logits of another network.",
        },
    ),
    "comparable_across_steps": (
        "no",
        {
            "yes": "not comparable: the discriminator of step 400 is another judge than that of "
            "step 40.",
            "after smoothing": "smoothing takes the noise away; the judge goes on changing.",
            "once it has settled": "from step 240 to 320 the loss does not move, and the distance "
            "falls from 127 to 100.",
        },
    ),
}

FIFTY_EPOCHS: dict[str, Estimate] = {
    "updates": (
        50 * 32,
        {
            32: "that is one epoch; there are 50.",
            50 * 937: "the inner loop does not run over the data.",
            50 * 64: "the range ends at batch_size // 2.",
        },
        "Count how often the inner loop runs in one epoch, times the epochs.",
    ),
    "images_seen": (
        32,
        {
            50 * 32: "i starts at 0 again in every epoch.",
            60_000: "i stays below 32.",
            64: "the range ends at batch_size // 2.",
            1: "one at a time, but another one for each i.",
        },
        "Which values does i take, over all epochs?",
    ),
    "drawn_per_real": (
        64,
        {
            1: "one real image, and how many drawn ones?",
            2: "the 2 is in the range of the loop.",
            32: "noise(batch_size), and not half of it.",
        },
        "One real image in an update; how many rows has the noise?",
    ),
    "updates_wanted": (
        50 * 937,
        {
            50 * 60_000: "a batch holds 64 images.",
            937: "that is one epoch; there are 50.",
            50 * 937.5: "no update takes half a batch: the last, partial one is left out, in every "
            "epoch.",
            50 * 938: "that counts the last, partial batch of each epoch; it is left out.",
        },
        "Full batches in 60,000 images, rounded down, times 50.",
    ),
}
