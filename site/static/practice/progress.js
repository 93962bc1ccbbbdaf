// What a learner has answered, and from it what is due: `Reviews` of the Python library in a browser.
//
// The text that is kept is the notebook's own file: a header, then one line of JSON per review. The
// schedule is FSRS-6 as the Python package `fsrs` computes it, with its default parameters and without
// fuzz. tests/test_practice.py compares both with Python.
"use strict";

const MINUTE = 60_000; // milliseconds, as all times here
const DAY = 1440 * MINUTE;
const HEADER = { genimg: "interview progress", version: 1 };
const RATINGS = { again: 1, hard: 2, good: 3, easy: 4 };

// --- the schedule ----------------------------------------------------------------------------------

const W = [
  0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614,
  0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];
const DECAY = -W[20];
const FACTOR = 0.9 ** (1 / DECAY) - 1;
const RETENTION = 0.9; // a card is due when it is recalled with this probability
const LONGEST = 36500; // days
const STEPS = { learning: [MINUTE, 10 * MINUTE], relearning: [10 * MINUTE] };

const clampStability = (value) => Math.max(value, 0.001);
const clampDifficulty = (value) => Math.min(Math.max(value, 1), 10);
const initialDifficulty = (rating) => W[4] - Math.exp(W[5] * (rating - 1)) + 1;

function nextDifficulty(difficulty, rating) {
  const change = (-W[6] * (rating - 3) * (10 - difficulty)) / 9;
  return clampDifficulty(W[7] * initialDifficulty(4) + (1 - W[7]) * (difficulty + change));
}

// After less than a day.
function shortTermStability(stability, rating) {
  const growth = Math.exp(W[17] * (rating - 3 + W[18])) * stability ** -W[19];
  return clampStability(stability * (rating > 1 ? Math.max(growth, 1) : growth));
}

function longTermStability({ stability, difficulty }, rating, days) {
  const recalled = (1 + (FACTOR * days) / stability) ** DECAY; // the probability
  if (rating === 1) {
    const forgotten =
      W[11] * difficulty ** -W[12] * ((stability + 1) ** W[13] - 1) * Math.exp((1 - recalled) * W[14]);
    return clampStability(Math.min(forgotten, stability / Math.exp(W[17] * W[18])));
  }
  const growth =
    Math.exp(W[8]) * (11 - difficulty) * stability ** -W[9] * (Math.exp((1 - recalled) * W[10]) - 1);
  const weight = { 2: W[15], 3: 1, 4: W[16] }[rating];
  return clampStability(stability * (1 + growth * weight));
}

// Whole days until a card is due, of two equally near the even number, as Python rounds.
function interval(stability) {
  const days = (stability / FACTOR) * (RETENTION ** (1 / DECAY) - 1);
  const below = Math.floor(days);
  const tie = days - below === 0.5;
  const rounded = tie ? below + (below % 2) : Math.round(days);
  return Math.min(Math.max(rounded, 1), LONGEST) * DAY;
}

const newCard = () => ({ state: "learning", step: 0, stability: null, difficulty: null });

// The card after a review at `when`.
function reviewed(card, grade, when) {
  const rating = RATINGS[grade];
  const next = { ...card, lastReview: when };
  if (card.stability === null) {
    next.stability = clampStability(W[rating - 1]);
    next.difficulty = clampDifficulty(initialDifficulty(rating));
  } else {
    const days = Math.floor((when - card.lastReview) / DAY);
    next.stability =
      days < 1 ? shortTermStability(card.stability, rating) : longTermStability(card, rating, days);
    next.difficulty = nextDifficulty(card.difficulty, rating);
  }
  return { ...next, ...nextStep(card, rating, when, next.stability) };
}

function nextStep({ state, step }, rating, when, stability) {
  const known = { state: "review", step: null, due: when + interval(stability) };
  if (state === "review")
    return rating > 1 ? known : { state: "relearning", step: 0, due: when + STEPS.relearning[0] };
  const steps = STEPS[state];
  if (rating === 4 || (rating === 3 && step + 1 === steps.length)) return known;
  if (rating === 3) return { step: step + 1, due: when + steps[step + 1] };
  if (rating === 1) return { step: 0, due: when + steps[0] };
  const hard = steps.length === 1 ? 1.5 * steps[0] : (steps[0] + steps[1]) / 2;
  return { due: when + (step === 0 ? hard : steps[step]) };
}

// --- the file --------------------------------------------------------------------------------------

