import { createRequire } from "node:module";

/** The part of the SDK that unpacks what the engine sends. */
interface Unpacking {
  deserializeProperties: (struct: object, keepSecrets: boolean) => unknown;
}

/**
 * Makes the SDK unpack each resource once. As it is, it does so anew for every rule that looks at the whole stack, and
 * for every kind that a rule looks for: most of what a pack of this size costs. Rules only read, so they can share.
 *
 * An SDK that is built otherwise stays as it is, and is slow.
 *
 * @param load finds the SDK's modules
 */
export function unpackOnce(load: (module: string) => unknown = createRequire(__filename)): void {
  const sdk = load("@pulumi/policy/deserialize") as Partial<Unpacking>;
  const { deserializeProperties: unpack } = sdk;
  if (typeof unpack !== "function") return;
  const unpacked = new WeakMap<object, unknown>();
  sdk.deserializeProperties = (struct, keepSecrets) => {
    // Remediation, which this pack has none of, asks for secrets, and may change what it gets.
    if (keepSecrets || typeof struct !== "object" || struct === null) return unpack(struct, keepSecrets);
    if (!unpacked.has(struct)) unpacked.set(struct, unpack(struct, keepSecrets));
    return unpacked.get(struct);
  };
}
