import type { z } from "zod";
import type { Aws } from "./clients";
import { compact, UNKNOWN, type Properties } from "./values";

type Shape = z.ZodObject;
type Inputs<S extends Shape> = z.infer<S>;
type InputName<S extends Shape> = keyof Inputs<S> & string;

/** One resource type: what it takes, and the calls it stands for. */
interface Spec<S extends Shape> {
  /** Type token, as in the program. */
  readonly type: string;
  /** The properties that the laptop supports; any other is refused. Strict, at every level. */
  readonly inputs: S;
  /** What the real provider fills in for an absent property, and shows to policies. */
  readonly defaults?: Partial<Inputs<S>>;
  /** The property that gets a name made of the resource's when absent. */
  readonly autoname?: InputName<S>;
  /** Properties that may be given as an object, and become JSON text. */
  readonly documents?: readonly InputName<S>[];
  /** Properties whose change replaces the resource. */
  readonly replaces: readonly InputName<S>[];
  /** Whether a replacement is made before the old one goes, although its name is not an automatic one. */
  readonly createFirst?: true;
  /** What AWS decides: unknown until the resource exists. */
  readonly computed: readonly string[];
  /** Of these, what an update changes: unknown while it is previewed. */
  readonly volatile?: readonly string[];
  /**
   * Inputs that the real provider reads back although they were not given, and then wants to take away again: a change
   * in every preview, until the program ignores it.
   */
  readonly echoed?: readonly InputName<S>[];
  /** A hidden input that stands for what the inputs only point to: a change of it is a change of the resource. */
  readonly fingerprint?: (inputs: Inputs<S>) => string;
  /** Further rules than those of the shape: a line for each problem. */
  readonly problems?: (inputs: Inputs<S>) => readonly string[];
  /** Creates the resource and returns its id. */
  create(aws: Aws, inputs: Inputs<S>): Promise<string>;
  /** What AWS has: inputs (undefined when at their default) and outputs; undefined when the resource is gone. */
  read(aws: Aws, id: string, inputs: Partial<Inputs<S>>): Promise<Properties | undefined>;
  /** Absent when every property replaces. */
  update?(aws: Aws, change: Change<S>): Promise<unknown>;
  /** Must succeed when the resource is gone already. */
  remove(aws: Aws, id: string, inputs: Inputs<S>): Promise<unknown>;
}

/** An update: the wanted inputs, those of before, and a test whether one of some properties changes. */
export interface Change<S extends Shape> {
  readonly id: string;
  readonly inputs: Inputs<S>;
  readonly before: Inputs<S>;
  readonly changes: (...names: InputName<S>[]) => boolean;
}

/** A row with its shape erased, as the server uses it. */
export interface Row extends Pick<Spec<Shape>, "type" | "autoname" | "computed" | "createFirst"> {
  readonly inputs: Shape;
  readonly defaults: Properties;
  readonly documents: readonly string[];
  readonly volatile: readonly string[];
  readonly echoed: readonly string[];
  replaces(property: string): boolean;
  fingerprint(inputs: Properties): string | undefined;
  problems(inputs: Properties): readonly string[];
  create(aws: Aws, inputs: Properties): Promise<string>;
  read(aws: Aws, id: string, inputs: Properties): Promise<Properties | undefined>;
  update(aws: Aws, id: string, inputs: Properties, before: Properties, changed: readonly string[]): Promise<void>;
  remove(aws: Aws, id: string, inputs: Properties): Promise<void>;
}

/** Names that the stand-in adds to the inputs, as the real provider does with `__defaults`. */
export const isOwn = (name: string) => name.startsWith("__");

/** The inputs without what the stand-in added. */
export function declared(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !isOwn(name) && name !== "region"));
}

/** Makes a {@link Row} of a spec: from here on inputs are parsed before they reach it, so that it sees their types. */
export function row<S extends Shape>(spec: Spec<S>): Row {
  const typed = (inputs: Properties): Inputs<S> => spec.inputs.parse(declared(inputs));
  const replaces: readonly string[] = spec.replaces;
  return {
    type: spec.type,
    inputs: spec.inputs,
    ...(spec.autoname === undefined ? {} : { autoname: spec.autoname }),
    ...(spec.createFirst === undefined ? {} : { createFirst: spec.createFirst }),
    computed: spec.computed,
    defaults: { ...spec.defaults },
    documents: spec.documents ?? [],
    volatile: spec.volatile ?? [],
    echoed: spec.echoed ?? [],
    replaces: (property) => spec.update === undefined || replaces.includes(property),
    fingerprint: (inputs) => spec.fingerprint?.(typed(inputs)),
    problems: (inputs) => spec.problems?.(typed(inputs)) ?? [],
    create: (aws, inputs) => spec.create(aws, typed(inputs)),
    read: (aws, id, inputs) => spec.read(aws, id, declared(inputs) as Partial<Inputs<S>>),
    update: async (aws, id, inputs, before, changed) => {
      const changes = (...names: string[]) => names.some((name) => changed.includes(name));
      await spec.update?.(aws, { id, inputs: typed(inputs), before: typed(before), changes });
    },
    remove: async (aws, id, inputs) => {
      await spec.remove(aws, id, typed(inputs));
    },
  };
}

/** The state of a resource that exists: what was declared, and what AWS says about the rest. */
export function stateOf(row: Row, aws: Aws, inputs: Properties, observed: Properties): Properties {
  return compact({ ...observed, ...inputs, ...outputsOf(row, observed), ...derived(row, aws, inputs) });
}

/** The state that a preview shows: computed values are unknown, or those of before where an update keeps them. */
export function plannedState(row: Row, aws: Aws, inputs: Properties, before?: Properties): Properties {
  const planned = row.computed.map((name): [string, Properties[string]] => [
    name,
    before === undefined || row.volatile.includes(name) ? UNKNOWN : before[name],
  ]);
  return compact({ ...Object.fromEntries(planned), ...inputs, ...derived(row, aws, inputs) });
}

/** What AWS decides is never taken from the inputs. */
function outputsOf(row: Row, observed: Properties): Properties {
  return Object.fromEntries(Object.entries(observed).filter(([name]) => !(name in row.inputs.shape)));
}

function derived(row: Row, aws: Aws, inputs: Properties): Properties {
  return {
    ...("tags" in row.inputs.shape ? { tagsAll: inputs["tags"] ?? {} } : {}),
    ...(isGlobal(row) ? {} : { region: aws.region }),
  };
}

/** IAM has no region. */
export const isGlobal = (row: Pick<Row, "type">) => !row.type.startsWith("aws:") || row.type.startsWith("aws:iam/");
