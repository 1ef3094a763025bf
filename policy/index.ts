import { PolicyPack } from "@pulumi/policy";
import { unpackOnce } from "./once";
import { packOf } from "./pack";

unpackOnce();
const { policies, config } = packOf(process.env, new Date().toISOString().slice(0, 10));
new PolicyPack("partitions", { enforcementLevel: "mandatory", policies }, config);
