import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as fflate from "fflate";
import { z } from "zod";
import { byteLength } from "../../contract/bytes";

/** How the engine writes a value that is not known before the update runs. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Properties of a resource as they cross the wire. */
export type Properties = Readonly<Record<string, unknown>>;

export interface Asset {
  readonly hash?: string;
  readonly text?: string;
  readonly path?: string;
}
export interface Archive {
  readonly hash?: string;
  readonly assets?: Readonly<Record<string, unknown>>;
  readonly path?: string;
}

const isSigned = (value: unknown, signature: string) => isObject(value) && value[SIGNATURE] === signature;
export const isAsset = (value: unknown): value is Asset => isSigned(value, ASSET);
export const isArchive = (value: unknown): value is Archive => isSigned(value, ARCHIVE);
export const asset = () => z.custom<Asset>(isAsset, "must be an asset");
export const archive = () => z.custom<Archive>(isArchive, "must be an archive");
/** A text of as many bytes in UTF-8 as the real provider takes: it counts these, not characters. */
export const sized = (least: number, most: number) =>
  z.string().refine((text) => byteLength(text) >= least && byteLength(text) <= most, {
    message: `must have ${least} to ${most} bytes`,
  });
export const tags = () => z.record(z.string(), z.string()).optional();

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value, or anything in it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** Whether two property values mean the same: JSON text by its content, assets by their hash. */
export function same(left: unknown, right: unknown): boolean {
  if (left === UNKNOWN || right === UNKNOWN) return false;
  return canonical(left) === canonical(right);
}

/** Whether AWS shows what was declared; it may fill in more. */
export function reflects(declared: unknown, observed: unknown): boolean {
  if (Array.isArray(declared) && Array.isArray(observed))
    return declared.length === observed.length && declared.every((item, index) => reflects(item, observed[index]));
  if (isObject(declared) && isObject(observed))
    return Object.entries(declared).every(([key, value]) => reflects(value, observed[key]));
  return same(declared, observed);
}

function canonical(value: unknown): string {
  if ((isAsset(value) || isArchive(value)) && value.hash) return value.hash;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (isObject(value)) {
    const present = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
    return `{${present
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
      .sort()
      .join()}}`;
  }
  if (typeof value === "string" && /^\s*[[{]/.test(value)) {
    try {
      return canonical(JSON.parse(value));
    } catch {
      return JSON.stringify(value);
    }
  }
  return value === undefined || value === null ? "null" : JSON.stringify(value);
}

/** Without undefined and null, which protobuf structs either refuse or turn into a difference. */
export function compact<T>(value: T): T {
  if (Array.isArray(value)) return value.map(compact) as T;
  if (!isObject(value)) return value;
  const present = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(present.map(([key, item]) => [key, compact(item)])) as T;
}

/** A list of `{Key, Value}` for AWS, from tags. */
export function tagList(tags: Readonly<Record<string, string>> = {}): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags from AWS's list; undefined for none, which is what an undeclared property looks like. */
export function tagsOf(
  list: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> | undefined {
  if (!list || list.length === 0) return undefined;
  return Object.fromEntries(list.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

/** Which tags an update must take away. */
export function lostTags(before: object = {}, after: object = {}): string[] {
  return Object.keys(before).filter((key) => !(key in after));
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** @throws Error for a remote asset: the laptop reads nothing from outside */
export function assetBytes(value: Asset): Uint8Array {
  if (value.text !== undefined) return Buffer.from(value.text);
  if (value.path !== undefined) return fs.readFileSync(value.path);
  throw new Error("only text and file assets are supported by the laptop AWS");
}

/** The zip of an archive; the same content gives the same bytes. */
export function zipOf(value: Archive): Uint8Array {
  if (value.path?.endsWith(".zip")) return fs.readFileSync(value.path);
  const options = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16 };
  const files = filesOf(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return fflate.zipSync(Object.fromEntries(files.map(([name, bytes]) => [name, [bytes, options]])));
}

function filesOf(value: Archive): [string, Uint8Array][] {
  if (value.path !== undefined) return folderFiles(value.path).map(([name, file]) => [name, fs.readFileSync(file)]);
  if (!value.assets) throw new Error("only archives of assets, folders and .zip files are supported by the laptop AWS");
  return Object.entries(value.assets).flatMap(([name, item]): [string, Uint8Array][] => {
    if (isAsset(item)) return [[name, assetBytes(item)]];
    if (isArchive(item)) return filesOf(item).map(([inner, bytes]) => [`${name}/${inner}`, bytes]);
    throw new Error(`'${name}' in the archive is neither an asset nor an archive`);
  });
}

/** Every file under a folder as `[relative name, path]`, ordered by name. */
export function folderFiles(folder: string): [string, string][] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): [string, string] => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, file).split(path.sep).join("/"), file];
    })
    .sort(([left], [right]) => (left < right ? -1 : 1));
}
