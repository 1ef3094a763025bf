import type { Dataset } from "../../contract/dataset";
import { datasets } from "../../datasets";
import { UserError } from "../commandLine";

export { runCommandLine, UserError } from "../commandLine";

/** @throws UserError that lists the datasets there are */
export function datasetNamed(name: string): Dataset {
  const dataset = datasets.find((each) => each.name === name);
  if (!dataset) throw new UserError(`no dataset '${name}'; there are: ${datasets.map((each) => each.name).join(", ")}`);
  return dataset;
}
