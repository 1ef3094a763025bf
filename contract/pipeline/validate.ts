import { isObject, SCHEMA_VERSION } from "./json";
import { checkReferences } from "./validation/graph";
import { checkParameters } from "./validation/parameters";
import { at, Findings, SOURCES, type Problem } from "./validation/problem";
import { checkSecrets } from "./validation/secrets";
import { checkSteps } from "./validation/steps";
import { walk } from "./validation/values";

export type { Problem } from "./validation/problem";

/** What PipelineDefinition takes, inline or from S3. */
const MAX_CHARACTERS = 1_048_576;
const MEMBERS = ["Version", "Metadata", "Parameters", "PipelineExperimentConfig", "Steps"];
const FUNCTIONS = ["Std:Join", "Std:JsonGet"];

/**
 * Everything that is wrong with a pipeline definition, ours, the SageMaker SDK's or hand-written, as far as it can be
 * told without an account. Empty when nothing is. Processing, Lambda, Condition and Fail steps are checked in full,
 * other steps only in what all steps have in common.
 *
 * @param definition parsed JSON
 */
export function validateDefinition(definition: unknown): Problem[] {
  const found = new Findings();
  if (!isObject(definition)) {
    found.add("", "a definition is a JSON object", definition, "give the parsed JSON of the file", SOURCES.schema);
    return found.problems;
  }
  checkFrame(definition, found);
  checkFunctions(definition, found);
  checkParameters(definition["Parameters"], found);
  const steps = checkSteps(definition["Steps"], found);
  checkReferences(definition, steps, found);
  checkSecrets(definition, found);
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
  const complete = isObject(config) && "ExperimentName" in config && "TrialName" in config;
  if (config !== undefined && config !== null && !complete)
    found.add(
      "/PipelineExperimentConfig",
      "ExperimentName and TrialName, or null",
      config,
      "give both, or write null",
      SOURCES.sdk,
    );
}

/** `Get`, `Std:Join` and `Std:JsonGet` are all the functions there are. */
function checkFunctions(definition: Record<string, unknown>, found: Findings): void {
  walk(definition, "", (value, pointer) => {
    if (!isObject(value)) return;
    for (const [key, content] of Object.entries(value)) {
      const add = (rule: string, shown: unknown, fix: string) =>
        found.add(at(pointer, key), rule, shown, fix, SOURCES.sdk);
      if (key.startsWith("Std:") && !FUNCTIONS.includes(key))
        add("a function of pipelines", key, `use Get, ${FUNCTIONS.join(" or ")}`);
      if (key === "Std:Join" && !(isObject(content) && Array.isArray(content["Values"])))
        add("Std:Join has On and Values", content, "list the parts in Values");
      if (key === "Get" && Object.keys(value).length === 1 && typeof content !== "string")
        add("Get has the path of a value", content, 'write "Parameters.<name>"');
    }
  });
}
