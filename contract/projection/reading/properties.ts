import { problem, type ProjectionProblem } from "./problem";

/** Parameters of a table, as Glue has them. */
export type Parameters = Readonly<Record<string, string>>;

export const PROJECTION_TYPES = ["enum", "integer", "date", "injected"] as const;
export type ProjectionType = (typeof PROJECTION_TYPES)[number];

/** The properties of each type beside `type` itself (Athena user guide, partition-projection-supported-types). */
const PROPERTIES: Readonly<Record<ProjectionType, readonly string[]>> = {
  enum: ["values"],
  integer: ["range", "interval", "digits"],
  date: ["range", "format", "interval", "interval.unit"],
  injected: [],
};
const ALL = ["type", ...new Set(Object.values(PROPERTIES).flat())];

/** Longest value of one parameter (Glue API reference, ParametersMapValue). */
export const LONGEST_PARAMETER = 512_000;

export const ENABLED = "projection.enabled";
export const TEMPLATE = "storage.location.template";

/** `projection.<column>.<property>` */
export const nameOf = (column: string, property: string): string => `projection.${column}.${property}`;

/** A property's value for a column. */
export function propertyOf(parameters: Parameters, column: string, property: string): string | undefined {
  return parameters[nameOf(column, property)];
}

/** The projection type of a column; case and blanks around it mean nothing. `undefined` when it is none. */
export function typeOf(parameters: Parameters, column: string): ProjectionType | undefined {
  const text = propertyOf(parameters, column, "type")?.trim().toLowerCase();
  return PROJECTION_TYPES.find((type) => type === text);
}

/** Whether Athena computes the table's partitions. */
export function isProjected(parameters: Parameters): boolean {
  return parameters[ENABLED]?.trim().toLowerCase() === "true";
}

/** Whether a parameter is one of projection, or was meant to be. */
export function isProjectionParameter(name: string): boolean {
  return /^projection\b/i.test(name) || nearest(name, [ENABLED, TEMPLATE]) !== undefined;
}

/** Parameters that no one reads: misspelt, of a column that is no partition key, of another projection type. */
export function unreadProblems(parameters: Parameters, columns: readonly string[]): ProjectionProblem[] {
  return Object.entries(parameters).flatMap(([name, value]) => {
    if (value.length > LONGEST_PARAMETER && (name.startsWith("projection.") || name === TEMPLATE))
      return [problem(name, `at most ${LONGEST_PARAMETER} characters`, value, "use fewer values")];
    if (name === ENABLED || name === TEMPLATE) return [];
    const [, column, property] = /^projection\.([^.]+)\.(.+)$/.exec(name) ?? [];
    if (column !== undefined && property !== undefined) return ownProblem(parameters, columns, column, property, value);
    if (!isProjectionParameter(name)) return [];
    const meant = nearest(name, [ENABLED, TEMPLATE]) ?? ENABLED;
    return [problem(name, "a parameter that Athena knows", value, `rename it to '${meant}'`)];
  });
}

function ownProblem(
  parameters: Parameters,
  columns: readonly string[],
  column: string,
  property: string,
  value: string,
): ProjectionProblem[] {
  const name = nameOf(column, property);
  if (!columns.includes(column)) {
    const near = nearest(column, columns);
    const fix = near === undefined ? "remove it" : `rename it to '${nameOf(near, property)}'`;
    return [problem(name, `there is no partition key '${column}'`, value, fix)];
  }
  if (!ALL.includes(property)) {
    const near = nearest(property, ALL);
    const fix = near === undefined ? `use ${ALL.join(", ")}` : `rename it to '${nameOf(column, near)}'`;
    return [problem(name, `there is no property '${property}'`, value, fix)];
  }
  const type = typeOf(parameters, column);
  if (property === "type" || type === undefined || PROPERTIES[type].includes(property)) return [];
  const allowed = PROPERTIES[type].join(", ") || "none";
  return [problem(name, `type ${type} has the properties ${allowed}`, value, "remove it, or change the type")];
}

/** The name that was probably meant: one with at most a quarter of it written otherwise, case aside. */
function nearest(text: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: distance(text.toLowerCase(), name) }))
    .filter(({ name, distance }) => distance <= Math.ceil(name.length / 4))
    .sort((one, other) => one.distance - other.distance);
  return best?.name;
}

/** Letters to add, drop or change to make one text of the other (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  [...one].forEach((letter, index) => {
    const next = [index + 1];
    for (let at = 1; at <= other.length; at += 1)
      next.push(
        Math.min(
          (row[at] ?? 0) + 1,
          (next[at - 1] ?? 0) + 1,
          (row[at - 1] ?? 0) + (letter === other.charAt(at - 1) ? 0 : 1),
        ),
      );
    row = next;
  });
  return row[other.length] ?? 0;
}
