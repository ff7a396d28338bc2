// Reads a list of Markdown texts as JSON and writes what other programs make of each:
// micromark with GitHub's extensions, and marked; with "remark" as the second argument also remark
// with its plugin for GitHub's Markdown, and markdown-it. The first argument is the folder of a package.json whose
// dependencies these are.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(resolve(process.argv[2]), "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { micromark } = await load("micromark");
const { gfm } = await load("micromark-extension-gfm");
const { marked } = await load("marked");

// All of GitHub's extensions but the filter of tags, which would hide what comes alive.
const inner = createRequire(require.resolve("micromark-extension-gfm"));
const part = async (name, html) => {
  const where = pathToFileURL(inner.resolve("micromark-extension-gfm-" + name));
  return (await import(where))[html]();
};
const htmlExtensions = await Promise.all([
  part("autolink-literal", "gfmAutolinkLiteralHtml"), part("footnote", "gfmFootnoteHtml"),
  part("strikethrough", "gfmStrikethroughHtml"),
  part("table", "gfmTableHtml"), part("task-list-item", "gfmTaskListItemHtml"),
]);
const options = { allowDangerousHtml: true, allowDangerousProtocol: true, extensions: [gfm()], htmlExtensions };
const texts = JSON.parse(readFileSync(0, "utf8"));
const more = process.argv[3] === "remark";
const remark = more ? await remarks() : () => "", markdownIt = more ? await its() : () => "";
const all = texts.map((text) => (
  { micromark: micromark(text, options), marked: marked.parse(text), remark: remark(text), it: markdownIt(text) }));
process.stdout.write(JSON.stringify(all));

// remarks returns what reads a text as programs built on remark do, raw HTML and all.
async function remarks() {
  const plugin = async (name) => (await load(name)).default;
  const { unified } = await load("unified");
  const reader = unified().use(await plugin("remark-parse")).use(await plugin("remark-gfm"))
    .use(await plugin("remark-rehype"), { allowDangerousHtml: true }).use(await plugin("rehype-raw"))
    .use(await plugin("rehype-stringify"));
  return (text) => String(reader.processSync(text));
}

// its returns what reads a text as programs built on markdown-it do, raw HTML and all. It has tasks as letters, where
// a plugin shows boxes, and shows the letters of an address that others show as they are written.
async function its() {
  const MarkdownIt = (await load("markdown-it")).default;
  const reader = new MarkdownIt({ html: true });
  reader.normalizeLinkText = (address) => address;
  reader.core.ruler.after("block", "tasks", ({ tokens }) => tokens.forEach((token, i) => {
    if (tokens[i - 2]?.type === "list_item_open") {
      token.content = token.content.replace(/^\[[ x]\](?= )/, '<input type="checkbox">');
    }
  }));
  return (text) => reader.render(text);
}
