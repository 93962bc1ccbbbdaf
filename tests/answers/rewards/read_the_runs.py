from answers import right, wrong

RIGHT = {
    "A": "a hacked reward",
    "B": "entropy collapse",
    "C": "silent groups",
    "D": "the penalty has the wrong sign",
    "E": "a healthy run",
}

right("as made", RIGHT)
wrong("Compare the reward with the second", "A healthy", RIGHT | {"A": "a healthy run"})
wrong("How many nats does a sample", "B hacked", RIGHT | {"B": "a hacked reward"})
wrong("never move", "C frozen", RIGHT | {"C": "a ratio without a gradient"})
wrong("while the divergence explodes", "D collapsed", RIGHT | {"D": "entropy collapse"})
wrong("Is anything wrong?", "E silent", RIGHT | {"E": "silent groups"})
wrong("grows without end", "E turned", RIGHT | {"E": "the penalty has the wrong sign"})
