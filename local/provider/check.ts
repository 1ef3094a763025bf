import type { Aws } from "./clients";
import { declared, isGlobal, isOwn, type Row } from "./row";
import { compact, hasUnknown, isObject, same, UNKNOWN, type Properties } from "./values";

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** What the engine gives to check a resource's inputs. */
export interface Checked {
  readonly name: string;
  readonly news: Properties;
  readonly olds: Properties;
  /** Makes the same random name when a preview is followed by the update. */
  readonly seed: Uint8Array;
}

/** The inputs as the resource will get them, or what is wrong with them: unknown properties are refused. */
export function check(row: Row, aws: Aws, given: Checked): { inputs: Properties; failures: readonly Failure[] } {
  const filled = fill(row, given);
  const region = given.news["region"];
  const failures = [
    ...(region === undefined || (region === aws.region && !isGlobal(row))
      ? []
      : [{ property: "region", reason: `must be ${aws.region} or absent, got ${JSON.stringify(region)}` }]),
    ...shapeFailures(row, filled),
  ];
  if (failures.length > 0 || hasUnknown(filled)) return { inputs: filled, failures };
  const fingerprint = row.fingerprint(filled);
  return {
    inputs: fingerprint === undefined ? filled : { ...filled, __fingerprint: fingerprint },
    failures: row.problems(filled).map((reason) => ({ property: "", reason })),
  };
}

/** Adds defaults and the automatic name, and writes documents as text, as the real provider does. */
function fill(row: Row, { name, news, olds, seed }: Checked): Properties {
  const present = compact(news);
  const defaults = Object.keys(row.defaults).filter((property) => !(property in present));
  const filled: Record<string, unknown> = {
    ...present,
    ...Object.fromEntries(defaults.map((property) => [property, row.defaults[property]])),
  };
  if (row.autoname !== undefined && !(row.autoname in present)) {
    defaults.push(row.autoname);
    filled[row.autoname] = wasDefault(olds, row.autoname) ? olds[row.autoname] : automaticName(row, name, seed);
  }
  for (const property of row.documents) {
    const document = filled[property];
    if (isObject(document)) filled[property] = hasUnknown(document) ? UNKNOWN : JSON.stringify(document);
  }
  return { ...filled, __defaults: defaults.sort() };
}

function wasDefault(olds: Properties, property: string): boolean {
  const defaults = olds["__defaults"];
  return Array.isArray(defaults) && defaults.includes(property);
}

function automaticName(row: Row, name: string, seed: Uint8Array): string {
  const suffix = Buffer.from(seed).toString("hex").slice(0, 7);
  const base = row.type.startsWith("aws:s3/") || row.type.startsWith("aws:ecr/") ? name.toLowerCase() : name;
  return `${row.type === "aws:kms/alias:Alias" ? "alias/" : ""}${base}-${suffix}`;
}

function shapeFailures(row: Row, filled: Properties): Failure[] {
  const inputs = declared(filled);
  const parsed = row.inputs.strict().safeParse(inputs);
  return (parsed.error?.issues ?? []).flatMap((issue): Failure[] => {
    if (valueAt(inputs, issue.path) === UNKNOWN) return [];
    const place = issue.path.map(String).join(".");
    if (issue.code !== "unrecognized_keys") return [{ property: place, reason: `${place}: ${issue.message}` }];
    return issue.keys.map((key) => ({
      property: place ? `${place}.${key}` : key,
      reason: `property '${place ? `${place}.${key}` : key}' of ${row.type} is not one the laptop AWS supports`,
    }));
  });
}

/** The value at a path; an unknown value stands for everything below it. */
function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined || value === UNKNOWN) return value;
  if (Array.isArray(value)) return valueAt(value[Number(first)], rest);
  return isObject(value) ? valueAt(value[String(first)], rest) : undefined;
}

/** One changed property, and whether it forces a new resource. */
export interface Difference {
  readonly property: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

/** What changes between two checked sets of inputs. */
export function differences(row: Row, olds: Properties, news: Properties): Difference[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  return (
    names
      .filter((name) => (!isOwn(name) || name === "__fingerprint") && name !== "region")
      // An import takes over what AWS filled in; left out, AWS's own value stays.
      .filter((name) => name in news || !row.computed.includes(name))
      .filter((name) => !same(olds[name], news[name]))
      .map((property) => ({
        property,
        kind: !(property in olds) ? "add" : !(property in news) ? "delete" : "update",
        replaces: row.replaces(property),
      }))
  );
}

/** What the state shows of inputs that were never given. */
export function leftovers(row: Row, olds: Properties, news: Properties, state: Properties): Difference[] {
  return row.echoed
    .filter((property) => property in state && !(property in olds) && !(property in news))
    .map((property) => ({ property, kind: "delete", replaces: false }));
}

/** Two resources of one name cannot exist side by side. */
export function mustDeleteFirst(row: Row, news: Properties): boolean {
  if (row.createFirst) return false;
  return row.autoname === undefined || !wasDefault(news, row.autoname);
}
