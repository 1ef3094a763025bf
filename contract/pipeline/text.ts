import { isObject } from "./json";
import { depthProblems, MAX_CHARACTERS, validateDefinition, type Problem } from "./validate";
import { CREATE_PIPELINE } from "./validation/createPipeline";
import { Findings, SOURCES } from "./validation/problem";
import { secretsIn } from "./validation/secrets";
import { checkShape } from "./validation/shape";

/** What was found in a text. */
export interface TextValidation {
  /** Where in the text the definition stands; the pointers of its problems begin there. `""`: it is the text. */
  readonly definitionAt: string;
  readonly problems: readonly Problem[];
}

/** A definition inside of a request of the API, or of its answer. */
const DEFINITION = "PipelineDefinition";

/** CloudFormation's `AWS::SageMaker::Pipeline` has it one level further down. */
const BODY = "PipelineDefinitionBody";
const ON_S3 = "PipelineDefinitionS3Location";

/**
 * Validates a definition as a text: alone, as a JSON string, as the member `PipelineDefinition` of a CreatePipeline or
 * UpdatePipeline request or of CloudFormation's properties (whose other members are checked as well), or as
 * `aws sagemaker describe-pipeline` prints it, with or without `--query PipelineDefinition`.
 *
 * @throws Error when there is no JSON in the text, or no definition in the JSON; it says what to do
 */
export function validateText(text: string): TextValidation {
  const document = parseJson(text, "the text");
  if (typeof document === "string")
    return { definitionAt: "", problems: validateDefinition(parseJson(document, "the JSON string")) };
  const deep = depthProblems(document);
  if (deep.length > 0) return { definitionAt: "", problems: deep };
  if (!isObject(document) || "Steps" in document) return { definitionAt: "", problems: validateDefinition(document) };
  const { [DEFINITION]: inner, ...envelope } = document;
  if (ON_S3 in document || (isObject(inner) && ON_S3 in inner))
    throw new Error(`the definition is not in the text, but on S3 (${ON_S3}); fetch and give that`);
  if (!(DEFINITION in document)) return { definitionAt: "", problems: validateDefinition(document) };
  const stack = isObject(inner) && BODY in inner;
  const place = stack ? `/${DEFINITION}/${BODY}` : `/${DEFINITION}`;
  const content = stack ? inner[BODY] : inner;
  if (stack && typeof content !== "string")
    throw new Error(`${BODY} is put together by CloudFormation; give the text that comes of it`);
  const known = stack
    ? Object.entries(envelope).filter(([, value]) => !isPutTogether(value))
    : Object.entries(envelope);
  const around = envelopeProblems(Object.fromEntries(known), content, place);
  const definition = typeof content === "string" ? parseJson(content, place.slice(1)) : content;
  return { definitionAt: place, problems: [...around, ...validateDefinition(definition).map(below(place))] };
}

/** Whether a value holds functions of CloudFormation, and is known only to it. */
function isPutTogether(value: unknown): boolean {
  return /"(?:Fn::\w+|Ref)":/.test(JSON.stringify(value));
}

/** Not a JSON pointer any more where the definition is a text in the text, but still one place. */
const below =
  (place: string) =>
  (problem: Problem): Problem => ({ ...problem, pointer: `${place}${problem.pointer}` });

function envelopeProblems(envelope: Record<string, unknown>, definition: unknown, place: string): Problem[] {
  const found = new Findings(secretsIn([envelope, definition]).hidden);
  if (typeof definition !== "string")
    found.add(place, "the definition as a text", definition, "write the JSON as one string", SOURCES.pipeline);
  else if (definition.length > MAX_CHARACTERS)
    found.add(
      place,
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
    throw new Error(`${what} is not JSON: ${withLine(text, message)}`);
  }
}

/**
 * Node names the position, or shows what is around it; people look for lines, and what is around may be a secret.
 */
function withLine(text: string, message: string): string {
  const [, said, cut, excerpt] = /^(.*?), (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(message) ?? [];
  if (said !== undefined && excerpt !== undefined)
    return `${said}${cut === undefined ? " near its beginning" : lineAt(text, text.indexOf(excerpt) + BEFORE)}`;
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined || /line \d+/.test(message) ? message : `${message}${lineAt(text, Number(position))}`;
}

/** Characters that Node shows before the one which is wrong. */
const BEFORE = 10;

function lineAt(text: string, position: number): string {
  const before = text.slice(0, Math.max(position, 0)).split("\n");
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}
