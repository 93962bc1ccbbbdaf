// The page "Mock interview": choose, answer aloud against the clock, tick what was said, read the summary.
"use strict";

const INTERVIEW_TEXTS = {
  en: {
    level: "Level",
    minutes: "Minutes",
    topics: "Topics",
    roles: "Topics of a role",
    single: "One topic",
    start: "Start",
    rubric: "Rubric",
    next: "Next",
    finish: "Finish",
    again: "Another interview",
    print: "Print",
    notes: "Notes",
    clock: "Time for this question",
    total: "Mock interview: {share} of the rubric",
    asked: "{answered} of {planned} questions, {minutes} minutes.",
    line: "{share}, {level}, {spent} of {planned} minutes",
    none: "No question was answered.",
    review: "Review, weakest first",
    nothing: "Nothing: try the next level.",
    made: "said",
    missed: "missed",
  },
  zh: {
    level: "级别",
    minutes: "分钟",
    topics: "主题",
    roles: "岗位的主题",
    single: "单个主题",
    start: "开始",
    rubric: "评分",
    next: "下一题",
    finish: "结束",
    again: "再来一场",
    print: "打印",
    notes: "备注",
    clock: "本题用时",
    total: "模拟面试：达到评分标准的 {share}",
    asked: "回答了 {planned} 题中的 {answered} 题，用时 {minutes} 分钟。",
    line: "{share}，{level}，用时 {spent} 分钟，计划 {planned} 分钟",
    none: "没有回答任何问题。",
    review: "复习，从最弱的开始",
    nothing: "没有：试试更高的级别。",
    made: "说到",
    missed: "没说到",
  },
};

const place = document.querySelector(".practice-interview");
const setup = { level: "mid", minutes: 30, topics: "" };
let language = keptLanguage();
let content = null;
let ticking = null;

const percent = (share) => `${Math.round(100 * share)}%`;
const time = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;

async function showSetup(name) {
  content = await loadBank(name);
  language = name;
  place.lang = TAGS[language];
  const texts = INTERVIEW_TEXTS[language];
  const level = menu(texts.level, content.levels.map((item) => [item, content.words[item]]), setup.level);
  const spans = Array.from({ length: 11 }, (_, i) => [10 + 5 * i, 10 + 5 * i]);
  const minutes = menu(texts.minutes, spans, setup.minutes);
  const topics = menu(texts.topics, [["", content.words.all]]);
  const group = (label, options) =>
    element("optgroup", { label }, ...options.map(([title, value]) => element("option", { value }, title)));
  topics.select.append(
    group(texts.roles, content.roles.map(([title, names]) => [title, names.join(" ")])),
    group(texts.single, Object.entries(content.topics).filter(([name]) => hasQuestions(name)).map(([name, title]) => [title, name])),
  );
  topics.select.value = setup.topics;
  const said = element("p");
  said.setAttribute("role", "alert");
  const start = button(texts.start, () => {
    Object.assign(setup, { level: level.select.value, minutes: Number(minutes.select.value), topics: topics.select.value });
    try {
      const names = setup.topics.split(" ").filter(Boolean);
      ask(planInterview(content, { ...setup, topics: names }), []);
    } catch (error) {
      said.textContent = error.message;
    }
  });
  start.className = "practice-primary";
  const controls = element("div", { className: "practice-controls" }, level.label, minutes.label, topics.label);
  place.replaceChildren(languageSwitch(showSetup), controls, start, said);
}

const hasQuestions = (topic) => content.questions.some((item) => item.topic === topic && item.type !== "code");

// --- one question ----------------------------------------------------------------------------------

