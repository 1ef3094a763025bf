import { parseS3Uri, PARTITION_FOLDER } from "../contract/parse";

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
}

/** Reads a string, or the leading literals of `{"Std:Join": {"On", "Values"}}`. Any other value starts with a reference. */
export function literalOf(value: unknown): Literal {
  if (typeof value === "string") return { text: value, whole: true };
  const join = isRecord(value) ? value["Std:Join"] : undefined;
  if (!isRecord(join) || !Array.isArray(join["Values"])) return { text: "", whole: false };
  const on = typeof join["On"] === "string" ? join["On"] : "";
  let text = "";
  for (const [index, part] of (join["Values"] as unknown[]).entries()) {
    const literal = literalOf(part);
    text += (index > 0 ? on : "") + literal.text;
    if (!literal.whole) return { text, whole: false };
  }
  return { text, whole: true };
}

/** A table of the stack and the folder it reads. */
export interface Located {
  readonly name: string;
  readonly location: string;
}

/** How an address stands to a table: `beside` is in the dataset's folder, but neither `output/` nor `execution/`. */
export interface Place {
  readonly table: Located;
  readonly relation: "at" | "a near miss of" | "inside" | "above" | "beside";
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
  // A dataset may lie inside the folder of another: the nearest one decides.
  const [nearest] = tables
    .filter(({ location }) => address.startsWith(folded(datasetFolder(location) ?? location)))
    .sort((one, other) => other.location.length - one.location.length);
  const folder = nearest && datasetFolder(nearest.location);
  if (nearest === undefined || folder === undefined || address.startsWith(`${folded(folder)}execution/`))
    return undefined;
  const named = address.slice(folded(folder).length).includes("/");
  return named ? { table: nearest, relation: "beside" } : undefined;
}

/** The parent of `output/`, unless that is the bucket itself. */
export function datasetFolder(location: string): string | undefined {
  const place = bucketAndFolders(location);
  return place && place.folders.length > 1
    ? ["s3:/", place.bucket, ...place.folders.slice(0, -1), ""].join("/")
    : undefined;
}

/** For comparison only: without the differences that people make by mistake. */
function folded(uri: string): string {
  return uri
    .toLowerCase()
    .replace(/^\w+:\/+/, "s3://")
    .replace(/(?<!:|:\/)\/{2,}/g, "/");
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
