import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { operateCommand, RUNBOOK, RUNBOOK_HEADINGS, runbookLink } from "../../contract/runbook";

const file = path.resolve(__dirname, "../..", RUNBOOK);

/** The anchors of a page, as GitHub makes them of its headings. */
const anchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe("the runbook", () => {
  it("has a heading for each alarm", () => {
    ok(existsSync(file));
    const found = anchors(readFileSync(file, "utf8"));
    deepEqual(
      Object.values(RUNBOOK_HEADINGS).filter((anchor) => !found.includes(anchor)),
      [],
    );
  });

  it("leads nowhere that is not there", () => {
    const text = readFileSync(file, "utf8");
    const found = anchors(text);
    for (const [, target = ""] of text.matchAll(/\]\(([^)]+)\)/g))
      ok(
        target.startsWith("#") ? found.includes(target.slice(1)) : existsSync(path.resolve(file, "..", target)),
        target,
      );
  });

  it("is named by a path in the checkout, or by a URL", () => {
    equal(runbookLink(RUNBOOK, "late"), "docs/runbook.md#a-partition-is-late");
    equal(runbookLink("https://a/b.md", "failed"), "https://a/b.md#a-run-failed");
  });

  it("gives commands that need no more than to be pasted", () => {
    equal(operateCommand({ project: "partitions", stack: "dev" }, "run a"), "npm run operate -- --stack dev run a");
    equal(operateCommand({ project: "p", stack: "dev" }, "run a"), "npm run operate -- --stack dev --project p run a");
  });
});
