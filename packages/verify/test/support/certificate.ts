import { generateKeyPairSync, sign } from 'node:crypto';

// DER by hand, because Node makes keys but no certificates, and a key in a repository sets off every scanner.

const SEQUENCE = 0x30;
const SET = 0x31;

/** A self-signed certificate for 127.0.0.1 and localhost, valid for a day, and its key, in PEM. */
export function selfSigned(): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(SEQUENCE, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from('clew test')))));
  const now = Date.now();
  const validity = der(SEQUENCE, utcTime(now - 3_600_000), utcTime(now + 86_400_000));
  const authority = extension([0x55, 0x1d, 0x13], der(SEQUENCE, der(0x01, Buffer.from([0xff]))));
  const names = [der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost'))];
  const addresses = extension([0x55, 0x1d, 0x11], der(SEQUENCE, ...names));
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1])), // serial number
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, authority, addresses)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const certificate = der(SEQUENCE, body, ecdsaWithSha256, signature);
  const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function oid(...bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function extension(id: number[], value: Buffer): Buffer {
  return der(SEQUENCE, oid(...id), der(0x04, value));
}

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}