// A line of the file as a review, or null. `when` stays the text that it was: Python writes microseconds.
function parseReview(line) {
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return null;
  }
  const { question, grade, language, when, missed = null } = entry ?? {};
  const right =
    typeof question === "string" &&
    Object.hasOwn(RATINGS, grade) &&
    ["en", "zh"].includes(language) &&
    /(Z|[+-]\d\d:\d\d)$/.test(when) &&
    !Number.isNaN(Date.parse(when)) &&
    (missed === null || (Array.isArray(missed) && missed.every(Number.isInteger)));
  return right ? { question, grade, language, when, missed } : null;
}

// The reviews in the text of a file, and how many lines could not be read. An Error for another file.
function parseFile(text) {
  const [head, ...lines] = text.split(/\r?\n/);
  let header = null;
  try {
    header = JSON.parse(head);
  } catch {
    // no header
  }
  if (header?.genimg !== HEADER.genimg || header.version !== HEADER.version)
    throw new Error(`the first line of a progress file is ${JSON.stringify(HEADER)}`);
  const parsed = lines.filter((line) => line.trim()).map(parseReview);
  const reviews = parsed.filter((review) => review !== null);
  return { reviews, unreadable: parsed.length - reviews.length };
}

const writeFile = (reviews) => [HEADER, ...reviews].map((line) => JSON.stringify(line) + "\n").join("");

// A question is answered once at a time: that tells whether two files speak of the same review.
const identity = ({ question, when }) => `${question} ${Date.parse(when)}`;

// The reviews in one item of the browser's storage. `message` says what is wrong with it, or is empty.
class Progress {
  constructor(storage, key = "genimg-progress") {
    this.storage = storage;
    this.key = key;
    this.message = "";
    this.unsaved = []; // where the browser keeps nothing
  }

  read() {
    let text = null;
    try {
      text = this.storage.getItem(this.key);
      if (text === null) return [...this.unsaved];
      const { reviews, unreadable } = parseFile(text);
      if (unreadable) throw new Error(`${unreadable} lines could not be read`);
      return [...reviews, ...this.unsaved];
    } catch (error) {
      return this.rescued(text, error);
    }
  }

  // What can be read of a damaged text goes on; the text is kept under another key.
  rescued(text, error) {
    this.message = String(error.message);
    const reviews = (text ?? "").split("\n").map(parseReview).filter((review) => review !== null);
    try {
      if (text !== null) {
        this.storage.setItem(`${this.key}.damaged`, text);
        this.storage.setItem(this.key, writeFile(reviews));
      }
    } catch {
      // nothing can be kept here: the message says so
    }
    return [...reviews, ...this.unsaved];
  }

  // Reads before it writes: another window may have added reviews.
  save(added) {
    const reviews = [...this.read(), ...added];
    try {
      this.storage.setItem(this.key, writeFile(reviews));
      this.unsaved = [];
    } catch (error) {
      this.unsaved.push(...added);
      this.message = String(error.message);
    }
  }

  add(question, grade, language, missed = null, when = new Date()) {
    this.save([{ question, grade, language, when: when.toISOString().replace("Z", "+00:00"), missed }]);
  }

  // Adds the reviews of a file that are not here yet. Returns how many were added, known, unreadable.
  merge(text) {
    const { reviews, unreadable } = parseFile(text);
    const here = new Set(this.read().map(identity));
    const fresh = [];
    for (const review of reviews) {
      if (here.has(identity(review))) continue;
      here.add(identity(review));
      fresh.push(review);
    }
    if (fresh.length) this.save(fresh);
    return { added: fresh.length, known: reviews.length - fresh.length, unreadable };
  }

  // The file for the notebook.
  text() {
    return writeFile(this.read());
  }

  forget() {
    this.unsaved = [];
    this.storage.removeItem(this.key);
  }

  // id -> card, for every question that was reviewed.
  cards() {
    const cards = new Map();
    const timed = this.read().map((review) => [Date.parse(review.when), review]);
    for (const [when, { question, grade }] of timed.sort(([a], [b]) => a - b))
      cards.set(question, reviewed(cards.get(question) ?? newCard(), grade, when));
    return cards;
  }

  // The order in which to answer `names`, what is due and then what is new, how many are in which
  // state, and when the next is due (null if none is being learned).
  state(names, now = Date.now()) {
    const cards = this.cards();
    const groups = { new: [], due: [], learning: [], known: [] };
    for (const name of names) {
      const card = cards.get(name);
      if (!card) groups.new.push(name);
      else if (card.due <= now) groups.due.push(name);
      else groups[card.state === "review" ? "known" : "learning"].push(name);
    }
    const dueOf = (name) => cards.get(name).due;
    groups.due.sort((a, b) => dueOf(a) - dueOf(b));
    const counts = Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, group.length]));
    const later = [...groups.learning, ...groups.known].map(dueOf);
    return { dealt: [...groups.due, ...groups.new], counts, next: later.length ? Math.min(...later) : null };
  }
}
