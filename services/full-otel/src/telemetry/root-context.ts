import type { Context } from '@opentelemetry/api';

/**
 * A context that refers to its parent. The API's own copies all values into a Map and makes three closures, for each
 * context; of every request it and its span then outlived two collections of the young generation, and a collection
 * of the whole heap came every few thousand requests.
 *
 * It keeps what it hides, and a look-up goes up to the root: right for the few steps of a request, and not for a context
 * that is made from the last one for ever.
 */
class LinkedContext implements Context {
  readonly #parent: LinkedContext | undefined;
  readonly #key: symbol | undefined;
  readonly #value: unknown;

  constructor(parent?: LinkedContext, key?: symbol, value?: unknown) {
    this.#parent = parent;
    this.#key = key;
    this.#value = value;
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#parent?.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new LinkedContext(this, key, value);
  }

  deleteValue(key: symbol): Context {
    return new LinkedContext(this, key);
  }
}

/** What `ROOT_CONTEXT` is to the API: has no values. Every context that is made from it is a linked one. */
export const ROOT: Context = new LinkedContext();
