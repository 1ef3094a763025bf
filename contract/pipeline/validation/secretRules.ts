/** Texts that are secrets whatever they are called. */
const SECRETS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})/],
  ["a GitLab token", /\bglpat-[A-Za-z0-9_-]{20}/],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10}/],
  ["a Slack webhook", /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{10}/],
  ["a Google API key", /\bAIza[0-9A-Za-z_-]{35}/],
  ["a Stripe key", /\b[sr]k_(?:live|test)_[0-9A-Za-z]{16}/],
  ["a Hugging Face token", /\bhf_[A-Za-z0-9]{30}/],
  ["a JSON web token", /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/],
  ["a bearer token", /\bBearer [A-Za-z0-9._~+/-]{16}/],
  ["a user and password in an address", /:\/\/[^/\s:@]+:[^/\s:@]+@/],
];

/** All of them at once: most texts are none, and a definition has many. */
const ANY_SECRET = new RegExp(SECRETS.map(([, { source }]) => source).join("|"));

const WORD = "passw(?:or)?d|passphrase|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?";

/** A name that says its value is a secret; `…_ARN` and `…_NAME` do not. */
const SECRET_NAME = new RegExp(`(?:${WORD}|(?:^|[-_])(?:pass|pwd))$`, "i");

/** What language models call tokens: marks in a text. */
const MARKS = /(?:^|[-_ ])(?:pad|eos|bos|unk|sep|cls|mask)[-_]?token$/i;

/**
 * `password=…` and `"password": "…"` inside a text. Before the name nothing that makes it a folder or a part of an ARN;
 * a colon alone, as in `image:tag`, gives no value.
 */
const ASSIGNMENT = new RegExp(
  String.raw`(?:^|[\s"'?&;,{(])([\w.-]*?(?:${WORD}))["']?\s*(?:=|:(?=[\s"']))\s*["']?([^\s"']{4,})`,
  "gi",
);

/** Addresses of secrets, places for them and plain settings. */
const HARMLESS: readonly RegExp[] = [
  /^(?:true|false|none|null)?$/i,
  /^(?:arn:|s3:\/)/i,
  // A file, or a parameter of Systems Manager.
  /^(?:\/[\w.-]+){2,}\/?$/,
  // The next option.
  /^(?:--[A-Za-z][\w-]*(?:=.*)?|-[A-Za-z])$/,
  // Something will be put there.
  /^(?:\$\{[^}]+\}|\$\([^)]*\)|\$[A-Z_][A-Z0-9_]*|\{\{.*\}\}|<[^<>]*>|\[[^[\]]*\])$/s,
];

/** What Secrets Manager calls its secrets by custom: `prod/db`. */
const NAME_OF_SECRET = /^[a-z0-9][a-z0-9_.-]*(?:\/[a-z0-9][a-z0-9_.-]*)+$/;

/** Whether the value of a member, an option or a parameter is a secret, going by their name. */
export function isSecret(name: string, value: string): boolean {
  if (!isSecretName(name) || isHarmless(value)) return false;
  // A number of tokens, but no password of digits.
  if (/token$/i.test(name) && /^[\d.]{1,9}$/.test(value)) return false;
  return !(/(?:secret|credentials?)$/i.test(name) && NAME_OF_SECRET.test(value));
}

/** Whether a text is no secret, whatever its name. */
export function isHarmless(value: string): boolean {
  return HARMLESS.some((pattern) => pattern.test(value));
}

/** A secret inside a text. `prose`: written for people, where "token: see the manual" is no assignment. */
export function secretIn(text: string, prose: boolean): { readonly what: string; readonly secret: string } | undefined {
  if (ANY_SECRET.test(text))
    for (const [what, pattern] of SECRETS) {
      const match = pattern.exec(text);
      if (match) return { what, secret: match[0] };
    }
  if (prose || !/[=:]/.test(text)) return undefined;
  for (const [, name = "", secret = ""] of text.matchAll(ASSIGNMENT))
    if (isSecret(name, secret)) return { what: "a secret in a text", secret };
  return undefined;
}

/** Whether a name alone says that what it has is better not shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !MARKS.test(name);
}
