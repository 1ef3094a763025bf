/** An `up` in a process of its own, to be killed. Its argument is a {@link Place} as JSON. */
import { resolveEngine } from "../../../local/engine";
import { enterLaptop } from "../../../local/environment";
import { LAPTOP } from "../../../local/settings";
import { withPlace, type Place } from "./stack";

enterLaptop(LAPTOP);

void (async () => {
  const place = JSON.parse(process.argv[2] ?? "") as Place;
  await withPlace(place, await resolveEngine(console.error), (stack) => stack.up());
})().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
