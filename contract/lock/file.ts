import { createHash } from "node:crypto";
import { z } from "zod";
import { LOCK_FILE, LOCK_VERSION, sorted, type Lock, type LockedTable } from "./lock";

const DIGEST = "digest";

/** Sorted, one line for each key and column: what two people append shows as a conflict of these lines alone. */
export function renderLock(lock: Lock): string {
  const tables = Object.entries(sorted(lock.tables)).map(([name, table]): [string, unknown] => [
    name,
    { ...ordered(table), [DIGEST]: digestOf(name, table) },
  ]);
  return `${render({ version: lock.version, tables: Object.fromEntries(tables) }, "")}\n`;
}

/** JSON in which lists of objects take a line for each, and objects of plain values inside a list no more than that. */
function render(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    if (value.every((item) => typeof item !== "object"))
      return `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    return `[\n${value.map((item) => `${inner}${inline(item)}`).join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${render(item, inner)}`);
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}

function inline(value: unknown): string {
  const members = Object.entries(value ?? {}).map(([key, item]) => `${JSON.stringify(key)}: ${render(item, "")}`);
  return `{ ${members.join(", ")} }`;
}

/** The members in the order of the file, whatever order they were read in. */
function ordered({ table, prefix, folder, partitionKeys, ...rest }: LockedTable): LockedTable {
  const { escaping, columns, format, registration } = rest;
  const { inputFormat, outputFormat, serializationLibrary, serdeParameters, tableParameters } = format;
  const { strategy, ranges } = registration;
  return {
    table,
    prefix,
    ...(folder === undefined ? {} : { folder }),
    partitionKeys: partitionKeys.map(({ name, type, kind, ...facts }) => ({
      name,
      ...(type === undefined ? {} : { type }),
      ...(kind === undefined ? {} : { kind }),
      ...sorted(facts),
    })),
    escaping,
    columns: columns.map(({ name, type }) => ({ name, type })),
    format: {
      inputFormat,
      outputFormat,
      serializationLibrary,
      serdeParameters: sorted(serdeParameters),
      tableParameters: sorted(tableParameters),
    },
    registration: {
      strategy,
      ...(ranges === undefined
        ? {}
        : { ranges: sorted(Object.fromEntries(Object.entries(ranges).map(([key, range]) => [key, sorted(range)]))) }),
    },
  };
}

/** Of an entry's content: the file is written by its command alone, and an edited entry must not pass for locked. */
function digestOf(name: string, table: LockedTable): string {
  const content = JSON.stringify([name, ordered(table)]);
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

const fact = z.union([z.string(), z.number(), z.boolean()]);
const texts = z.record(z.string(), z.string());
const lockedTable = z.strictObject({
  table: z.string(),
  prefix: z.string(),
  folder: z.string().exactOptional(),
  partitionKeys: z.array(
    z.intersection(z.object({ name: z.string() }), z.record(z.string(), z.union([fact, z.array(fact)]))),
  ),
  escaping: z.string(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  format: z.strictObject({
    inputFormat: z.string(),
    outputFormat: z.string(),
    serializationLibrary: z.string(),
    serdeParameters: texts,
    tableParameters: texts,
  }),
  registration: z.strictObject({
    strategy: z.string(),
    ranges: z.record(z.string(), z.record(z.string(), fact)).exactOptional(),
  }),
  [DIGEST]: z.string(),
});
const lockFile = z.strictObject({ version: z.literal(LOCK_VERSION), tables: z.record(z.string(), lockedTable) });

/** The command that writes a lock, for messages. */
export function lockCommand(file: string): string {
  return `npm run lock${file === LOCK_FILE ? "" : ` -- --file ${file}`}`;
}

const restore = (file: string): string =>
  `bring back what '${lockCommand(file)}' wrote last ('git checkout -- ${file}'; where the change is committed already, ` +
  `'git log -- ${file}' shows the commit before it, for 'git checkout <commit> -- ${file}'), then let the command write ` +
  `what the declarations changed`;
const CONFLICT = /^(<{7}|={7}|>{7}|\|{7})( |\r?$)/m;

/**
 * Reads what {@link renderLock} wrote. Line ends and blanks may differ: formatters and git change them.
 *
 * @param file its path, for messages
 */
export function parseLock(
  text: string,
  file: string = LOCK_FILE,
): { readonly lock: Lock } | { readonly problems: readonly string[] } {
  const problem = (what: string, fix: string = restore(file)) => ({ problems: [`${what}; ${fix}`] });
  if (text.trim() === "") return problem("it is empty");
  if (CONFLICT.test(text))
    return problem(
      "it holds the marks of a merge conflict",
      `take the side that is deployed as a whole ('git checkout --ours ${file}', or --theirs), then let ` +
        `'${lockCommand(file)}' add the other side's changes`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    return problem(`it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const { version } = z.looseObject({ version: z.unknown() }).safeParse(parsed).data ?? {};
  if (typeof version === "number" && version > LOCK_VERSION)
    return problem(
      `it has version ${version}, and this checkout knows version ${LOCK_VERSION}`,
      "bring the checkout up to date: a newer one wrote the file",
    );
  const read = lockFile.safeParse(parsed);
  if (!read.success)
    return {
      problems: read.error.issues.map(
        ({ path, message }) => `${path.join(".") || "the file"}: ${message}; ${restore(file)}`,
      ),
    };
  const tables = Object.entries(read.data.tables).map(([name, entry]): [string, LockedTable] => [name, ordered(entry)]);
  const lock: Lock = { version: read.data.version, tables: Object.fromEntries(tables) };
  const edited = Object.entries(read.data.tables).flatMap(([name, { digest }]) => {
    const table = lock.tables[name];
    return table && digestOf(name, table) === digest
      ? []
      : [`the entry '${name}' was changed by hand; ${restore(file)}`];
  });
  if (edited.length > 0) return { problems: edited };
  const squeezed = (content: string) => content.replace(/\s+/g, "");
  if (squeezed(text.replace(/^\ufeff/, "")) !== squeezed(renderLock(lock)))
    return problem("it is not as the command writes it (an entry twice, or in another order)");
  return { lock };
}
