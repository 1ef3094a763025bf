// The engine loads packs through ts-node with type checks on, which reads all types of @pulumi/aws at each operation.
// `npm run typecheck` has checked them before, so tsx only strips them. A packed pack has no sources, but a bundle.
const fs = require("node:fs");
const path = require("node:path");

if (fs.existsSync(path.join(__dirname, "index.ts"))) {
  require("tsx/cjs");
  require("./index.ts");
} else require("./dist/index.js");
