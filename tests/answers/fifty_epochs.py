from answers import right, wrong

GOOD = {"updates": 1600, "images_seen": 32, "drawn_per_real": 64, "updates_wanted": 46850}

right("read carefully", GOOD)
wrong("updates = 32: that is one epoch", "one epoch", GOOD | {"updates": 32})
wrong("does not run over the data", "as wanted", GOOD | {"updates": 46850})
wrong("updates = 3,200 is too large", "with the batch size", GOOD | {"updates": 3200})
wrong("starts at 0 again", "new images in each epoch", GOOD | {"images_seen": 1600})
wrong("i stays below 32", "all of them", GOOD | {"images_seen": 60000})
wrong("images_seen = 64 is too large", "one batch", GOOD | {"images_seen": 64})
wrong("how many drawn ones", "one", GOOD | {"drawn_per_real": 1})
wrong("the 2 is in the range", "two", GOOD | {"drawn_per_real": 2})
wrong("drawn_per_real = 32 is too small", "half", GOOD | {"drawn_per_real": 32})
wrong("a batch holds 64 images", "each image", GOOD | {"updates_wanted": 3000000})
wrong("updates_wanted = 937: that is one epoch", "one true epoch", GOOD | {"updates_wanted": 937})
wrong("updates_wanted = 50,000 is too large", "far off", GOOD | {"updates_wanted": 50000})
wrong("fill in the one of the stub", "a number", 1600)
wrong("the entries should be", "another entry", GOOD | {"steps": 1})

EQUIVALENT = {}
