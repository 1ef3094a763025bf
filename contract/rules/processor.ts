import { processorOf, type Cluster, type StepProcessor } from "../compute";
import type { Step } from "../dataset";
import { CONTAINER } from "../document";
import type { Helper } from "../inputs";
import { versionsOf, type Framework } from "../pipeline/images";

/** Numbers of a job's machines (SageMaker API, ProcessingClusterConfig and ProcessingStoppingCondition). */
const MOST = { instanceCount: 100, volumeSizeGiB: 16_384, maxRuntimeSeconds: 777_600 } as const;

/** An image in ECR: SageMaker pulls from nowhere else without a VPC (API reference, AppSpecification: 255 characters). */
const IN_ECR =
  /^[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z0-9.-]+\/[a-z0-9._/-]+(?:@sha256:[0-9a-f]{64}|:[A-Za-z0-9_.-]{1,128})$/;

/** What is wrong with where a step runs, and with what it runs; empty when nothing is. */
export function processorProblems(step: Step): string[] {
  const processor = processorOf(step);
  return [
    ...machineProblems(processor),
    ...imageProblems(processor),
    ...(processor.kind === "program" ? programProblems(processor, step.script) : scriptProblems(step.script)),
  ];
}

function machineProblems(machine: Cluster): string[] {
  const problems = Object.entries(MOST).flatMap(([member, most]) => {
    const value = machine[member as keyof typeof MOST];
    return value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)
      ? []
      : [`${member} ${value} must be a whole number from 1 to ${most}`];
  });
  const { instanceType } = machine;
  if (instanceType !== undefined && !/^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceType))
    problems.push(`instanceType '${instanceType}' must be a SageMaker instance type such as 'ml.m5.xlarge'`);
  return problems;
}

function imageProblems(processor: StepProcessor): string[] {
  switch (processor.kind) {
    case "sklearn":
      return versionProblems("sklearn", processor.version);
    case "pyspark":
      return versionProblems("spark", processor.version);
    case "script":
    case "program":
      return processor.image === undefined || (IN_ECR.test(processor.image) && processor.image.length <= 255)
        ? []
        : [
            `image '${processor.image}' must be an image in ECR, with digest or tag, at most 255 characters: ` +
              `<account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:<digest>; leave it out for the stack's own`,
          ];
  }
}

function versionProblems(framework: Framework, version: string): string[] {
  const versions = versionsOf(framework);
  return versions.includes(version)
    ? []
    : [`version '${version}' is none of SageMaker's ${framework} images: ${versions.join(", ")}`];
}

/** How a step is given one of SageMaker's own images; none of them has pyarrow, which the helpers import. */
const PREBUILT: Readonly<Partial<Record<StepProcessor["kind"], string>>> = {
  sklearn: "sklearn(…)",
  pyspark: "pySpark(…)",
};

/** What is wrong with a Python package of this program in a step that runs on such a processor. */
export function helperProblems(helper: Helper, step: Step): string[] {
  const prebuilt = PREBUILT[processorOf(step).kind];
  return prebuilt === undefined
    ? []
    : [
        `reads helper '${helper}', which needs pyarrow, and the image of ${prebuilt} has none; leave the step's processor ` +
          `out for the stack's own image, or write the files without the helper`,
      ];
}

const isScript = (file: string) => /^[A-Za-z0-9_-]+\.py$/.test(file);

function scriptProblems(script: string | undefined): string[] {
  if (script === undefined) return [`names no script; add script: "transform.py", a file in the dataset's folder`];
  return isScript(script) ? [] : [`script '${script}' must be a Python file in the dataset's folder`];
}

function programProblems(
  { image, entrypoint }: Extract<StepProcessor, { kind: "program" }>,
  script: string | undefined,
): string[] {
  const problems: string[] = [];
  if (entrypoint === undefined && image === undefined)
    problems.push("the stack's own image has no program; give entrypoint, or another image");
  // SageMaker API, AppSpecification.
  if (entrypoint !== undefined && (entrypoint.length < 1 || entrypoint.length > 100))
    problems.push(`entrypoint has ${entrypoint.length} items, from 1 to 100 are possible; the first is the program`);
  for (const item of entrypoint ?? [])
    if (item.length > 256 || /[\r\n]/.test(item))
      problems.push(
        `entrypoint item '${item.slice(0, 40)}…' must be one line of at most 256 characters; put it into a script`,
      );
  if (script === undefined) return problems;
  const place = `${CONTAINER.input("code")}/${script}`;
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9]+$/.test(script))
    problems.push(`script '${script}' must be a file in the dataset's folder`);
  if (!entrypoint?.some((item) => item.includes(place)))
    problems.push(`script '${script}' is run by nothing; name it in entrypoint, as ${place}`);
  return problems;
}
