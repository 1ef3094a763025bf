import * as fc from "fast-check";
import {
  DATE_FORMATS,
  DATE_PARTS,
  dateKey,
  enumKey,
  injectedKey,
  integerKey,
  valuesAt,
  type DateKey,
  type PartitionKey,
} from "../../../contract/keys";
import type { Ranges } from "../../../contract/projection/declared";
import { projection } from "../../../contract/registration";

export const ZONES: readonly string[] = Intl.supportedValuesOf("timeZone");

/** A key with its range, `undefined` where it has none. */
type Projected = readonly [key: PartitionKey, range: Ranges[string] | undefined];

const day = fc
  .date({ min: new Date("1990-01-01T00:00:00Z"), max: new Date("2060-01-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

/** A key's value for the first hour of a day. */
const valueOn = (key: DateKey, at: string): string =>
  valuesAt([{ ...key, timeZone: "UTC" }], new Date(`${at}T00:00:00Z`))[key.name] ?? "";

const dates = fc
  .record({
    format: fc.constantFrom(...DATE_FORMATS),
    timeZone: fc.constantFrom(...ZONES),
    ends: fc.tuple(day, day).map((both) => [...both].sort()),
    open: fc.boolean(),
  })
  .map(({ format, timeZone, ends: [first = "", last = ""], open }) => (name: string): Projected => {
    const key = dateKey(name, { timeZone, format });
    if (DATE_PARTS[format]) return [key, {}];
    return [key, { from: valueOn(key, first), ...(open ? {} : { to: valueOn(key, last) }) }];
  });

const integers = fc
  .record({ ends: fc.tuple(fc.nat(), fc.nat()), digits: fc.boolean(), type: fc.constantFrom("string", "bigint") })
  .map(({ ends, digits, type }) => (name: string): Projected => {
    const [from = 0, to = 0] = [...ends].sort((one, other) => one - other);
    return [integerKey(name, { type, ...(digits ? { digits: String(to).length } : {}) }), { from, to }];
  });

const enums = fc
  .uniqueArray(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), { minLength: 1, maxLength: 5 })
  .map((values) => (name: string): Projected => [enumKey(name, { values }), undefined]);

const injected = fc.constant((name: string): Projected => [injectedKey(name), undefined]);

/** Keys of all kinds with ranges that a declaration may have. */
export const projectedKeys = fc
  .tuple(
    fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/), { minLength: 5, maxLength: 5 }),
    fc.array(fc.oneof(dates, integers, enums, injected), { minLength: 1, maxLength: 5 }),
  )
  .map(([names, makers]) => {
    const made = makers.map((make, index) => make(names[index] ?? ""));
    const ranges = Object.fromEntries(made.flatMap(([key, range]) => (range === undefined ? [] : [[key.name, range]])));
    return { partitionKeys: made.map(([key]) => key), registration: projection(ranges) };
  });
