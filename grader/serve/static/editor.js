// Makes a text area fit for Python: Tab indents, Shift-Tab takes back, Enter keeps the indentation. Escape, then Tab, leaves it.
"use strict";

const area = document.getElementById("text");
let leaving = false;

function put(text, from, to) {
  area.setSelectionRange(from, to);
  // The only way that Undo knows of; where it is gone, the text is put in all the same.
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
}

function indent(back) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const first = value.lastIndexOf("\n", start - 1) + 1;
  if (start === end && !back) { put(" ".repeat(4 - ((start - first) % 4)), start, end); return; }
  const block = value.slice(first, end);
  const changed = back ? block.replace(/^ {1,4}/gm, "") : block.replace(/^(?=.)/gm, "    ");
  if (changed === block) return;
  put(changed, first, end);
  area.setSelectionRange(start === end ? area.selectionEnd : first, first + changed.length);
}

function enter() {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const line = value.slice(value.lastIndexOf("\n", start - 1) + 1, start);
  const deeper = line.trimEnd().endsWith(":") ? "    " : "";
  put(`\n${line.match(/^ */)[0]}${deeper}`, start, end);
}

if (area) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !leaving && !event.ctrlKey && !event.altKey) { event.preventDefault(); indent(event.shiftKey); }
    if (event.key === "Enter" && !event.isComposing && !event.ctrlKey) { event.preventDefault(); enter(); }
    leaving = event.key === "Escape";
  });
}
