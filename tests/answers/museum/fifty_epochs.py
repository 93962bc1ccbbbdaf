from answers import right, wrong

GOOD = {"updates": 1600, "images_seen": 32, "drawn_per_real": 64, "updates_wanted": 46850}

right("read carefully", GOOD)
wrong("updates = 32: that is one epoch", "one epoch", GOOD | {"updates": 32})
wrong("does not run over the data", "as wanted", GOOD | {"updates": 46850})
wrong(
    "updates = 3,200: the range ends at batch_size // 2",
    "with the batch size",
    GOOD | {"updates": 3200},
)
wrong("starts at 0 again", "new images in each epoch", GOOD | {"images_seen": 1600})
wrong("i stays below 32", "all of them", GOOD | {"images_seen": 60000})
wrong("images_seen = 64: the range ends", "one batch", GOOD | {"images_seen": 64})
wrong("how many drawn ones", "one", GOOD | {"drawn_per_real": 1})
wrong("the 2 is in the range", "two", GOOD | {"drawn_per_real": 2})
wrong("and not half of it", "half", GOOD | {"drawn_per_real": 32})
wrong("a batch holds 64 images", "each image", GOOD | {"updates_wanted": 3000000})
wrong("updates_wanted = 937: that is one epoch", "one true epoch", GOOD | {"updates_wanted": 937})
wrong("is off. Full batches in", "far off", GOOD | {"updates_wanted": 50000})
wrong("should be a dictionary with the entries", "a number", 1600)
wrong("they should be updates, images_seen", "another entry", GOOD | {"steps": 1})

wrong("half a batch", "half a batch in each epoch", GOOD | {"updates_wanted": 46875})
wrong("it is left out", "the partial batch counted", GOOD | {"updates_wanted": 46900})
wrong("times the epochs", "one too few", GOOD | {"updates": 1550})
wrong("another one for each i", "one image", GOOD | {"images_seen": 1})
wrong("over all epochs?", "one too few seen", GOOD | {"images_seen": 31})
wrong("how many rows has the noise", "one too many drawn", GOOD | {"drawn_per_real": 65})
wrong("should be a number, but is '1600' (str)", "as text", GOOD | {"updates": "1600"})
wrong("updates is NaN", "not a number", GOOD | {"updates": float("nan")})

EQUIVALENT = {}
