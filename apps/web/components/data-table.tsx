import { clsx } from "clsx";
import { type ReactNode, useId } from "react";

export interface Column<Row> {
  readonly name: string;
  /** Said on hover where the name alone does not. */
  readonly meaning?: string;
  readonly cell: (row: Row) => ReactNode;
  readonly isNumber?: boolean;
  /** Left out where the table has little room: what a link of the row tells, too. */
  readonly isSecondary?: boolean;
}

interface DataTableProps<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  /** What would be here. */
  readonly empty: string;
}

/** A small table of figures: numbers right-aligned under each other. */
export function DataTable<Row>({ title, rows, rowKey, columns, empty }: DataTableProps<Row>) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="@container min-w-0 rounded-lg border border-line bg-surface">
      <h2 id={id} className="px-4 pt-3 pb-1 font-strong">
        {title}
      </h2>
      {rows.length === 0 ? (
        <p className="px-4 pb-4 text-ink-3">{empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        <div tabIndex={0} className="overflow-x-auto pb-1">
          <table className="w-full">
            <thead>
              <tr className="text-ink-3 text-small">
                {columns.map(({ name, meaning, isNumber, isSecondary }) => (
                  <th
                    key={name}
                    scope="col"
                    title={meaning}
                    className={clsx(
                      "h-7 whitespace-nowrap px-2 font-normal first:pl-4 last:pr-4",
                      isNumber ? "text-right" : "text-left",
                      isSecondary && "@max-md:hidden",
                    )}
                  >
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={rowKey(row)} className="border-line border-t hover:bg-hover">
                  {columns.map(({ name, cell, isNumber, isSecondary }) => (
                    <td
                      key={name}
                      title={isNumber ? undefined : wholeText(cell(row))}
                      className={clsx(
                        "h-8 px-2 first:pl-4 last:pr-4",
                        // Names share what figures leave of the width: a long one is cut, and pushes nothing out.
                        isNumber
                          ? "whitespace-nowrap text-right"
                          : "w-1/2 @md:min-w-32 min-w-20 max-w-0 truncate text-left",
                        isSecondary && "@max-md:hidden",
                      )}
                    >
                      {cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function wholeText(shown: ReactNode): string | undefined {
  return typeof shown === "string" ? shown : undefined;
}
