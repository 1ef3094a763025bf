import { isObject } from "../json";
import { at, SOURCES, type Findings } from "./problem";
import { isReference, knownText, walk } from "./values";

/** Texts that are secrets whatever they are called. */
const SECRETS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})/],
  ["a GitLab token", /\bglpat-[A-Za-z0-9_-]{20}/],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10}/],
  ["a JSON web token", /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/],
  ["a bearer token", /\bBearer [A-Za-z0-9._~+/-]{16}/],
  ["a user and password in an address", /:\/\/[^/\s:@]+:[^/\s:@]+@/],
];

const NAME = "passw(?:or)?d|passphrase|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?";
/** `password=…` inside a text. */
const ASSIGNMENT = new RegExp(`(?:${NAME})["']?\\s*[=:]\\s*["']?([^\\s"']{4,})`, "i");
/** A name that says its value is a secret; `…_ARN` and `…_NAME` do not. */
const SECRET_NAME = new RegExp(`(?:${NAME}|(?:^|[-_])(?:pass|pwd))$`, "i");
/** Addresses of secrets, places for them and plain settings are no secrets. */
const HARMLESS = /^(?:arn:|s3:\/\/|\/|-|\$|\{\{|[\d.]+$|true$|false$|none$|null$|$)/i;

/** Written for people: "token: see the manual" is no assignment. */
const PROSE = /\/(?:Description|DisplayName|ErrorMessage)$/;

const RULE = "no secrets in a definition";
const FIX = "keep it in Secrets Manager, pass its ARN or name, and read it in the script";

/** Looks for text that seems to be a secret. The value found is masked. */
export function checkSecrets(definition: unknown, found: Findings): void {
  const add = (pointer: string, what: string, secret: string) =>
    found.add(pointer, RULE, `${what}, ${secret.length} characters`, FIX, SOURCES.visible);
  let reported: string | undefined;
  walk(definition, "", (value, pointer) => {
    if (reported !== undefined && pointer.startsWith(`${reported}/`)) return;
    if (typeof value === "string" || isReference(value)) {
      // Texts that are put together of known parts alone are judged as a whole.
      const known = knownText(value);
      const text = known?.complete ? textSecret(known.text, PROSE.test(pointer)) : undefined;
      if (!text) return;
      reported = pointer;
      add(pointer, ...text);
    } else if (Array.isArray(value)) {
      // An option and its value: ["--password", "…"].
      value.forEach((item: unknown, index) => {
        const option: unknown = value[index - 1];
        if (typeof option === "string" && option.startsWith("-") && isSecret(option, item))
          add(at(pointer, index), option, item);
      });
    } else if (isObject(value)) {
      const { Name: name, DefaultValue: byDefault } = value;
      if (typeof name === "string" && isSecret(name, byDefault)) add(at(pointer, "DefaultValue"), name, byDefault);
      for (const [key, item] of Object.entries(value)) if (isSecret(key, item)) add(at(pointer, key), key, item);
    }
  });
}

function textSecret(text: string, prose: boolean): [what: string, secret: string] | undefined {
  for (const [what, pattern] of SECRETS) {
    const match = pattern.exec(text);
    if (match) return [what, match[0]];
  }
  if (prose) return undefined;
  const assigned = ASSIGNMENT.exec(text)?.[1];
  return assigned !== undefined && !HARMLESS.test(assigned) ? ["a secret in a text", assigned] : undefined;
}

function isSecret(name: string, value: unknown): value is string {
  return typeof value === "string" && SECRET_NAME.test(name) && !HARMLESS.test(value);
}
