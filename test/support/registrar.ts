import { dayOutput, stepDocument } from "../../contract/events";
import { handler } from "../../operations/registrar";
import { DATABASE, useLake, type LakeTable } from "./laptop";

/** The execution whose last step runs. */
export const execution = "arn:aws:sagemaker:ap-northeast-1:123456789012:pipeline/partitions-test-t/execution/abc";

/** The registration step over a lake, for the suite that calls it, and the lines of its log. */
export function useRegistrar() {
  const lake = useLake();
  const lines: string[] = [];
  const { log } = console;
  beforeEach(() => {
    lines.length = 0;
    console.log = (line: string) => lines.push(line);
  });
  afterEach(() => {
    console.log = log;
  });

  /** Runs the handler as Lambda does: from the environment alone. */
  const register = (
    table: LakeTable,
    values: Readonly<Record<string, string>> = {},
    startedAt?: Date,
    remainingMs?: number,
  ) =>
    lake.withEnvironment(() =>
      handler(
        {
          ...(startedAt === undefined ? {} : { startedAt: startedAt.toISOString() }),
          dataset: stepDocument(table.document),
          ...{
            database: DATABASE,
            table: table.name,
            execution,
            definition: "0123456789abcdef",
            image: "image@sha256:1",
          },
          ...Object.fromEntries(Object.entries(values).map(([key, value]) => [dayOutput(key), value])),
        },
        remainingMs === undefined ? undefined : { getRemainingTimeInMillis: () => remainingMs },
      ),
    );
  return { lake, lines, register };
}
