/** What the signature of a message of history says, to who has keys. */
export type RecordProof =
  | {
      /** `altered`: an engine wrote a record of this id in this place, and this isn't what was in it. */
      readonly is: "signed" | "altered";
      readonly link: { readonly id: string; readonly follows: string };
      readonly keyId: string;
    }
  | { readonly is: "unsigned" }
  /** In a sentence without its stop. */
  | { readonly is: "forged"; readonly why: string };
