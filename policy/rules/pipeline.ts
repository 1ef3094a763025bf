import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { PARTITION_FOLDER } from "../../contract/parse";
import { definitionProblem, portsOf, type Job } from "../definition";
import { isEarly } from "../early";
import { isRecord, literalOf, told } from "../locations";
import { PIPELINE } from "../kinds";
import { onDefinitions } from "../onDefinitions";
import { eachOf, onResource, resourcesOf } from "../resources";
import type { DefinitionPolicy } from "../rule";
import { outputsOfTables } from "../stackTables";
import { definitionText, storedTexts } from "../storedDefinition";

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
    "A pipeline's definition in S3 is the content of an object of the stack, where its steps can be checked.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Upload the JSON as content of an aws.s3.BucketObjectv2, and name its bucket and key.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineDefinitionS3Location.html",
  validateStack: (args, report) => {
    const objects = storedTexts(args);
    eachOf(resourcesOf(args, PIPELINE), ({ name, urn, props }) => {
      const location = props.pipelineDefinitionS3Location;
      if (!location) return;
      const where = `pipeline '${name}', definition at 's3://${location.bucket}/${location.objectKey}'`;
      const text = definitionText(props, objects);
      // The object may come yet.
      if (text === undefined && isEarly(args)) return;
      const problem = text === undefined ? "is no content of an object in the stack" : definitionProblem(text);
      if (problem) report(`${where}: ${problem}, expected a JSON object with Steps`, urn);
    });
  },
};

export const localPaths: DefinitionPolicy = {
  name: "aws-sagemaker-pipeline-mount-under-processing",
  description: `Inputs and outputs of processing steps lie under ${PROCESSING} in the container.`,
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Use /opt/ml/processing/input/<name> and /opt/ml/processing/output: SageMaker mounts no other folder.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-input-and-output.html",
  ...onDefinitions((definition, { name }, report) => {
    for (const problem of localPathProblems(definition)) report(`pipeline '${name}', ${problem}`);
  }),
};

function localPathProblems(definition: string): string[] {
  const { inputs, outputs } = portsOf(definition);
  return [...inputs, ...outputs].flatMap((port) => {
    const path = literalOf(port.localPath);
    const { text, whole } = path;
    if ((port.localPath === undefined ? port.appManaged : !whole) || isBelowProcessing(text)) return [];
    const got = port.localPath === undefined ? "absent" : told(path);
    return [`${port.where}: LocalPath is ${got}, expected a folder below '${PROCESSING}'`];
  });
}

/** A final slash is the same folder to SageMaker; `..` or an empty folder is not. */
function isBelowProcessing(path: string): boolean {
  const folders = path.slice(PROCESSING.length).replace(/\/$/, "").split("/");
  return path.startsWith(PROCESSING) && folders.every((folder) => !["", ".", ".."].includes(folder));
}

export const outputFolders: DefinitionPolicy = {
  name: "aws-sagemaker-pipeline-mirror-whole-output-folder",
  description: "A processing step's output is the folder above key=val: SageMaker mirrors what lies below it.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Let the script write key=val folders into the output folder, and name only that folder.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-input-and-output.html",
  ...onDefinitions((definition, { name }, report) => {
    for (const problem of outputFolderProblems(definition)) report(`pipeline '${name}', ${problem}`);
  }),
};

function outputFolderProblems(definition: string): string[] {
  return portsOf(definition).outputs.flatMap((port) => {
    const path = literalOf(port.localPath);
    const folders = path.text.split("/");
    const at = folders.findIndex((folder) => PARTITION_FOLDER.test(folder));
    if (at < 0) return [];
    return [`${port.where}: LocalPath is ${told(path)}, expected '${folders.slice(0, at).join("/")}', without key=val`];
  });
}

export const tableOutputs: StackValidationPolicy = {
  name: "aws-sagemaker-pipeline-write-tables-at-their-location",
  description: "An output that concerns a table goes to exactly the table's location, and no other of its step does.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Give the output the table's location as S3Uri; hand data between steps through <prefix>/execution/.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Output.html",
  validateStack: (args, report) => {
    const first = new Map<Job, Map<string, string>>();
    outputsOfTables(args, ({ subject, urn, job, port, place: { table, relation } }) => {
      const others = first.get(job) ?? new Map<string, string>();
      first.set(job, others);
      const other = others.get(table.location);
      others.set(table.location, port.where.slice(job.where.length + 2));
      if (other !== undefined && relation === "at")
        report(
          `${subject}: S3Uri is ${told(literalOf(port.s3Uri))}, the location of table '${table.name}', which ${other} ` +
            `goes to as well, expected one output of the step there`,
          urn,
        );
      if (relation === "at") return;
      report(
        `${subject}: S3Uri is ${told(literalOf(port.s3Uri))}, ${relation} the location of table '${table.name}', ` +
          `expected '${table.location}'`,
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
    outputsOfTables(args, ({ subject, urn, port: { uploadMode: mode } }) => {
      // That there is none, or one that SageMaker does not know, is no matter of tables.
      if (mode !== "Continuous" && !isRecord(mode)) return;
      const got = isRecord(mode) ? JSON.stringify({ ...mode, Default: undefined }) : `'${mode}'`;
      report(`${subject}: S3UploadMode is ${got}, expected 'EndOfJob'`, urn);
    });
  },
};
