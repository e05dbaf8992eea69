// Shows each exercise as soon as it is graded. Without this script the page loads itself again instead.
"use strict";

const live = document.getElementById("live");
const state = document.getElementById("live-state");
const bar = document.getElementById("live-bar");
const list = document.getElementById("live-list");
const rows = new Map();
const SIGNS = { accepted: ["✓", "lw-good"], not_implemented: ["○", "lw-open"], skipped: ["–", "lw-faint"], grader_error: ["!", "lw-open"] };
const WRONG = ["✗", "lw-bad"];

// Only texts are ever put into the page: nothing that comes here becomes a tag.
function element(tag, text, style) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (style) made.className = style;
  return made;
}

function signed(verdict) {
  const [sign, style] = SIGNS[verdict] || WRONG;
  const made = element("span", sign, style);
  made.setAttribute("aria-label", verdict.replaceAll("_", " "));
  made.setAttribute("role", "img");
  return made;
}

function duration(seconds) {
  if (seconds < 5) return "a few seconds";
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} seconds`;
  return `about ${Math.max(2, Math.round(seconds / 60))} minutes`;
}

function place(event) {
  const told = JSON.parse(event.data);
  // Nobody knows how many exercises a zip holds before it was read.
  if (told.exercises) bar.max = told.exercises;
  const wait = told.wait_s === null ? "" : `, ${duration(told.wait_s)}`;
  if (told.trouble) state.textContent = "Grading is paused for a moment; nothing is lost.";
  else if (told.state === "grading") state.textContent = "It is being graded.";
  else if (told.ahead) state.textContent = `${told.ahead} upload${told.ahead === 1 ? "" : "s"} before yours${wait}.`;
  else state.textContent = `Yours is next${wait}.`;
}

function show(event) {
  const exercise = JSON.parse(event.data).exercise;
  const row = element("li", "");
  const checks = element("span", "", "checks");
  // A hundred signs are for the eye; the points beside them say as much to everybody.
  checks.setAttribute("aria-hidden", "true");
  for (const one of exercise.functions) for (const check of one.checks) {
    const dot = signed(check.verdict);
    dot.title = `${one.name}: ${check.title}`;
    checks.append(dot);
  }
  row.append(signed(exercise.verdict), element("span", exercise.title), checks, element("span", `${exercise.points}/${exercise.max_points}`, "result"));
  if (rows.has(exercise.name)) rows.get(exercise.name).replaceWith(row);
  else list.append(row);
  rows.set(exercise.name, row);
  bar.value = rows.size;
}

list.replaceChildren();
const source = new EventSource(`/api/v1/uploads/${live.dataset.upload}/events`);
source.addEventListener("waiting", place);
source.addEventListener("read", (event) => { bar.max = JSON.parse(event.data).exercises; });
source.addEventListener("begun", () => { state.textContent = "It is being graded."; });
source.addEventListener("exercise", show);
source.addEventListener("ended", () => { source.close(); location.reload(); });
source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000); });
