/** Remembers texts by a hash of 53 bits each, 8 bytes of memory: a million take 8 MB. Two texts may be one, but for one in 10^9. */
export class Hashes {
  private values = new Float64Array(1024);
  private count = 0;
  private sorted = true;

  add(text: string): void {
    if (this.count === this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.count++] = hash53(text);
    this.sorted = false;
  }

  has(text: string): boolean {
    if (!this.sorted) this.values.subarray(0, this.count).sort();
    this.sorted = true;
    const wanted = hash53(text);
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const value = this.values[middle] ?? NaN;
      if (value === wanted) return true;
      if (value < wanted) low = middle + 1;
      else high = middle;
    }
    return false;
  }
}

/** Two rounds of 32 bits, multiplied and mixed as in MurmurHash. */
function hash53(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
