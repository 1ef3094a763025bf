import GithubSlugger from "github-slugger";
import MarkdownIt from "markdown-it";
import { deepEqual, ok } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { RUNBOOK_HEADINGS } from "../contract/runbook";
import { filesOf, readText, ROOT } from "./support/files";

const markdown = new MarkdownIt({ html: true });
const pages = new Map(filesOf([".md"]).map((file) => [file, markdown.parse(readText(file), {})]));
type Token = ReturnType<typeof markdown.parse>[number];

/** All tokens, those within lines too. */
const flat = (tokens: readonly Token[]): Token[] => tokens.flatMap((token) => [token, ...flat(token.children ?? [])]);
const textOf = (token: Token | undefined): string =>
  (token?.children ?? []).map(({ type, content }) => (/^(text|code_inline)$/.test(type) ? content : "")).join("");

/** Where a page can be entered: its headings, as GitHub names them, and ids in HTML. */
function anchorsOf(file: string): Set<string> {
  const slugger = new GithubSlugger();
  const tokens = pages.get(file) ?? [];
  const headings = tokens.flatMap(({ type }, index) =>
    type === "heading_open" ? [slugger.slug(textOf(tokens[index + 1]))] : [],
  );
  const ids = flat(tokens).flatMap(({ type, content }) =>
    type.startsWith("html_") ? (/ id="([^"]+)"/.exec(content)?.[1] ?? []) : [],
  );
  return new Set([...headings, ...ids]);
}

function linksOf(tokens: readonly Token[]): string[] {
  return flat(tokens)
    .flatMap((token) => String(token.attrGet("href") ?? token.attrGet("src") ?? ""))
    .filter((link) => link !== "" && !/^[a-z]+:/i.test(link));
}

/** Why a link of a page leads nowhere; undefined when it leads somewhere. */
function brokenLink(from: string, link: string): string | undefined {
  const [target = "", anchor] = decodeURI(link).split("#");
  const file = target === "" ? from : path.posix.join(path.posix.dirname(from), target);
  if (!fs.existsSync(path.join(ROOT, file))) return `${from}: ${link}`;
  if (anchor === undefined || !file.endsWith(".md") || anchorsOf(file).has(anchor)) return undefined;
  return `${from}: ${link}: no such heading`;
}

/** First cells, in code, of the tables whose first column has this name. */
function firstCells(file: string, column: string): string[] {
  let inTable = false;
  const tokens = pages.get(file) ?? [];
  return tokens.flatMap(({ type }, index) => {
    const text = tokens[index + 2];
    if (type !== "tr_open" || text === undefined) return [];
    if (tokens[index + 1]?.type === "th_open") inTable = textOf(text) === column;
    return inTable && tokens[index + 1]?.type === "td_open" ? [textOf(text)] : [];
  });
}

/** Texts of the program as they are printed: literals that are put together of several lines are one. */
const sources = ["contract", "components", "operations", "local", "helpers"].flatMap((folder) =>
  filesOf([".ts", ".py"], folder).map((file) => readText(file).replace(/["'`] \+\n\s*["'`]/g, "")),
);
/** Where a message has `…`, the program puts in a value. */
function isPrinted(message: string): boolean {
  const parts = message.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(parts.join("(?:\\$?\\{[^}]*\\}|…)"));
  return sources.some((source) => pattern.test(source));
}

describe("the documentation", () => {
  it("is read: pages, headings and links are found", () => {
    ok(pages.size > 20);
    ok(anchorsOf("README.md").has("try-it-two-commands-no-aws-account"));
    ok(anchorsOf("README.ja.md").has("データセットを追加する"));
    ok(linksOf(pages.get("README.md") ?? []).includes("docs/flow.svg"));
    deepEqual(brokenLink("README.md", "docs/no-such.md"), "README.md: docs/no-such.md");
    deepEqual(brokenLink("docs/ci.md", "../README.md#no-such"), "docs/ci.md: ../README.md#no-such: no such heading");
  });

  it("links to files and headings that are there", () => {
    const broken = [...pages].flatMap(([file, tokens]) =>
      linksOf(tokens).flatMap((link) => brokenLink(file, link) ?? []),
    );
    deepEqual(broken, []);
  });

  it("shows every <placeholder>: outside of code it would be a tag, and invisible", () => {
    const tags = [...pages].flatMap(([file, tokens]) =>
      flat(tokens).flatMap(({ type, content }) =>
        type.startsWith("html_") && !/^<(!--|\/?a\b)/.test(content) ? [`${file}: ${content}`] : [],
      ),
    );
    deepEqual(tags, []);
  });

  it("quotes messages that the program still prints", () => {
    const messages = firstCells("docs/troubleshooting.md", "Message");
    ok(messages.length > 50);
    ok(!isPrinted("no file of the program says this"));
    deepEqual(
      messages.filter((message) => !isPrinted(message)),
      [],
    );
  });

  it("quotes each message once, so that a search ends at one advice", () => {
    const messages = firstCells("docs/troubleshooting.md", "Message");
    deepEqual(
      messages.filter((message, index) => messages.some((other, at) => at !== index && other.includes(message))),
      [],
    );
  });

  it("has every configuration key in both READMEs", () => {
    const keys = [...readText("Pulumi.yaml").matchAll(/^ {2}partitions:(\w+):$/gm)].map(([, key = ""]) => key).sort();
    ok(keys.length > 20);
    for (const [file, column] of [
      ["README.md", "Key (partitions:…)"],
      ["README.ja.md", "キー(partitions:…)"],
    ] as const)
      deepEqual(
        firstCells(file, column)
          .flatMap((cell) => cell.match(/[A-Za-z]{4,}/g) ?? [])
          .sort(),
        keys,
      );
  });

  it("quotes the same messages and symptoms in both languages", () => {
    const [english, japanese] = ["docs/troubleshooting.md", "docs/troubleshooting.ja.md"] as const;
    deepEqual(firstCells(japanese, "メッセージ"), firstCells(english, "Message"));
    deepEqual(firstCells(japanese, "症状").length, firstCells(english, "Symptom").length);
  });

  it("has a page in the other language wherever it says so, and that page links back", () => {
    const japanese = [...pages.keys()].filter((file) => file.endsWith(".ja.md"));
    ok(japanese.length >= 6);
    const links = (from: string, to: string): boolean =>
      linksOf(pages.get(from) ?? []).includes(path.posix.basename(to));
    const alone = japanese.filter((file) => {
      const english = file.replace(/\.ja\.md$/, ".md");
      return !links(english, file) || !links(file, english);
    });
    deepEqual(alone, []);
  });

  it("lets alarms lead to the Japanese runbook as well", () => {
    const anchors = anchorsOf("docs/runbook.ja.md");
    deepEqual(
      Object.values(RUNBOOK_HEADINGS).filter((heading) => !anchors.has(heading)),
      [],
    );
  });

  it("lists every decision in the index", () => {
    const listed = linksOf(pages.get("docs/decisions/README.md") ?? []);
    const there = filesOf([".md"], "docs/decisions").map((file) => path.posix.basename(file));
    deepEqual(
      there.filter((file) => /^\d{4}-/.test(file) && !listed.includes(file)),
      [],
    );
  });
});
