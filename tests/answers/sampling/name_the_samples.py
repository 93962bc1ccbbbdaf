from answers import right, wrong

GOOD = {
    "A": "temperature 2",
    "B": "class ignored",
    "C": "temperature 0",
    "D": "tokens in the wrong order",
    "E": "as it should be",
}

right("all five", GOOD)
wrong(
    "A is not 'tokens in the wrong order'",
    "A and D exchanged",
    GOOD | {"A": GOOD["D"], "D": GOOD["A"]},
)
wrong("B is not 'as it should be'", "B healthy", GOOD | {"B": "as it should be"})
wrong("B is not 'temperature 2'", "B hot", GOOD | {"B": "temperature 2"})
wrong("C is not 'too much guidance'", "C guided", GOOD | {"C": "too much guidance"})
wrong("C is not 'as it should be'", "C healthy", GOOD | {"C": "as it should be"})
wrong("D is not 'temperature 2'", "D hot", GOOD | {"D": "temperature 2"})
wrong("E is not 'too much guidance'", "E guided", GOOD | {"E": "too much guidance"})
wrong("not among the choices", "a word of one's own", GOOD | {"A": "undertrained"})
wrong("A is not 'class ignored'", "A of any class", GOOD | {"A": "class ignored"})
wrong("A is not 'temperature 0'", "A cold", GOOD | {"A": "temperature 0"})
right("with spaces and capitals", GOOD | {"A": " Temperature  2"})
wrong(
    "with the keys",
    "four only",
    {"A": "temperature 2", "B": "class ignored", "C": "temperature 0", "D": "temperature 2"},
)
