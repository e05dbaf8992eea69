// CodeMirror, as a page of Layerwise wants it.
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";

import { colours, theme } from "./looks.js";

// How long after Escape the Tab key leaves the editor. CodeMirror's own two seconds are few for who works with one finger or by ear.
const LEAVING_MS = 10_000;

// Left to Chrome, typing over coloured words gives what is typed a style attribute, which CodeMirror would take off again, but the content
// security policy reports.
const typeOver = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== "insertText" || !event.data || view.composing || view.state.selection.main.empty || view.state.readOnly) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    return true;
  },
});

/**
 * An editor of Python inside `parent`: `changed` hears every new text, `save` of Ctrl-S.
 *
 * It stands in a shadow root, because CodeMirror adopts its style sheets there; in the page itself it would write a style element, which the
 * content security policy forbids.
 *
 * Errors of syntax are not marked: CodeMirror's grammar takes some of what is right for wrong (a bare `yield`, for one), and the service, which
 * asks Python itself, names the line.
 */
export function makeEditor({ parent, text, label, changed, save }) {
  const root = parent.attachShadow({ mode: "open", delegatesFocus: true });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        highlightSelectionMatches(),
        search({ top: true }),
        python(),
        typeOver,
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        syntaxHighlighting(colours),
        theme,
        Prec.low(keymap.of([{ key: "Escape", run: (target) => { target.setTabFocusMode(LEAVING_MS); return false; } }])),
        keymap.of([
          { key: "Mod-s", preventDefault: true, run: () => { save(); return true; } },
          ...searchKeymap,
          ...historyKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
        EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    // One change, which Undo takes back.
    replace: (whole) => view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: whole },
      selection: { anchor: 0 },
      annotations: isolateHistory.of("full"),
    }),
  };
}
