import { constants, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { encryptKey, passwordKeys } from './mega-cipher.ts';

export interface MegaAccount {
  readonly user: string;
  readonly password: string;
  readonly handle: string;
  readonly master: Buffer;
  /** What sets a password's derivation apart from other accounts'. */
  readonly salt: string;
  /** The session's id, which every call after signing in carries. */
  readonly session: string;
  /** The answer to a sign-in with this proof of the password; `null` for another. */
  signIn(proof: string): object | null;
}

/** An account of version 2. Its session is encrypted with its RSA key, and that with the password. */
export function megaAccount(user: string, password: string): MegaAccount {
  const [master, salt, session] = [randomBytes(16), randomBytes(16), sessionBytes()];
  const { unlock, signIn } = passwordKeys(password, salt);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { p = '', q = '', d = '', qi = '' } = privateKey.export({ format: 'jwk' });
  const numbers = Buffer.concat([p, q, d, qi].map((number) => prefixed(Buffer.from(number, 'base64url'))));
  const padded = Buffer.concat([numbers, Buffer.alloc((16 - (numbers.length % 16)) % 16)]);
  // A leading zero keeps the number below the modulus; what follows the session's 43 bytes is of no meaning.
  const message = Buffer.concat([Buffer.alloc(1), session, randomBytes(255 - session.length)]);
  const sealed = publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, message);
  return {
    ...{ user, password, master, handle: 'accountHndl', salt: salt.toString('base64url') },
    session: session.toString('base64url'),
    signIn: (proof) =>
      proof !== signIn.toString('base64url')
        ? null
        : {
            k: encryptKey(unlock, master).toString('base64url'),
            privk: encryptKey(master, padded).toString('base64url'),
            csid: prefixed(sealed).toString('base64url'),
            u: 'accountHndl',
          },
  };
}

/** Not zero in front: the client reads it out of a number. */
function sessionBytes(): Buffer {
  return Buffer.concat([Buffer.from([1]), randomBytes(42)]);
}

/** Numbers are preceded by their length in bits. */
function prefixed(number: Buffer): Buffer {
  const start = number.findIndex((byte) => byte !== 0);
  const digits = number.subarray(Math.max(start, 0));
  const length = Buffer.alloc(2);
  length.writeUInt16BE((digits.length - 1) * 8 + (32 - Math.clz32(digits[0] ?? 0)));
  return Buffer.concat([length, digits]);
}