function ask(questions, records) {
  const question = questions[records.length];
  if (!question) return finish(questions, records);
  const texts = INTERVIEW_TEXTS[language];
  const clock = startClock(question, records.length + 1, questions.length);
  const points = question.points.map(tick);
  const followUps = question.followUps.map(([asked, reply]) => {
    const made = tick(asked);
    made.row.append(html("div", reply, { className: "practice-reply" }));
    return made;
  });
  const note = element("textarea", { rows: 2 });
  const rubric = element("section", { className: "practice-rubric", hidden: true, tabIndex: -1 });
  rubric.append(
    element("h3", {}, content.words.key_points),
    ...points.map(({ row }) => row),
    element("h3", {}, content.words.follow_ups),
    ...followUps.map(({ row }) => row),
    labelled(texts.notes, note),
    ...back(question, content.words, { whole: false }),
  );
  const next = button(texts.next, () => {
    records.push(recordOf(question, ticked(points), ticked(followUps), clock.seconds(), note.value.trim()));
    const { share, missed } = records.at(-1);
    progress.add(question.id, gradeOf(share), language, missed);
    ask(questions, records);
  });
  next.hidden = true;
  next.className = "practice-primary";
  const reveal = button(texts.rubric, () => {
    clock.stop();
    rubric.hidden = next.hidden = false;
    reveal.hidden = true;
    rubric.focus({ preventScroll: true });
  });
  reveal.className = "practice-primary";
  const end = button(texts.finish, () => {
    clock.stop();
    finish(questions, records);
  });
  const heading = front(question, records.length + 1);
  place.replaceChildren(
    clock.shown,
    element("section", { className: "practice-question" }, ...heading),
    reveal,
    rubric,
    element("div", { className: "practice-grades" }, next, end),
  );
  heading[0].focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}

function tick(text) {
  const box = element("input", { type: "checkbox" });
  const row = element("div", { className: "practice-tick" }, element("label", {}, box, html("span", text)));
  return { box, row };
}

const ticked = (boxes) => boxes.flatMap(({ box }, index) => (box.checked ? [index] : []));

function startClock(question, number, count) {
  clearInterval(ticking);
  const began = performance.now();
  let ended = null;
  const seconds = () => ((ended ?? performance.now()) - began) / 1000;
  const shown = element("p", { className: "practice-clock" });
  shown.setAttribute("role", "timer");
  shown.setAttribute("aria-label", INTERVIEW_TEXTS[language].clock);
  const show = () => {
    shown.textContent = `${number}/${count} · ${time(seconds())} / ${question.minutes}:00`;
    shown.classList.toggle("practice-late", seconds() > 60 * question.minutes);
  };
  const stop = () => {
    ended ??= performance.now();
    clearInterval(ticking);
  };
  show();
  ticking = setInterval(show, 1000);
  return { seconds, shown, stop };
}

function recordOf(question, points, followUps, seconds, note) {
  const missed = question.points.map((_, index) => index).filter((index) => !points.includes(index));
  return { question, points, followUps, seconds, note, missed, share: shareOf(question, points, followUps) };
}

// --- the summary -----------------------------------------------------------------------------------

function finish(questions, records) {
  const texts = INTERVIEW_TEXTS[language];
  const again = button(texts.again, () => showSetup(language));
  if (!records.length) {
    place.replaceChildren(element("p", {}, texts.none), again);
    return;
  }
  const mean = records.reduce((sum, { share }) => sum + share, 0) / records.length;
  const spent = records.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const title = element("h2", { tabIndex: -1 }, fill(texts.total, { share: percent(mean) }));
  const asked = { answered: records.length, planned: questions.length, minutes: Math.round(spent) };
  const weak = records.filter(({ share }) => share < 0.9).sort((a, b) => a.share - b.share);
  const review = weak.map(({ question, share }) => `${question.title} (${question.facts}, ${percent(share)})`);
  place.replaceChildren(
    title,
    element("p", {}, fill(texts.asked, asked)),
    ...records.flatMap(summaryOf),
    element("h2", {}, texts.review),
    weak.length ? listOf(review) : element("p", {}, texts.nothing),
    element("div", { className: "practice-grades" }, button(texts.print, () => print()), again),
  );
  title.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}

function summaryOf({ question, points, followUps, seconds, note, share }, index) {
  const texts = INTERVIEW_TEXTS[language];
  const line = { share: percent(share), level: content.words[question.level], spent: Math.round(seconds / 60), planned: question.minutes };
  const mark = (made, text) => {
    const sign = element("span", { className: "practice-mark", role: "img" }, made ? "✓" : "✗");
    sign.setAttribute("aria-label", made ? texts.made : texts.missed);
    return element("li", {}, sign, html("span", text));
  };
  const list = element("ul", { className: "practice-summary" });
  list.append(...question.points.map((text, i) => mark(points.includes(i), text)));
  list.append(...question.followUps.map(([asked, reply], i) => mark(followUps.includes(i), `<em>${asked}</em> ${reply}`)));
  const parts = [html("h3", `${index + 1}. ${question.title}`), element("p", {}, fill(texts.line, line)), list];
  return note ? [...parts, element("blockquote", {}, note)] : parts;
}

showSetup(language).catch((error) => place.append(element("p", { role: "alert" }, error.message)));
