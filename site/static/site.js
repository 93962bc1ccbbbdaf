// What scrolls sideways can be reached with the keyboard, also what is shown or narrowed later.
"use strict";
function reach(block) {
  if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
}
const scrolling = [...document.querySelectorAll("pre, .table-wrapper, .math-wrapper")];
const resized = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));
for (const block of scrolling) resized.observe(block);
addEventListener("load", () => scrolling.forEach(reach));
