import { commandsOfCredential } from '../model/command-use.ts';
import type { Credential, OptionValue } from '../model/credential.ts';
import type { OptionIssue, Provider } from '../model/provider.ts';
import { commandRefused } from './command-refusal.ts';
import type { ManifestContext } from './context.ts';
import { checkOption, unusualFindings } from './credential-option.ts';
import { type DocumentPath, errorAt, errorAtKey, type Finding } from './finding.ts';
import { quoted } from './found-value.ts';
import { checkLocalPath } from './local-path.ts';
import { suggestion } from './suggestion.ts';
import { optionHint, providerMeant } from './truenas-name.ts';
import type { WrittenMetadata } from './written-task.ts';

export interface WrittenCredentialSpec {
  readonly provider: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Checks the options against the provider. `folder` is the manifest's own, absolute. */
export function normalizeCredential(
  metadata: WrittenMetadata,
  written: WrittenCredentialSpec,
  folder: string,
  context: ManifestContext,
): { readonly credential: Credential | null; readonly findings: readonly Finding[] } {
  const provider = context.providers.get(written.provider);
  if (provider === undefined) return { credential: null, findings: [unknownProvider(written.provider, context)] };
  const findings: Finding[] = [...missingOptions(provider, written.options ?? {})];
  const options: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(written.options ?? {})) {
    const path = ['spec', 'options', name];
    const option = Object.hasOwn(provider.options, name) ? provider.options[name] : undefined;
    if (option === undefined) {
      findings.push(unknownOption(name, path, provider));
      continue;
    }
    const checked = checkOption(name, option, value, folder);
    if (checked.ok) {
      options[name] = checked.value;
      findings.push(...unusualFindings(name, option, checked.value));
    } else findings.push(...checked.error.map(({ code, message, hint }) => errorAt(code, path, message, hint)));
  }
  // An option that was refused is absent here, and the rules between options would call it missing.
  const sound = findings.every(({ code, severity }) => code === 'CS042' || severity === 'warning');
  if (sound) findings.push(...(provider.check?.(options) ?? []).map(issueFinding));
  const { root } = options;
  if (provider.name === 'local' && typeof root === 'string') {
    findings.push(...checkLocalPath(root, ['spec', 'options', 'root'], { folder, pathRoots: context.pathRoots }));
  }
  if (!context.commands) findings.push(...commandsOfCredential({ options }).map(commandRefused));
  const { name, labels = {} } = metadata;
  return { credential: { name, labels, spec: { provider: provider.name, options } }, findings };
}

function unknownProvider(name: string, context: ManifestContext): Finding {
  const path = ['spec', 'provider'];
  const known = [...context.providers.keys()];
  if (name.toLowerCase() === 'hubic') {
    const hint = 'move the files to another provider and name that one';
    return errorAt('CS040', path, 'the service hubic has been shut down, and rclone no longer knows it', hint);
  }
  const meant = providerMeant(name, known) ?? suggestion(name, known);
  const hint = meant === null ? `the providers are ${known.join(', ')}` : `did you mean ${meant}?`;
  return errorAt('CS040', path, `there is no provider ${quoted(name)}`, hint);
}

function missingOptions(provider: Provider, options: Readonly<Record<string, unknown>>): readonly Finding[] {
  return Object.entries(provider.options)
    .filter(([name, option]) => option.required === true && !Object.hasOwn(options, name))
    .map(([name, option]) => {
      const example = option.secret === true ? '{ fromEnv: NAME }' : JSON.stringify(option.examples[0]);
      const message = `provider ${provider.name} needs the option "${name}"`;
      return errorAtKey('CS042', ['spec', 'options'], message, `for example ${name}: ${example}`);
    });
}

function issueFinding({ severity, code, option, message, hint }: OptionIssue): Finding {
  const path = ['spec', 'options'];
  const finding =
    option === null ? errorAtKey(code, path, message, hint) : errorAt(code, [...path, option], message, hint);
  return { ...finding, severity };
}

function unknownOption(name: string, path: DocumentPath, provider: Provider): Finding {
  const known = Object.keys(provider.options);
  const recognised = optionHint(name, provider.options);
  if (recognised !== null) {
    return errorAtKey('CS041', path, `provider ${provider.name} has no option ${quoted(name)}`, recognised);
  }
  const meant = suggestion(name, known);
  const hint = meant === null ? `the options are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return errorAtKey('CS041', path, `provider ${provider.name} has no option ${quoted(name)}`, hint);
}
