// The engine loads packs through ts-node with type checks on, which reads all types of @pulumi/aws at each operation.
// `npm run typecheck` has checked them before, so tsx only strips them.
require("tsx/cjs");
require("./index.ts");
