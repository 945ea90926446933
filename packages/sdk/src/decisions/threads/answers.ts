/** Whether the code can take what is offered; `problem` says in a sentence why not. */
export type OfferAnswer =
  | { readonly type: "checked"; readonly problem?: string }
  | { readonly type: "needsHistory" };
