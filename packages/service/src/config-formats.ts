import { isIP } from 'node:net';

/** What text a setting takes where a JSON schema cannot say it: the check, and how to put it to a user. */
export const formats: Record<string, { validate: (value: string) => boolean; expected: string }> = {
  'http-url': {
    validate: isHttpUrl,
    expected: 'an http or https URL without user name, password, query and fragment, such as http://localhost:8080',
  },
  'trust-list': {
    validate: isTrustList,
    expected: 'true, false, or IP addresses and networks separated by commas, such as 10.0.0.0/8,loopback',
  },
};

function isHttpUrl(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  // fetch refuses credentials in a URL; a query would end up in the middle of the address that is called.
  return [url.username, url.password, url.search, url.hash].every((part) => part === '');
}

function isTrustList(value: string): boolean {
  return value === 'true' || value === 'false' || value.split(',').every((entry) => isNetwork(entry.trim()));
}

function isNetwork(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true;
  const [address = '', prefix = '1', ...rest] = entry.split('/');
  const bits = new Map([
    [4, 32],
    [6, 128],
  ]).get(isIP(address));
  return bits !== undefined && rest.length === 0 && /^[1-9]\d*$/.test(prefix) && Number(prefix) <= bits;
}
