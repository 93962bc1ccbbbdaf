from answers import right, wrong

RIGHT = {"A": "Chameleon", "B": "Transfusion", "C": "Janus", "D": "BAGEL"}

right("as published", RIGHT)
wrong("How many loss functions", "A diffuses", RIGHT | {"A": "Transfusion"})
wrong("What does the output for a picture", "B one softmax", RIGHT | {"B": "Chameleon"})
wrong("How many ways does a picture have", "C experts", RIGHT | {"C": "BAGEL"})
wrong("What do the two tasks share", "D Janus", RIGHT | {"D": "Janus"})
wrong("share nothing but the data", "D apart", RIGHT | {"D": "two specialists"})
