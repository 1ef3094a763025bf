import { DescribePipelineCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";
import { databaseName, pipelineName, type StackId } from "../contract/names";
import { tableNameOf, type Dataset } from "../contract/dataset";
import { z } from "zod";
import { UserError } from "./commandLine";
import type { TableId } from "./reconcile/glue";

/** A dataset's pipeline as it is deployed. */
export interface DeployedPipeline {
  readonly name: string;
  readonly arn: string;
  readonly definition: z.infer<typeof outline>;
}

/** As much of a definition as the commands look at. */
const outline = z.object({
  Parameters: z.array(z.object({ Name: z.string(), DefaultValue: z.json().optional() })).default([]),
  Steps: z.array(z.object({ Name: z.string(), Type: z.string(), Arguments: z.json().optional() })),
});

/** @throws UserError when the stack is not deployed here */
export async function deployedPipeline(
  sagemaker: SageMakerClient,
  stack: StackId,
  dataset: string,
): Promise<DeployedPipeline> {
  const name = pipelineName(stack, dataset);
  try {
    const { PipelineArn: arn = "", PipelineDefinition: text = "" } = await sagemaker.send(
      new DescribePipelineCommand({ PipelineName: name }),
    );
    return { name, arn, definition: outline.parse(JSON.parse(text)) };
  } catch (error) {
    if (
      !(error instanceof Error) ||
      !/not ?found|does not exist|could not find/i.test(`${error.name} ${error.message}`)
    )
      throw error;
    throw new UserError(
      `pipeline ${name} does not exist in this account and region; deploy stack '${stack.stack}', or name another with --stack`,
    );
  }
}

/** Where a dataset's partitions are registered: the database that its pipeline names, for it need not be the stack's own. */
export function tableOf({ definition }: DeployedPipeline, stack: StackId, dataset: Dataset): TableId {
  const registration = z.object({ database: z.string(), table: z.string() });
  for (const step of definition.Steps) {
    const parsed = registration.safeParse(step.Arguments);
    if (step.Type === "Lambda" && parsed.success) return parsed.data;
  }
  return { database: databaseName(stack), table: tableNameOf(dataset) };
}
