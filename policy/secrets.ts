import { secretsIn as found } from "../contract/pipeline/validation/secrets";

/** What seems to be a secret in a JSON value, such as `PASSWORD, 12 characters`, by its place; never the secret itself. */
export function secretsAt(value: unknown): { readonly pointer: string; readonly secret: string }[] {
  return found(value).found.map(({ pointer, what, characters }) => ({
    pointer,
    secret: `${what}, ${characters} characters`,
  }));
}

/** {@link secretsAt} where the place is known. */
export function secretsIn(value: unknown): string[] {
  return secretsAt(value).map(({ secret }) => secret);
}
