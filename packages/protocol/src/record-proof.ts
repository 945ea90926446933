/** What the signature of a message of history says, to who has keys. */
export type RecordProof =
  | {
      /** `altered`: an engine wrote a record of this id in this place, and this isn't what was in it. */
      readonly is: "signed" | "altered";
      readonly link: { readonly id: string; readonly follows: string };
      readonly keyId: string;
    }
  | { readonly is: "unsigned" }
  | {
      readonly is: "forged";
      /** In a sentence without its stop. */
      readonly why: string;
      /** It is a claim that an engine has signed with a key which isn't known here, as one that is known here says. */
      readonly lacks?: { readonly keyId: string; readonly follows: string };
    };
