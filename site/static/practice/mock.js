// A mock interview: the plan and the score of `genimg_lib/practice/interview/mock.py` in a browser.
// tests/test_practice.py compares the two.
"use strict";

function shuffled(items, random) {
  const made = [...items];
  for (let i = made.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [made[i], made[other]] = [made[other], made[i]];
  }
  return made;
}

// Questions for an interview: one of an easier level to warm up, then ones of `level`, as many as fit.
// No topic comes twice before every other one has come, then no type, as far as the bank allows.
// `topics`: empty for all. An Error when there is no question, or not the time for one.
function planInterview({ questions, levels, minutes: takes }, { level, minutes, topics = [] }, random = Math.random) {
  if (minutes < takes[level]) throw new Error(`a question of this level takes ${takes[level]} minutes`);
  const easier = levels[Math.max(0, levels.indexOf(level) - 1)];
  const warmUp = minutes >= takes[easier] + takes[level] ? takes[easier] : 0;
  const chosen = [];
  const met = (question, name) => chosen.filter((other) => other[name] === question[name]).length;
  for (const [wanted, budget] of [[easier, warmUp], [level, minutes - warmUp]]) {
    const fits = (question) =>
      question.level === wanted &&
      question.type !== "code" &&
      !chosen.includes(question) &&
      (!topics.length || topics.includes(question.topic));
    const pool = shuffled(questions.filter(fits), random);
    for (let left = Math.min(Math.floor(budget / takes[wanted]), pool.length); left > 0; left--) {
      const order = (a, b) => met(a, "topic") - met(b, "topic") || met(a, "type") - met(b, "type");
      const next = pool.reduce((best, question) => (order(question, best) < 0 ? question : best));
      chosen.push(next);
      pool.splice(pool.indexOf(next), 1);
    }
  }
  if (!chosen.length) throw new Error("the bank has no question of this level in these topics");
  return chosen;
}

// Key points and follow-ups that were met, as a share of all; a follow-up counts half a point.
function shareOf(question, points, followUps) {
  return (points.length + followUps.length / 2) / (question.points.length + question.followUps.length / 2);
}

// The grade for spaced repetition that belongs to a share.
function gradeOf(share) {
  if (share < 0.4) return "again";
  if (share < 0.65) return "hard";
  return share < 0.9 ? "good" : "easy";
}
