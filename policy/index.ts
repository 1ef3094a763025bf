import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

new PolicyPack("partitions", { enforcementLevel: "mandatory", policies: [...rules] });
