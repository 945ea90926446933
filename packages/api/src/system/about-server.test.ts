import { expect, test } from "vitest";
import { shownAddress } from "./about-server.ts";

test("what is used to sign in is never shown with an address", () => {
  expect(shownAddress("wss://ada:secret@pulsar.example:8443/?token=secret")).toBe(
    "wss://pulsar.example:8443",
  );
  expect(shownAddress("ws://127.0.0.1:8080")).toBe("ws://127.0.0.1:8080");
  expect(shownAddress("secret")).toBe("an address that can't be read");
});
