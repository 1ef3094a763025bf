import type { GlueClient, Partition } from "@aws-sdk/client-glue";
import { isDenial, isPassing, refusalOf, textOf, type Refusal } from "./errors";
import { FACTS } from "./facts";
import { partitionId, sameForReaders, type TableId } from "./glue";
import { sizeOf, type Outcome } from "./outcome";
import { backOff, type Pace } from "./pace";
import { readPartitions } from "./reading";
import type { PlannedPartition } from "./request";
import { write, type Answer, type Write } from "./writes";

/** What one application has, over all its batches. */
export interface Application {
  readonly glue: GlueClient;
  readonly id: TableId;
  readonly pace: Pace;
  /** Attempts for one item. */
  readonly attempts: number;
  /** No call begins, and none is waited for, once it is aborted. */
  readonly stop: AbortSignal;
  /** Why nothing more is sent, once every further call would be refused. */
  refused?: string;
}

type Wanted = PlannedPartition & { readonly desired: NonNullable<PlannedPartition["desired"]> };
type Ended = Pick<Outcome, "ending" | "reason">;

const LEFT = "not reached in the time there was; run again";
const UNKNOWN = "no answer in the time there was, it may be registered; run again";

/**
 * Brings up to 100 partitions to their end: each is created or updated, or ends as failed or left, with the reason.
 * Errors that pass are tried again, for the items that had them alone. Where Glue says that a partition is there already,
 * or does not say what it did, what is there now decides.
 */
export async function settle(application: Application, kind: Write, wanted: readonly Wanted[]): Promise<Outcome[]> {
  const ended = new Map<string, Ended>();
  await bring(application, kind, wanted, (item, end) => ended.set(idOf(item), end));
  return wanted.map((item) => ({
    path: item.path,
    ...(ended.get(idOf(item)) ?? { ending: "failed", reason: "no answer for it" }),
    ...sizeOf(item),
  }));
}

const idOf = (item: Wanted): string => partitionId(item.desired.Values);

