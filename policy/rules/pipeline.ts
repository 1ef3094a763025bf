import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { PARTITION_FOLDER } from "../../contract/parse";
import { definitionProblem, jobsOf, portsOf } from "../definition";
import { datasetFolder, literalOf } from "../locations";
import { OBJECT, PIPELINE } from "../kinds";
import { eachOf, known, onResource, resourcesOf } from "../resources";
import { outputsOfTables } from "../stackTables";
import { definitionText } from "../storedDefinition";
import { JOB_CHECKS } from "./job";

const PROCESSING = "/opt/ml/processing/";

export const readableDefinition: ResourceValidationPolicy = {
  name: "aws-sagemaker-pipeline-define-in-stack",
  description: "A pipeline's definition is JSON in the stack, where its steps can be checked.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Set pipelineDefinition to the JSON text, or pipelineDefinitionS3Location to an object of the stack.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePipeline.html",
  validateResource: onResource(PIPELINE, (pipeline, { name }, report) => {
    // A text in S3 is found among all resources only: see storedDefinition.
    if (pipeline.pipelineDefinitionS3Location) return;
    const text = pipeline.pipelineDefinition;
    const problem = text === undefined ? "is absent" : definitionProblem(text);
    if (problem) report(`pipeline '${name}': pipelineDefinition ${problem}, expected a JSON object with Steps`);
  }),
};

export const storedDefinition: StackValidationPolicy = {
  name: "aws-sagemaker-pipeline-define-in-object-of-stack",
  description:
    "A pipeline's definition in S3 is the content of an object of the stack, and keeps the rules of any other.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Upload the JSON as content of an aws.s3.BucketObjectv2, and name its bucket and key.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineDefinitionS3Location.html",
  validateStack: (args, report) => {
    const objects = resourcesOf(args, OBJECT);
    eachOf(resourcesOf(args, PIPELINE), ({ name, urn, props }) => {
      const location = props.pipelineDefinitionS3Location;
      if (!location) return;
      const where = `pipeline '${name}', definition at 's3://${location.bucket}/${location.objectKey}'`;
      const text = definitionText(props, objects);
      const problem = text === undefined ? "is no content of an object in the stack" : definitionProblem(text);
      if (problem) report(`${where}: ${problem}, expected a JSON object with Steps`, urn);
      const around = { definition: text ?? "", roleArn: known(() => props.roleArn), config: {} };
      const jobProblems = jobsOf(text ?? "").flatMap((job) =>
        JOB_CHECKS.flatMap((check) => check(job, around).map((each) => `${job.where}: ${each}`)),
      );
      for (const each of [...localPathProblems(text ?? ""), ...outputFolderProblems(text ?? ""), ...jobProblems])
        report(`${where}, ${each}`, urn);
    });
  },
};

export const localPaths: ResourceValidationPolicy = {
  name: "aws-sagemaker-pipeline-mount-under-processing",
  description: `Inputs and outputs of processing steps lie under ${PROCESSING} in the container.`,
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Use /opt/ml/processing/input/<name> and /opt/ml/processing/output: SageMaker mounts no other folder.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-input-and-output.html",
  validateResource: onResource(PIPELINE, (pipeline, { name }, report) => {
    for (const problem of localPathProblems(pipeline.pipelineDefinition ?? ""))
      report(`pipeline '${name}', ${problem}`);
  }),
};

function localPathProblems(definition: string): string[] {
  const { inputs, outputs } = portsOf(definition);
  return [...inputs, ...outputs].flatMap((port) => {
    const { text, whole } = literalOf(port.localPath);
    if ((port.localPath === undefined ? port.appManaged : !whole) || isBelowProcessing(text)) return [];
    const got = port.localPath === undefined ? "absent" : `'${text}'`;
    return [`${port.where}: LocalPath is ${got}, expected a folder below '${PROCESSING}'`];
  });
}

/** A final slash is the same folder to SageMaker; `..` or an empty folder is not. */
function isBelowProcessing(path: string): boolean {
  const folders = path.slice(PROCESSING.length).replace(/\/$/, "").split("/");
  return path.startsWith(PROCESSING) && folders.every((folder) => !["", ".", ".."].includes(folder));
}

export const outputFolders: ResourceValidationPolicy = {
  name: "aws-sagemaker-pipeline-mirror-whole-output-folder",
  description: "A processing step's output is the folder above key=val: SageMaker mirrors what lies below it.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Let the script write key=val folders into the output folder, and name only that folder.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-input-and-output.html",
  validateResource: onResource(PIPELINE, (pipeline, { name }, report) => {
    for (const problem of outputFolderProblems(pipeline.pipelineDefinition ?? ""))
      report(`pipeline '${name}', ${problem}`);
  }),
};

function outputFolderProblems(definition: string): string[] {
  return portsOf(definition).outputs.flatMap((port) => {
    const { text } = literalOf(port.localPath);
    const folders = text.split("/");
    const at = folders.findIndex((folder) => PARTITION_FOLDER.test(folder));
    if (at < 0) return [];
    return [`${port.where}: LocalPath is '${text}', expected '${folders.slice(0, at).join("/")}', without key=val`];
  });
}

export const tableOutputs: StackValidationPolicy = {
  name: "aws-sagemaker-pipeline-write-tables-at-their-location",
  description: "An output that concerns a table goes to exactly the table's location.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Give the output the table's location as S3Uri; hand data between steps through <prefix>/execution/.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Output.html",
  validateStack: (args, report) => {
    outputsOfTables(args, ({ subject, urn, port, place: { table, relation } }) => {
      if (relation === "at") return;
      const { text, whole } = literalOf(port.s3Uri);
      const folder = datasetFolder(table.location) ?? "";
      const otherwise = relation === "beside" ? ` or a folder below '${folder}execution/'` : "";
      report(
        `${subject}: S3Uri is '${text}${whole ? "" : "…"}', ${relation} the location of table '${table.name}', ` +
          `expected '${table.location}'${otherwise}`,
        urn,
      );
    });
  },
};

export const uploadMode: StackValidationPolicy = {
  name: "aws-sagemaker-pipeline-upload-tables-at-end-of-job",
  description: "An output that goes to a table is uploaded at the end of the job, so that a failed job leaves nothing.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set S3UploadMode to EndOfJob.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Output.html",
  validateStack: (args, report) => {
    outputsOfTables(args, ({ subject, urn, port: { uploadMode: mode }, place: { relation } }) => {
      if (relation === "beside" || mode === "EndOfJob") return;
      const got = mode === undefined ? "absent" : typeof mode === "string" ? `'${mode}'` : JSON.stringify(mode);
      report(`${subject}: S3UploadMode is ${got}, expected 'EndOfJob'`, urn);
    });
  },
};
