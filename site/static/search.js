// Full-text search over the sections of all pages. documents.js holds them; nothing leaves the page.
"use strict";

const CHINESE = /[\u3400-\u9fff]/;

// Words of letters and digits; a run of Chinese characters as its overlapping pairs, since no
// space says where a word ends.
function words(text) {
  const found = [];
  for (const run of text.toLowerCase().match(/[\u3400-\u9fff]+|[\p{L}\p{N}]+/gu) ?? []) {
    if (!CHINESE.test(run)) found.push(run);
    else if (run.length === 1) found.push(run);
    else for (let i = 0; i + 1 < run.length; i++) found.push(run.slice(i, i + 2));
  }
  return found;
}

// "samples" finds "sample", and the other way round.
function stem(word) {
  return CHINESE.test(word) || word.length < 4 ? word : word.replace(/(?<!s)s$/, "");
}

const engine = new MiniSearch({
  fields: ["title", "page", "text"],
  storeFields: ["title", "page", "address", "text"],
  tokenize: words,
  processTerm: stem,
  searchOptions: {
    boost: { title: 4, page: 2 },
    // who searches for a subject wants the lesson before the function
    boostDocument: (id, term, { address }) => (address.startsWith("library/") ? 0.5 : 1),
    prefix: (term) => term.length > 3 && !CHINESE.test(term),
    fuzzy: (term) => (term.length > 5 && !CHINESE.test(term) ? 0.15 : false),
  },
});
engine.addAll(window.genimgDocuments);

// The best section of each page, at most three sections of one page.
function search(query) {
  const all = engine.search(query, { combineWith: "AND" });
  const some = engine.search(query);
  const seen = new Set(all.map((hit) => hit.id));
  const perPage = new Map();
  return [...all, ...some.filter((hit) => !seen.has(hit.id))].filter((hit) => {
    const page = hit.address.split("#")[0];
    perPage.set(page, (perPage.get(page) ?? 0) + 1);
    return perPage.get(page) <= 3;
  });
}

// A piece of the text around the first word that was asked for.
function excerpt(text, query) {
  const lower = text.toLowerCase();
  const places = words(query).map((word) => lower.indexOf(stem(word))).filter((place) => place >= 0);
  const start = Math.max(0, Math.min(...(places.length ? places : [0])) - 60);
  return (start ? "…" : "") + text.slice(start, start + 180) + (start + 180 < text.length ? "…" : "");
}

function show(query) {
  const hits = query.trim() ? search(query).slice(0, 30) : [];
  const list = document.getElementById("search-list");
  list.replaceChildren(
    ...hits.map((hit) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = hit.address;
      link.textContent = hit.title === hit.page ? hit.title : `${hit.page}: ${hit.title}`;
      const text = document.createElement("p");
      text.textContent = excerpt(hit.text, query);
      item.append(link, text);
      return item;
    }),
  );
  document.getElementById("search-count").textContent = query.trim()
    ? `${hits.length ? hits.length : "No"} results for “${query}”`
    : "";
}

const input = document.getElementById("search-words");
input.value = new URLSearchParams(location.search).get("q") ?? "";
input.addEventListener("input", () => show(input.value));
document.getElementById("search-form").addEventListener("submit", (event) => event.preventDefault());
show(input.value);
