// Who signs out leaves nothing behind that was written and not handed in. editor/src/drafts.js knows these words as well.
"use strict";

document.querySelector("form.leave")?.addEventListener("submit", () => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("layerwise draft ")) localStorage.removeItem(key);
    // Tabs that are still open hear of it, and keep nothing any more.
    localStorage.setItem("layerwise left", String(Date.now()));
  } catch { /* There is no store, so there is nothing in it. */ }
});
