import type { Dataset } from "../../contract/dataset";
import type { Names } from "../../contract/names";
import { listOutput, scopeOf, wholeScope, type Scope } from "./functions";
import { fits, policyDocument, type PolicyDocument } from "./statement";

/**
 * What the remover may do: take partitions of the stack's tables out of the catalogue. It reads what the command plans
 * by, and cannot touch an object or a table. A person assumes it; no service can.
 */
export function removerPolicy(names: Names, datasets: readonly Dataset[]): PolicyDocument {
  const exact = removal(names, scopeOf(names, datasets));
  return fits("role", exact) ? exact : removal(names, wholeScope(names, datasets));
}

function removal(names: Names, { tables, outputs }: Scope): PolicyDocument {
  return policyDocument([
    {
      Sid: "RemovePartitions",
      Effect: "Allow",
      Action: ["glue:GetTable", "glue:GetPartitions", "glue:BatchGetPartition", "glue:BatchDeletePartition"],
      Resource: [names.catalogArn, names.databaseArn, ...tables.map(names.tableArn)],
    },
    {
      Sid: "FindTable",
      Effect: "Allow",
      Action: "sagemaker:DescribePipeline",
      Resource: names.pipelineArn(`${names.base}-*`),
    },
    ...(outputs.length === 0 ? [] : [listOutput(names, outputs)]),
  ]);
}
