declare const console: { warn(text: string): void }; // k6 has it, its types leave it to those of a browser

/** Tells the user to do now what nobody else does. */
export function byHandNow(step: string): void {
  console.warn(`By hand, now: ${step}`);
}
