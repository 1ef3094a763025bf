import { IANAZone } from "luxon";
import type { Dataset } from "../dataset";
import { DATE_PARTS, type DateKey, type PartitionKey } from "../keys";
import { locationTemplate } from "../layout";
import { registrationOf, type DateRange, type IntegerRange } from "../registration";

/**
 * The table parameters by which Athena computes a dataset's partitions; none when they are registered.
 * (Athena user guide, partition-projection-supported-types)
 *
 * @param location the table's, with a slash at its end
 */
export function projectionParameters(
  dataset: Pick<Dataset, "partitionKeys" | "registration">,
  location: string,
): Record<string, string> {
  const { partitionKeys: keys } = dataset;
  const registration = registrationOf(dataset);
  if (registration.strategy !== "projection") return {};
  const parameters: Record<string, string> = { "projection.enabled": "true" };
  for (const key of keys)
    for (const [property, value] of Object.entries(propertiesOf(key, registration.ranges[key.name] ?? {})))
      parameters[`projection.${key.name}.${property}`] = value;
  return { ...parameters, "storage.location.template": locationTemplate(keys, location) };
}

function propertiesOf(key: PartitionKey, range: Partial<DateRange | IntegerRange>): Record<string, string> {
  switch (key.kind) {
    case "date":
      return dateProperties(key, range);
    case "integer":
      return integerProperties(Number(range.from), Number(range.to), key.digits);
    case "enum":
      return { type: "enum", values: key.values.join(",") };
    case "injected":
      return { type: "injected" };
  }
}

function integerProperties(from: number, to: number, digits: number | undefined): Record<string, string> {
  return { type: "integer", range: `${from},${to}`, ...(digits === undefined ? {} : { digits: String(digits) }) };
}

function dateProperties(key: DateKey, { from, to }: Partial<DateRange | IntegerRange>): Record<string, string> {
  const part = DATE_PARTS[key.format];
  // Athena computes dates that have a year; months, days and hours alone are numbers.
  if (part) return integerProperties(Number(from ?? part.first), Number(to ?? part.last), part.digits);
  const unit = key.format.includes("H")
    ? "HOURS"
    : key.format.includes("d")
      ? "DAYS"
      : key.format.includes("M")
        ? "MONTHS"
        : "YEARS";
  return {
    type: "date",
    format: key.format,
    range: `${String(from)},${String(to ?? nowIn(key.timeZone))}`,
    interval: "1",
    "interval.unit": unit,
  };
}

/**
 * The end of a range that has grown to today in a zone. Athena counts in UTC, so `NOW` alone would hide a day in Tokyo
 * for its first nine hours, without an error. West of UTC it keeps tomorrow out.
 */
export function nowIn(timeZone: string): string {
  const hours = largestOffset(timeZone);
  return hours === 0 ? "NOW" : `NOW${hours > 0 ? "+" : "-"}${Math.abs(hours)}HOURS`;
}

/** Fixed, so that a table does not change with the day of its deployment; rules of the time zones reach to 2037. */
const YEARS = { from: 2025, to: 2037 };

const offsets = new Map<string, number>();

/**
 * Whole hours that a zone is ahead of UTC at most, summer time included, rounded up: a day that is projected an hour
 * early is an empty folder, one that is late is missing rows.
 */
function largestOffset(timeZone: string): number {
  const known = offsets.get(timeZone);
  if (known !== undefined) return known;
  const zone = IANAZone.create(timeZone);
  let minutes = -Infinity;
  for (let year = YEARS.from; year <= YEARS.to; year += 1)
    for (let month = 0; month < 12; month += 1) minutes = Math.max(minutes, zone.offset(Date.UTC(year, month, 1)));
  // Not minus zero.
  const hours = Math.ceil(minutes / 60) + 0;
  offsets.set(timeZone, hours);
  return hours;
}
