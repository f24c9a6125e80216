import type { OptionValue } from '../model/credential.ts';
import { isRecord } from '../model/json-text.ts';
import type { ProviderOption } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import { errorAt, type Finding, warningAt } from './finding.ts';
import { quoted } from './found-value.ts';
import { resolveLocalPath } from './local-path.ts';
import { parseReference, referenceHint } from './secret-reference.ts';
import { suggestion } from './suggestion.ts';

interface OptionFault {
  readonly code: 'CS043' | 'CS044';
  readonly message: string;
  readonly hint: string | null;
}

/** One option, as a literal or as a reference. No message shows what was written: it may be a secret in the wrong place. */
export function checkOption(
  name: string,
  option: ProviderOption,
  value: unknown,
  folder: string,
): Result<OptionValue, readonly OptionFault[]> {
  if (isRecord(value)) {
    const reference = parseReference(`option "${name}"`, value, folder);
    return reference.ok ? reference : fault('CS044', reference.error.message, reference.error.hint);
  }
  if (option.secret === true) {
    return fault('CS043', `option "${name}" is a secret and must be a reference, not the secret itself`, referenceHint);
  }
  const wanted = literalFaults[option.type](option, value);
  if (wanted !== null) return fault('CS044', `option "${name}" must be ${wanted}`, exampleOf(name, option));
  if (option.type === 'path') return ok(resolveLocalPath(String(value), folder));
  return ok(typeof value === 'boolean' || typeof value === 'number' ? value : String(value));
}

/** A value that is not among the usual ones: a slip where it is near one of them, and else perhaps the server's own. */
export function unusualFindings(name: string, { usual }: ProviderOption, value: OptionValue): readonly Finding[] {
  if (usual === undefined || typeof value !== 'string' || usual.includes(value)) return [];
  const path = ['spec', 'options', name];
  const meant = suggestion(value, usual);
  const message = `option "${name}" is usually one of ${usual.join(', ')}; found ${quoted(value)}`;
  if (meant !== null) return [errorAt('CS044', path, message, `did you mean ${meant}?`)];
  return [warningAt('CS044', path, message, 'make sure that the server has it')];
}

function fault(code: OptionFault['code'], message: string, hint: string | null): Result<never, readonly OptionFault[]> {
  return err([{ code, message, hint }]);
}

function exampleOf(name: string, option: ProviderOption): string {
  return `for example ${name}: ${JSON.stringify(option.examples[0])}`;
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
