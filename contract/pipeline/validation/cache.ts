import { isObject } from "../json";
import { at, SOURCES, type Findings } from "./problem";
import { knownText, referencesIn } from "./values";

/** ISO 8601; the developer guide's examples (`30d`, `T16m`) leave the P out and are taken as well. */
const DURATION = /^P?(?=[0-9]|T[0-9])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=[0-9])(\d+H)?(\d+M)?(\d+S)?)?$/i;
/** Longer is a slip of the finger, and more than Java counts. */
const MOST_DAYS = 36_525;
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
  const days = daysOf(expire);
  if (days === 0)
    return found.add(pointer, rule, expire, "give more than nothing, or take the cache away", SOURCES.cache);
  if (days > MOST_DAYS) return found.add(pointer, rule, expire, "give a hundred years at most", SOURCES.cache);
  const months = Number(MONTHS.exec(expire)?.[1] ?? 0);
  if (months > MOST_MONTHS)
    found.add(pointer, "M before a T is months", expire, `write PT${months}M for minutes, or years`, SOURCES.cache);
}

/** Days in a duration, roughly. */
function daysOf(duration: string): number {
  const [date = "", time = ""] = duration.toUpperCase().split("T");
  const sum = (text: string, units: Readonly<Record<string, number>>) =>
    [...text.matchAll(/(\d+)([A-Z])/g)].reduce(
      (days, [, digits, unit]) => days + Number(digits) * (units[unit ?? ""] ?? 0),
      0,
    );
  return sum(date, { Y: 365, M: 30, W: 7, D: 1 }) + sum(time, { H: 1 / 24, M: 1 / 1440, S: 1 / 86_400 });
}

/** Words of a name that say its value changes with the day: `ProcessDate`, `value_process_date_jst`, `processdate`. */
const DAY_WORDS =
  /^(?:.*(?:date|datetime)|.*day|days?|dt|ymd|month|year|hour|time|timestamp|scheduledtime|jst|utc|yyyy.*)$/;
/** Names that are a day's, and as a word of a longer name are anything. */
const DAY_NAMES = /^(?:d|ds)$/i;
/** Words that only end like a day. */
const NO_DAY = /^(?:(?:up|vali|candi|man|accommo|consoli|liqui|intimi)date|(?:holi|birth|week)day)$/;
/** Words that make something else of a day: `TimeZone`, `date_format`. */
const ABOUT_DAYS = /^(?:zone|format|pattern|column|field|type|offset|limit|out)$/;
/** A day in a text, also in folders: `2021-12-01`, `20211201`, `2021/12/01`, `year=2021/month=12/day=01`. */
const DAY_TEXT =
  /\d{4}([-/_.])\d{2}\1\d{2}|(?<![\dv])(?:19|20)\d{6}(?!\d)|(?<![a-z])(?:year|month|day|hour|date|dt)=\d+(?:\/(?:month|day|hour)=\d+)*/gi;

/** Whether a reference is to a day, as far as its name tells. */
function isDay(path: string): boolean {
  const name =
    path
      .split(/[.'[\]]/)
      .filter(Boolean)
      .at(-1) ?? "";
  if (DAY_NAMES.test(name)) return true;
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
  const others = [Environment, ProcessingInputs];
  const paths = referencesIn([AppSpecification, ...others], "").map(({ path }) => path);
  // One step's values of a day are of one day, whichever of them is an argument.
  const days = new Set(paths.filter(isDay).map(originOf));
  const texts = JSON.stringify([isObject(AppSpecification) ? { ...AppSpecification, ImageUri: "" } : [], ...others]);
  const place = at(pointer, "ProcessingOutputConfig");
  const rule = "with a cache, the day is an argument of the step: the cache does not look at outputs";
  const add = (where: string, value: unknown) =>
    found.add(where, rule, value, "add the day to ContainerArguments, or take the cache away", SOURCES.cache);
  for (const { path, pointer: where } of referencesIn(outputs, place))
    if (isDay(path) && !paths.includes(path) && !days.has(originOf(path))) add(where, { Get: path });
  for (const [index, output] of outputList(outputs).entries()) {
    const known = knownText(output)?.text.replace(/^s3:\/\/[^/]*/, "") ?? "";
    for (const [day] of known.matchAll(DAY_TEXT))
      if (!says(texts, day)) add(at(place, "Outputs", index, "S3Output", "S3Uri"), output);
  }
}

/** The addresses of the outputs, where they have one. */
function outputList(config: unknown): unknown[] {
  const outputs: unknown = isObject(config) ? config["Outputs"] : undefined;
  if (!Array.isArray(outputs)) return [];
  return outputs.map((output: unknown) => {
    const s3 = isObject(output) ? output["S3Output"] : undefined;
    return isObject(s3) ? s3["S3Uri"] : undefined;
  });
}

/** Whether a text names a day, in whatever form: `--year 2021 --month 12` says `year=2021/month=12` as well. */
function says(text: string, day: string): boolean {
  const numbers = day.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1 $2 $3").match(/\d+/g) ?? [];
  const alone = (number: string) => new RegExp(`(?<!\\d)0*${Number(number)}(?!\\d)`).test(text);
  return text.includes(day) || text.includes(numbers.join("")) || numbers.every(alone);
}
