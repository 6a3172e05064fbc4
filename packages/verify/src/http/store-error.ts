import type { StoreKind } from '../stores.ts';

/** A store that could not be read: the message names it and says what to do. Never holds a credential. */
export class StoreError extends Error {
  /** What it answered was more than is read at once: ask for less. */
  readonly tooLarge: boolean;

  constructor(message: string, tooLarge = false) {
    super(message);
    this.tooLarge = tooLarge;
  }
}

/** For a store that answers, but otherwise than its kind does. */
export function wrongStore({ kind, url }: { kind: StoreKind; url: string }): StoreError {
  return new StoreError(`${kind.name} at ${url}: this is no ${kind.name}: ${kind.addressHint}`);
}
