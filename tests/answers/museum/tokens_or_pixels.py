from answers import right, wrong

GOOD = {
    "line_2": "no generate",
    "result": "token ids",
    "prompt": "unknown",
    "missing": "image tokens",
}

right("read carefully", GOOD)
wrong("leaves out the language-model head", "it runs", GOOD | {"line_2": "runs"})
wrong("it is the class that lacks", "no weights", GOOD | {"line_2": "no weights"})
wrong("it writes <unk>", "Chinese is refused", GOOD | {"line_2": "no Chinese"})
wrong("no line makes pixels", "pixels", GOOD | {"result": "pixels"})
wrong("text comes out of tokenizer.decode", "text", GOOD | {"result": "text"})
wrong("the last hidden states", "features", GOOD | {"result": "features"})
wrong("English, German, French", "Chinese pieces", GOOD | {"prompt": "Chinese"})
wrong("this one has none", "bytes", GOOD | {"prompt": "bytes"})
wrong("nobody translates", "translated", GOOD | {"prompt": "English"})
wrong("writes better text", "larger", GOOD | {"missing": "a larger model"})
wrong("a prompt changes which words", "prompt", GOOD | {"missing": "a better prompt"})
wrong("none of them is a patch", "longer", GOOD | {"missing": "a longer output"})
wrong("is not among", "another word", GOOD | {"result": "an image"})
wrong("it should be a dictionary with the keys", "a list", ["no generate", "token ids"])
wrong("a dictionary with the keys line_2", "another entry", GOOD | {"line_4": "runs"})

EQUIVALENT = {}
