import { generateKeyPairSync } from 'node:crypto';

export interface SshKey {
  readonly privateKey: string;
  /** One line, as in `authorized_keys`. */
  readonly publicKey: string;
}

export function sshKey(): SshKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const type = 'ssh-ed25519';
  const blob = Buffer.concat([withLength(Buffer.from(type)), withLength(point)]);
  return {
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicKey: `${type} ${blob.toString('base64')}`,
  };
}

/** RFC 4251: a string is its length in four bytes, and then itself. */
function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
