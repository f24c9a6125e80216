import type { ManifestContext } from '../../src/manifest/context.ts';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import type { ParsedManifest } from '../../src/model/desired.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Provider, ProviderOption } from '../../src/model/provider.ts';
import type { ScheduleVerdict } from '../../src/model/schedule-verdict.ts';
import type { ReadableFile } from '../../src/model/snapshot.ts';
import { farPlaces } from '../../src/provider/far-places.ts';
import { providers as realProviders } from '../../src/provider/registry.ts';

const text: ProviderOption = { type: 'string', description: 'Text.', examples: ['text'] };

function provider(name: string, options: Provider['options'], part: Partial<Provider> = {}): Provider {
  const directions = ['PUSH', 'PULL'] as const;
  return {
    name,
    title: name,
    rcloneType: name,
    description: name,
    options,
    buckets: false,
    directions,
    place: realProviders.get(name)?.place ?? 'local',
    fixed: {},
    uploadChunk: null,
    fastList: false,
    token: null,
    notes: [],
    ...part,
  };
}

/** Small providers of every shape that validation tells apart. */
const providers = [
  provider('local', { root: { ...text, type: 'path', required: true, examples: ['/remote'] } }),
  provider(
    's3',
    {
      access_key_id: { ...text, required: true },
      secret_access_key: { ...text, required: true, secret: true },
      storage_class: { ...text, values: ['STANDARD', 'GLACIER'], examples: ['STANDARD'] },
      max_upload_parts: { ...text, type: 'integer', minimum: 1, maximum: 10_000, examples: [1000] },
      list_chunk: { ...text, type: 'integer', examples: [1000] },
      retention_days: { ...text, type: 'integer', minimum: 1, examples: [1] },
      shrink: { ...text, type: 'integer', maximum: 9, examples: [1] },
      env_auth: { ...text, type: 'boolean', examples: [true] },
      endpoint: { ...text, pattern: 'https?://.+', examples: ['https://s3.example.org'] },
      shared_credentials_file: { ...text, type: 'path', examples: ['/run/secrets/s3'] },
    },
    { buckets: true },
  ),
  provider('http', { url: { ...text, required: true } }, { directions: ['PULL'] }),
  provider('sftp', { host: { ...text, required: true }, pass: { ...text, secret: true } }),
];

/** Stands in for croner: knows what the tests write. */
function checkSchedule(cron: string, timeZone: string | null): ScheduleVerdict {
  if (timeZone !== null && !Intl.supportedValuesOf('timeZone').includes(timeZone)) {
    return { ok: false, code: 'CS023', message: 'no such time zone', hint: 'such as UTC' };
  }
  if (cron === '0 0 30 2 *') return { ok: false, code: 'CS022', message: 'never fires', hint: null };
  if (!/^[\d*/,\- ]+$/.test(cron))
    return { ok: false, code: 'CS021', message: 'not a cron expression', hint: 'try daily' };
  return { ok: true, warnings: cron === '* * * * *' ? ['fires each minute'] : [] };
}

export function context(part: Partial<ManifestContext> = {}): ManifestContext {
  return {
    directory: 'tasks.d',
    baseDirectory: '/srv/tasks',
    providers: new Map(providers.map((each) => [each.name, each])),
    checkSchedule,
    checkChunkSize: (provider, bytes) => (provider.uploadChunk === null || bytes < 1024 ? 'no such chunks' : null),
    pathRoots: [],
    commands: true,
    stateDirectory: null,
    localPlace: () => null,
    farPlaces: (location, credential) => farPlaces(location, credential, new Map()),
    ...part,
  };
}

export function sourceFile(content: string, path = 'photos.yaml'): ReadableFile {
  return { state: 'readable', path, sha256: '', text: content };
}

export function parse(content: string, path = 'photos.yaml', part: Partial<ManifestContext> = {}): ParsedManifest {
  return parseManifest(sourceFile(content, path), context(part));
}

/** A task whose spec holds these lines, on top of or in place of what it needs. */
export function taskText(lines: readonly string[] = [], name = 'photos'): string {
  const needed = ['direction: PUSH', 'path: /data/photos', 'remote: { credential: here, folder: photos }'];
  const kept = needed.filter((line) => !lines.some((other) => other.startsWith(line.slice(0, line.indexOf(':') + 1))));
  const spec = [...kept, ...lines].map((line) => `  ${line}`);
  return ['apiVersion: cloudsync/v1', 'kind: CloudSyncTask', 'metadata:', `  name: ${name}`, 'spec:', ...spec, ''].join(
    '\n',
  );
}

export function credentialText(lines: readonly string[], name = 'here', providerName = 'local'): string {
  const head = ['apiVersion: cloudsync/v1', 'kind: CloudCredential', 'metadata:', `  name: ${name}`, 'spec:'];
  const options = lines.length > 0 ? ['  options:', ...lines.map((line) => `    ${line}`)] : [];
  return [...head, `  provider: ${providerName}`, ...options, ''].join('\n');
}

/** `CS016 spec.timeout …` per problem; enough to see which and why. */
export function messages(problems: readonly Problem[]): readonly string[] {
  return problems.map(
    ({ code, severity, message }) => `${code} ${severity === 'warning' ? '(warning) ' : ''}${message}`,
  );
}

export function render(problems: readonly Problem[]): string {
  return problems
    .map(({ code, file, line, column, message, hint, frame }) => {
      const help = hint === null ? '' : `\n  hint: ${hint}`;
      return `${file}:${line}:${column} ${code} ${message}${help}\n${frame ?? ''}\n`;
    })
    .join('\n');
}
