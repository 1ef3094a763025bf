/** What happened to an ordered list of names, as far as the lists alone can tell. */
export interface SequenceChanges {
  /** In both, and in the same order as before or not. */
  readonly kept: readonly string[];
  readonly reordered: boolean;
  /** Gone, and a new name stands in the very place: the same thing under a new name, or another thing. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly removed: readonly string[];
  /** New, with a name that was there before somewhere behind it. */
  readonly inserted: readonly string[];
  /** New, behind everything that was there before. */
  readonly appended: readonly string[];
}

/** @param mayRename whether two names in one place may be the same thing; default: always */
export function sequenceChanges(
  before: readonly string[],
  after: readonly string[],
  mayRename: (index: number) => boolean = () => true,
): SequenceChanges {
  const kept = before.filter((name) => after.includes(name));
  const order = after.filter((name) => before.includes(name));
  const renamed = before.flatMap((from, index) => {
    const to = after[index];
    return to !== undefined && !after.includes(from) && !before.includes(to) && mayRename(index) ? [{ from, to }] : [];
  });
  const removed = before.filter((name) => !after.includes(name) && !renamed.some(({ from }) => from === name));
  const isOld = (name: string) => before.includes(name) || renamed.some(({ to }) => to === name);
  const lastOld = after.findLastIndex(isOld);
  const added = after.map((name, index) => ({ name, index })).filter(({ name }) => !isOld(name));
  return {
    kept,
    reordered: kept.some((name, index) => order[index] !== name),
    renamed,
    removed,
    inserted: added.filter(({ index }) => index < lastOld).map(({ name }) => name),
    appended: added.filter(({ index }) => index > lastOld).map(({ name }) => name),
  };
}
