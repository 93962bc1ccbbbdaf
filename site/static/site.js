// What scrolls sideways can be reached with the keyboard.
"use strict";
for (const block of document.querySelectorAll("pre, .table-wrapper"))
  if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
