// The exercise page: a text area becomes an editor, and what is written in it is kept until it is handed in. The text area stays what is sent.
import { Drafts, sign } from "./drafts.js";
import { makeEditor } from "./editor.js";

const area = document.getElementById("text");
const host = document.getElementById("editor");

function start() {
  const note = document.getElementById("editor-note");
  const drafts = new Drafts(host.dataset.account, host.dataset.exercise);
  const given = area.value;
  // What a refusal brings back is not what the service holds: the draft, and what it was begun from, stay as they are.
  const kept = drafts.read();
  const base = host.dataset.refused && kept ? kept.base : sign(given);
  // A sentence that stands there already is not read aloud again.
  const say = (sentence) => { if (note.textContent !== sentence) note.textContent = sentence; };

  let keeping = true;
  let text = given;
  let offered = null;
  if (!host.dataset.refused && kept) {
    if (kept.text === given) drafts.drop();
    else if (kept.base === base) { text = kept.text; say(note.dataset.back); }
    else offered = kept.text;
  }

  // Before the editor is made, which measures its lines.
  for (const one of document.querySelectorAll("[data-editor]")) one.hidden = false;
  area.hidden = true;
  const editor = makeEditor({
    parent: host,
    text,
    label: area.labels[0].textContent.trim(),
    changed: (value) => {
      area.value = value;
      if (!keeping) return;
      const done = value === given && !host.dataset.refused ? drafts.drop() : drafts.write(value, base);
      say(done ? note.dataset.kept : note.dataset.full);
    },
    save: () => say(note.dataset.save),
  });

  area.value = text;
  // An empty field that nobody sees could not be complained about; the service says it instead.
  area.required = false;
  area.labels[0].addEventListener("click", (event) => { event.preventDefault(); editor.focus(); });
  area.form.addEventListener("reset", (event) => event.preventDefault());
  // After a sign-out in another tab nothing of this one is kept any more.
  drafts.onGone(() => { keeping = false; say(note.dataset.gone); });

  document.getElementById("editor-stub").addEventListener("click", async () => {
    const answer = await fetch(host.dataset.stub).catch(() => null);
    if (!answer?.ok || answer.redirected) { say(note.dataset.away); return; }
    editor.replace(await answer.text());
    say(note.dataset.stub);
    editor.focus();
  });
  const offer = document.getElementById("editor-offer");
  offer.hidden = offered === null;
  offer.querySelector("button").addEventListener("click", () => {
    editor.replace(offered);
    offer.hidden = true;
    editor.focus();
  });
}

if (area && host) start();
