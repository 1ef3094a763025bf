import type { S3Client } from "@aws-sdk/client-s3";
import type { DatasetDocument } from "../../contract/document";
import { DATE_PARTS, type DateKey, type PartitionKey } from "../../contract/keys";
import { renderLevel } from "../../contract/layout";
import { dayFormat, dayIds, daysOf, dayValue } from "./dayKeys";
import { listFolders, listLevel, type FoundPartition, type Location, type Part } from "./listing";
import { growing } from "./growing";
import { streamOf } from "./parallel";
import type { Scope } from "./request";

type Keys = Pick<DatasetDocument, "partitionKeys" | "escaping">;
type Values = Readonly<Record<string, string>>;

/** Listings of days or of folders side by side. */
const PARALLEL = 8;

/** A scope, read: which listings it needs, and what belongs to it. */
export interface Reach {
  /** Parts of the table's folder to list; `expected` is a partition that must be there. */
  readonly parts: (s3: S3Client, location: Location, onStray: (found: FoundPartition) => void) => AsyncGenerator<Part>;
  /** Path of the one partition that the scope names. */
  readonly expected?: string;
  readonly holds: (values: Values) => boolean;
}

/**
 * How a scope is looked for in S3, with as few calls as its keys allow: values that are known narrow the listing; levels
 * above them that are not are read from S3; below them one flat listing brings everything.
 *
 * @throws Error for a value or a day that is none
 */
export function reachOf(scope: Scope, document: Keys, signal?: AbortSignal): Reach {
  const { partitionKeys: keys, escaping } = document;
  const level = (key: PartitionKey, value: string) => renderLevel(key, value, escaping);
  const within = (known: Values) => (values: Values) =>
    keys.every(({ name }) => [undefined, values[name]].includes(known[name]));
  switch (scope.kind) {
    case "table":
      return { parts: () => streamOf([{ prefix: "" }]), holds: () => true };
    case "values": {
      const { known } = scope;
      // A value that is none is refused before anything is read.
      const path = keys.map((key) => (known[key.name] === undefined ? undefined : level(key, known[key.name] ?? "")));
      return {
        parts: (s3, location, onStray) => descend(s3, location, "", path, onStray, (prefix) => streamOf([{ prefix }])),
        ...(path.includes(undefined) ? {} : { expected: path.join("") }),
        holds: within(known),
      };
    }
    case "days": {
      const days = daysOf(scope);
      const { dated, ofDay, ofValues } = dayIds(keys);
      const known = new Set(days.map(ofDay));
      const holds = (values: Values) => known.has(ofValues(values));
      const above = keys.findIndex((key) => dated.some((each) => each === key));
      const dates = leading(keys.slice(above));
      const open = keys.slice(0, above).map(() => undefined);
      const [first = scope.from, last = first] = [days[0], days.at(-1)];
      const range = (base: string): Part[] =>
        days.length > 1 && areSortable(dates)
          ? [rangeOf(base, pathTo(dates, first, level), pathTo(dates, last, level))]
          : [...new Set(days.map((day) => base + pathTo(dates, day, level)))].map((prefix) => ({ prefix }));
      return {
        parts: (s3, location, onStray) => descend(s3, location, "", open, onStray, (base) => streamOf(range(base))),
        holds,
      };
    }
  }

  async function* descend(
    s3: S3Client,
    location: Location,
    base: string,
    path: readonly (string | undefined)[],
    onStray: (found: FoundPartition) => void,
    leaf: (base: string) => AsyncGenerator<Part>,
  ): AsyncGenerator<Part> {
    const [next, ...others] = path;
    const lastKnown = path.findLastIndex((each) => each !== undefined);
    // For days, the levels above them are open and must be read all the same.
    if (path.length === 0 || (lastKnown < 0 && scope.kind === "values")) {
      yield* leaf(base);
      return;
    }
    if (next !== undefined) {
      yield* descend(s3, location, base + next, others, onStray, leaf);
      return;
    }
    const { folders, files } = await listLevel(s3, location, base, signal);
    if (files.length > 0) onStray({ path: base, files, hidden: 0 });
    for (const folder of folders) yield* descend(s3, location, `${base}${folder}/`, others, onStray, leaf);
  }
}

/** Everything that S3 holds of a scope; of files above the partitions' folders {@link listFolders}' number. */
export async function* findFolders(
  s3: S3Client,
  location: Location,
  { partitionKeys }: Keys,
  reach: Reach,
  signal?: AbortSignal,
  straysKept?: number,
): AsyncGenerator<FoundPartition[]> {
  const strays: FoundPartition[] = [];
  const parts: Part[] = [];
  for await (const part of reach.parts(s3, location, (found) => strays.push(found))) parts.push(part);
  let found = false;
  const listings = growing(parts, PARALLEL, (part) =>
    listFolders(s3, location, partitionKeys.length, part, signal, straysKept),
  );
  for await (const folders of listings) {
    found ||= folders.some(({ path }) => path === reach.expected);
    yield folders;
  }
  if (strays.length > 0) yield strays;
  if (reach.expected !== undefined && !found) yield [{ path: reach.expected, files: [], hidden: 0 }];
}

/** The date keys at the beginning. */
function leading(keys: readonly PartitionKey[]): DateKey[] {
  const end = keys.findIndex((key) => key.kind !== "date" || dayFormat(key.format) === undefined);
  return keys.slice(0, end < 0 ? undefined : end) as DateKey[];
}

/** Whether folders of such keys are in the order of their days: a key with a year, or year, month and day, padded. */
function areSortable([first, ...others]: readonly DateKey[]): boolean {
  if (!first || DATE_PARTS[first.format]) return false;
  return others.every(({ format }, index) => first.format === "yyyy" && format === ["MM", "dd"][index]);
}

/** Folders of a day; of an hourly key only the beginning of the name, which all hours of the day share. */
function pathTo(keys: readonly DateKey[], day: string, level: (key: PartitionKey, value: string) => string): string {
  return keys
    .map((key) => {
      const format = dayFormat(key.format) ?? key.format;
      const path = level({ ...key, format }, dayValue(key, day));
      if (format === key.format) return path;
      return path.slice(0, -1) + (format === "yyyy-MM-dd" ? "-" : "");
    })
    .join("");
}

/** From the first folder to the last, both included. */
function rangeOf(base: string, first: string, last: string): Part {
  let shared = 0;
  while (shared < first.length && first[shared] === last[shared]) shared += 1;
  // What comes after everything that begins with the last: its last character's successor.
  const end = last.slice(0, -1) + String.fromCharCode(last.charCodeAt(last.length - 1) + 1);
  return { prefix: base + first.slice(0, shared), after: base + first, before: base + end };
}
