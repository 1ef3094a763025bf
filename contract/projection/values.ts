import { boundAt, readBound } from "./reading/bounds";
import { fieldsOf, lengthOf, monthsOf, plus, UNITS, type Unit } from "./reading/calendar";
import { readInteger } from "./reading/columns";
import { formatDate, parseDate, readPattern } from "./reading/pattern";
import { nameOf, propertyOf, typeOf, type Parameters } from "./reading/properties";

/** The values that Athena computes for one partition key, in order, without holding them all. */
export interface ProjectedValues {
  readonly count: bigint;
  /** The text of one value, as it stands in the location. */
  at(index: bigint): string;
  /** Whether a text is one of them. */
  has(text: string): boolean;
}

/** More values than a listing should hold; `at` and `has` have no such limit. */
const MOST_LISTED = 1_000_000n;

/**
 * The projected values of a key at the time of a query.
 *
 * @param parameters the table's, in which the projection check finds nothing wrong
 * @param now milliseconds since 1970; dates are made in UTC (Athena user guide, partition-projection-supported-types)
 * @returns `undefined` for an injected key, whose values come from the query
 * @throws Error for a configuration that cannot be computed
 */
export function projectedValues(parameters: Parameters, column: string, now: number): ProjectedValues | undefined {
  switch (typeOf(parameters, column)) {
    case "enum":
      return listed((propertyOf(parameters, column, "values") ?? "").split(","));
    case "integer":
      return integers(parameters, column);
    case "date":
      return dates(parameters, column, now);
    case "injected":
      return undefined;
    case undefined:
      throw new Error(`${nameOf(column, "type")} is missing or no projection type`);
  }
}

/** All values of a key, for few of them. */
export function listValues(values: ProjectedValues): string[] {
  if (values.count > MOST_LISTED) throw new Error(`${values.count} projected values are too many to list`);
  return Array.from({ length: Number(values.count) }, (_, index) => values.at(BigInt(index)));
}

function listed(values: readonly string[]): ProjectedValues {
  return {
    count: BigInt(values.length),
    at: (index) => values[Number(index)] ?? "",
    has: (text) => values.includes(text),
  };
}

function integers(parameters: Parameters, column: string): ProjectedValues {
  const [from, to] = (propertyOf(parameters, column, "range") ?? "").split(",").map(readInteger);
  if (from === undefined || to === undefined) throw new Error(`${nameOf(column, "range")} is no range of integers`);
  const step = readInteger(propertyOf(parameters, column, "interval") ?? "1") ?? 1n;
  const digits = Number(propertyOf(parameters, column, "digits") ?? 0);
  // As %0<digits>d of Java: the minus counts.
  const text = (value: bigint): string =>
    value < 0n ? `-${String(-value).padStart(digits - 1, "0")}` : String(value).padStart(digits, "0");
  return {
    count: from > to ? 0n : (to - from) / step + 1n,
    at: (index) => text(from + index * step),
    has: (given) => {
      const value = readInteger(given);
      const within = value !== undefined && value >= from && value <= to && (value - from) % step === 0n;
      return within && text(value) === given;
    },
  };
}

function dates(parameters: Parameters, column: string, now: number): ProjectedValues {
  const pattern = readPattern(propertyOf(parameters, column, "format") ?? "");
  if (!("parts" in pattern) || pattern.opaque) throw new Error(`${nameOf(column, "format")} is not computed here`);
  const ends = (propertyOf(parameters, column, "range") ?? "").split(",").map((end) => readBound(end, pattern));
  const [first, last] = ends.map((end) => end && boundAt(end, pattern, now));
  if (first === undefined || last === undefined) throw new Error(`${nameOf(column, "range")} is no range of dates`);
  const given = propertyOf(parameters, column, "interval.unit")?.trim().toUpperCase();
  const unit = UNITS.find((each) => each === given) ?? (pattern.finest === "MONTHS" ? "MONTHS" : "DAYS");
  const interval = Number(propertyOf(parameters, column, "interval") ?? 1);
  const at = (index: number): number => plus(first, index * interval, unit);
  return {
    count: first > last ? 0n : BigInt(stepsBetween(first, last, interval, unit)) + 1n,
    at: (index) => formatDate(pattern, at(Number(index))),
    has: (text) => {
      const instant = parseDate(pattern, text);
      if (instant === undefined || instant < first || instant > last) return false;
      // A format may be coarser than the interval: several steps then have one text.
      const steps = stepsBetween(first, instant, interval, unit);
      return [steps, steps + 1].some((step) => at(step) <= last && formatDate(pattern, at(step)) === text);
    },
  };
}

/** The most steps from one instant that do not pass another. */
function stepsBetween(from: number, to: number, interval: number, unit: Unit): number {
  const length = lengthOf(unit);
  if (length !== undefined) return Math.floor((to - from) / (length * interval));
  const [one, other] = [fieldsOf(from), fieldsOf(to)];
  const months = (other.year - one.year) * 12 + other.month - one.month;
  const steps = Math.floor(months / (monthsOf(unit) * interval));
  return plus(from, steps * interval, unit) > to ? steps - 1 : steps;
}

/** A projected text as the column's value: a date column has dates, whatever the format of the folders. */
export function columnText(parameters: Parameters, column: string, glueType: string, text: string): string {
  if (typeOf(parameters, column) !== "date" || !["date", "timestamp"].includes(glueType.toLowerCase())) return text;
  const pattern = readPattern(propertyOf(parameters, column, "format") ?? "");
  const instant = "parts" in pattern ? parseDate(pattern, text) : undefined;
  if (instant === undefined) return text;
  const iso = new Date(instant).toISOString();
  return glueType.toLowerCase() === "date" ? iso.slice(0, 10) : iso.slice(0, 19).replace("T", " ");
}
