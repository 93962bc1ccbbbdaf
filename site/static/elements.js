// Parts of a page that scripts make.
"use strict";

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function labelled(text, control) {
  return element("label", {}, `${text} `, control);
}

function button(text, action) {
  return element("button", { type: "button", onclick: action }, text);
}
