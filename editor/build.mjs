// Writes the bundle that `grade serve` sends, and beside it whose work is in it. node build.mjs FOLDER
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const into = path.resolve(process.argv[2]);

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/page.js"],
  bundle: true,
  minify: true,
  // Old enough for the machines of a computer room; a browser that is older still has the plain text area.
  target: ["chrome109", "firefox115", "safari16"],
  format: "iife",
  charset: "utf8",
  legalComments: "none",
  banner: { js: "// CodeMirror 6 and what is ours of the editor, put together by .ci/editor from editor/. Licences: editor.licences.txt." },
  metafile: true,
  write: false,
});

const folders = Object.keys(result.metafile.inputs).map((name) => /^(?:.*\/)?node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(name)).filter(Boolean);
const names = [...new Set(folders.map((found) => found[1]))].sort();
const parts = await Promise.all(names.map(async (name) => {
  const folder = path.join(here, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const text = await readFile(path.join(folder, "LICENSE"), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}));

await writeFile(path.join(into, "editor.js"), result.outputFiles[0].contents);
await writeFile(path.join(into, "editor.licences.txt"), `What editor.js holds beside our own code. Written by .ci/editor.\n\n${parts.join("\n----\n\n")}`);
