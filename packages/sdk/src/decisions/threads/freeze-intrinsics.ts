/** What the language itself brings, by the names it has; whatever hangs on these is found from here. */
const names = [
  ...[
    "Object",
    "Function",
    "Array",
    "String",
    "Number",
    "Boolean",
    "Symbol",
    "BigInt",
    "RegExp",
    "Date",
    "Math",
  ],
  ...[
    "JSON",
    "Reflect",
    "Proxy",
    "Promise",
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "WeakRef",
    "Iterator",
    "Intl",
  ],
  ...["FinalizationRegistry", "ArrayBuffer", "SharedArrayBuffer", "DataView", "Atomics", "Uint8Array"],
  ...[
    "Int8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float16Array",
  ],
  ...[
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
    "Error",
    "AggregateError",
    "EvalError",
  ],
  ...["RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "SuppressedError"],
  ...[
    "DisposableStack",
    "AsyncDisposableStack",
    "parseInt",
    "parseFloat",
    "isNaN",
    "isFinite",
    "eval",
    "WebAssembly",
  ],
  ...["encodeURI", "encodeURIComponent", "decodeURI", "decodeURIComponent", "escape", "unescape"],
];

/** What only syntax leads to. */
function behindSyntax(): unknown[] {
  return [
    function* () {},
    async () => {},
    async function* () {},
    [][Symbol.iterator](),
    ""[Symbol.iterator](),
    "".matchAll(/./g),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
  ].map((made) => Object.getPrototypeOf(made));
}

/**
 * Freezes what the language brings (`JSON`, `Array.prototype`, `Promise` and all that hangs on them) in this thread: code of one run that put something else there
 * would do so to every run of the thread, and to the SDK. Whoever tries gets an error where it does. Code may do it while it is loaded, as polyfills do.
 *
 * Objects that inherit from what is frozen could not be given a property of the same name by assignment any more (`error.message = "mine"`). Where that is usual, the
 * frozen property is a getter whose setter gives the object its own.
 *
 * @param more classes that all runs share; only they and their prototypes are frozen
 */
export function freezeIntrinsics(more: readonly (abstract new (...args: never[]) => object)[] = []): void {
  const found = new Set<object>();
  const waiting: unknown[] = [...names.map(ownOf), ...behindSyntax()];
  for (let thing = waiting.pop(); thing !== undefined || waiting.length > 0; thing = waiting.pop()) {
    if (!isObject(thing) || found.has(thing) || thing === globalThis) continue;
    found.add(thing);
    waiting.push(Object.getPrototypeOf(thing));
    for (const key of Reflect.ownKeys(thing)) {
      const own = Object.getOwnPropertyDescriptor(thing, key);
      waiting.push(own?.value, own?.get, own?.set);
    }
  }
  // V8 is about eight times slower with regular expressions whose prototype is frozen; `SharedMethods` looks at it instead.
  found.delete(RegExp.prototype);
  for (const one of more) found.add(one).add(one.prototype);
  for (const [owner, keys] of assignable()) for (const key of keys) letOwnBeAssigned(owner, key);
  for (const thing of found) freeze(thing);
}

function ownOf(name: string): unknown {
  return Object.getOwnPropertyDescriptor(globalThis, name)?.value;
}

function isObject(thing: unknown): thing is object {
  return typeof thing === "function" || (typeof thing === "object" && thing !== null);
}

/** What all iterators inherit from. */
const iterators: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

/** Prototypes, and of what names objects are given their own by assignment. */
function assignable(): [object, readonly PropertyKey[]][] {
  const errors = names.filter((name) => name.endsWith("Error")).map(ownOf);
  return [
    [Object.prototype, Reflect.ownKeys(Object.prototype)],
    ...errors
      .filter(isConstructor)
      .map((one): [object, readonly PropertyKey[]] => [one.prototype, Reflect.ownKeys(one.prototype)]),
    [Function.prototype, ["toString"]],
    [Array.prototype, ["toString"]],
    [Date.prototype, Reflect.ownKeys(Date.prototype)],
    // What TypeScript makes of generators and async functions for older targets does so.
    [iterators, Reflect.ownKeys(iterators)],
  ];
}

function isConstructor(thing: unknown): thing is { readonly prototype: object } {
  return typeof thing === "function" && isObject(thing.prototype);
}

function letOwnBeAssigned(owner: object, key: PropertyKey): void {
  const own = Object.getOwnPropertyDescriptor(owner, key);
  if (own?.configurable !== true || !("value" in own)) return;
  const { value, enumerable = false }: { value?: unknown; enumerable?: boolean } = own;
  Object.defineProperty(owner, key, {
    enumerable,
    configurable: true,
    get: () => value,
    set(this: unknown, given: unknown) {
      if (!isObject(this) || this === owner)
        throw new TypeError(`Cannot assign to read only property '${String(key)}' of object`);
      Object.defineProperty(this, key, {
        value: given,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
}

/** What code sets for itself, and sets back, stays open: how many lines of its stack an error has, and how they are written. */
const open: ReadonlySet<PropertyKey> = new Set(["stackTraceLimit", "prepareStackTrace"]);

function freeze(thing: object): void {
  if (thing !== Error) return void Object.freeze(thing);
  for (const key of Reflect.ownKeys(Error)) {
    const own = Object.getOwnPropertyDescriptor(Error, key);
    if (open.has(key) || own?.configurable !== true) continue;
    Object.defineProperty(Error, key, { configurable: false, ...("value" in own && { writable: false }) });
  }
}
