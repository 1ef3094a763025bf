import { isObject } from "../json";
import { at, SOURCES, type Findings } from "./problem";
import { isHarmless, isSecret, isSecretName, secretIn } from "./secretRules";
import { isReference, knownText, walk } from "./values";

/** What seems to be a secret. */
interface Secret {
  readonly pointer: string;
  /** Told instead of it. */
  readonly what: string;
  readonly characters: number;
}

export interface Secrets {
  readonly found: readonly Secret[];
  /** Texts that no message may repeat: more than what is found for certain. */
  readonly hidden: ReadonlySet<string>;
}

/** Written for people. */
const PROSE = /\/(?:Description|DisplayName|ErrorMessage)$/;

/** Looks for secrets in parsed JSON, a definition or what is around it. */
export function secretsIn(value: unknown): Secrets {
  const found = new Map<string, Secret>();
  const hidden = new Set<string>();
  let covered: string | undefined;
  const add = (pointer: string, what: string, secret: string, texts: Iterable<string>) => {
    for (const text of texts) hidden.add(text);
    if (!found.has(pointer)) found.set(pointer, { pointer, what, characters: secret.length });
  };
  /** The value of a name; where it cannot be told, its parts are hidden at least. */
  const named = (pointer: string, name: string, item: unknown) => {
    const text = typeof item === "number" && Math.abs(item) > 999 ? String(item) : completeText(item);
    if (text === undefined) for (const part of textsIn(item)) hidden.add(part);
    else if (isSecret(name, text)) add(pointer, name, text, [text, ...textsIn(item)]);
  };
  walk(value, "", (item, pointer) => {
    if (covered !== undefined && pointer.startsWith(`${covered}/`)) return;
    if (typeof item === "string" || isReference(item)) {
      // Texts that are put together of known parts alone are judged as a whole.
      const text = completeText(item);
      const secret = text === undefined ? undefined : secretIn(text, PROSE.test(pointer));
      if (text === undefined || !secret) return;
      covered = pointer;
      add(pointer, secret.what, secret.secret, [text, secret.secret, ...textsIn(item)]);
    } else if (Array.isArray(item)) {
      // An option and its value: ["--password", "…"].
      item.forEach((each: unknown, index) => {
        const option: unknown = item[index - 1];
        if (typeof option === "string" && option.startsWith("-") && isSecretName(option))
          named(at(pointer, index), option, each);
      });
    } else if (isObject(item)) {
      const { Name: name, DefaultValue: byDefault, EnumValues: values } = item;
      if (typeof name === "string" && isSecretName(name)) {
        named(at(pointer, "DefaultValue"), name, byDefault);
        if (Array.isArray(values))
          values.forEach((each: unknown, index) => named(at(pointer, "EnumValues", index), name, each));
      }
      for (const [key, each] of Object.entries(item)) if (isSecretName(key)) named(at(pointer, key), key, each);
    }
  });
  return { found: [...found.values()], hidden };
}

/** Reports them, without their values. */
export function checkSecrets({ found: secrets }: Secrets, found: Findings): void {
  const fix = "keep it in Secrets Manager, pass its ARN or name (as …_ARN, …_NAME), and read it in the script";
  for (const { pointer, what, characters } of secrets)
    found.add(pointer, "no secrets in a definition", `${what}, ${characters} characters`, fix, SOURCES.visible);
}

function completeText(value: unknown): string | undefined {
  const known = knownText(value);
  return known?.complete ? known.text : undefined;
}

/** Every text and number in a value, but for what is no part of a secret: references, addresses, names. */
function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  walk(value, "", (item, pointer) => {
    if ((typeof item !== "string" && typeof item !== "number") || /\/(?:Get|On)$/.test(pointer)) return;
    const text = String(item);
    if (isHarmless(text) || isSecretName(text.replace(/["']?[=:]?\s*$/, ""))) return;
    texts.push(text);
  });
  return texts;
}
