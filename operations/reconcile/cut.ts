import { endOfLevel } from "./folders";

/** Printable ASCII: names are cut between two of these, whatever else they hold. */
const [FIRST, LAST] = [0x21, 0x7e];

/**
 * A name between two others at which a listing can be cut in two; undefined when there is none worth it. Nobody knows
 * how the names are spread, so it is half way at the first character that can differ; a half that turns out to be empty
 * has cost one call. The files of one partition are never cut apart.
 *
 * @param last the last name that was read
 * @param end names end before it; undefined: where `prefix` ends
 * @param depth number of partition keys
 */
export function cutBetween(last: string, end: string | undefined, prefix: string, depth: number): string | undefined {
  if (depth === 0) return undefined;
  for (let at = prefix.length; at < last.length; at++) {
    const low = last.charCodeAt(at);
    // Beyond what they share, the end is open.
    const shares = end !== undefined && end.startsWith(last.slice(0, at));
    const high = shares ? end.charCodeAt(at) : LAST + 1;
    // Within a key's own name every folder has the same letters.
    if (isWithinName(last, at)) continue;
    if (low < FIRST || low > LAST || Number.isNaN(high) || high - low < 2) continue;
    const cut = last.slice(0, at) + String.fromCharCode(low + ((Math.min(high, LAST + 1) - low) >> 1));
    const folder = endOfLevel(cut, depth);
    // A cut within a folder moves behind it.
    const moved = folder === undefined ? cut : `${cut.slice(0, folder - 1)}0`;
    return moved > last && (end === undefined || moved < end) ? moved : undefined;
  }
  return undefined;
}

/** Whether the character belongs to the `key` of a level `key=val`. */
function isWithinName(name: string, at: number): boolean {
  const equals = name.indexOf("=", at);
  const slash = name.indexOf("/", at);
  return equals >= 0 && (slash < 0 || equals < slash);
}
