import { isObject } from "../json";
import { at, SOURCES, type Findings } from "./problem";
import { referencesIn, walk } from "./values";

/** ISO 8601; the developer guide's examples (`30d`, `T16m`) leave the P out and are taken as well. */
const DURATION = /^P?(?=[0-9]|T[0-9])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=[0-9])(\d+H)?(\d+M)?(\d+S)?)?$/i;
/** Months are before a T. */
const MONTHS = /^[^T]*?(\d+)M/i;
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
  // What is switched off is not read.
  if (enabled !== false) checkDuration(expire, at(place, "ExpireAfter"), found);
  if (enabled === true && step["Type"] === "Processing") checkDay(step["Arguments"], at(pointer, "Arguments"), found);
}

function checkDuration(expire: unknown, pointer: string, found: Findings): void {
  const rule = "how old a result may be, as an ISO 8601 duration";
  if (typeof expire !== "string" || !DURATION.test(expire))
    return found.add(pointer, rule, expire, "write PT30M (minutes), PT12H, P30D or P4DT12H", SOURCES.cache);
  const months = Number(MONTHS.exec(expire)?.[1] ?? 0);
  if (months > MOST_MONTHS)
    found.add(pointer, "M before a T is months", expire, `write PT${months}M for minutes, or years`, SOURCES.cache);
}

/** Words of a name that say its value changes with the day: `ProcessDate`, `value_process_date_jst`, `processdate`. */
const DAY_WORDS =
  /^(?:.*(?:date|datetime)|.*day|days?|dt|ymd|month|year|hour|time|timestamp|scheduledtime|jst|utc|yyyy.*)$/;
/** Words that only end like a day. */
const NO_DAY = /^(?:up|vali|candi|man|accommo|consoli|liqui|intimi)date$/;
/** Words that make something else of a day: `TimeZone`, `date_format`. */
const ABOUT_DAYS = /^(?:zone|format|pattern|column|field|type|offset|limit|out)$/;
/** A day in a text, also in folders: `2021-12-01`, `20211201`, `2021/12/01`, `year=2021/month=12/day=01`. */
const DAY_TEXT =
  /\d{4}([-/_.])\d{2}\1\d{2}|(?<!\d)(?:19|20)\d{6}(?!\d)|(?<![a-z])(?:year|month|day|hour|date|dt)=\d+(?:\/(?:month|day|hour)=\d+)*/gi;

/** Whether a reference is to a day, as far as its name tells. */
function isDay(path: string): boolean {
  const name =
    path
      .split(/[.'[\]]/)
      .filter(Boolean)
      .at(-1) ?? "";
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").split(/[^A-Za-z0-9]+/);
  const lower = words.map((word) => word.toLowerCase()).filter((word) => !NO_DAY.test(word));
  return lower.some((word) => DAY_WORDS.test(word)) && !lower.some((word) => ABOUT_DAYS.test(word));
}

/** What a path comes from: a parameter, an execution variable, or a step with all its values. */
const originOf = (path: string): string => /^Steps\.[^.]*/.exec(path)?.[0] ?? path;

/**
 * Equal image, arguments, environment and inputs are an equal run, whatever the outputs are called. So a day that is
 * only in the address of an output is taken from the cache: the step succeeds and nothing is written.
 */
function checkDay(request: unknown, pointer: string, found: Findings): void {
  if (!isObject(request)) return;
  const { AppSpecification, Environment, ProcessingInputs, ProcessingOutputConfig: outputs } = request;
  const compared = [AppSpecification, Environment, ProcessingInputs];
  const paths = referencesIn(compared, "").map(({ path }) => path);
  // One step's values of a day are of one day, whichever of them is an argument.
  const days = new Set(paths.filter(isDay).map(originOf));
  const text = JSON.stringify(compared);
  const place = at(pointer, "ProcessingOutputConfig");
  const rule = "with a cache, the day is an argument of the step: the cache does not look at outputs";
  const add = (where: string, value: unknown) =>
    found.add(where, rule, value, "add the day to ContainerArguments, or take the cache away", SOURCES.cache);
  for (const { path, pointer: where } of referencesIn(outputs, place))
    if (isDay(path) && !paths.includes(path) && !days.has(originOf(path))) add(where, { Get: path });
  walk(outputs, place, (value, where) => {
    if (typeof value !== "string" || where.endsWith("/Get")) return;
    for (const [day] of value.matchAll(DAY_TEXT)) if (!text.includes(day)) add(where, value);
  });
}
