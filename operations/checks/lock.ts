import * as fs from "node:fs";
import * as path from "node:path";
import type { Dataset } from "../../contract/dataset";
import { breakOf, describe, partitionPlan, verdictOf, type Change } from "../../contract/lock/changes";
import { compareLock } from "../../contract/lock/compare";
import { lockCommand, parseLock, renderLock } from "../../contract/lock/file";
import type { Statement } from "../../contract/lock/kinds";
import { lockOf, type Lock } from "../../contract/lock/lock";
import { updateLock, type Statements } from "../../contract/lock/update";
import { UserError } from "../commandLine";

/**
 * `npm run check`: whether the lock fits the declarations.
 *
 * @param file path of the lock
 * @returns one line for the terminal
 * @throws UserError that says what differs, and what to do
 */
export function checkLock(file: string, datasets: readonly Dataset[]): string {
  const name = shownPath(file);
  const command = lockCommand(name);
  const lock = readLock(file);
  if (!lock)
    throw new UserError(
      `${name} is missing. If it was ever committed, bring it back with 'git checkout -- ${name}': a new one does not ` +
        `know how the data that is written looks. Before the first deployment, make it with '${command}'.`,
    );
  const changes = compareLock(lock, datasets);
  if (changes.length === 0) return `${name} fits the declarations: ${tables(datasets.length)}`;
  const breaking = changes.some((change) => breakOf(change));
  throw new UserError(
    [
      `${name} does not fit the declarations.`,
      ...report(changes, command),
      breaking
        ? `Take the breaking changes back, or state that they are meant. Then run '${command}' and commit the file.`
        : `Run '${command}' and commit the file.`,
    ].join("\n\n"),
  );
}

/**
 * `npm run lock`: writes what the declarations changed, all or nothing.
 *
 * @param file path of the lock; made when there is none
 * @returns text for the terminal
 * @throws UserError when a change breaks data or readers and no statement covers it; nothing is written then
 */
export function writeLock(file: string, datasets: readonly Dataset[], statements: Statements = {}): string {
  const name = shownPath(file);
  const command = lockCommand(name);
  const known = readLock(file);
  const { changes, refused, idle, lock } = updateLock(known ?? lockOf([]), datasets, statements);
  if (!lock)
    throw new UserError(
      [
        `${name} is left as it is.`,
        ...report(refused, command),
        ...idle.map((statement) => `--${statement}; leave it out`),
      ].join("\n\n"),
    );
  const text = renderLock(lock);
  if (known && changes.length === 0 && fs.readFileSync(file, "utf8") === text)
    return `${name} is up to date: ${tables(datasets.length)}`;
  replaceFile(file, text);
  return [
    ...report(changes, command),
    `${name} written: ${tables(datasets.length)}. Commit it with the declarations.`,
  ].join("\n\n");
}

/** As a person in the current folder would name it. */
function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
}

const tables = (count: number): string => `${count} ${count === 1 ? "table" : "tables"}`;

/** @throws UserError when there is a file that is no lock */
function readLock(file: string): Lock | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UserError(`${shownPath(file)} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const name = shownPath(file);
  const read = parseLock(text, name);
  if ("lock" in read) return read.lock;
  throw new UserError(`${name} cannot be used:\n${read.problems.map((problem) => `  - ${problem}`).join("\n")}`);
}

/** Renamed into place: a command that is stopped leaves the old file or the new one. */
function replaceFile(file: string, text: string): void {
  const next = `${file}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(next, text);
    fs.renameSync(next, file);
  } finally {
    fs.rmSync(next, { force: true });
  }
}

/** A paragraph for each dataset, in the order of the changes. */
function report(changes: readonly Change[], command: string): string[] {
  const datasets = [...new Set(changes.map(({ dataset }) => dataset))];
  return datasets.map((dataset) =>
    [
      dataset,
      ...changes.filter((change) => change.dataset === dataset).flatMap((change) => changeLines(change, command)),
    ].join("\n"),
  );
}

function changeLines(change: Change, command: string): string[] {
  const broken = breakOf(change);
  const plan = partitionPlan(change);
  return [
    `  ${verdictOf(change).padEnd(10)}  ${describe(change)}`,
    ...(broken
      ? [
          `              why      ${broken.why}`,
          `              instead  ${broken.instead}`,
          `              or       ${MEANT[broken.unless]}: ${command}${command.includes(" -- ") ? "" : " --"} ${statementFor(change, broken.unless)}`,
        ]
      : []),
    ...(plan.need === "nothing" ? [] : [`              partitions that exist: ${needText(change)}`]),
  ];
}

const MEANT: Readonly<Record<Statement, string>> = {
  rebuilt: "when data and partitions fit the new declaration (moved, rewritten, registered anew)",
  renamed: "when it is the same data under a new name",
  removed: "when nobody reads the table any more",
};

function statementFor({ dataset, from = "", to = "" }: Change, statement: Statement): string {
  const name = (quoted: string) => quoted.slice(1, -1);
  const about = statement === "renamed" ? `${dataset}.${[name(from), name(to)].join("=")}` : dataset;
  return `--${statement} ${about}`;
}

function needText(change: Change): string {
  const { need, why } = partitionPlan(change);
  const what = need === "update" ? "their schema must be updated after the deployment" : "they must be registered anew";
  return `${what}; ${why}; a run of a day does it: npm run operate -- run ${change.dataset} --process-date <day>`;
}
