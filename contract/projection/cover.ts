import { textReachesAsFar } from "./reach";
import { readPattern } from "./reading/pattern";
import { problem, type ProjectionProblem } from "./reading/problem";
import { nameOf, propertyOf, typeOf, type Parameters } from "./reading/properties";

/**
 * Partitions that a declaration's projection has and a table's has not: their rows would be missing without an error.
 *
 * @param found the table's parameters, in which the projection check finds nothing wrong
 * @param declared those that the declaration would have (`render.ts`)
 * @param now milliseconds since 1970
 */
export function coverProblems(
  found: Parameters,
  declared: Parameters,
  columns: readonly string[],
  now: number,
): ProjectionProblem[] {
  return columns.flatMap((column) => columnProblems(found, declared, column, now));
}

function columnProblems(found: Parameters, declared: Parameters, column: string, now: number): ProjectionProblem[] {
  const problems: ProjectionProblem[] = [];
  const type = typeOf(declared, column);
  const say = (property: string, rule: string) =>
    problems.push(
      problem(
        nameOf(column, property),
        `${rule}, as the dataset's`,
        propertyOf(found, column, property),
        "change the table's, or the declaration",
      ),
    );
  if (type === undefined || typeOf(found, column) !== type) {
    say("type", String(type));
    return problems;
  }
  if (type === "enum") {
    const [has, needs] = [found, declared].map((each) => (propertyOf(each, column, "values") ?? "").split(","));
    const missing = (needs ?? []).filter((value) => !has?.includes(value));
    if (missing.length > 0) say("values", `all values, also ${missing.join(", ")}`);
  }
  if (type === "enum" || type === "injected") return problems;
  const format = propertyOf(declared, column, "format");
  const pattern = readPattern(format ?? "");
  const known = "parts" in pattern ? pattern : undefined;
  const byDefault: Readonly<Record<string, string | undefined>> = {
    interval: "1",
    "interval.unit": known?.finest,
  };
  for (const property of type === "date" ? ["format", "interval", "interval.unit"] : ["digits", "interval"]) {
    const [there, wanted] = [found, declared].map((each) => propertyOf(each, column, property) ?? byDefault[property]);
    if (there?.trim().toUpperCase() !== wanted?.toUpperCase() || (property === "format" && there !== wanted))
      say(property, wanted ?? "not given");
  }
  if (problems.length > 0) return problems;
  const [there, wanted] = [found, declared].map((each) => (propertyOf(each, column, "range") ?? "").split(","));
  (["from", "to"] as const).forEach((end, index) => {
    const [one, other] = [there?.[index] ?? "", wanted?.[index] ?? ""];
    if (!textReachesAsFar(end, one, other, type === "date" ? known : undefined, now))
      say("range", `a range that ${end === "from" ? "begins no later" : "ends no earlier"} than ${other}`);
  });
  return problems;
}
