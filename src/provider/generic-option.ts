import type { ProviderOption } from '../model/provider.ts';

/** An option as `rclone config providers` prints it, as far as 1.60 and later versions agree. */
export interface BackendOption {
  readonly Name: string;
  readonly Help: string;
  /** For which services of the backend it is meant; empty or absent: for all. */
  readonly Provider?: string;
  readonly DefaultStr: string;
  /** Bits: 1 is hidden on the command line, 2 in the configuration. */
  readonly Hide: number;
  readonly Required: boolean;
  readonly IsPassword: boolean;
  /** Later than 1.60. */
  readonly Sensitive?: boolean;
  readonly Exclusive: boolean;
  /** A name such as `string` or `SizeSuffix`, or the allowed values with bars between. */
  readonly Type: string;
  readonly Examples?: readonly { readonly Value: string }[] | null;
}

/** What an option with one of these words at the end of its name holds, whether or not rclone says that it is secret. */
const secretName =
  /(?:^|_)(?:pass|password2?|passphrase|token|secret|key|api_key|credentials|cookies?|authorization|grant|mnemonic)$/;

/** rclone counts these as sensitive too, as they tell who the person is. They open no door. */
const identityName =
  /(?:^|_)(?:host|user|username|email|domain|account|url|client_id|id|namenode|spn|name|slug|number|project)$/;

/** Sizes as rclone reads them; a number alone counts KiB. */
const sizePattern = '(?:[oO][fF][fF]|(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[bB]|[kKmMgGtTpPeE](?:[iI][bB]?)?)?)';

/** From all descriptions of one option, which are never none. */
export function genericOption(described: readonly BackendOption[]): ProviderOption {
  const [first] = described;
  if (first === undefined) throw new Error('Internal error: an option without a description');
  const obscured = described.some(({ IsPassword }) => IsPassword);
  const type = typeOf(first.Type);
  const secret = type === 'string' && (obscured || described.some(isSecret));
  const values = secret ? [] : valuesOf(described);
  return {
    type,
    description: sentence(first),
    examples: secret ? [] : [example(type, described, values)],
    // What is required for one service only is for rclone to ask for.
    required: described.every(({ Required, Provider = '' }) => Required && Provider === ''),
    secret,
    obscured,
    ...(values.length > 0 && { values }),
    ...(first.Type === 'SizeSuffix' && { pattern: sizePattern }),
  };
}

function isSecret({ Name, Sensitive }: BackendOption): boolean {
  return secretName.test(Name) || (Sensitive === true && !identityName.test(Name));
}

function typeOf(type: string): 'string' | 'integer' | 'boolean' {
  if (type === 'bool') return 'boolean';
  return type === 'int' ? 'integer' : 'string';
}

function valuesOf(described: readonly BackendOption[]): readonly string[] {
  const closed = described.every(({ Exclusive }) => Exclusive) ? described.flatMap(examplesOf) : [];
  const inType = described.flatMap(({ Type }) => (Type.includes('|') ? Type.split('|') : []));
  return [...new Set([...closed, ...inType])];
}

function examplesOf({ Examples }: BackendOption): readonly string[] {
  return (Examples ?? []).map(({ Value }) => Value).filter((value) => value !== '');
}

function example(
  type: 'string' | 'integer' | 'boolean',
  described: readonly BackendOption[],
  values: readonly string[],
): string | number | boolean {
  const defaults = described.map(({ DefaultStr }) => DefaultStr).filter((text) => text !== '');
  if (type === 'boolean') return defaults[0] !== 'true';
  if (type === 'integer') return Number(defaults[0] ?? 0);
  return values[0] ?? described.flatMap(examplesOf)[0] ?? defaults[0] ?? 'text';
}

/** The first paragraph of the help, on one line. */
function sentence({ Name, Help }: BackendOption): string {
  const text = Help.trim()
    .replace(/\n\s*\n[\s\S]*$/, '')
    .replace(/\s+/g, ' ');
  if (text === '') return `What rclone calls ${Name}.`;
  return /[.!?]$/.test(text) ? text : `${text.replace(/:$/, '')}.`;
}
