import { own } from "../pipeline/json";
import { list, type Difference } from "./columns";
import type { Fact, LockedKey } from "./lock";
import { sequenceChanges } from "./sequence";

/** Every level of the path and the meaning of its values counts: the folders that are written keep both. */
export function keyDifferences(before: readonly LockedKey[], after: readonly LockedKey[]): Difference[] {
  const names = (keys: readonly LockedKey[]) => keys.map(({ name }) => name);
  const { kept, reordered, renamed, removed, inserted, appended } = sequenceChanges(names(before), names(after));
  const find = (keys: readonly LockedKey[], name: string): LockedKey =>
    keys.find((key) => key.name === name) ?? { name };
  const subject = (name: string) => `partition key '${name}'`;
  return [
    ...removed.map((name): Difference => ({
      ...{ kind: "key-removed", subject: subject(name), from: shown(find(before, name)) },
    })),
    ...renamed.map(({ from, to }): Difference => ({
      ...{ kind: "key-renamed", subject: subject(from), from: `'${from}'`, to: `'${to}'` },
    })),
    ...(reordered
      ? [
          {
            kind: "keys-reordered",
            subject: "partition keys",
            from: list(names(before)),
            to: list(names(after)),
          } as const,
        ]
      : []),
    ...[...inserted, ...appended].map((name): Difference => ({
      ...{ kind: "key-added", subject: subject(name), to: shown(find(after, name)) },
    })),
    ...kept.flatMap((name) => factDifferences(find(before, name), find(after, name))),
    ...renamed.flatMap(({ from, to }) => factDifferences(find(before, from), find(after, to))),
  ];
}

function factDifferences(before: LockedKey, after: LockedKey): Difference[] {
  const facts = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...facts].flatMap((fact): Difference[] => {
    const [was, is] = [own(before, fact), own(after, fact)];
    if (fact === "name" || text(was) === text(is)) return [];
    const subject = `partition key '${after.name}', ${fact}`;
    if (isList(was) && isList(is)) return valueDifferences(subject, was, is);
    return [{ kind: "key-changed", subject, from: text(was), to: text(is) }];
  });
}

function valueDifferences(subject: string, before: readonly Fact[], after: readonly Fact[]): Difference[] {
  const removed = before.filter((value) => !after.includes(value));
  const added = after.filter((value) => !before.includes(value));
  return [
    ...(removed.length > 0 ? [{ kind: "key-values-removed", subject, from: list(removed.map(String)) } as const] : []),
    ...(added.length > 0 ? [{ kind: "key-values-added", subject, to: list(added.map(String)) } as const] : []),
  ];
}

const isList = (value: unknown): value is readonly Fact[] => Array.isArray(value);

const text = (value: Fact | readonly Fact[] | undefined): string =>
  value === undefined ? "not given" : isList(value) ? list(value.map(String)) : String(value);

const shown = ({ name, ...facts }: LockedKey): string =>
  Object.entries(facts)
    .map(([fact, value]) => `${fact} ${text(value)}`)
    .join(", ") || name;
