export interface AddressOf<Params> {
  readonly parse: (query: URLSearchParams) => Params;
  readonly serialize: (params: Params) => URLSearchParams;
  /** `view` names a saved view, and stays however the list is narrowed since. On other pages it is theirs: how a run is drawn. */
  readonly hasSavedViews?: boolean;
}

/** What the address says once this is changed. */
export function changedQuery<Params>(
  asked: URLSearchParams,
  patch: Partial<Params>,
  { parse, serialize, hasSavedViews = false }: AddressOf<Params>,
): URLSearchParams {
  const query = serialize({ ...parse(asked), ...patch });
  for (const name of hasSavedViews ? ["tz", "view"] : ["tz"]) {
    const value = asked.get(name);
    if (value !== null) query.set(name, value);
  }
  return query;
}
