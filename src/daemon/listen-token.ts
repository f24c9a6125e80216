import { createHash, timingSafeEqual } from 'node:crypto';
import { open } from 'node:fs/promises';
import { err, ok, type Result } from '../model/result.ts';
import { systemWords } from '../model/system-error.ts';

export interface ListenToken {
  readonly token: string;
  /** Whether everybody on this machine may read the file. */
  readonly isOpen: boolean;
}

const minLength = 16;
const maxLength = 4096;

/** Read whenever it is needed, so that it can be replaced. The error is a sentence, and never has the token. */
export async function readListenToken(path: string): Promise<Result<ListenToken, string>> {
  try {
    const handle = await open(path, 'r');
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return err(`${path} is not a file`);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxLength + 1), 0, maxLength + 1, 0);
      const token = buffer.toString('utf8', 0, bytesRead).trim();
      if (token.length < minLength || bytesRead > maxLength)
        return err(`${path} must hold a token of ${minLength} to ${maxLength} characters (openssl rand -hex 32)`);
      return ok({ token, isOpen: (stats.mode & 0o004) !== 0 });
    } finally {
      await handle.close();
    }
  } catch (error) {
    return err(`${path} cannot be read: ${systemWords(error)}`);
  }
}

/** `Bearer TOKEN`, or `Basic` with it for a password, which is all that some webhooks can send. */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  const [scheme = '', value = ''] = (authorization ?? '').split(/ +/, 2);
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return isSame(value, token);
    case 'basic':
      return isSame(
        Buffer.from(value, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, ''),
        token,
      );
    default:
      return false;
  }
}

/** Takes as long for a wrong one, whatever it begins with. */
function isSame(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
