import type { OptionValue } from '../model/credential.ts';
import type { OptionIssue } from '../model/provider.ts';

type Options = Readonly<Record<string, OptionValue>>;

/** Whether an option says something: a reference does, an empty text and `false` do not. */
export function isGiven(options: Options, name: string): boolean {
  const value = options[name];
  return value !== undefined && value !== '' && value !== false;
}

export function countGiven(options: Options, names: readonly string[]): number {
  return names.filter((name) => isGiven(options, name)).length;
}

/** What is missing, as an error. */
export function missing(message: string, hint: string): OptionIssue {
  return { severity: 'error', code: 'CS042', option: null, message, hint };
}

/** What should be there and need not be. */
export function advised(message: string, hint: string): OptionIssue {
  return { severity: 'warning', code: 'CS042', option: null, message, hint };
}

/** An option that cannot stand beside the others, or as it is. */
export function conflicting(option: string | null, message: string, hint: string): OptionIssue {
  return { severity: 'error', code: 'CS044', option, message, hint };
}

/** At least one of several ways to log in. */
export function needsOneOf(provider: string, options: Options, names: readonly string[]): readonly OptionIssue[] {
  if (countGiven(options, names) > 0) return [];
  const message = `provider ${provider} needs one of the options ${names.join(', ')}`;
  return [missing(message, `for example ${names[0]}: { fromEnv: NAME }`)];
}
