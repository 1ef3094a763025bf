import { isObject } from "../json";
import { at, SOURCES, type Findings } from "./problem";
import { referencesIn, walk } from "./values";

/** ISO 8601; the developer guide's examples (`30d`, `T16m`) leave the P out and are taken as well. */
const DURATION = /^P?(?=[0-9]|T[0-9])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=[0-9])(\d+H)?(\d+M)?(\d+S)?)?$/i;
const ONLY_MONTHS = /^P?(\d+)M$/i;
const MOST_MONTHS = 12;

/** Checks the cache of a step, and for a Processing step that the cache cannot take one day for another. */
export function checkCache(step: Record<string, unknown>, pointer: string, found: Findings): void {
  const config = step["CacheConfig"];
  if (config === undefined) return;
  const place = at(pointer, "CacheConfig");
  if (!isObject(config)) return found.add(place, "an object", config, "write it in { }", SOURCES.cache);
  const { Enabled: enabled, ExpireAfter: expire } = config;
  if (typeof enabled !== "boolean")
    found.add(at(place, "Enabled"), "true or false", enabled, "write it without quotes", SOURCES.cache);
  if (expire !== undefined || enabled === true) checkDuration(expire, at(place, "ExpireAfter"), found);
  if (enabled === true && step["Type"] === "Processing") checkDay(step["Arguments"], at(pointer, "Arguments"), found);
}

function checkDuration(expire: unknown, pointer: string, found: Findings): void {
  const rule = "how old a result may be, as an ISO 8601 duration";
  if (typeof expire !== "string" || !DURATION.test(expire))
    return found.add(pointer, rule, expire, "write PT30M (minutes), PT12H, P30D or P4DT12H", SOURCES.cache);
  const months = Number(ONLY_MONTHS.exec(expire)?.[1] ?? 0);
  if (months > MOST_MONTHS)
    found.add(pointer, "M before a T is months", expire, `write PT${months}M for minutes, or years`, SOURCES.cache);
}

const DAY_NAME = /date|day|month|year|hour|time|jst|utc|(?:^|[^a-z])dt(?:[^a-z]|$)/i;
const DAY_TEXT = /\d{4}-\d{2}-\d{2}|(?<!\d)(?:19|20)\d{6}(?!\d)/g;

/**
 * Equal image, arguments, environment and inputs are an equal run, whatever the outputs are called. So a day that is
 * only in the address of an output is taken from the cache: the step succeeds and nothing is written.
 */
function checkDay(request: unknown, pointer: string, found: Findings): void {
  if (!isObject(request)) return;
  const { AppSpecification, Environment, ProcessingInputs, ProcessingOutputConfig: outputs } = request;
  const compared = [AppSpecification, Environment, ProcessingInputs];
  const references = new Set(referencesIn(compared, "").map(({ path }) => path));
  const text = JSON.stringify(compared);
  const place = at(pointer, "ProcessingOutputConfig");
  const rule = "with a cache, the day is an argument of the step: the cache does not look at outputs";
  const add = (where: string, value: unknown) =>
    found.add(where, rule, value, "add the day to ContainerArguments, or take the cache away", SOURCES.cache);
  for (const reference of referencesIn(outputs, place)) {
    const name =
      reference.path
        .split(/[.'[\]]/)
        .filter(Boolean)
        .at(-1) ?? "";
    if (DAY_NAME.test(name) && !references.has(reference.path)) add(reference.pointer, { Get: reference.path });
  }
  walk(outputs, place, (value, where) => {
    if (typeof value !== "string" || where.endsWith("/Get")) return;
    for (const [day] of value.matchAll(DAY_TEXT)) if (!text.includes(day)) add(where, value);
  });
}
