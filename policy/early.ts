import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { BUCKET_ENCRYPTION, BUCKET_ENCRYPTION_V2, OBJECT, PIPELINE, TABLE } from "./kinds";

/** What pipelines are compared with. */
const COMPARED = [TABLE, OBJECT, BUCKET_ENCRYPTION, BUCKET_ENCRYPTION_V2].map(({ token }) => token);

/** The resources that have been judged so far, in the place of all. */
interface EarlyArgs extends StackValidationArgs {
  readonly early: true;
}

/** Whether a rule sees only what was judged so far: then nothing follows from what is not there. */
export function isEarly(args: StackValidationArgs): boolean {
  return "early" in args;
}

/**
 * A rule about the whole stack that judges a pipeline also before it is made, against the resources that came before.
 * The engine asks such rules at the end of an `up` only, which is too late where a definition was not known at the
 * preview.
 *
 * @param seen resources by URN; to be shared by all rules of a pack
 */
export function alsoEarly(
  rule: StackValidationPolicy,
  seen: Map<string, PolicyResource>,
): StackValidationPolicy & ResourceValidationPolicy {
  return {
    ...rule,
    validateResource: (args, report) => {
      if (COMPARED.includes(args.type)) seen.set(args.urn, asStackResource(args));
      if (args.type !== PIPELINE.token) return;
      const resources = [...seen.values(), asStackResource(args)];
      const early: EarlyArgs = {
        ...{ resources, stackTags: args.stackTags, early: true },
        getConfig: () => args.getConfig(),
        notApplicable: (reason) => args.notApplicable(reason),
      };
      // With the URN, by which an exception is found.
      return rule.validateStack(early, report);
    },
  };
}

function asStackResource(args: ResourceValidationArgs): PolicyResource {
  const { type, name, urn, props, opts } = args;
  return {
    ...{ type, name, urn, props, opts: { ...opts }, dependencies: [], propertyDependencies: {} },
    isType: (resourceClass) => args.isType(resourceClass),
    // The rules of this pack go by the type's name.
    asType: () => undefined,
  };
}
