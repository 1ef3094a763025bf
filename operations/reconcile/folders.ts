export interface DataFile {
  /** Whole key in the bucket. */
  readonly key: string;
  readonly bytes: number;
  readonly modified: Date;
  /** Without its quotes. */
  readonly etag: string;
  /** Absent: the standard one. */
  readonly storageClass?: string;
}

/** A folder at the depth of a partition, or data files above it, with what is in it. */
export interface FoundPartition {
  /** Below the table's location, with a slash at its end. */
  readonly path: string;
  readonly files: readonly DataFile[];
  /** Names that engines do not read: markers, and names that begin with `_` or `.`. */
  readonly hidden: number;
}

/** Engines skip such names (Athena user guide, "other notable limitations"; `_$folder$` is left by Hadoop). */
export const isHidden = (name: string): boolean =>
  name.startsWith("_") || name.startsWith(".") || name.endsWith("_$folder$");

/** {@link isHidden} for any level of a path. */
const HIDDEN_LEVEL = /(^|\/)[_.]|_\$folder\$(\/|$)/;

/** Files above the partition folders that are kept by name; of more, only the first are told. */
const STRAYS_KEPT = 20;

/** Puts the objects of a flat listing, which come in the order of their names, into folders. */
export class Folders {
  private open: { path: string; files: DataFile[]; hidden: number } | undefined;
  private done: FoundPartition[] = [];
  private readonly strays = new Map<string, DataFile[]>();

  constructor(
    private readonly depth: number,
    private readonly straysKept = STRAYS_KEPT,
  ) {}

  /** @param name key below the table's location */
  add(name: string, file: DataFile): void {
    const end = endOfLevel(name, this.depth);
    if (end === undefined) {
      const path = name.slice(0, name.lastIndexOf("/") + 1);
      if (path === name || HIDDEN_LEVEL.test(name)) return;
      const files = this.strays.get(path) ?? [];
      if (files.length < this.straysKept) files.push(file);
      this.strays.set(path, files);
      return;
    }
    const path = name.slice(0, end);
    if (path !== "" && HIDDEN_LEVEL.test(path)) return;
    if (this.open?.path !== path) {
      if (this.open) this.done.push(this.open);
      this.open = { path, files: [], hidden: 0 };
    }
    const rest = name.slice(end);
    if (rest === "" || rest.endsWith("/") || HIDDEN_LEVEL.test(rest)) this.open.hidden += 1;
    else this.open.files.push(file);
  }

  /** The folders that are over. */
  take(): FoundPartition[] {
    const { done } = this;
    this.done = [];
    return done;
  }

  /** The last folder, and files that lie above the partition folders: no reader would see them, so they are told. */
  end(): FoundPartition[] {
    const strays = [...this.strays].map(([path, files]) => ({ path, files, hidden: 0 }));
    return [...this.take(), ...(this.open ? [this.open] : []), ...strays];
  }
}

/** Where the level ends in a path: after its slash. Undefined when the path has fewer. */
export function endOfLevel(path: string, depth: number): number | undefined {
  let end = 0;
  for (let level = 0; level < depth; level++) {
    const slash = path.indexOf("/", end);
    if (slash < 0) return undefined;
    end = slash + 1;
  }
  return end;
}
