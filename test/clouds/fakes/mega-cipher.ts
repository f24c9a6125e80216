import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';

/*
 * What a client of Mega does to names, contents and keys before the server sees them; the fake needs it to look into
 * what was uploaded and to put files as another client would. https://mega.io/SecurityWhitepaper.pdf
 */

/** What a password is worth: one half opens the master key, the other signs in. */
export function passwordKeys(password: string, salt: Buffer): { readonly unlock: Buffer; readonly signIn: Buffer } {
  const derived = pbkdf2Sync(password, salt, 100_000, 32, 'sha512');
  return { unlock: derived.subarray(0, 16), signIn: derived.subarray(16) };
}

/** Keys are encrypted block by block. */
export function encryptKey(master: Buffer, key: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-ecb', master, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(key), cipher.final()]);
}

export function decryptKey(master: Buffer, key: Buffer): Buffer {
  const cipher = createDecipheriv('aes-128-ecb', master, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(key), cipher.final()]);
}

/** A file's node key is 32 bytes: its content's key mixed with the rest, 8 bytes of nonce, 8 bytes of checksum. */
function contentKey(nodeKey: Buffer): Buffer {
  return nodeKey.length === 16 ? nodeKey : exclusiveOr(nodeKey.subarray(0, 16), nodeKey.subarray(16));
}

export function encryptName(nodeKey: Buffer, name: string): string {
  const text = Buffer.from(`MEGA${JSON.stringify({ n: name })}`);
  const padded = Buffer.concat([text, Buffer.alloc((16 - (text.length % 16)) % 16)]);
  const cipher = createCipheriv('aes-128-cbc', contentKey(nodeKey), Buffer.alloc(16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64url');
}

export function decryptName(nodeKey: Buffer, attributes: string): string {
  const cipher = createDecipheriv('aes-128-cbc', contentKey(nodeKey), Buffer.alloc(16)).setAutoPadding(false);
  const text = Buffer.concat([cipher.update(Buffer.from(attributes, 'base64url')), cipher.final()]).toString();
  return JSON.parse(text.slice('MEGA'.length).replace(/\0+$/, '')).n;
}

/** Encrypts and decrypts: the same in both directions. */
export function cipherContent(nodeKey: Buffer, content: Buffer): Buffer {
  const counter = Buffer.concat([nodeKey.subarray(16, 24), Buffer.alloc(8)]);
  const cipher = createCipheriv('aes-128-ctr', contentKey(nodeKey), counter);
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

export function newFileKey(content: Buffer): Buffer {
  const [key, nonce] = [randomBytes(16), randomBytes(8)];
  const tail = Buffer.concat([nonce, checksum(key, nonce, content)]);
  return Buffer.concat([exclusiveOr(key, tail), tail]);
}

/** A chain over the chunks' own chains. */
function checksum(key: Buffer, nonce: Buffer, content: Buffer): Buffer {
  const start = Buffer.concat([nonce, nonce]);
  const sums = chunks(content).map((chunk) => lastBlock(key, start, chunk));
  const whole = sums.length === 0 ? Buffer.alloc(16) : lastBlock(key, Buffer.alloc(16), Buffer.concat(sums));
  return Buffer.concat([
    exclusiveOr(whole.subarray(0, 4), whole.subarray(4, 8)),
    exclusiveOr(whole.subarray(8, 12), whole.subarray(12)),
  ]);
}

function lastBlock(key: Buffer, start: Buffer, content: Buffer): Buffer {
  const padded = Buffer.concat([content, Buffer.alloc((16 - (content.length % 16)) % 16)]);
  const cipher = createCipheriv('aes-128-cbc', key, start).setAutoPadding(false);
  return cipher.update(padded).subarray(-16);
}

/** Eight chunks of 128 KiB, 256 KiB and so on, then of 1 MiB. */
function chunks(content: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let offset = 0; offset < content.length; ) {
    const bytes = Math.min(found.length + 1, 8) * 128 * 1024;
    found.push(content.subarray(offset, offset + bytes));
    offset += bytes;
  }
  return found;
}

function exclusiveOr(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}
