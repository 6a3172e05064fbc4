/** The check digit of card numbers (ISO/IEC 7812). */
export function passesLuhn(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Whether it is an IBAN (ISO 13616), maybe with a word behind it that looks like one more group. */
export function passesMod97(text: string): boolean {
  const groups = text.split(' ');
  return groups.some((_, i) => isIban(groups.slice(0, groups.length - i).join('')));
}

/** Country and check digits moved to the end, letters as 10 to 35: modulo 97 it is 1. */
function isIban(iban: string): boolean {
  if (iban.length < 15) return false;
  const digits = `${iban.slice(4)}${iban.slice(0, 4)}`.replace(/[A-Z]/g, (letter) =>
    String(Number.parseInt(letter, 36)),
  );
  let remainder = 0;
  for (const digit of digits) remainder = (remainder * 10 + Number(digit)) % 97;
  return remainder === 1;
}

/** Whether the last word is base64 of `user:password`. */
export function isBasicCredentials(text: string): boolean {
  const encoded = text.split(/\s+/).at(-1) ?? '';
  return /^[\x20-\x7e]*:[\x20-\x7e]+$/.test(Buffer.from(encoded, 'base64').toString('latin1'));
}
