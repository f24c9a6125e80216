import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyPrint } from '../model/memory.ts';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const bytes = 32;

/**
 * A fingerprint of an encryption key, to notice that it was changed. Salted, and slow to make, so that whoever reads the
 * state directory cannot try passwords much faster than on the encrypted files themselves.
 */
export async function printKey(key: string, place: string): Promise<KeyPrint> {
  const salt = randomBytes(16);
  const hash = await derive(key, salt, bytes);
  return { place, salt: salt.toString('base64'), hash: hash.toString('base64') };
}

export async function isPrintOf({ salt, hash }: KeyPrint, key: string): Promise<boolean> {
  const known = Buffer.from(hash, 'base64');
  const found = await derive(key, Buffer.from(salt, 'base64'), bytes);
  return known.length === found.length && timingSafeEqual(known, found);
}
