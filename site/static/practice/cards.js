// The page "Cards": read the question, answer aloud, show the answer, grade yourself.
"use strict";

const CARD_TEXTS = {
  en: {
    level: "Level",
    type: "Kind",
    topic: "Topic",
    status: "{total} questions here: {due} due today, {new} new, {learning} being learned, {known} known.",
    nothing: "Nothing is due here.",
    next: "The next one is due {when}.",
    grades: "How well did you know it?",
    progress: "Your progress",
    stays: "Grades stay in this browser. The file is that of the notebook's cards:",
    save: "Save as a file",
    load: "Load a file",
    forget: "Delete",
    sure: "Delete all grades that are kept in this browser?",
    loaded: "{added} reviews added, {known} were here already.",
    unreadable: " {unreadable} lines could not be read.",
    refused: "This is no progress file: {reason}",
    damaged: "The kept progress is damaged, or cannot be kept: {reason}",
  },
  zh: {
    level: "级别",
    type: "类型",
    topic: "主题",
    status: "这里有 {total} 题：今天到期 {due}，新题 {new}，正在学 {learning}，已掌握 {known}。",
    nothing: "这里没有到期的题。",
    next: "下一题到期：{when}。",
    grades: "你记得怎么样？",
    progress: "学习进度",
    stays: "评分只保存在这个浏览器里。文件与笔记本里的卡片通用：",
    save: "存成文件",
    load: "读入文件",
    forget: "删除",
    sure: "删除这个浏览器里保存的全部评分？",
    loaded: "新增 {added} 条记录，{known} 条原来就有。",
    unreadable: "有 {unreadable} 行读不出来。",
    refused: "这不是进度文件：{reason}",
    damaged: "保存的进度已损坏，或无法保存：{reason}",
  },
};

const cards = document.querySelector(".practice-cards");
const chosen = { level: "", type: "", topic: "" };
let language = keptLanguage();
let content = null;
let current = null;

const controls = element("div", { className: "practice-controls" });
const status = element("p", { className: "practice-status" });
status.setAttribute("role", "status");
const question = element("section", { className: "practice-question" });
const answer = element("section", { className: "practice-answer", tabIndex: -1, hidden: true });
const reveal = button("", showAnswer);
reveal.className = "practice-primary";
const grades = element("div", { className: "practice-grades", hidden: true });
grades.setAttribute("role", "group");
const kept = element("section", { className: "practice-kept" });

async function showIn(name) {
  content = await loadBank(name);
  language = name;
  cards.lang = TAGS[language];
  const words = content.words;
  const options = {
    level: content.levels.map((level) => [level, words[level]]),
    type: content.types.map((type) => [type, words[type]]),
    topic: Object.entries(content.topics),
  };
  const menus = Object.entries(options).map(([filter, values]) => {
    const made = menu(CARD_TEXTS[language][filter], [["", words.all], ...values], chosen[filter]);
    made.select.addEventListener("change", () => {
      chosen[filter] = made.select.value;
      deal();
    });
    return made.label;
  });
  controls.replaceChildren(...menus);
  reveal.textContent = words.show;
  const buttons = Object.keys(RATINGS).map((grade) => button(words[grade], () => giveGrade(grade)));
  grades.replaceChildren(...buttons);
  grades.setAttribute("aria-label", CARD_TEXTS[language].grades);
  showKept();
  deal();
}

function deal() {
  const fits = (item) => Object.entries(chosen).every(([filter, value]) => !value || item[filter] === value);
  const names = content.questions.filter(fits).map((item) => item.id);
  const { dealt, counts, next } = progress.state(names);
  const texts = CARD_TEXTS[language];
  current = content.questions.find((item) => item.id === dealt[0]) ?? null;
  status.textContent = fill(texts.status, { total: names.length, ...counts });
  if (progress.message) status.append(element("strong", {}, ` ${fill(texts.damaged, { reason: progress.message })}`));
  answer.hidden = grades.hidden = true;
  reveal.hidden = current === null;
  const when = next === null ? "" : fill(texts.next, { when: new Date(next).toLocaleString(TAGS[language]) });
  question.replaceChildren(...(current ? front(current) : [element("p", {}, `${texts.nothing} ${when}`)]));
}

function showAnswer() {
  answer.replaceChildren(...back(current, content.words, { whole: true }));
  answer.hidden = grades.hidden = false;
  reveal.hidden = true;
  answer.focus({ preventScroll: true });
}

function giveGrade(grade) {
  progress.add(current.id, grade, language);
  deal();
  question.firstElementChild.focus({ preventScroll: true });
  cards.scrollIntoView({ block: "start" });
}

// --- the file --------------------------------------------------------------------------------------

function showKept() {
  const texts = CARD_TEXTS[language];
  const file = element("input", { type: "file", accept: ".jsonl", hidden: true });
  const said = element("p");
  said.setAttribute("role", "status");
  file.addEventListener("change", async () => {
    said.textContent = await takeIn(file.files[0]);
    file.value = "";
    deal();
  });
  const forget = () => {
    if (!confirm(texts.sure)) return;
    progress.forget();
    deal();
  };
  kept.replaceChildren(
    element("h2", {}, texts.progress),
    element("p", {}, `${texts.stays} `, element("code", {}, "genimg reviews import FILE"), " · ", element("code", {}, "genimg reviews export FILE")),
    element("div", { className: "practice-controls" }, button(texts.save, save), button(texts.load, () => file.click()), button(texts.forget, forget), file),
    said,
  );
}

async function takeIn(file) {
  const texts = CARD_TEXTS[language];
  try {
    const merged = progress.merge(await file.text());
    return fill(texts.loaded, merged) + (merged.unreadable ? fill(texts.unreadable, merged) : "");
  } catch (error) {
    return fill(texts.refused, { reason: error.message });
  }
}

function save() {
  const address = URL.createObjectURL(new Blob([progress.text()], { type: "application/jsonl" }));
  element("a", { href: address, download: "genimg-interview.jsonl" }).click();
  URL.revokeObjectURL(address);
}

cards.replaceChildren(languageSwitch(showIn), controls, status, question, reveal, answer, grades, kept);
addEventListener("storage", (event) => event.key === progress.key && answer.hidden && deal()); // another window
showIn(language).catch((error) => cards.append(element("p", { role: "alert" }, error.message)));
