// What scrolls sideways can be reached with the keyboard.
"use strict";
addEventListener("load", () => {
  for (const block of document.querySelectorAll("pre, .table-wrapper, .math-wrapper"))
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
});
