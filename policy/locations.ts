import { parseS3Uri, PARTITION_FOLDER } from "../contract/parse";
import { kept } from "./keep";

/** Bucket and folders of an `s3://` folder, or `undefined` when it is not one. */
export function bucketAndFolders(
  uri: string,
): { readonly bucket: string; readonly folders: readonly string[] } | undefined {
  const parsed = parseS3Uri(uri);
  return parsed && { bucket: parsed.bucket, folders: parsed.key.split("/").filter((folder) => folder !== "") };
}

/**
 * The one spelling of a table's location: scheme `s3`, single slashes, one at the end, cut before the first `key=val`
 * folder. Text that is no address at all becomes the pattern of one.
 */
export function spelled(location: string): string {
  const place = bucketAndFolders(location.trim().replace(/^s3[an]?:\/+/i, "s3://"));
  if (!place) return "s3://<bucket>/<prefix>/output/";
  const partition = place.folders.findIndex((folder) => PARTITION_FOLDER.test(folder));
  const folders = partition < 0 ? place.folders : place.folders.slice(0, partition);
  return ["s3:/", place.bucket, ...withoutDots(folders), ""].join("/");
}

/** S3 takes `..` for the name of a folder; whoever wrote it meant the folder above. */
function withoutDots(folders: readonly string[]): string[] {
  const kept: string[] = [];
  for (const folder of folders)
    if (folder === "..") kept.pop();
    else if (folder !== ".") kept.push(folder);
  return kept;
}

/** What is known of an address in a pipeline definition: all of it, or what stands before the first reference. */
export interface Literal {
  readonly text: string;
  readonly whole: boolean;
  /** Whether parts of it are defaults of parameters, which an execution may change. */
  readonly byDefault: boolean;
}

/**
 * Reads a string, a parameter's default that stands beside the reference, or what begins
 * `{"Std:Join": {"On", "Values"}}`. Any other value starts with a reference.
 */
export function literalOf(value: unknown): Literal {
  if (typeof value === "object" && value !== null) return isRecord(value) ? literalIn(value) : NOTHING;
  return isPlain(value) ? { text: String(value), whole: true, byDefault: false } : NOTHING;
}

const NOTHING: Literal = { text: "", whole: false, byDefault: false };

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function literalIn(value: Readonly<Record<string, unknown>>): Literal {
  const { Default: byDefault, "Std:Join": join } = value;
  // An empty default waits for the execution's own value.
  if (isPlain(byDefault) && byDefault !== "") return { text: String(byDefault), whole: true, byDefault: true };
  if (!isRecord(join) || !Array.isArray(join["Values"])) return NOTHING;
  const parts = (join["Values"] as unknown[]).map(literalOf);
  const unknown = parts.findIndex(({ whole }) => !whole);
  const certain = unknown < 0 ? parts : parts.slice(0, unknown + 1);
  return {
    text: certain.map(({ text }) => text).join(typeof join["On"] === "string" ? join["On"] : ""),
    whole: unknown < 0,
    byDefault: certain.some((part) => part.byDefault),
  };
}

/** As a message shows it. */
export function told({ text, whole, byDefault }: Literal): string {
  return `'${text}${whole ? "" : "…"}'${byDefault ? " by default" : ""}`;
}

/** A table of the stack and the folder it reads. */
export interface Located {
  readonly name: string;
  readonly location: string;
}

/** How an address stands to a table's location. */
export interface Place {
  readonly table: Located;
  readonly relation: "at" | "a near miss of" | "inside" | "above";
}

/** The table that an output concerns, or `undefined` when it goes elsewhere, or too little of it is known. */
export function placeOf(uri: Literal, tables: readonly Located[]): Place | undefined {
  const exact = uri.whole && tables.find(({ location }) => location === uri.text);
  if (exact) return { table: exact, relation: "at" };
  const address = folded(uri.text) + (uri.whole && !uri.text.endsWith("/") ? "/" : "");
  for (const table of tables) {
    const location = folded(table.location);
    if (uri.whole && address === location) return { table, relation: "a near miss of" };
    if (address.startsWith(location)) return { table, relation: "inside" };
    if (uri.whole && location.startsWith(address)) return { table, relation: "above" };
  }
  return undefined;
}

/** The folder that a folder of S3 lies in, unless that is the bucket itself. */
export function parentOf(location: string): string | undefined {
  const place = bucketAndFolders(location);
  return place && place.folders.length > 1
    ? ["s3:/", place.bucket, ...place.folders.slice(0, -1), ""].join("/")
    : undefined;
}

/** For comparison only: without the differences that people make by mistake. */
const folded = kept(5000, (uri) =>
  uri
    .toLowerCase()
    .replace(/^\w+:\/+/, "s3://")
    .replace(/(?<!:|:\/)\/{2,}/g, "/"),
);

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
