/** The shape of a bulk action's page. */
export function BulkSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading the bulk action" className="flex flex-1 flex-col">
      <div className="px-6 pb-3 max-[700px]:px-3">
        <div className="skeleton mb-3 h-4 w-1/2" />
        <div className="skeleton mb-3 h-2" />
        <div className="skeleton h-3 w-1/3" />
      </div>
      <div className="flex-1 border-line border-t bg-surface px-6 py-4 max-[700px]:px-3">
        {[70, 55, 80, 62, 74, 48, 66].map((width) => (
          <div key={width} className="flex h-8 items-center">
            <div className="skeleton h-3" style={{ width: `${width}%` }} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** The shape of the list of them. */
export function BulkListSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading the bulk actions">
      {[0, 1, 2, 3].map((each) => (
        <div key={each} className="border-line border-b px-6 py-3 max-[700px]:px-3">
          <div className="skeleton mb-2 h-4 w-52" />
          <div className="skeleton mb-2 h-3 w-2/3" />
          <div className="skeleton h-2" />
        </div>
      ))}
    </div>
  );
}
