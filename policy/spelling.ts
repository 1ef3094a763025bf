import { editDistance } from "./editDistance";

/** Letters that differ at most in what may be a typing error. */
const TYPING_ERROR = 3;

/** Letters of a word in which one that differs is no other word. */
const LONG = 6;

/**
 * Whether a text is another one with a typing error in it: surely, when one letter of a long word differs; perhaps, when
 * at most the half of a word does, or a number alone. `eu` and `us` are two things.
 */
export function misspelled(got: string, meant: string): "surely" | "perhaps" | undefined {
  const letters = editDistance(got, meant, TYPING_ERROR);
  if (letters === 0 || letters > TYPING_ERROR) return undefined;
  const long = Math.min(...differing(got, meant, "/"));
  const short = Math.min(...differing(got, meant, /[^A-Za-z0-9]/));
  if (letters === 1 && long >= LONG && short > 1 && withoutNumbers(got) !== withoutNumbers(meant)) return "surely";
  return 2 * letters <= long ? "perhaps" : undefined;
}

const withoutNumbers = (text: string): string => text.replace(/[0-9]+/g, "");

/** Lengths of the words that are not met; of the whole text where the other has not as many words. */
function differing(got: string, meant: string, between: string | RegExp): number[] {
  const [ours, theirs] = [got.split(between), meant.split(between)];
  if (ours.length !== theirs.length) return [meant.length];
  return theirs.flatMap((word, at) => (word === ours[at] ? [] : [word.length]));
}
