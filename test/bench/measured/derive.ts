import { derive } from "../derive";
import { finish } from "./result";

finish(Promise.resolve().then(() => derive(Number(process.argv[2]))));
