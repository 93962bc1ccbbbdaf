// The contents of the bank: filters, and old addresses (questions.html#id) forwarded to the topic.
"use strict";

const form = document.querySelector(".question-filter");
const questions = [...document.querySelectorAll(".questions > li")];

function filter() {
  const wanted = [...new FormData(form)].filter(([, value]) => value);
  let count = 0;
  for (const question of questions) {
    question.hidden = !wanted.every(([name, value]) => question.dataset[name] === value);
    count += !question.hidden;
  }
  for (const list of document.querySelectorAll(".questions"))
    list.closest("section").hidden = ![...list.children].some((item) => !item.hidden);
  form.elements.count.value = `${count} / ${questions.length}`;
}

form.hidden = false;
form.addEventListener("change", filter);
form.addEventListener("submit", (event) => event.preventDefault());
filter();

const named = questions.find((question) => `#${question.id}` === decodeURIComponent(location.hash));
if (named) location.replace(named.querySelector("a").href);
