import { deepEqual, doesNotMatch, equal, match, throws } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { column } from "../../contract/columns";
import { csv } from "../../contract/csv";
import type { Dataset } from "../../contract/dataset";
import { renderLock } from "../../contract/lock/file";
import { LOCK_FILE, lockOf } from "../../contract/lock/lock";
import { datasets as declared } from "../../datasets";
import { checkLock, writeLock } from "../../operations/checks/lock";
import { events, withChanges } from "../contract/lockTables";

const ROOT = path.resolve(__dirname, "../..");
const [a, b, c] = events.columns;
if (!a || !b || !c) throw new Error("the dataset has three columns");
const appended = withChanges({ columns: [a, b, c, column("d", "date", "")] });
const removed = withChanges({ columns: [a, b] });

/** A folder with the lock of some datasets, or without one. */
function lockFile(datasets?: readonly Dataset[]): string {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lock-")), LOCK_FILE);
  if (datasets) fs.writeFileSync(file, renderLock(lockOf(datasets)));
  return file;
}

const read = (file: string): string => fs.readFileSync(file, "utf8");

/** What a command says when it fails. */
function failure(work: () => unknown): string {
  let message = "";
  throws(work, (error: Error) => {
    message = error.message;
    return error.name === "UserError";
  });
  return message;
}

describe("npm run check", () => {
  it("passes for the declarations of this program", () => {
    match(checkLock(path.join(ROOT, LOCK_FILE), declared), /^tables\.lock\.json fits the declarations/);
  });

  it("asks to lock what breaks nothing, and leaves the file alone", () => {
    const file = lockFile([events]);
    const before = read(file);
    const text = failure(() => checkLock(file, [appended]));
    match(text, /events\n {2}compatible {2}column 'd': new, date at the end/);
    match(text, /Run 'npm run lock -- --file \S+' and commit the file\.$/);
    equal(read(file), before);
  });

  it("says of a breaking change why, what to do instead, and how to state that it was meant", () => {
    const text = failure(() => checkLock(lockFile([events]), [removed]));
    match(text, /breaking {4}column 'c': gone, was float/);
    match(text, /why {6}queries name the column/);
    match(text, /instead {2}keep the column/);
    match(text, /npm run lock -- --file \S+ --rebuilt events/);
    match(text, /partitions that exist: their schema must be updated/);
    const renamed = failure(() =>
      checkLock(lockFile([events]), [withChanges({ columns: [a, { ...b, name: "x" }, c] })]),
    );
    match(renamed, /npm run lock -- --file \S+ --renamed events\.b=x/);
    match(
      failure(() => checkLock(lockFile([events]), [])),
      /npm run lock -- --file \S+ --removed events/,
    );
  });

  it("asks to bring a missing file back", () => {
    match(
      failure(() => checkLock(lockFile(), [events])),
      /missing.*git checkout -- \S+tables\.lock\.json.*npm run lock -- --file/,
    );
  });

  it("says what is wrong with a file that is no lock", () => {
    const file = lockFile([events]);
    fs.writeFileSync(file, read(file).replace('"int"', '"bigint"'));
    match(
      failure(() => checkLock(file, [events])),
      /cannot be used:\n {2}- the entry 'events' was changed by hand; bring/,
    );
    const folder = path.dirname(file);
    match(
      failure(() => checkLock(folder, [events])),
      /cannot be read: EISDIR/,
    );
  });
});

describe("npm run lock", () => {
  it("makes the file, and does nothing the second time", () => {
    const file = lockFile();
    match(writeLock(file, [events]), /table 'events': new.*written: 1 table/s);
    equal(read(file), renderLock(lockOf([events])));
    const { mtimeMs } = fs.statSync(file);
    match(writeLock(file, [events]), /is up to date: 1 table/);
    equal(fs.statSync(file).mtimeMs, mtimeMs);
    deepEqual(fs.readdirSync(path.dirname(file)), [LOCK_FILE]);
  });

  it("locks what breaks nothing, so that the check passes", () => {
    const file = lockFile([events]);
    writeLock(file, [appended]);
    match(checkLock(file, [appended]), /fits/);
  });

  it("says what partitions that exist need", () => {
    const wider = writeLock(lockFile([events]), [withChanges({ columns: [{ ...a, type: "bigint" }, b, c] })]);
    match(wider, /partitions that exist: their schema must be updated after the deployment/);
    doesNotMatch(writeLock(lockFile([events]), [appended]), /partitions that exist/);
  });

  it("refuses what breaks data or readers, and leaves the file as it is", () => {
    const file = lockFile([events]);
    const before = read(file);
    const text = failure(() => writeLock(file, [removed, withChanges({ name: "other", prefix: "other" })]));
    match(text, /^\S+tables\.lock\.json is left as it is\./);
    match(text, /column 'c': gone/);
    doesNotMatch(text, /table 'other'/);
    equal(read(file), before);
  });

  it("takes it when it is stated to be meant, by the name of the table", () => {
    const file = lockFile([events]);
    const tabs = withChanges({ format: csv({ delimiter: "\t" }) });
    match(
      failure(() => writeLock(file, [tabs], { rebuilt: ["evnts"] })),
      /--rebuilt evnts: no change of 'evnts' needs it/,
    );
    match(writeLock(file, [tabs], { rebuilt: ["events"] }), /written/);
    match(checkLock(file, [tabs]), /fits/);
    match(
      failure(() => writeLock(file, [tabs], { rebuilt: ["events"] })),
      /no change of 'events' needs it; leave it out/,
    );
  });

  it("writes over no file that is no lock: it may be all that is known of the tables", () => {
    const file = lockFile([events]);
    fs.writeFileSync(file, `<<<<<<< HEAD\n${read(file)}`);
    match(
      failure(() => writeLock(file, [events])),
      /merge conflict/,
    );
    match(read(file), /^<<<<<<</);
  });

  it("puts the form right that a formatter or git changed", () => {
    const file = lockFile([events]);
    fs.writeFileSync(file, read(file).replaceAll("\n", "\r\n"));
    match(checkLock(file, [events]), /fits/);
    writeLock(file, [events]);
    equal(read(file), renderLock(lockOf([events])));
  });
});

describe("the commands of the lock", () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "operations/checks.ts", ...args],
      {
        cwd: ROOT,
        encoding: "utf8",
      },
    );
    return { status, stdout, stderr };
  };

  it("end with 0 when all is well, and with 1 and a text when not", function () {
    this.timeout(60_000);
    const file = lockFile();
    const missing = run("check", "--file", file);
    equal(missing.status, 1);
    match(missing.stderr, /^\S+tables\.lock\.json is missing/);
    match(run("check", "--file", "no-such.json").stderr, /^no-such\.json is missing.*git checkout -- no-such\.json/);
    equal(missing.stdout, "");
    const written = run("lock", "--file", file);
    deepEqual([written.status, written.stderr], [0, ""]);
    match(written.stdout, /written/);
  });
});
