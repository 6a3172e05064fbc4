/**
 * A text with its control and format characters as escapes (`\u001b`, `\u202e`): what telemetry or a store says must not
 * move the cursor of whoever reads the report, nor turn the direction of its text.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}
