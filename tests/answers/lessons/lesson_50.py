from answers.lessons import right, wrong

GIVEN = {
    "one_step": [
        wrong("where the path ends", "a"),
        wrong("which direction along the circle", "b"),
        wrong("that is not 0", "d"),
    ],
    "velocity_from_noise": [
        right(lambda z, noise, t: (z - (1 - t) * noise) / t - noise),
        right(lambda z, noise, t: z / t - noise / t),
        wrong("the sign is wrong", lambda z, noise, t: (noise - z) / t),
        wrong("that is the data", lambda z, noise, t: (z - (1 - t) * noise) / t),
        wrong("t times the velocity", lambda z, noise, t: z - noise),
        wrong("predicts data", lambda z, noise, t: (z - noise) / (1 - t)),
        wrong("solve e = z - t v", lambda z, noise, t: t * (z - noise)),
    ],
    "error_by_time": [
        wrong("the difference of both", "a"),
        wrong("which noise did they come from", "b"),
        wrong("an untrained network", "d"),
    ],
    "guided_velocity": [
        right(lambda labelled, plain, w: w * labelled + (1 - w) * plain),
        right(lambda labelled, plain, w: labelled + (w - 1) * (labelled - plain)),
        wrong(
            "the two are exchanged", lambda labelled, plain, w: labelled + w * (plain - labelled)
        ),
        wrong("the paper's convention", lambda labelled, plain, w: (1 + w) * labelled - w * plain),
        wrong("w = 1 must return", lambda labelled, plain, w: w * (labelled - plain)),
        wrong("w = 0 must return", lambda labelled, plain, w: w * labelled),
        wrong(
            "three times the way",
            lambda labelled, plain, w: plain + min(w, 2) * (labelled - plain),
        ),
    ],
    "guidance_price": [
        wrong("in one direction", "a"),
        wrong("the variety that is lost", "b"),
        wrong("move together", "d"),
    ],
}
