interface SkeletonRowsProps {
  readonly count: number;
  /** Px. */
  readonly height: number;
  /** The grid that the rows of the table have. */
  readonly columns: string;
  /** Of what stands in each column, px. */
  readonly widths: readonly number[];
  /** Where the columns are to be seen. */
  readonly narrows: readonly string[];
}

/** The shape of a table's rows that are to come. */
export function SkeletonRows({ count, height, columns, widths, narrows }: SkeletonRowsProps) {
  return Array.from({ length: count }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton have nothing else
    <div key={row} className={`${columns} border-line border-b`} style={{ height }}>
      {widths.map((width, column) => (
        <div
          key={width}
          className={`skeleton h-3 max-w-full ${narrows[column] ?? ""}`}
          style={{ width: width * (0.7 + ((row * 7 + column * 3) % 4) / 10) }}
        />
      ))}
    </div>
  ));
}
