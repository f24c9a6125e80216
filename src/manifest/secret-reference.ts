import type { SecretReference } from '../model/credential.ts';
import { err, ok, type Result } from '../model/result.ts';
import { resolveLocalPath } from './local-path.ts';
import { suggestion } from './suggestion.ts';

/** No message shows what was written: it may be a secret in the wrong place. */
interface ReferenceFault {
  readonly message: string;
  readonly hint: string | null;
}

type ReferenceKind = 'fromEnv' | 'fromFile' | 'fromCommand' | 'age';

export const referenceHint = 'write { fromEnv: NAME } or { fromFile: /path/to/file }';
const kinds: readonly ReferenceKind[] = ['fromEnv', 'fromFile', 'fromCommand', 'age'];
const mostWords = 64;
const mostArmourBytes = 16 * 1024;
const armour = /^-----BEGIN AGE ENCRYPTED FILE-----\r?\n(?:[A-Za-z0-9+/=]+\r?\n)+-----END AGE ENCRYPTED FILE-----$/;

/** Where a secret is found. `name` is what messages call its holder, `folder` where relative paths start. */
export function parseReference(name: string, value: object, folder: string): Result<SecretReference, ReferenceFault> {
  const [first, ...others] = Object.entries(value);
  if (first === undefined || others.length > 0) {
    return fault(`${name} must hold exactly one of ${kinds.join(', ')}`, referenceHint);
  }
  const [key, target] = first;
  const kind = kinds.find((each) => each === key);
  if (kind !== undefined) return parsers[kind](name, target, folder);
  const meant = suggestion(key, kinds);
  const hint = meant === null ? referenceHint : `did you mean ${meant}?`;
  return fault(`${name} must be a reference by one of ${kinds.join(', ')}`, hint);
}

function fault(message: string, hint: string | null): Result<never, ReferenceFault> {
  return err({ message, hint });
}

const parsers: Readonly<
  Record<ReferenceKind, (name: string, target: unknown, folder: string) => Result<SecretReference, ReferenceFault>>
> = {
  fromEnv(name, target) {
    if (typeof target === 'string' && /^[A-Za-z_]\w{0,255}$/.test(target)) return ok({ fromEnv: target });
    return fault(`fromEnv of ${name} must be the name of an environment variable`, 'for example B2_KEY');
  },

  fromFile(name, target, folder) {
    const isPath = typeof target === 'string' && target !== '' && !target.includes('\0');
    if (isPath) return ok({ fromFile: resolveLocalPath(target, folder) });
    return fault(`fromFile of ${name} must be the path of a file`, 'for example /run/secrets/b2-key');
  },

  fromCommand(name, target, folder) {
    const written: readonly unknown[] = Array.isArray(target) ? target : [];
    const [program, ...parameters] = written.filter(isWord);
    if (program === undefined || written.length !== parameters.length + 1 || written.length > mostWords) {
      const hint = 'write the program and each of its arguments as an entry, for example [pass, show, b2-key]';
      return fault(`fromCommand of ${name} must be a list of 1 to ${mostWords} words, none of them empty`, hint);
    }
    // Without a slash it is looked up on the PATH; with one it is a file, as in `fromFile`.
    const found = program.includes('/') ? resolveLocalPath(program, folder) : program;
    return ok({ fromCommand: [found, ...parameters] });
  },

  age(name, target) {
    const text = typeof target === 'string' ? target.trim() : '';
    if (Buffer.byteLength(text) > mostArmourBytes) {
      return fault(`age of ${name} must be at most ${mostArmourBytes / 1024} KiB long`, 'encrypt the secret alone');
    }
    if (armour.test(text)) return ok({ age: `${text.replaceAll('\r', '')}\n` });
    const hint = 'write age: | and below it, deeper, what `age --encrypt --armor` prints';
    const lines = 'from the line -----BEGIN AGE ENCRYPTED FILE----- to the line -----END AGE ENCRYPTED FILE-----';
    return fault(`age of ${name} must be armoured text, ${lines}`, hint);
  },
};

/** No argument of a process can hold a zero. */
function isWord(word: unknown): word is string {
  return typeof word === 'string' && word !== '' && word.length <= 4096 && !word.includes('\0');
}