async function bring(
  application: Application,
  kind: Write,
  wanted: readonly Wanted[],
  end: (item: Wanted, ended: Ended) => void,
  tried = 0,
): Promise<void> {
  const { glue, id, pace, stop, attempts } = application;
  let open = wanted;
  for (let attempt = tried; open.length > 0; attempt += 1) {
    if (application.refused !== undefined) return finish(open, { ending: "failed", reason: application.refused });
    if (stop.aborted) return finish(open, { ending: "left", reason: LEFT });
    let answer: Answer;
    try {
      answer = await write(
        glue,
        id,
        kind,
        open.map(({ desired }) => desired),
        pace,
        stop,
      );
    } catch (error) {
      if (stop.aborted) return finish(open, { ending: "left", reason: UNKNOWN });
      const refusal = refusalOf(error);
      const reason = `${textOf(refusal)}${actionOf(application, kind, refusal)}`;
      if (isDenial(refusal.code)) application.refused = reason;
      if (isPassing(refusal.code) && attempt + 1 < attempts) {
        await backOff(attempt, stop);
        continue;
      }
      // One partition that Glue finds invalid fails the whole call: the others are asked for without it.
      if (isInvalid(refusal.code) && open.length > 1) return halves(open, attempt);
      return finish(open, { ending: "failed", reason });
    }
    open = await sort(answer, open, attempt);
    if (open.length > 0) await backOff(attempt, stop);
  }

  function finish(items: readonly Wanted[], ended: Ended): void {
    for (const item of items) end(item, ended);
  }

  async function halves(items: readonly Wanted[], attempt: number): Promise<void> {
    const middle = items.length >> 1;
    await bring(application, kind, items.slice(0, middle), end, attempt);
    await bring(application, kind, items.slice(middle), end, attempt);
  }

  /** Ends what is certain; answers with what is to be tried again. */
  async function sort(answer: Answer, items: readonly Wanted[], attempt: number): Promise<Wanted[]> {
    const again: Wanted[] = [];
    const uncertain: { item: Wanted; refusal: Refusal | undefined }[] = [];
    for (const item of items) {
      const refusal = answer.refused.get(idOf(item)) ?? answer.unnamed;
      if (refusal === undefined) end(item, done(kind, item));
      else if (!answer.refused.has(idOf(item)) || isCrossed(kind, refusal.code)) uncertain.push({ item, refusal });
      else if (isPassing(refusal.code) && attempt + 1 < attempts) again.push(item);
      else end(item, { ending: "failed", reason: textOf(refusal) });
    }
    if (uncertain.length > 0) again.push(...(await look(uncertain, attempt)));
    return again;
  }

  /** Reads what Glue has of partitions whose writing did not end as it should. */
  async function look(
    items: readonly { item: Wanted; refusal: Refusal | undefined }[],
    attempt: number,
  ): Promise<Wanted[]> {
    let there: Map<string, Partition>;
    try {
      there = await readPartitions(
        glue,
        id,
        items.map(({ item }) => item.desired.Values ?? []),
        stop,
      );
    } catch (error) {
      const reason = stop.aborted ? UNKNOWN : textOf(refusalOf(error));
      finish(
        items.map(({ item }) => item),
        { ending: stop.aborted ? "left" : "failed", reason },
      );
      return [];
    }
    const again: Wanted[] = [];
    const update: Wanted[] = [];
    const create: Wanted[] = [];
    for (const { item, refusal } of items) {
      const now = there.get(idOf(item));
      const last = attempt + 1 >= attempts;
      if (now !== undefined && agrees(now, item)) end(item, kind === "create" ? { ending: "same" } : done(kind, item));
      else if (now !== undefined && kind === "create" && !last) update.push(item);
      else if (now === undefined && kind === "update" && !last) create.push(item);
      else if (refusal !== undefined && isPassing(refusal.code) && !last) again.push(item);
      else
        end(item, {
          ending: "failed",
          reason: isThere(refusal?.code)
            ? "Glue says that it exists, and does not show it; run again"
            : textOf(refusal ?? NOTHING),
        });
    }
    if (update.length > 0) await bring(application, "update", update, end, attempt + 1);
    if (create.length > 0) await bring(application, "create", create, end, attempt + 1);
    return again;
  }
}

const NOTHING: Refusal = { code: "Unknown", message: "no message" };

const done = (kind: Write, { reason }: Wanted): Ended =>
  kind === "create" ? { ending: "created" } : { ending: "updated", ...(reason === undefined ? {} : { reason }) };

const isThere = (code: string | undefined): boolean => code === "AlreadyExistsException";
const isInvalid = (code: string): boolean => /^(ValidationException|InvalidInputException)$/.test(code);

/** Somebody else has made it, or taken it away, meanwhile; or an answer was lost after the work was done. */
const isCrossed = (kind: Write, code: string): boolean =>
  kind === "create" ? isThere(code) : code === "EntityNotFoundException";

/**
 * Whether Glue has what is wanted, or what a registration wrote that saw newer files: of two at once the one with the
 * newest file wins, whichever comes last.
 */
function agrees(now: Partition, { desired }: Wanted): boolean {
  if (!sameForReaders(now, desired)) return false;
  const [has, wants] = [now.Parameters ?? {}, desired.Parameters ?? {}];
  if (has[FACTS.digest] === wants[FACTS.digest]) return true;
  return (has[FACTS.newest] ?? "") > (wants[FACTS.newest] ?? "");
}

/** AWS names action and ARN in most of its refusals; where it does not, the action and the table. */
function actionOf({ id }: Application, kind: Write, { code, message }: Refusal): string {
  if (!isDenial(code) || message.includes("glue:")) return "";
  const action = kind === "create" ? "glue:BatchCreatePartition" : "glue:BatchUpdatePartition";
  return ` (${action} on table ${id.database}.${id.table})`;
}
