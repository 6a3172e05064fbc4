import type { StoreKind } from '../stores.ts';

/** What a failed connection means and what to do, by the error's code. */
export function explainConnection(error: unknown, { flag }: StoreKind): string {
  const code = codeOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return `connection refused: is it running, and is this the address that --${flag} should have? (In Kubernetes: kubectl port-forward)`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'no such host: look for a typing error, or a name that only the cluster knows';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'ETIMEDOUT':
      return 'no answer in time: is there a firewall in between, or is the window too wide for it (--window)?';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return "its certificate is from an authority that is not trusted here: give the authority's certificate with --ca FILE";
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another host name: use the name that the certificate has';
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'it does not speak TLS there: is the address http:// instead of https://?';
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
    case 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE':
      return 'it asks for a client certificate: give one with --cert FILE and --key FILE';
    default:
      return `the connection failed (${code ?? (error instanceof Error ? error.message : String(error))})`;
  }
}

/** What an HTTP status other than 2xx means and what to do. `said` is the beginning of the answer. */
export function explainStatus(status: number, said: string, kind: StoreKind): string {
  const { flag, env, tenants, addressHint } = kind;
  const quoted = said === '' ? '' : `: ${said}`;
  if (status === 401 && tenants && /org ?id/i.test(said)) return 'it has tenants: name one with --tenant NAME';
  if (status === 401 || status === 403) {
    const header = `--${flag}-header 'Name: value'`;
    return `${status}, it wants other credentials: set ${env}_TOKEN or ${env}_BASIC_AUTH, or pass ${header}${quoted}`;
  }
  if (status === 404) return `404, its API is not at this address: ${addressHint}`;
  if (status >= 300 && status < 400) return `${status}, it sends us elsewhere: give the address of the API itself`;
  if (status === 429) return '429 again and again: ask less often with --rate, or for less with --window';
  if (status >= 500) return `${status}, it failed: look at its own log${quoted}`;
  return `${status}, it refused the question${quoted}`;
}

function codeOf(error: unknown): string | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
    // Several addresses of one host were tried; the first says enough.
    if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  }
  return undefined;
}
