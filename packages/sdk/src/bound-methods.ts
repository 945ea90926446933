/** Makes its methods work without it: people take objects apart (`async ({ job, sleep }) => …`), and pass methods on. To be called when it is constructed. */
export function boundMethods(whole: object): void {
  const methods = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(whole));
  for (const [name, { value }] of Object.entries(methods)) {
    if (name === "constructor" || typeof value !== "function") continue;
    Object.defineProperty(whole, name, { value: value.bind(whole), configurable: true, writable: true });
  }
}
