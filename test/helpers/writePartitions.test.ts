import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import type { Csv } from "../../contract/csv";
import { cellReader, textLines } from "../../contract/csvReader";
import { misreading, readValue } from "../../contract/csvValues";
import type { DatasetDocument } from "../../contract/document";
import { renderPath } from "../../contract/layout";
import { ContractError } from "../../contract/problems";
import { run } from "../../local/command";
import { ensureVenv } from "../../local/python";
import { contentProblem } from "../../operations/reconcile/contents";
import { keyCase, textCase, typedCase, TYPES, type Case, type Cells } from "./tables";

const HERE = __dirname;
const ROOT = path.join(HERE, "..", "..");
const SEED = 20211215;

interface Answer {
  readonly files?: Readonly<Record<string, string>>;
  readonly told?: Readonly<Record<string, number>>;
  readonly rows?: number;
  readonly refused?: string;
  readonly left?: readonly string[];
}

describe("write_partitions", function () {
  // The first run on a machine installs the packages.
  this.timeout(600_000);

  let python: string;
  before(async () => {
    ({ python } = await ensureVenv(
      { name: "helpers", requirements: path.join(HERE, "requirements.txt") },
      console.log,
    ));
  });

  /** What the helper makes of each case, in one process. */
  async function answers(cases: readonly Case[]): Promise<Answer[]> {
    const child = spawn(python, [path.join(HERE, "cases.py")], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.end(cases.map((each) => `${JSON.stringify(each)}\n`).join(""));
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const code = await new Promise((resolve) => child.once("close", resolve));
    equal(code, 0);
    const lines = output.trim().split("\n");
    equal(lines.length, cases.length);
    return lines.map((line) => JSON.parse(line) as Answer);
  }

  it("passes its own pytest", async () => {
    const { code, output } = await run(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", HERE], {
      cwd: ROOT,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    equal(code, 0, output);
    ok(Number(/(\d+) passed/.exec(output)?.[1] ?? 0) > 0, output);
    ok(!/\d+ (skipped|xfailed|deselected)/.test(output), output);
  });

  it("is tested with the packages of the image", () => {
    const pins = (file: string): readonly string[] =>
      fs.readFileSync(path.join(ROOT, file), "utf8").match(/^[^#\s]+==\S+$/gm) ?? [];
    const tested = pins("test/helpers/requirements.txt");
    deepEqual(
      pins("image/requirements.txt").filter((pin) => !tested.includes(pin)),
      [],
    );
  });

  it("takes the values that the contract takes, into the folders that it names, and refuses all others", async () => {
    const cases = fc.sample(keyCase, { numRuns: 600, seed: SEED });
    const seen = { written: 0, refused: 0 };
    for (const [index, answer] of (await answers(cases)).entries()) {
      const { dataset, cells } = cases[index] ?? fail();
      const values = Object.fromEntries(dataset.partitionKeys.map(({ name }) => [name, cells[name]?.[0] ?? ""]));
      const folder = rendered(dataset, values);
      const about = JSON.stringify({ values, dataset, answer });
      if (folder === undefined) {
        seen.refused++;
        ok(answer.refused !== undefined, about);
        deepEqual(answer.left, []);
      } else {
        seen.written++;
        deepEqual(Object.keys(answer.files ?? {}), [`${folder}partition.csv`], about);
      }
    }
    ok(seen.written > 100 && seen.refused > 100, JSON.stringify(seen));
  });

  it("writes what the readers of the dialect read back, and refuses what they would not", async () => {
    const cases = fc.sample(textCase, { numRuns: 900, seed: SEED });
    const seen = { written: 0, refused: 0 };
    for (const [index, answer] of (await answers(cases)).entries()) {
      const { dataset, cells } = cases[index] ?? fail();
      const about = JSON.stringify({ cells, format: dataset.format, answer });
      const rows = rowsOf(dataset, cells);
      const lost = rows.some((row) => row.some((cell, place) => isLost(cell, place, row.length, dataset.format)));
      equal(answer.refused !== undefined, lost, about);
      if (answer.files === undefined) {
        seen.refused++;
        continue;
      }
      seen.written++;
      equal(answer.rows, rows.length);
      const [text = ""] = Object.values(answer.files);
      deepEqual(readRows(text, dataset.format), rows, about);
      ok(text.endsWith(dataset.format.newline), about);
      const bytes = new TextEncoder().encode(text);
      // A first line of names is taken for a header, a word that no generated cell is.
      equal(contentProblem("partition.csv", { bytes, cut: false }, dataset).problem, undefined, about);
    }
    ok(seen.written > 200 && seen.refused > 200, JSON.stringify(seen));
  });

  it("writes no text into a typed column that readers would take for another value, or for none", async () => {
    const cases = fc.sample(typedCase, { numRuns: 900, seed: SEED });
    const accepted: Record<string, number> = {};
    for (const [index, answer] of (await answers(cases)).entries()) {
      const { dataset, cells } = cases[index] ?? fail();
      const type = dataset.columns[0]?.type ?? "string";
      const text = cells["a"]?.[0] ?? "";
      if (answer.files === undefined) continue;
      accepted[type] = (accepted[type] ?? 0) + 1;
      equal(misreading(type, text), undefined, `${type}: ${text}`);
      ok(readValue(type, text) !== null, `${type}: ${text}`);
    }
    for (const type of TYPES) ok((accepted[type] ?? 0) > 5, `${type}: ${JSON.stringify(accepted)}`);
  });

  it("says what is missing where the image has no pyarrow", async () => {
    const code = [
      "import sys",
      "sys.modules['pyarrow'] = None",
      `sys.path.insert(0, ${JSON.stringify(path.join(ROOT, "helpers"))})`,
      "from write_partitions import write_partitions",
      "write_partitions(None, {})",
    ].join("\n");
    const { output } = await run(python, ["-c", code]);
    match(output, /ImportError: write_partitions needs pyarrow.*image\/requirements\.in/);
  });
});

function fail(): never {
  throw new Error("no such case");
}

/** The folder by the contract; undefined where it refuses the values. */
function rendered(dataset: DatasetDocument, values: Readonly<Record<string, string>>): string | undefined {
  try {
    const folder = renderPath(dataset.partitionKeys, values, dataset.escaping);
    // What no file system takes the contract leaves to the file system.
    return folder.split("/").some((name) => Buffer.byteLength(name) > 255) ? undefined : folder;
  } catch (error) {
    if (error instanceof ContractError) return undefined;
    throw error;
  }
}

function rowsOf({ columns }: DatasetDocument, cells: Cells): (string | null)[][] {
  return (cells[columns[0]?.name ?? ""] ?? []).map((_, row) => columns.map(({ name }) => cells[name]?.[row] ?? null));
}

/** Whether no line of the dialect says the cell, or says it to some readers alone. */
function isLost(cell: string | null, place: number, width: number, format: Csv): boolean {
  const { quote, escape, delimiter, nullText } = format;
  if (quote !== undefined) return cell === null || /[\r\n\0]/.test(cell);
  if (cell === null) return width === 1 && nullText === "";
  return (
    /[\r\n\0]|^"/.test(cell) ||
    (escape === undefined && cell.includes(delimiter)) ||
    (place === 0 && cell.startsWith("\ufeff")) ||
    (cell === nullText && !(escape !== undefined && cell.includes(escape))) ||
    (width === 1 && cell === "")
  );
}

function readRows(text: string, format: Csv): (string | null)[][] {
  const read = cellReader(format);
  return textLines(text)
    .slice(format.header ? 1 : 0)
    .map((line) => read(line));
}
