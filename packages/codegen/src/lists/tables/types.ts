/** A way to tell whether a number is in a list, and the C of it. */
export interface Table {
  /** What it does, for a comment. */
  readonly kind:
    | 'comparisons'
    | 'bits'
    | 'hash'
    | 'paired hash'
    | 'two-level hash'
    | 'search'
    | 'several';
  /** Of memory that it takes. */
  readonly bytes: number;
  /** The same answer as the C gives. */
  readonly has: (value: number) => boolean;
  /** Its arrays; `name` begins their names. */
  readonly arrays: (name: string) => readonly string[];
  /** The statements of the test, which return; the number is `value`, a __u32. */
  readonly body: (name: string) => readonly string[];
}
