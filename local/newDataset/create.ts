import { IANAZone } from "luxon";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { compileFunction } from "node:vm";
import * as prettier from "prettier";
import { ModuleKind, transpileModule } from "typescript";
import { pipelineName } from "../../contract/names";
import { NAME_RULES } from "../../contract/rules/names";
import { UserError } from "../../operations/commandLine";
import { LAPTOP } from "../settings";
import { declarationText, extractText, indexText, testText, type NewDataset } from "./files";
import { readSample } from "./sample";

/** Bytes of a sample that go into the repository. */
const LARGEST_SAMPLE = 1024 ** 2;

export interface NewOptions {
  /** A CSV file with a header. */
  readonly from: string;
  readonly partitionKey: string;
  readonly timeZone: string;
}

/**
 * Writes the folder of a new dataset below a checkout, and lists it.
 *
 * @returns what to tell the user
 * @throws UserError for a name, key, zone or file that cannot be one; then nothing is written
 * @throws ContractError for a name that makes another one too long, and for columns that no table can have; then too
 */
export async function createDataset(
  root: string,
  name: string,
  { from, partitionKey, timeZone }: NewOptions,
): Promise<string[]> {
  if (!/^[a-z][a-z0-9_]{0,29}$/.test(name))
    throw new UserError(
      `'${name}' must begin with a lower-case letter and hold lower-case letters, digits and _, at most 30`,
    );
  // Names of AWS hold the stack's as well; the laptop's is the longest of those that are there.
  pipelineName(LAPTOP, name);
  const folder = path.join(root, "datasets", name);
  if (fs.existsSync(folder))
    throw new UserError(
      `there is a dataset '${name}' already; choose another name, or remove it first: its folder, its lines in ` +
        `datasets/index.ts, then npm run lock -- --removed ${name}, and npm run pages (README: remove a dataset)`,
    );
  if (!fs.existsSync(from)) throw new UserError(`there is no file ${from}`);
  if (!IANAZone.isValidZone(timeZone)) throw new UserError(`'${timeZone}' is no IANA zone such as Asia/Tokyo`);
  if (!NAME_RULES.table.pattern.test(partitionKey))
    throw new UserError(`partition key '${partitionKey}' must be ${NAME_RULES.table.rule}`);
  const { columns, quoted } = await readSample(from);
  if (columns.some((column) => column.name === partitionKey))
    throw new UserError(
      `the file has a column '${partitionKey}', and a partition key is no column of the file; name another with --partition-key`,
    );
  const sample = `${name}.csv`;
  const made: NewDataset = { name, partitionKey, timeZone, columns, quoted, sample };
  const bundled = (file: string) => fs.readFileSync(path.join(root, "datasets/features", file), "utf8");
  const indexFile = path.join(root, "datasets/index.ts");
  const index = indexText(fs.readFileSync(indexFile, "utf8"), name);

  const declarationFile = path.join(folder, "dataset.ts");
  const declaration = await formatted(declarationFile, declarationText(made));
  declare(declarationFile, declaration);
  const lines = firstLines(fs.readFileSync(from));
  const files: Readonly<Record<string, string | Buffer>> = {
    "dataset.ts": declaration,
    "extract.py": extractText(bundled("extract.py"), made),
    "transform.py": bundled("transform.py"),
    "test_scripts.py": testText(made),
    [path.join("sample", sample)]: lines,
  };
  fs.mkdirSync(path.join(folder, "sample"), { recursive: true });
  for (const [file, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), content);
  if (index !== undefined) fs.writeFileSync(indexFile, await formatted(indexFile, index));

  const cut = lines.length < fs.statSync(from).size;
  return [
    `datasets/${name}/`,
    ...columns.map((column) => `  ${column.name.padEnd(24)} ${column.type.padEnd(10)} ${column.header}`),
    ...(cut ? [`the sample is the first ${lines.length} bytes of ${from}; types were found in all of it`] : []),
    ...(index === undefined ? [`list the dataset of ./${name}/dataset in datasets/index.ts`] : []),
    ...(quoted
      ? [
          `some cells hold the delimiter or a quote: the format has quotes and an escape (OpenCSVSerde), which reads text ` +
            `alone, so every column is a string; what one means is said by column(…, { viewType: "bigint" })`,
        ]
      : []),
    "next:",
    `  look at datasets/${name}/dataset.ts: types, comments, partition key, schedule; then npm run format`,
    `  npm run script -- ${name} transform --process-date 2021-12-01`,
    "  npm run lock     # the new table becomes part of tables.lock.json",
    "  npm run pages    # its page in docs/datasets, for those who ask it",
    "  npm start        # or: npm run local -- up",
    "  npm test",
  ];
}

/** Runs a declaration as if its file were there: what it refuses would stop every command once it is listed. */
function declare(file: string, text: string): void {
  const { outputText } = transpileModule(text, { compilerOptions: { module: ModuleKind.CommonJS } });
  const run = compileFunction(outputText, ["require", "exports"]) as (require: NodeJS.Require, exports: object) => void;
  run(createRequire(file), {});
}

/** A text as `npm run format` leaves it, however long its names are. */
async function formatted(filepath: string, text: string): Promise<string> {
  return prettier.format(text, { ...(await prettier.resolveConfig(filepath)), filepath });
}

/** Whole lines, as many as a repository should hold. */
function firstLines(content: Buffer): Buffer {
  if (content.length <= LARGEST_SAMPLE) return content;
  return content.subarray(0, content.lastIndexOf("\n", LARGEST_SAMPLE) + 1);
}
