import { expect, test } from "vitest";
import {
  encodeSavedInputMessage,
  longestInputName,
  longestSavedInput,
  parseSavedInputMessage,
  type SavedInputMessage,
} from "./saved-input-message.ts";

const change = { id: "i", by: "maria", at: 1, replaces: 0, changeId: "c" };
const saved = { type: "inputSaved", ...change, name: "Small", workflow: "order", input: "{}" };
const read = (message: object) =>
  parseSavedInputMessage(encodeSavedInputMessage(message as SavedInputMessage));

test("an input is read as it was saved, and its end too", () => {
  for (const message of [saved, { ...saved, owner: "maria" }, { type: "inputDeleted", ...change }])
    expect(read(message)).toEqual(message);
});

test("what is empty or too long is no such message", () => {
  for (const [field, most] of Object.entries({
    id: 100,
    name: longestInputName,
    input: longestSavedInput,
    owner: 200,
  })) {
    expect(read({ ...saved, [field]: "" }), field).toBeUndefined();
    expect(read({ ...saved, [field]: "x".repeat(most) }), field).toBeDefined();
    expect(read({ ...saved, [field]: "x".repeat(most + 1) }), field).toBeUndefined();
  }
});
