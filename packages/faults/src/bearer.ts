import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether an Authorization header carries this bearer token (RFC 6750). How long the comparison takes tells nothing about
 * the token: equally long digests are compared, in constant time.
 */
export function carriesToken(header: string | undefined, token: string): boolean {
  const [, given = ''] = /^bearer +(.*)$/i.exec(header ?? '') ?? [];
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
