import { isObject } from "./json";
import { MAX_CHARACTERS, validateDefinition, type Problem } from "./validate";
import { CREATE_PIPELINE } from "./validation/createPipeline";
import { Findings, SOURCES } from "./validation/problem";
import { checkShape } from "./validation/shape";

/** What was found in a text. */
export interface TextValidation {
  /** Where in the text the definition stands; the pointers of its problems begin there. `""`: it is the text. */
  readonly definitionAt: string;
  readonly problems: readonly Problem[];
}

/** A definition inside of a request of the API, or of its answer. */
const DEFINITION = "PipelineDefinition";

/**
 * Validates a definition as a text: alone, as the member `PipelineDefinition` of a CreatePipeline or UpdatePipeline
 * request (whose other members are checked as well), or as `aws sagemaker describe-pipeline` prints it.
 *
 * @throws Error when there is no JSON in the text, or no definition in the JSON; it says what to do
 */
export function validateText(text: string): TextValidation {
  const document = parseJson(text, "the text");
  if (!isObject(document) || "Steps" in document) return { definitionAt: "", problems: validateDefinition(document) };
  if (!(DEFINITION in document)) {
    if ("PipelineDefinitionS3Location" in document)
      throw new Error(
        "the definition is not in the text, but on S3 (PipelineDefinitionS3Location); fetch and give that",
      );
    return { definitionAt: "", problems: validateDefinition(document) };
  }
  const { [DEFINITION]: inner, ...envelope } = document;
  const place = `/${DEFINITION}`;
  const around = envelopeProblems(envelope, inner);
  const definition = typeof inner === "string" ? parseJson(inner, DEFINITION) : inner;
  return { definitionAt: place, problems: [...around, ...validateDefinition(definition).map(below(place))] };
}

/** Not a JSON pointer any more where the definition is a text in the text, but still one place. */
const below =
  (place: string) =>
  (problem: Problem): Problem => ({ ...problem, pointer: `${place}${problem.pointer}` });

function envelopeProblems(envelope: Record<string, unknown>, definition: unknown): Problem[] {
  const found = new Findings();
  if (typeof definition !== "string")
    found.add(
      `/${DEFINITION}`,
      "the definition as a text",
      definition,
      "write the JSON as one string",
      SOURCES.pipeline,
    );
  else if (definition.length > MAX_CHARACTERS)
    found.add(
      `/${DEFINITION}`,
      `at most ${MAX_CHARACTERS} characters`,
      definition.length,
      "leave out blanks, or give its place on S3 (PipelineDefinitionS3Location)",
      SOURCES.pipeline,
    );
  // What describes a pipeline that exists has members of its own.
  const isAnswer = "PipelineArn" in envelope || "CreationTime" in envelope;
  if (!isAnswer) checkShape(envelope, CREATE_PIPELINE, "", found);
  return found.problems.map((problem) => ({ ...problem, source: SOURCES.pipeline }));
}

function parseJson(text: string, what: string): unknown {
  if (text.trim() === "") throw new Error(`${what} is empty; give the JSON of a pipeline definition`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${what} is not JSON: ${message}${lineOf(text, message)}`);
  }
}

/** Node names the position, people look for lines. */
function lineOf(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined || /line \d+/.test(message)) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}
