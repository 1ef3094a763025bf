const HEADERS = { "content-type": "application/xml" };
const MODIFIED = "2021-12-01T00:00:00.000Z";
const ETAG = '"0123456789abcdef0123456789abcdef"';

export interface FakeAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** One bucket whose objects all have the same content: listings as S3 makes them, by prefix, place and delimiter. */
export class FakeS3 {
  /** In the order of their names. */
  keys: readonly string[] = [];
  content = "a,b,1\n";
  /** Objects and folders in one page. */
  page = 1000;

  answer({ pathname, searchParams: query }: URL): FakeAnswer {
    if (!query.has("list-type")) {
      const key = decodeURIComponent(pathname).split("/").slice(2).join("/");
      if (this.keys[this.first(key)] !== key)
        return { status: 404, headers: HEADERS, body: "<Error><Code>NoSuchKey</Code></Error>" };
      const range = `bytes 0-${this.content.length - 1}/${this.content.length}`;
      return { status: 206, headers: { etag: ETAG, "content-range": range }, body: this.content };
    }
    const prefix = query.get("prefix") ?? "";
    const most = Number(query.get("max-keys") ?? this.page);
    const delimiter = query.get("delimiter");
    const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
    let at = this.first(prefix);
    if (after >= prefix) at = Math.max(at, this.beyond(after));
    const entries: string[] = [];
    let last = "";
    while (entries.length < most && this.keys[at]?.startsWith(prefix)) {
      const key = this.keys[at] ?? "";
      const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
      if (end < 0) {
        entries.push(
          `<Contents><Key>${key}</Key><LastModified>${MODIFIED}</LastModified><ETag>${ETAG}</ETag>` +
            `<Size>${this.content.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
        );
        last = key;
        at += 1;
      } else {
        const folder = key.slice(0, end + 1);
        entries.push(`<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`);
        last = `${folder}\uffff`;
        at = this.first(last);
      }
    }
    const truncated = this.keys[at]?.startsWith(prefix) ?? false;
    const token = truncated ? `<NextContinuationToken>${last}</NextContinuationToken>` : "";
    return {
      status: 200,
      headers: HEADERS,
      body:
        `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Prefix>${prefix}</Prefix>` +
        `<IsTruncated>${truncated}</IsTruncated><KeyCount>${entries.length}</KeyCount>${entries.join("")}${token}</ListBucketResult>`,
    };
  }

  /** Index of the first name that is not before it. */
  private first(name: string): number {
    let [low, high] = [0, this.keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] ?? "") < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private beyond(name: string): number {
    const at = this.first(name);
    return this.keys[at] === name ? at + 1 : at;
  }
}
