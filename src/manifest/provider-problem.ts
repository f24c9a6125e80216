import type { ParsedManifest } from '../model/desired.ts';
import { type Provider, taskOptions } from '../model/provider.ts';
import type { TaskSpec } from '../model/task.ts';
import type { ManifestContext } from './context.ts';
import { checkOption } from './credential-option.ts';
import type { CrossProblem } from './cross-problem.ts';
import { quoted } from './found-value.ts';
import { suggestion } from './suggestion.ts';

type Fault = Omit<CrossProblem, 'manifest' | 'severity'>;

/** What of a task its provider does not take, and what has no effect there. */
export function providerProblems(
  manifest: ParsedManifest,
  spec: TaskSpec,
  provider: Provider,
  context: ManifestContext,
): readonly CrossProblem[] {
  const shape = shapeFaults(spec, provider);
  const { direction, transferMode, remote } = spec;
  // What a provider says of a task is about one that fits its shape.
  const refusal = shape.length > 0 ? null : provider.checkTask?.({ direction, transferMode, folder: remote.folder });
  const refused: readonly Fault[] =
    refusal === null || refusal === undefined
      ? []
      : [{ code: 'CS035', place: 'spec.remote', message: refusal, hint: null }];
  const errors = [
    ...shape,
    ...refused,
    ...chunkFaults(spec, provider, context),
    ...backupFaults(spec, provider),
    ...optionFaults(spec, provider),
  ];
  return [
    ...errors.map((fault) => ({ manifest, severity: 'error' as const, ...fault })),
    ...[...needlessFaults(spec, provider), ...costlyFaults(spec, provider)].map((fault) => ({
      manifest,
      severity: 'warning' as const,
      ...fault,
    })),
  ];
}

function shapeFaults({ direction, remote }: TaskSpec, provider: Provider): readonly Fault[] {
  const faults: Fault[] = [];
  if (!provider.directions.includes(direction)) {
    const message = `provider ${provider.name} allows ${provider.directions.join(' and ')} only; found ${direction}`;
    faults.push({ code: 'CS035', place: 'spec.direction', message, hint: null });
  }
  if (provider.buckets && remote.bucket === null) {
    const message = `provider ${provider.name} keeps files in buckets, so spec.remote needs the key "bucket"`;
    faults.push({ code: 'CS011', place: 'spec.remote', message, hint: 'for example bucket: family-photos' });
  }
  if (!provider.buckets && remote.bucket !== null) {
    const hint = 'leave bucket out, and begin folder with its name if it is a folder';
    const message = `provider ${provider.name} has no buckets`;
    faults.push({ code: 'CS035', place: 'spec.remote.bucket', message, hint });
  }
  return faults;
}

function chunkFaults(
  { uploadChunkSizeBytes }: TaskSpec,
  provider: Provider,
  context: ManifestContext,
): readonly Fault[] {
  const message = uploadChunkSizeBytes === null ? null : context.checkChunkSize(provider, uploadChunkSizeBytes);
  return message === null ? [] : [{ code: 'CS035', place: 'spec.uploadChunkSize', message, hint: null }];
}

function needlessFaults({ fastList }: TaskSpec, provider: Provider): readonly Fault[] {
  if (!fastList || provider.fastList) return [];
  const message = `spec.fastList has no effect: provider ${provider.name} lists folder by folder`;
  return [{ code: 'CS038', place: 'spec.fastList', message, hint: 'leave it out' }];
}

/** rclone would refuse such a run before it touches anything, but only when it is due. */
function backupFaults({ direction, safety }: TaskSpec, provider: Provider): readonly Fault[] {
  if (direction === 'PULL' || safety.backupFolder === null || provider.setsAside !== false) return [];
  const message = `provider ${provider.name} cannot move files aside, so that safety.backupFolder is not possible there`;
  return [{ code: 'CS035', place: 'spec.safety.backupFolder', message, hint: 'leave it out' }];
}

/** Buckets know no moves: rclone copies the file within the remote, and then deletes it. */
function costlyFaults({ direction, safety }: TaskSpec, provider: Provider): readonly Fault[] {
  if (direction === 'PULL' || safety.backupFolder === null || !provider.buckets) return [];
  const message = `provider ${provider.name} cannot move files: each one that safety.backupFolder keeps is copied on the server and paid for as such`;
  const hint = 'expect requests and time for these copies, or let the provider keep old versions instead';
  return [{ code: 'CS039', place: 'spec.safety.backupFolder', message, hint }];
}

/** What is not listed for tasks is the credential's: where files go, who logs in, and who may read them. */
function optionFaults({ remote: { options = {} } }: TaskSpec, provider: Provider): readonly Fault[] {
  const allowed = taskOptions(provider);
  return Object.entries(options).flatMap(([name, value]): readonly Fault[] => {
    const option = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (option === undefined) return [unknownOption(name, provider, Object.keys(allowed))];
    const checked = checkOption(name, option, value, '/');
    if (checked.ok) return [];
    return checked.error.map(({ message, hint }) => {
      return {
        code: 'CS044' as const,
        place: 'spec.remote.options' as const,
        message: `spec.remote.options: ${message}`,
        hint,
      };
    });
  });
}

function unknownOption(name: string, { name: provider, options }: Provider, allowed: readonly string[]): Fault {
  const list = allowed.length === 0 ? 'none' : allowed.join(', ');
  const meant = suggestion(name, allowed);
  const own = Object.hasOwn(options, name) ? `; set ${name} in spec.options of the CloudCredential` : '';
  const hint = meant === null ? `a task may set ${list}${own}` : `did you mean "${meant}"?`;
  const message = `spec.remote.options: a task may not set ${quoted(name)} of provider ${provider}`;
  return { code: 'CS041', place: 'spec.remote.options', message, hint };
}
