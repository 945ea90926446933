type Primitive = string | number | boolean | null | undefined;

type NeverCarried =
  | bigint
  | symbol
  | Date
  | Error
  | RegExp
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | WeakMap<never, unknown>
  | WeakSet<never>
  | PromiseLike<unknown>
  | ArrayBufferView
  | ((...args: never[]) => unknown);

/** Types of the parts of `T` that JSON would lose. Looked for six levels deep, since types may be endless. */
type Lost<T, Depth extends readonly unknown[] = []> = Depth["length"] extends 6
  ? never
  : unknown extends T
    ? never
    : T extends Primitive
      ? never
      : ReturnType<() => void> extends T
        ? never
        : T extends NeverCarried
          ? T
          : T extends readonly (infer Item)[]
            ? Lost<Item, [...Depth, 0]>
            : T extends object
              ? { [Field in keyof T]-?: Lost<T[Field], [...Depth, 0]> }[keyof T]
              : never;

/**
 * What is demanded of the types of what is handed over, and said in the compiler's error: nothing, or what no value has. What types can't tell, such as `NaN`, is refused where
 * a value is handed over.
 */
export type Carried<T> = [Lost<T>] extends [never]
  ? unknown
  : { readonly "This can't be carried as JSON:": Lost<T> };
