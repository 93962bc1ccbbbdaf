// What the pages "Cards" and "Mock interview" share: the bank, its language, and how a question looks.
"use strict";

const HERE = document.currentScript.src.replace(/[^/]*$/, "");
const LANGUAGES = { en: "English", zh: "中文" };
const TAGS = { en: "en", zh: "zh-CN" };
const LANGUAGE_KEY = "genimg-language";
const loaded = {};

// A script and not fetch(): a copy of the site that is opened from a folder works as well.
function loadBank(language) {
  loaded[language] ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${HERE}bank_${language}.js`;
    script.onload = () => resolve(window.genimgBank[language]);
    script.onerror = () => reject(new Error(`bank_${language}.js could not be loaded`));
    document.head.append(script);
  });
  return loaded[language];
}

// localStorage, or what forgets everything with the window where the browser refuses it.
function storage() {
  try {
    localStorage.getItem(LANGUAGE_KEY);
    return localStorage;
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    };
  }
}

const store = storage();
const progress = new Progress(store);

const keptLanguage = () => (store.getItem(LANGUAGE_KEY) === "zh" ? "zh" : "en");

// Calls `show` with the language now and whenever another one is chosen.
function languageSwitch(show) {
  const group = element("fieldset", { className: "practice-language" });
  group.append(element("legend", {}, "Language · 语言"));
  for (const [value, name] of Object.entries(LANGUAGES)) {
    const input = element("input", { type: "radio", name: "language", value, checked: value === keptLanguage() });
    input.addEventListener("change", () => {
      store.setItem(LANGUAGE_KEY, value);
      show(value);
    });
    group.append(element("label", {}, input, ` ${name}`));
  }
  return group;
}

// What scrolls sideways can be reached with the keyboard, as site.js does for what is there at once.
function html(tag, content, properties = {}) {
  const made = element(tag, { innerHTML: content, ...properties });
  for (const block of made.querySelectorAll("pre")) block.tabIndex = 0;
  return made;
}
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function menu(text, options, value = "") {
  const select = element("select", {}, ...options.map(([name, title]) => element("option", { value: name }, title)));
  select.value = value;
  return { label: labelled(text, select), select };
}

// The question, its level, type and lesson; the heading takes the focus when another one comes.
function front(question, number = null) {
  const title = html("h2", number === null ? question.title : `${number}. ${question.title}`, { tabIndex: -1 });
  return [title, html("div", question.rest), html("p", question.facts, { className: "practice-facts" })];
}

function listOf(parts) {
  return element("ul", {}, ...parts.map((part) => html("li", part)));
}

// The model answer, with everything that belongs to it.
function back(question, words, { whole }) {
  const heading = (name) => element("h3", {}, words[name]);
  const parts = [heading("answer"), html("div", question.answer)];
  if (whole) parts.push(heading("key_points"), listOf(question.points));
  parts.push(heading("wrong"), html("p", question.wrong));
  if (whole) parts.push(heading("follow_ups"), listOf(question.followUps.map(([asked, reply]) => `${asked} → ${reply}`)));
  parts.push(heading("sources"), listOf(question.sources));
  if (question.verified) parts.push(element("p", {}, element("em", {}, question.verified)));
  return parts;
}
