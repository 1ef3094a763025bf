import { isReversed, readBound } from "./bounds";
import { UNITS } from "./calendar";
import { readPattern, type DatePattern } from "./pattern";
import { problem, type ProjectionProblem } from "./problem";
import { nameOf, PROJECTION_TYPES, propertyOf, typeOf, type Parameters, type ProjectionType } from "./properties";

/** A partition key as the catalogue has it. */
export interface ProjectedColumn {
  readonly name: string;
  /** Glue type; `string` when absent. */
  readonly type?: string | undefined;
}

/** Glue types that carry the values of a projection type; those of Trino, whose projection is made after Athena's. */
const GLUE_TYPES: Readonly<Record<ProjectionType, RegExp>> = {
  enum: /^(string|(var)?char\(\d+\))$/,
  integer: /^(string|(var)?char\(\d+\)|tinyint|smallint|int|integer|bigint)$/,
  date: /^(string|(var)?char\(\d+\)|date|timestamp)$/,
  injected: /^(string|(var)?char\(\d+\))$/,
};

/** A signed 64-bit number, as Java reads it. */
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n];

/** What is wrong with the projection of one partition key. */
export function columnProblems(parameters: Parameters, column: ProjectedColumn): ProjectionProblem[] {
  const given = propertyOf(parameters, column.name, "type");
  const type = typeOf(parameters, column.name);
  const name = nameOf(column.name, "type");
  if (type === undefined)
    return [
      given === undefined
        ? problem(name, "every partition key is projected, or every query fails", given, "add it")
        : problem(name, `a projection type: ${PROJECTION_TYPES.join(", ")}`, given, "use one of them"),
    ];
  const glue = (column.type ?? "string").toLowerCase().replaceAll(" ", "");
  const wrongType = GLUE_TYPES[type].test(glue)
    ? []
    : [problem(`partition key '${column.name}'`, `a Glue type that ${type} can fill`, column.type, "make it a string")];
  return [...wrongType, ...PROBLEMS[type](parameters, column.name)];
}

const PROBLEMS: Readonly<Record<ProjectionType, (parameters: Parameters, column: string) => ProjectionProblem[]>> = {
  enum: enumProblems,
  integer: integerProblems,
  date: dateProblems,
  injected: () => [],
};

function enumProblems(parameters: Parameters, column: string): ProjectionProblem[] {
  const name = nameOf(column, "values");
  const given = propertyOf(parameters, column, "values");
  if (!given) return [problem(name, "a list of values with commas between them", given, "add it")];
  const values = given.split(",");
  const problems: ProjectionProblem[] = [];
  if (values.includes("")) problems.push(problem(name, "no value is empty", given, "remove the extra comma"));
  for (const value of values)
    if (value !== value.trim())
      problems.push(problem(name, "blanks belong to a value", value, `write '${value.trim()}' without them`));
  const again = values.find((value, index) => values.indexOf(value) !== index);
  if (again !== undefined) problems.push(problem(name, "each value once", again, "remove the repetition"));
  return problems;
}

function integerProblems(parameters: Parameters, column: string): ProjectionProblem[] {
  const problems = countProblems(parameters, column, "interval");
  const digits = countProblems(parameters, column, "digits");
  const [bounds, wrong] = twoOf(parameters, column, "0,99");
  const ends = bounds.map(readInteger);
  bounds.forEach((bound, index) => {
    if (ends[index] === undefined)
      wrong.push(
        problem(nameOf(column, "range"), "a whole number of 64 bits at each end", bound, "write a number such as 0"),
      );
  });
  const [from, to] = ends;
  if (from !== undefined && to !== undefined && from > to)
    wrong.push(
      problem(nameOf(column, "range"), "the first number is not above the last", bounds.join(","), "swap them"),
    );
  const width = Number(propertyOf(parameters, column, "digits") ?? "");
  if (digits.length === 0 && width > 0 && from !== undefined && to !== undefined) {
    const longest = String(to).length;
    if (longest > width)
      digits.push(problem(nameOf(column, "digits"), `wide enough for ${to}`, String(width), `write ${longest}`));
    if (from < 0n)
      digits.push(
        problem(nameOf(column, "digits"), `no padding of ${from}`, String(width), "remove it, or begin at 0"),
      );
  }
  return [...wrong, ...problems, ...digits];
}

