/**
 * Remembers what was computed for the last texts: a hundred rules read the same documents, one rule after the other.
 *
 * @param most how many are kept
 */
export function kept<Value>(most: number, compute: (text: string) => Value): (text: string) => Value {
  const values = new Map<string, Value>();
  return (text) => {
    const there = values.get(text);
    if (there !== undefined) return there;
    const value = compute(text);
    const [oldest] = values.keys();
    if (values.size >= most && oldest !== undefined) values.delete(oldest);
    values.set(text, value);
    return value;
  };
}
