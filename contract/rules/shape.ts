import { z } from "zod";
import { HELPERS } from "../inputs";

/*
 * Declarations are typed, but what runs them does not check types: a forgotten argument must not end in a TypeError far
 * from its place. What members mean is for the other rules.
 */

const key = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("date"), name: z.string(), timeZone: z.string(), format: z.string() }),
  z.looseObject({ kind: z.literal("integer"), name: z.string() }),
  z.looseObject({ kind: z.literal("enum"), name: z.string(), values: z.array(z.string()) }),
  z.looseObject({ kind: z.literal("injected"), name: z.string() }),
]);

const source = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("raw") }),
  z.looseObject({ kind: z.literal("folder"), folder: z.string() }),
  z.looseObject({ kind: z.literal("output"), step: z.string(), output: z.string() }),
  z.looseObject({
    kind: z.literal("dataset"),
    dataset: z.looseObject({ name: z.string(), prefix: z.string(), partitionKeys: z.array(key) }),
    partitions: z.enum(["all", "run"]),
  }),
  z.looseObject({ kind: z.literal("helper"), name: z.enum(HELPERS) }),
]);

const machine = {
  instanceType: z.string().optional(),
  volumeSizeGiB: z.number().optional(),
  maxRuntimeSeconds: z.number().optional(),
};
// Strict: a misspelt member would be the stack's default.
const processor = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("script"), image: z.string().optional(), ...machine }),
  z.strictObject({ kind: z.literal("sklearn"), version: z.string(), ...machine }),
  z.strictObject({ kind: z.literal("pyspark"), version: z.string(), instanceCount: z.number().optional(), ...machine }),
  z.strictObject({
    kind: z.literal("program"),
    image: z.string().optional(),
    entrypoint: z.array(z.string()).optional(),
    ...machine,
  }),
]);

const shape = z.strictObject({
  name: z.string(),
  description: z.string(),
  prefix: z.string(),
  partitionKeys: z.array(key),
  escaping: z.string().optional(),
  columns: z.array(
    z.strictObject({ name: z.string(), type: z.string(), comment: z.string(), viewType: z.string().optional() }),
  ),
  format: z.strictObject({
    kind: z.literal("csv"),
    delimiter: z.string(),
    header: z.boolean(),
    quote: z.string().optional(),
    escape: z.string().optional(),
    nullText: z.string().optional(),
    newline: z.string(),
    encoding: z.string(),
  }),
  steps: z.array(
    z.strictObject({
      name: z.string(),
      script: z.string().optional(),
      processor: processor.optional(),
      inputs: z.record(z.string(), source),
      outputs: z.record(z.string(), z.enum(["table", "execution"])),
    }),
  ),
  readers: z.array(z.strictObject({ engine: z.string(), accountIds: z.array(z.string()) })).optional(),
  registration: z
    .discriminatedUnion("strategy", [
      z.looseObject({ strategy: z.literal("registered"), looksAt: z.enum(["run", "table"]) }),
      z.looseObject({ strategy: z.literal("athena-repair"), workgroup: z.string() }),
      z.looseObject({
        strategy: z.literal("projection"),
        ranges: z.record(
          z.string(),
          // A misspelt end would be none: projected to today, without an error.
          z.strictObject({
            from: z.union([z.string(), z.number()]).optional(),
            to: z.union([z.string(), z.number()]).optional(),
          }),
        ),
      }),
    ])
    .optional(),
  schedule: z
    .strictObject({
      kind: z.literal("daily"),
      at: z.string(),
      timeZone: z.string(),
      dayOffset: z.number(),
      dueBy: z.string(),
      reprocess: z.strictObject({ kind: z.literal("lastDays"), days: z.number() }).optional(),
    })
    .optional(),
  exampleDay: z.string().optional(),
  table: z
    .strictObject({
      physicalName: z.string().optional(),
      existing: z.boolean().optional(),
      folder: z.string().optional(),
    })
    .optional(),
  owner: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

/** Members of a declaration that are missing, of another type or not known, by their place; empty when none is. */
export function shapeProblems(declaration: unknown): string[] {
  return (shape.safeParse(declaration).error?.issues ?? []).map(({ path, message }) => {
    const place = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
    return `${place.replace(/^\./, "") || "declaration"}: ${message.replace(/^Invalid input: /, "")}`;
  });
}
