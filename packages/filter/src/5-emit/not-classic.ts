/** The program asks for what classic BPF has no instruction for. */
export class NotClassic extends Error {
  /** @param what such as `the name of an interface` */
  constructor(what: string) {
    super(`classic BPF cannot ask for ${what}`);
  }
}
