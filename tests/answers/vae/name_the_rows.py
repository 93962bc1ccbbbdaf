from answers import right, wrong

ROWS = {
    "A": "samples, reconstruction averaged over pixels",
    "B": "samples, no KL in the loss",
    "C": "copies by a healthy VAE",
    "D": "samples of a healthy VAE",
}

right("as they are", ROWS)

wrong(
    "Without a KL codes lie anywhere",
    "A is not what B is",
    ROWS | {"A": "samples, no KL in the loss"},
)
wrong(
    "lets the KL win",
    "B is not what A is",
    ROWS | {"B": "samples, reconstruction averaged over pixels"},
)
wrong("may fall between codes", "C are not samples", ROWS | {"C": "samples of a healthy VAE"})
wrong("A copy starts from the code", "D are not copies", ROWS | {"D": "copies by a healthy VAE"})
wrong(
    "D is not 'samples of a GAN'. A GAN has no reason",
    "D from a GAN",
    ROWS | {"D": "samples of a GAN"},
)
wrong(
    "C is not 'training images'. Training images have no fog",
    "C from the data",
    ROWS | {"C": "training images"},
)
wrong("is not among the choices", "in other words", ROWS | {"B": "an autoencoder"})
wrong("a dictionary with the keys A, B, C, D", "a list", list(ROWS.values()))
