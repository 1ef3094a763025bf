import { isObject, SCHEMA_VERSION } from "./json";
import { checkFunctions } from "./validation/functions";
import { checkReferences } from "./validation/graph";
import { checkParameters } from "./validation/parameters";
import { at, Findings, SOURCES, type Problem } from "./validation/problem";
import { checkSecrets, secretsIn } from "./validation/secrets";
import { checkSteps } from "./validation/steps";
import { knownText } from "./validation/values";

export type { Problem } from "./validation/problem";

/** What PipelineDefinition takes, inline or from S3. */
export const MAX_CHARACTERS = 1_048_576;
const MEMBERS = ["Version", "Metadata", "Parameters", "PipelineExperimentConfig", "Steps"];
/** Deeper than anything SageMaker reads, and shallow enough for every check. */
const MAX_DEPTH = 200;

/**
 * Everything that is wrong with a pipeline definition, ours, the SageMaker SDK's or hand-written, as far as it can be
 * told without an account. Empty when nothing is. Processing, Lambda, Condition and Fail steps are checked in full,
 * other steps only in what all steps have in common.
 *
 * @param definition parsed JSON
 */
export function validateDefinition(definition: unknown): Problem[] {
  const deep = depthProblems(definition);
  if (deep.length > 0) return deep;
  const secrets = secretsIn(definition);
  const found = new Findings(secrets.hidden);
  if (!isObject(definition)) {
    found.add("", "a definition is a JSON object", definition, "give the parsed JSON of the file", SOURCES.schema);
    return found.problems;
  }
  checkFrame(definition, found);
  checkFunctions(definition, found);
  checkParameters(definition["Parameters"], found);
  const steps = checkSteps(definition["Steps"], found);
  checkReferences(definition, steps, found);
  checkSecrets(secrets, found);
  return found.problems;
}

/** Whether JSON goes deeper than any check could follow. */
export function depthProblems(value: unknown): Problem[] {
  const found = new Findings();
  if (isDeeper(value, MAX_DEPTH))
    found.add("", `at most ${MAX_DEPTH} levels`, "more", "put deep data into a file on S3", SOURCES.schema);
  return found.problems;
}

function checkFrame(definition: Record<string, unknown>, found: Findings): void {
  const size = JSON.stringify(definition).length;
  if (size > MAX_CHARACTERS)
    found.add(
      "",
      `at most ${MAX_CHARACTERS} characters`,
      size,
      "put long arguments into files on S3",
      SOURCES.pipeline,
    );
  for (const member of Object.keys(definition))
    if (!MEMBERS.includes(member))
      found.add(at("", member), `${member} is not a member here`, member, `use ${MEMBERS.join(", ")}`, SOURCES.schema);
  const { Version: version = SCHEMA_VERSION, Metadata: metadata = {}, PipelineExperimentConfig: config } = definition;
  if (version !== SCHEMA_VERSION)
    found.add("/Version", `the version is ${SCHEMA_VERSION}`, version, `write "${SCHEMA_VERSION}"`, SOURCES.schema);
  if (!isObject(metadata)) found.add("/Metadata", "an object", metadata, "write {} or leave it out", SOURCES.schema);
  if (config !== undefined && config !== null) checkExperiment(config, found);
}

function checkExperiment(config: unknown, found: Findings): void {
  const place = "/PipelineExperimentConfig";
  const names = ["ExperimentName", "TrialName"];
  const keys = isObject(config) ? Object.keys(config) : [];
  if (!isObject(config) || keys.length !== 2 || !names.every((name) => name in config))
    return found.add(place, "ExperimentName and TrialName, or null", config, "give both, or write null", SOURCES.sdk);
  for (const name of names)
    if (!knownText(config[name]))
      found.add(at(place, name), "text or a reference", config[name], "write it in quotes", SOURCES.sdk);
}

/** Without recursion: the checks themselves go down level by level. */
function isDeeper(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((each): unknown[] => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return false;
}
