"use strict";
// The teacher's page. The token comes behind the # of the address, which no server and no log sees.
// Everything from a learner is set as text, never as HTML.

const projector = location.hash.startsWith("#projector");
const byId = (id) => document.getElementById(id);
let token = new URLSearchParams(location.hash.replace(/^#(projector&?)?/, "")).get("token")
  || sessionStorage.getItem("token") || "";

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function ask(path) {
  return fetch(path, { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
}

function rows(table, items, cells, className = () => "") {
  byId(table).tBodies[0].replaceChildren(...items.map((item) => {
    const row = document.createElement("tr");
    row.className = className(item);
    row.append(...cells(item));
    return row;
  }));
}

function mistake(found) {
  const item = document.createElement("li");
  const where = found.names ? `${found.exercise}: ${found.names}` : found.exercise;
  item.append(
    element("span", found.count, "count"), element("span", where, "where"),
    element("span", found.say, "say"));
  return item;
}

function show(view) {
  const joined = view.joined === null ? "fewer than 5" : view.joined;
  byId("count").textContent = `${joined} of ${view.size} joined`;
  const mistakes = view.mistakes.map(mistake);
  byId("mistakes").replaceChildren(
    ...(mistakes.length ? mistakes : [element("li", "Nothing in the last ten minutes.")]));
  rows("exercises", view.exercises, (item) => [
    element("td", item.exercise), element("td", item.passed === null ? "…" : item.passed),
    element("td", item.tried)]);
  rows("learners", view.learners || [], (item) => [
    element("td", item.name), element("td", item.exercise),
    element("td", item.state, "state"), element("td", item.solved)],
  (item) => (item.stuck ? "stuck" : ""));
}

async function refresh() {
  try {
    const reply = await ask(projector ? "/projector" : "/view");
    if (reply.status === 401) return askForToken();
    if (!reply.ok) throw new Error(reply.status);
    show(await reply.json());
    document.body.classList.remove("stale");
  } catch (error) {
    document.body.classList.add("stale");
    byId("count").textContent = "The server does not answer. What is shown is old.";
  }
  setTimeout(refresh, 1000);
}

function askForToken() {
  byId("enter").hidden = false;
  byId("count").textContent = "Only the teacher sees the class.";
}

byId("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  token = byId("token").value.trim();
  byId("enter").hidden = true;
  start();
});

byId("export").addEventListener("click", async () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await (await ask("/export.csv")).blob());
  link.download = "class.csv";
  link.click();
});

byId("other").addEventListener("click", (event) => {
  event.preventDefault();
  location.hash = projector ? "" : "projector";
  location.reload();
});

function start() {
  sessionStorage.setItem("token", token); // so that a reload needs no second copy
  if (projector) history.replaceState(null, "", "#projector");
  else history.replaceState(null, "", location.pathname);
  document.body.classList.toggle("projector", projector);
  byId("other").textContent = projector ? "Teacher's view" : "Projector view";
  refresh();
}

start();
