// Colours are those of the page, by its custom properties, which reach into the shadow root: light and dark need nothing more here.
import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.self], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], color: "var(--code-name)", fontWeight: "600" },
  { tag: tags.meta, color: "var(--code-name)" },
]);

export const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--soft)", border: "1px solid var(--faint)", borderRadius: "6px", overflow: "hidden" },
  "&.cm-focused": { outline: "2px solid var(--hint)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", fontSize: "0.86rem", lineHeight: "1.5", minHeight: "18rem", maxHeight: "min(75vh, 60rem)" },
  ".cm-content": { caretColor: "var(--text)", padding: "0.4rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--faint)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "var(--code-line)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--code-line)", color: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--code-selected)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--hint)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--bad)" },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--code-found)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--code-selected)" },
  ".cm-panels": { backgroundColor: "var(--ground)", color: "var(--text)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "0.35rem 0.5rem", padding: "0.5rem 2.8rem 0.5rem 0.6rem", font: "0.9rem/1.3 system-ui, sans-serif" },
  ".cm-panel.cm-search br": { display: "none" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label": { margin: "0", font: "inherit", boxSizing: "border-box" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", gap: "0.3rem", minHeight: "2.4rem" },
  ".cm-panel.cm-search button[name=close]": { top: "0.3rem", right: "0.3rem", width: "2.4rem", minHeight: "2.4rem", color: "var(--text)", fontSize: "1.3rem", cursor: "pointer" },
  ".cm-textfield": { minHeight: "2.4rem", flex: "1 1 9rem", minWidth: "7rem", padding: "0.3rem 0.5rem", border: "1px solid var(--faint)", borderRadius: "6px", backgroundColor: "var(--ground)", color: "var(--text)" },
  ".cm-textfield::placeholder": { color: "var(--faint)", opacity: "1" },
  ".cm-button": { minHeight: "2.4rem", padding: "0.3rem 0.7rem", border: "1px solid var(--line)", borderRadius: "6px", backgroundImage: "none", backgroundColor: "var(--soft)", color: "var(--text)", cursor: "pointer" },
  ".cm-button:active": { backgroundImage: "none", backgroundColor: "var(--line)" },
  ".cm-panel :focus-visible": { outline: "2px solid var(--hint)", outlineOffset: "1px" },
});
