import type { OptionValue, SecretReference } from '../model/credential.ts';
import type { ProviderOption } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import { resolveLocalPath } from './local-path.ts';
import { suggestion } from './suggestion.ts';
import { unsupportedReferences } from './unsupported.ts';

interface OptionFault {
  readonly code: 'CS020' | 'CS043' | 'CS044';
  readonly message: string;
  readonly hint: string | null;
}

const referenceHint = 'write { fromEnv: NAME } or { fromFile: /path/to/file }';

/** One option, as a literal or as a reference. No message shows what was written: it may be a secret in the wrong place. */
export function checkOption(
  name: string,
  option: ProviderOption,
  value: unknown,
  folder: string,
): Result<OptionValue, readonly OptionFault[]> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return checkReference(name, value, folder);
  if (option.secret === true) {
    return fault('CS043', `option "${name}" is a secret and must be a reference, not the secret itself`, referenceHint);
  }
  const wanted = literalFaults[option.type](option, value);
  if (wanted !== null) return fault('CS044', `option "${name}" must be ${wanted}`, exampleOf(name, option));
  if (option.type === 'path') return ok(resolveLocalPath(String(value), folder));
  return ok(typeof value === 'boolean' || typeof value === 'number' ? value : String(value));
}

function fault(code: OptionFault['code'], message: string, hint: string | null): Result<never, readonly OptionFault[]> {
  return err([{ code, message, hint }]);
}

function exampleOf(name: string, option: ProviderOption): string {
  return `for example ${name}: ${JSON.stringify(option.examples[0])}`;
}

function checkReference(name: string, value: object, folder: string): Result<SecretReference, readonly OptionFault[]> {
  const [first, ...others] = Object.entries(value);
  if (first === undefined || others.length > 0) {
    return fault('CS044', `option "${name}" must hold exactly one of fromEnv and fromFile`, referenceHint);
  }
  const [kind, target] = first;
  if (kind === 'fromEnv' && typeof target === 'string') {
    if (/^[A-Za-z_]\w{0,255}$/.test(target)) return ok({ fromEnv: target });
    return fault(
      'CS044',
      `fromEnv of option "${name}" must be the name of an environment variable`,
      'for example B2_KEY',
    );
  }
  if (kind === 'fromFile' && typeof target === 'string' && target !== '') {
    return ok({ fromFile: resolveLocalPath(target, folder) });
  }
  if (unsupportedReferences.includes(kind)) return checkUnsupported(name, kind, target);
  const meant = suggestion(kind, ['fromEnv', 'fromFile', ...unsupportedReferences]);
  const hint = meant === null || meant === kind ? referenceHint : `did you mean ${meant}?`;
  return fault('CS044', `option "${name}" must be a reference by fromEnv or fromFile`, hint);
}

function checkUnsupported(name: string, kind: string, target: unknown): Result<never, readonly OptionFault[]> {
  const words = Array.isArray(target) && target.length > 0 && target.every((word) => typeof word === 'string');
  if (kind === 'fromCommand' ? !words : typeof target !== 'string') {
    const wanted = kind === 'fromCommand' ? 'a list of the words of a command' : 'armoured text';
    return fault('CS044', `${kind} of option "${name}" must be ${wanted}`, null);
  }
  return fault('CS020', `\`${kind}\` is not supported yet`, referenceHint);
}

/** What was wanted, or `null` when the literal is that. */
const literalFaults: Readonly<
  Record<ProviderOption['type'], (option: ProviderOption, value: unknown) => string | null>
> = {
  boolean: (_, value) => (typeof value === 'boolean' ? null : 'true or false'),
  integer: integerFault,
  path: (_, value) => (typeof value === 'string' && value !== '' ? null : 'a path'),
  string: stringFault,
};

function integerFault(
  { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: ProviderOption,
  value: unknown,
): string | null {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
  if (fits) return null;
  const lower = minimum === Number.MIN_SAFE_INTEGER ? '' : ` of at least ${minimum}`;
  const upper = maximum === Number.MAX_SAFE_INTEGER ? '' : ` of at most ${maximum}`;
  return `a whole number${lower}${lower !== '' && upper !== '' ? ' and' : ''}${upper}`;
}

function stringFault({ values, pattern }: ProviderOption, value: unknown): string | null {
  if (typeof value !== 'string') return 'text; put it in double quotes';
  if (values !== undefined) return values.includes(value) ? null : `one of ${values.join(', ')}`;
  if (value.length > 4096) return 'at most 4096 characters long';
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) return 'in the right format';
  return null;
}
