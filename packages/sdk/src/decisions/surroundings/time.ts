import { codeAtWork } from "../../running-code.ts";
import { replace, replaceGetter } from "./replace.ts";

/** Lets workflow code read its run's time from the language's own clocks. For everybody else they are what they were. */
export function giveTime(): void {
  const RealDate = Date;
  replace(RealDate, "now", (now) => () => codeAtWork()?.now() ?? now());
  // A proxy, so that it is the same class to whoever looks at it, extends it or asks for its instances.
  const OwnDate = new Proxy(RealDate, {
    construct(target, args: unknown[], newTarget): Date {
      const code = args.length === 0 ? codeAtWork() : undefined;
      return Reflect.construct(target, code === undefined ? args : [code.now()], newTarget);
    },
    apply(target): string {
      const code = codeAtWork();
      return code === undefined ? target() : new target(code.now()).toString();
    },
  });
  replace(globalThis, "Date", () => OwnDate);
  const prototype: { constructor: unknown } = RealDate.prototype;
  replace(prototype, "constructor", () => OwnDate);
  giveFormats();
  giveDurations();
}

/** Without a moment, the moment is now. */
function giveFormats(): void {
  const { prototype } = Intl.DateTimeFormat;
  replaceGetter(prototype, "format", (format) => {
    const code = codeAtWork();
    return code === undefined ? format : (moment) => format(moment ?? code.now());
  });
  replace(
    prototype,
    "formatToParts",
    (formatToParts) =>
      function (this: Intl.DateTimeFormat, moment) {
        return formatToParts.call(this, moment ?? codeAtWork()?.now());
      },
  );
}

/** Counted from the start of the run. */
function giveDurations(): void {
  const prototype: typeof performance | null = Object.getPrototypeOf(performance);
  // What a test runner has put in its place has none.
  if (prototype === null) return;
  replace(
    prototype,
    "now",
    (now) =>
      function (this: typeof performance) {
        const code = codeAtWork();
        return code === undefined ? now.call(this) : code.now() - code.startedAt;
      },
  );
  replaceGetter(prototype, "timeOrigin", (timeOrigin) => codeAtWork()?.startedAt ?? timeOrigin);
}
