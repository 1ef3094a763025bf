import * as fs from "node:fs";
import { validateText, type TextValidation } from "../../contract/pipeline/text";
import type { Problem } from "../../contract/pipeline/validate";
import { UserError } from "../commandLine";

/** A definition has at most 1 MiB; inside of a request it is escaped, and it may be indented. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Reads and validates a pipeline definition.
 *
 * @param file path, or `-` for the standard input
 * @throws UserError when there is nothing that can be validated
 */
export async function validateFile(file: string): Promise<TextValidation> {
  const what = file === "-" ? "the standard input" : `'${file}'`;
  const bytes = await (file === "-" ? readAll(process.stdin, what) : readFile(file, what));
  const text = textOf(bytes, what);
  try {
    return validateText(text);
  } catch (error) {
    throw new UserError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readFile(file: string, what: string): Promise<Buffer> {
  let stream: fs.ReadStream;
  try {
    const handle = await fs.promises.open(file);
    stream = handle.createReadStream();
    if ((await handle.stat()).isDirectory()) {
      await handle.close();
      throw new UserError(`${what} is a folder; name a file`);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${what} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return readAll(stream, what);
}

/** No more than is needed to see that it is too much: a pipe or a device has no size beforehand. */
async function readAll(stream: AsyncIterable<Buffer | string>, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > MOST_BYTES)
      throw new UserError(
        `${what} has more than ${MOST_BYTES / 1024 / 1024} MiB; a pipeline definition has at most 1 MiB`,
      );
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function textOf(bytes: Buffer, what: string): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new UserError(`${what} is UTF-16 (a redirection in Windows PowerShell?); save it as UTF-8`);
  if (bytes.includes(0)) throw new UserError(`${what} is binary; give the JSON text of a pipeline definition`);
  try {
    // Without the byte order mark that a text may begin with.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${what} is not UTF-8 text; give the JSON text of a pipeline definition`);
  }
}

/** What people read. */
export function report(file: string, { problems, definitionAt }: TextValidation): string {
  const name = file === "-" ? "standard input" : file;
  const where = definitionAt === "" ? "" : ` (the definition in ${definitionAt.slice(1)})`;
  if (problems.length === 0) return `${name}: no problem found${where}`;
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  return [`${name}: ${count}${where}`, ...problems.map(problemText)].join("\n\n");
}

function problemText({ pointer, rule, value, fix, source }: Problem): string {
  return [
    `${pointer === "" ? "(the whole)" : pointer}`,
    `  rule    ${rule}`,
    `  got     ${value}`,
    `  fix     ${fix}`,
    `  source  ${source}`,
  ].join("\n");
}