/** Reads an integer of a range; blanks around it and zeros before it mean nothing. */
export function readInteger(text: string): bigint | undefined {
  const digits = /^[+-]?\d+$/.exec(text.trim())?.[0];
  const value = digits === undefined ? undefined : BigInt(digits.replace("+", ""));
  return value === undefined || value < LEAST || value > MOST ? undefined : value;
}

function dateProblems(parameters: Parameters, column: string): ProjectionProblem[] {
  const name = nameOf(column, "format");
  const format = propertyOf(parameters, column, "format");
  const [bounds, problems] = twoOf(parameters, column, "2021-12-01,NOW");
  problems.push(...countProblems(parameters, column, "interval"));
  const unit = propertyOf(parameters, column, "interval.unit");
  if (unit !== undefined && !UNITS.some((each) => each === unit.trim().toUpperCase()))
    problems.push(problem(nameOf(column, "interval.unit"), `a unit: ${UNITS.join(", ")}`, unit, "use one of them"));
  if (!format) return [...problems, problem(name, "a date has a format", format, "add it, such as yyyy-MM-dd")];
  const pattern = readPattern(format);
  if (!("parts" in pattern)) return [...problems, problem(name, pattern.rule, format, pattern.fix)];
  if (pattern.opaque) return problems;
  problems.push(
    ...missingInterval(parameters, column, format, pattern),
    ...boundProblems(column, bounds, format, pattern),
  );
  return problems;
}

/** Athena knows an interval of its own for days and for months only. */
function missingInterval(
  parameters: Parameters,
  column: string,
  format: string,
  { finest = "DAYS" }: DatePattern,
): ProjectionProblem[] {
  if (finest === "DAYS" || finest === "MONTHS") return [];
  const fixes = { interval: "add it, such as 1", "interval.unit": `add it: ${finest}` };
  return Object.entries(fixes).flatMap(([property, fix]) => {
    const given = propertyOf(parameters, column, property);
    const rule = `needed for the format ${format}, which is not of days or months`;
    return given === undefined ? [problem(nameOf(column, property), rule, given, fix)] : [];
  });
}

function boundProblems(
  column: string,
  bounds: readonly string[],
  format: string,
  pattern: DatePattern,
): ProjectionProblem[] {
  const name = nameOf(column, "range");
  const problems: ProjectionProblem[] = [];
  const read = bounds.map((bound) => readBound(bound, pattern));
  bounds.forEach((text, index) => {
    if (read[index] !== undefined) return;
    problems.push(
      /now/i.test(text)
        ? problem(name, "NOW, or NOW with one whole number of units", text, "write it as in NOW+9HOURS or NOW-3YEARS")
        : problem(name, `a date written as ${format}`, text, blanks(text) ?? "write it so, or as NOW"),
    );
  });
  const [from, to] = read;
  if (from && to && isReversed(from, to, pattern))
    problems.push(problem(name, "the first date is not after the last", bounds.join(","), "swap them"));
  return problems;
}

const blanks = (text: string): string | undefined =>
  text === text.trim() ? undefined : "remove the blanks around it: they belong to the date";

/** The two ends of a range, none when there are not two of them. */
function twoOf(parameters: Parameters, column: string, example: string): [string[], ProjectionProblem[]] {
  const name = nameOf(column, "range");
  const given = propertyOf(parameters, column, "range");
  if (given === undefined || given.trim() === "")
    return [[], [problem(name, "a first and a last value", given, `add it, such as ${example}`)]];
  const ends = given.split(",");
  if (ends.length === 2) return [ends, []];
  return [[], [problem(name, "two values with one comma between them", given, `write it as in ${example}`)]];
}

/** A positive whole number, where it is given. */
function countProblems(parameters: Parameters, column: string, property: string): ProjectionProblem[] {
  const given = propertyOf(parameters, column, property);
  if (given === undefined) return [];
  const count = readInteger(given);
  return count !== undefined && count > 0n && count <= 2n ** 31n
    ? []
    : [problem(nameOf(column, property), "a whole number from 1", given, "write 1 or more, or remove it")];
}
