import { secretsIn as found } from "../contract/pipeline/validation/secrets";

/** What seems to be a secret in a JSON value, such as `PASSWORD, 12 characters`; never the secret itself. */
export function secretsIn(value: unknown): string[] {
  return found(value).found.map(({ what, characters }) => `${what}, ${characters} characters`);
}
