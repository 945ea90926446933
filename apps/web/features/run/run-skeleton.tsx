/** The shape of a run's page. */
export function RunSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading the run" className="flex flex-1 flex-col">
      <div className="flex h-14 items-center gap-3 px-6 max-[700px]:px-3">
        <div className="skeleton h-6 w-72" />
        <div className="skeleton h-6 w-24" />
      </div>
      <div className="px-6 max-[700px]:px-3 pb-3">
        <div className="skeleton mb-3 h-4 w-1/2" />
        <div className="skeleton h-4 w-2/3" />
      </div>
      <div className="border-line border-y bg-surface px-6 max-[700px]:px-3 py-4">
        {[18, 30, 26, 40, 22].map((width, index) => (
          <div key={width} className="flex h-7 items-center gap-4">
            <div className="skeleton h-3 w-48" />
            <div className="skeleton h-4" style={{ width: `${width}%`, marginLeft: `${index * 9}%` }} />
          </div>
        ))}
      </div>
      <div className="flex flex-1 bg-surface">
        <div className="flex-1 border-line border-r px-6 max-[700px]:px-3 py-4">
          {[70, 55, 80, 62, 74, 48, 66].map((width) => (
            <div key={width} className="flex h-7 items-center">
              <div className="skeleton h-3" style={{ width: `${width}%` }} />
            </div>
          ))}
        </div>
        <div className="w-[440px] px-5 py-4">
          <div className="skeleton mb-4 h-3 w-16" />
          <div className="skeleton h-40" />
        </div>
      </div>
    </div>
  );
}
