// What somebody wrote and did not hand in yet, in the browser's own store: per account and exercise, until it is handed in or they sign out.

// leave.js knows this word as well.
const PREFIX = "layerwise draft ";
const LONGEST_DAYS = 30;

/** A short sign of a text, to see that it has changed (FNV-1a, 32 bit); nothing rests on its being hard to forge. */
export function sign(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `${text.length} ${hash >>> 0}`;
}

// A browser may have no store, or refuse it, or it may be full: whoever writes then is told, and loses nothing else.
function attempt(action) {
  try { return action() ?? true; } catch { return false; }
}

export class Drafts {
  constructor(account, exercise) {
    this.key = `${PREFIX}${account} ${exercise}`;
    attempt(sweep);
  }

  /** `{text, base}`, where `base` is the sign of what the service held when it was written; null if there is none. */
  read() {
    const found = attempt(() => JSON.parse(localStorage.getItem(this.key)));
    return typeof found?.text === "string" && typeof found.base === "string" ? found : null;
  }

  /** False if it could not be kept. */
  write(text, base) {
    return attempt(() => localStorage.setItem(this.key, JSON.stringify({ text, base, at: Date.now() })));
  }

  drop() {
    return attempt(() => localStorage.removeItem(this.key));
  }

  onGone(heard) {
    window.addEventListener("storage", (event) => {
      if (event.key === "layerwise left") heard();
    });
  }
}

// What was never handed in does not lie in a browser for ever.
function sweep() {
  const oldest = Date.now() - LONGEST_DAYS * 86_400_000;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && !(attempt(() => JSON.parse(localStorage.getItem(key)).at > oldest))) localStorage.removeItem(key);
  }
}
