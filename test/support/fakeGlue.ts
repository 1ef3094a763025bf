interface Input {
  readonly Values: readonly string[];
  readonly StorageDescriptor?: Record<string, unknown> & { readonly Location?: string };
  readonly Parameters?: Record<string, string>;
}

interface Kept {
  readonly values: readonly string[];
  readonly location: string;
  readonly parameters: Record<string, string>;
  /** The descriptor without its location: one for thousands of partitions. */
  readonly descriptor: string;
}

interface Body {
  readonly PartitionInputList?: readonly Input[];
  readonly PartitionInput?: Input;
  readonly Entries?: readonly { readonly PartitionValueList: readonly string[]; readonly PartitionInput: Input }[];
  readonly PartitionsToGet?: readonly { readonly Values: readonly string[] }[];
  readonly Segment?: { readonly SegmentNumber: number; readonly TotalSegments: number };
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const refused = (code: string, message: string): Answer => ({ status: 400, body: { __type: code, message } });

/** One table and its partitions, with Glue's limits for one call. */
export class FakeGlue {
  /** As GetTable answers it. */
  table: Record<string, unknown> = {};
  readonly partitions = new Map<string, Kept>();
  private readonly descriptors = new Map<string, string>();

  answer(operation: string, body: Body): Answer {
    switch (operation) {
      case "GetTable":
        return { status: 200, body: { Table: this.table } };
      case "CreatePartition": {
        const [error] = body.PartitionInput === undefined ? [] : this.create([body.PartitionInput]);
        return error === undefined ? { status: 200, body: {} } : refused("AlreadyExistsException", "it exists");
      }
      case "BatchCreatePartition": {
        const inputs = body.PartitionInputList ?? [];
        if (inputs.length > 100) return refused("ValidationException", "more than 100");
        return { status: 200, body: { Errors: this.create(inputs) } };
      }
      case "BatchUpdatePartition": {
        const entries = body.Entries ?? [];
        if (entries.length > 100) return refused("ValidationException", "more than 100");
        for (const { PartitionInput: input } of entries) this.keep(input);
        return { status: 200, body: {} };
      }
      case "BatchGetPartition": {
        const asked = body.PartitionsToGet ?? [];
        if (asked.length > 1000) return refused("ValidationException", "more than 1000");
        const found = asked.flatMap(({ Values }) => this.partitions.get(Values.join("\0")) ?? []);
        return { status: 200, body: { Partitions: found.map(shown) } };
      }
      case "GetPartitions": {
        const { Segment: segment, MaxResults: most = 1000 } = body;
        const start = Number(body.NextToken ?? 0);
        const all = [...this.partitions.values()];
        const own =
          segment === undefined ? all : all.filter((_, at) => at % segment.TotalSegments === segment.SegmentNumber);
        const end = start + most;
        return {
          status: 200,
          body: {
            Partitions: own.slice(start, end).map(shown),
            ...(end < own.length ? { NextToken: String(end) } : {}),
          },
        };
      }
      default:
        return refused("UnknownOperationException", operation);
    }
  }

  private create(inputs: readonly Input[]) {
    return inputs.flatMap((input) => {
      if (this.partitions.has(input.Values.join("\0")))
        return [
          {
            PartitionValues: input.Values,
            ErrorDetail: { ErrorCode: "AlreadyExistsException", ErrorMessage: "it exists" },
          },
        ];
      this.keep(input);
      return [];
    });
  }

  private keep({
    Values: values,
    StorageDescriptor: { Location: location = "", ...others } = {},
    Parameters: parameters = {},
  }: Input): void {
    const text = JSON.stringify(others);
    const descriptor = this.descriptors.get(text) ?? text;
    this.descriptors.set(descriptor, descriptor);
    this.partitions.set(values.join("\0"), { values, location, parameters, descriptor });
  }
}

const shown = ({ values, location, parameters, descriptor }: Kept) => ({
  Values: values,
  Parameters: parameters,
  StorageDescriptor: { ...(JSON.parse(descriptor) as object), Location: location },
});
