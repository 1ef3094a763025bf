import type { Dataset, Step } from "../contract/dataset";
import { CONTAINER } from "../contract/document";
import { jobProgram } from "../contract/jobProcessor";
import { processingArguments } from "../contract/pipeline/processing";
import type { Report } from "./cache";
import { interpreterOf, ownInterpreter, programOf } from "./interpreter";
import { BASE, Mistake } from "./scriptFolders";
import { LAPTOP } from "./settings";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Nothing is deployed: these are never looked at. */
const UNDEPLOYED = {
  ...{ region: LAPTOP.region, imageUri: "<image>", jobRoleArn: "<role>", kmsKeyArn: "<key>" },
  ...{ instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3_600 },
};

/**
 * What a step runs on this machine, from the request that its job would be.
 *
 * @param places `base` stands for `/opt/ml/processing`, `code` for the folder of scripts in it
 * @throws Mistake for a program that only an image has, and when its environment cannot be made
 */
export async function commandOf(
  dataset: Dataset,
  step: Step,
  places: { readonly base: string; readonly code?: string },
  report: Report,
): Promise<Command> {
  const program = jobProgram(dataset, step, UNDEPLOYED, (script) => `s3://code/${script}`);
  const { AppSpecification: app } = processingArguments(program);
  const { ImageUri: image, ContainerEntrypoint: entrypoint = [] } = app as {
    readonly ImageUri: string;
    readonly ContainerEntrypoint?: readonly string[];
  };
  const interpreter = await ownInterpreter(report)
    .then(({ python }) => interpreterOf(image, python, report))
    .catch((error: unknown) => {
      throw new Mistake(
        `step '${step.name}' of dataset '${dataset.name}': ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  const found = programOf(entrypoint, interpreter);
  if (!found)
    throw new Mistake(
      `step '${step.name}' runs ${entrypoint[0] === undefined ? "what its image runs" : `'${entrypoint[0]}'`}, which is ` +
        `in the image alone; this machine runs python3 and PySpark`,
    );
  const { base, code = `${base}${CONTAINER.input("code").slice(BASE.length)}` } = places;
  const here = (item: string) => item.replaceAll(CONTAINER.input("code"), code).replaceAll(BASE, base);
  return { program: found.program, args: found.args.map(here), env: interpreter.env };
}
