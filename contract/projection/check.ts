import { columnProblems, type ProjectedColumn } from "./reading/columns";
import { problem, type ProjectionProblem } from "./reading/problem";
import {
  ENABLED,
  isProjected,
  isProjectionParameter,
  TEMPLATE,
  unreadProblems,
  type Parameters,
} from "./reading/properties";
import { placeProblems, templateProblems } from "./reading/template";

export { problemText, type ProjectionProblem } from "./reading/problem";
export { isProjected, isProjectionParameter } from "./reading/properties";

/** A table of the catalogue, ours or hand-written, as far as its projection goes. */
export interface ProjectedTable {
  readonly partitionKeys: readonly ProjectedColumn[];
  readonly parameters: Parameters;
  /** `s3://…`; unknown when absent. */
  readonly location?: string | undefined;
}

/**
 * Everything that is wrong with a table's partition projection, as far as the documentation tells it. Empty when nothing
 * is, or when the table is not projected. Most of it Athena would not say: a misspelt property, a range in another
 * format or a key without its folder are queries without rows, or failing ones.
 */
export function projectionProblems({ partitionKeys, parameters, location }: ProjectedTable): ProjectionProblem[] {
  const columns = partitionKeys.map((key) => key.name);
  const enabled = parameters[ENABLED];
  if (!isProjected(parameters)) {
    const configured = Object.keys(parameters).some(
      (name) => isProjectionParameter(name) && ![ENABLED, TEMPLATE].includes(name),
    );
    if (enabled?.trim().toLowerCase() === "false" || (enabled === undefined && !configured)) return [];
    const off = problem(ENABLED, "true, or Athena asks the catalogue for partitions", enabled, "write true, or false");
    return [off, ...unreadProblems(parameters, columns)];
  }
  const none =
    columns.length === 0
      ? [problem("the table", "a partition key to project", [], `declare one, or remove ${ENABLED}`)]
      : [];
  const template = parameters[TEMPLATE];
  return [
    ...none,
    ...unreadProblems(parameters, columns),
    ...partitionKeys.flatMap((key) => columnProblems(parameters, key)),
    ...(template === undefined ? [] : templateProblems(template, columns)),
    ...(template === undefined || location === undefined ? [] : placeProblems(template, location)),
  ];
}
