import type { StoreAddress } from '../http/client.ts';
import { type StoreKind, storeKinds } from '../stores.ts';
import type { FlagName } from './flags.ts';
import type { StoreAddresses } from './parse-verify.ts';

export interface Given {
  /** Values of a flag. */
  texts: (name: FlagName) => string[];
  env: NodeJS.ProcessEnv;
  tls: NonNullable<StoreAddress['tls']>;
  rate: number;
}

/** Where the stores are and how to be let in. Credentials leave the URL, which is shown in messages. */
export function readAddresses(given: Given, problems: string[]): StoreAddresses {
  const shared = given.texts('header').map((header) => headerOf('header', header, problems));
  const tenant = given.texts('tenant').map((name) => ['x-scope-orgid', name]);
  const addresses: StoreAddresses = {};
  for (const kind of storeKinds) {
    const { flag, tenants } = kind;
    const own = given.texts(`${flag}-header`).map((header) => headerOf(`${flag}-header`, header, problems));
    const [text] = given.texts(flag);
    if (text === undefined) {
      if (own.length > 0) problems.push(`--${flag}-header: without --${flag}`);
      continue;
    }
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      // Not quoted: whatever it is, it may have a password in it.
      problems.push(`--${flag}: not an http:// or https:// URL`);
      continue;
    }
    const authorization = credentials(kind, url, given, problems).map((value) => ['authorization', value]);
    const headers = Object.fromEntries([...authorization, ...(tenants ? tenant : []), ...shared, ...own]);
    addresses[flag] = { url: `${url.origin}${url.pathname}`, headers, tls: given.tls, rate: given.rate };
  }
  return addresses;
}

/** The value of the Authorization header, if any: from the URL, or the environment, the store's own variables first. */
function credentials({ env: name, flag }: StoreKind, url: URL, { env }: Given, problems: string[]): string[] {
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
  if (url.username !== '') {
    const pair = decoded(`${url.username}:${url.password}`);
    if (pair === undefined) problems.push(`--${flag}: user and password have to be percent-encoded (% as %25)`);
    return [basic(pair ?? '')];
  }
  for (const prefix of [name, 'CLEW']) {
    const token = env[`${prefix}_TOKEN`];
    const pair = env[`${prefix}_BASIC_AUTH`];
    if (token) return [`Bearer ${token}`];
    if (pair) return [basic(pair)];
  }
  return [];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function headerOf(flag: string, header: string, problems: string[]): [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.+)$/.exec(header) ?? [];
  if (name !== undefined && value !== undefined) return [name.toLowerCase(), value];
  problems.push(`--${flag}: not 'Name: value'`);
  return ['x-none', ''];
}
