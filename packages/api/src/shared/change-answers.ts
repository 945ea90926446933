/** What came of saving something that people share, told under its kind: `goal`. */
export type SaveAnswer<Kind extends string, View> =
  | ({ readonly outcome: "saved" } & { readonly [Name in Kind]: View })
  /** Somebody else was quicker: nothing is changed, and this is what is there now. */
  | {
      readonly outcome: "conflict";
      readonly current:
        | { readonly [Name in Kind]: View }
        | { readonly deletedBy: string; readonly deletedAt: number };
    };

export type DeleteAnswer<View> =
  | {
      readonly outcome: "deleted";
      /** Nothing had to be deleted. */
      readonly wasGone?: true;
    }
  | { readonly outcome: "conflict"; readonly current: View };
