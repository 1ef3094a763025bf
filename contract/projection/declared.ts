import type { DateKey, IntegerKey, PartitionKey } from "../keys";
import { DATE_PARTS } from "../keys";
import type { Escaping } from "../parse";
import type { DateRange, IntegerRange, ProjectionRanges } from "../registration";
import { valueProblem } from "../rules/keys";
import { nowIn } from "./render";
import { isRelative, isReversed, readBound } from "./reading/bounds";
import { readPattern } from "./reading/pattern";
import { LONGEST_PARAMETER } from "./reading/properties";

/** Ranges as a program without types could give them: some missing, some for no key. */
export type Ranges = ProjectionRanges<readonly PartitionKey[]>;

/** Why a declaration cannot be projected; empty when it can. */
export function rangeProblems(keys: readonly PartitionKey[], ranges: Ranges, escaping: Escaping = "none"): string[] {
  const problems: string[] = [];
  if (escaping === "hive")
    problems.push(
      `escaping "hive": Athena puts projected values into the address as they are, and would find no folder that is ` +
        `escaped; use registered(), or values that need no escaping`,
    );
  for (const name of Object.keys(ranges)) {
    const key = keys.find((each) => each.name === name);
    if (!key)
      problems.push(
        `range of '${name}', which is no partition key; the keys are ${keys.map((k) => k.name).join(", ")}`,
      );
    else if (key.kind === "enum" || key.kind === "injected")
      problems.push(`range of '${name}', which is an ${key.kind} key and has none; leave it out`);
  }
  for (const key of keys)
    problems.push(...keyProblems(key, ranges[key.name]).map((problem) => `partition key '${key.name}': ${problem}`));
  return problems.map((problem) => `registration by projection: ${problem}`);
}

function keyProblems(key: PartitionKey, range: DateRange | IntegerRange | undefined): string[] {
  switch (key.kind) {
    case "date":
      return dateProblems(key, range ?? {});
    case "integer":
      return range === undefined
        ? [`it has no range; write { ${key.name}: { from: 0, to: 9 } }`]
        : integerProblems(key, range);
    case "enum":
      if (key.values.join().length > LONGEST_PARAMETER)
        return [
          `its values have ${key.values.join().length} characters, a table parameter takes ${LONGEST_PARAMETER} (Glue); ` +
            `use registered(), or an injectedKey`,
        ];
      return key.values
        .filter((value) => value.includes(",") || value !== value.trim())
        .map((value) => `value '${value}' has a comma or blanks at its ends, which Athena reads as part of its list`);
    case "injected":
      return [];
  }
}

function dateProblems(key: DateKey, { from, to }: DateRange | IntegerRange): string[] {
  const part = DATE_PARTS[key.format];
  if (!part && key.type !== "string" && key.type !== "date")
    return [`Athena projects years as text; its type is ${key.type}, make it a string, or the key an integerKey`];
  if (!part && from === undefined)
    return [`it has no first value; write { ${key.name}: { from: "…" } }, the first written as ${key.format}`];
  const ends = [from, to].filter((end) => end !== undefined).map(String);
  const relative = ends.filter(isRelative);
  if (part && relative.length > 0)
    return [`'${relative.join("', '")}' is a time, and ${key.format} are numbers of no year; leave it out`];
  const problems = ends.flatMap((end) => (isRelative(end) ? [] : (valueProblem(key, end) ?? [])));
  if (problems.length > 0) return problems.map((problem) => problem.replace(/^partition key '[^']*': /, "range: "));
  if (part)
    return Number(from ?? part.first) > Number(to ?? part.last)
      ? [`the range begins with '${String(from)}', after its end '${String(to)}'; swap them`]
      : [];
  if (!isBackwards(key, String(from), String(to ?? nowIn(key.timeZone)))) return [];
  return to === undefined
    ? [`the range begins with '${String(from)}', after its end, which is today; begin earlier, or give it an end`]
    : [`the range begins with '${String(from)}', after its end '${String(to)}'; swap them`];
}

function isBackwards({ format }: DateKey, from: string, to: string): boolean {
  const pattern = readPattern(format);
  if (!("parts" in pattern)) return false;
  const [first, last] = [readBound(from, pattern), readBound(to, pattern)];
  return first !== undefined && last !== undefined && isReversed(first, last, pattern);
}

function integerProblems(key: IntegerKey, { from, to }: DateRange | IntegerRange): string[] {
  const ends = [from, to];
  const bad = ends.filter((end) => typeof end !== "number" || !Number.isSafeInteger(end));
  if (bad.length > 0) return [`range ends are whole numbers, got ${bad.map(String).join(" and ")}`];
  const [first, last] = [Number(from), Number(to)];
  const { digits } = key;
  if (first > last) return [`the range begins with ${first}, above its end ${last}; swap them`];
  if (digits !== undefined && first < 0) return [`the range begins with ${first}, and ${digits} digits have no minus`];
  if (digits !== undefined && String(last).length > digits)
    return [`${last} has more than the ${digits} digits of the key; give it ${String(last).length}`];
  const least = key.type === "int" ? -(2 ** 31) : Number.MIN_SAFE_INTEGER;
  const most = key.type === "int" ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER;
  return first < least || last > most ? [`the range ${first} to ${last} is beyond the type ${key.type}`] : [];
}
