from answers import right, wrong


@right
def by_comparing(words, known):
    def near(a, b):
        if len(a) > len(b):
            a, b = b, a
        if len(a) == len(b):
            return sum(x != y for x, y in zip(a, b, strict=True)) == 1
        return any(b[:i] + b[i + 1 :] == a for i in range(len(b)))

    program = []
    for word in words:
        options = [word] if word in known else [other for other in known if near(word, other)]
        if len(options) != 1:
            raise ValueError(f"{word!r}: {options or 'nothing'} is near")
        program.append(options[0])
    return program, len([word for word in words if word not in known])


@right
def with_a_table(words, known):
    """Levenshtein's distance."""

    def distance(a, b):
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            last, row[0] = row[0], i
            for j, y in enumerate(b, 1):
                last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
        return row[-1]

    program, changed = [], 0
    for word in words:
        least = min(distance(word, other) for other in known)
        nearest = [other for other in known if distance(word, other) == least]
        if least > 1 or len(nearest) > 1:
            raise ValueError(word)
        program += nearest
        changed += least
    return program, changed


@right
def by_all_edits(words, known):
    letters = "abcdefghijklmnopqrstuvwxyz"
    program = []
    for word in words:
        cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
        edits = {a + b[1:] for a, b in cuts if b}
        edits |= {a + c + b[1:] for a, b in cuts if b for c in letters}
        edits |= {a + c + b for a, b in cuts for c in letters}
        options = {word} if word in known else edits & set(known)
        if len(options) > 1 or not options:
            raise ValueError(word)
        program += options
    return tuple(program), sum(a != b for a, b in zip(words, program, strict=True))


def nearest(words, known, options):
    program = [options(word, known) for word in words]
    return program, sum(a != b for a, b in zip(words, program, strict=True))


@wrong("known words stay")
def repairs_all(words, known):
    def other(word, known):
        near = [by_comparing([word], [k])[0][0] for k in known if k != word and fits(word, k)]
        return near[0] if near else word

    return nearest(words, known, other)


def fits(word, known):
    try:
        return bool(by_comparing([word], [known]))
    except ValueError:
        return False


@wrong("one letter may be wrong: [")
def refuses_everything_else(words, known):
    return nearest(words, known, lambda word, known: word)


@wrong("one letter may be missing: [")
def only_replacements(words, known):
    def replaced(word, known):
        return next((k for k in known if len(k) == len(word) and fits(word, k)), word)

    return nearest(words, known, replaced)


@wrong("one letter may be too many: [")
def none_too_many(words, known):
    def longer(word, known):
        return next((k for k in known if len(k) >= len(word) and fits(word, k)), word)

    return nearest(words, [k for k in known if k != "cart"], longer)


@wrong("nothing to repair: [")
def never_empty(words, known):
    return by_comparing(words, known) if words else ([""], 0)


@wrong("the number of repaired words is 0")
def counts_words(words, known):
    return by_comparing(words, known)[0], len(words)


@wrong("such as 'cam', are accepted")
def takes_the_first(words, known):
    def first(word, known):
        if word in known:
            return word
        near = [k for k in known if fits(word, k)]
        if not near:
            raise ValueError(word)
        return near[0]

    return nearest(words, known, first)


@wrong("such as 'bat', are accepted")
def prefers_the_same_length(words, known):
    def chosen(word, known):
        near = [k for k in known if fits(word, k)]
        same = [k for k in near if len(k) == len(word)]
        options = [word] if word in known else same if len(same) == 1 else near
        return by_comparing([word], options)[0][0]

    return nearest(words, known, chosen)


@wrong("such as 'silver', are accepted")
def leaves_what_it_does_not_know(words, known):
    def left(word, known):
        near = [k for k in known if fits(word, k)]
        if len(near) > 1 and word not in known:
            raise ValueError(word)
        return near[0] if near and word not in known else word

    return nearest(words, known, left)


@wrong("such as 'grn', are accepted")
def also_at_distance_two(words, known):
    def far(word, known):
        near = [k for k in known if fits(word, k)]
        if not near and word[0] in "g":
            return next(k for k in known if k[0] == word[0])
        return by_comparing([word], known)[0][0]

    return nearest(words, known, far)


@wrong("such as 'ca', are accepted")
def completes(words, known):
    def complete(word, known):
        begun = [k for k in known if k.startswith(word) and len(k) == len(word) + 1]
        return begun[0] if begun and word not in known else by_comparing([word], known)[0][0]

    return nearest(words, known, complete)


@wrong("return two things")
def without_the_count(words, known):
    return (by_comparing(words, known)[0],)


@wrong("the number of changes should be numbers")
def which_were_changed(words, known):
    return by_comparing(words, known)[0], [word for word in words if word not in known] or "none"


EQUIVALENT = {
    "1 -> 2 (3)": "a cut behind the end is one at the end",
}
