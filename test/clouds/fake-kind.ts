import { findProvider } from '../../src/provider/registry.ts';
import { treeOf } from '../helper/file-tree.ts';
import type { Cloud, CloudKind } from './cloud.ts';
import type { FakeCloud } from './fakes/fake-cloud.ts';
import { startNetwork } from './fakes/network.ts';

export interface FakeKind {
  readonly name: string;
  readonly provider: string;
  /** The file in `fakes/` that tells what is answered. */
  readonly file: string;
  readonly bucket?: string;
  start(settings: { readonly network: Awaited<ReturnType<typeof startNetwork>> }): Promise<FakeCloud>;
}

/** A fake as a kind of cloud: its secrets are given by `fromEnv`, and its files are looked at directly. */
export function fakeKind({ name, provider, file, bucket, start }: FakeKind): CloudKind {
  return {
    ...{ name, provider, server: { name: `fake, test/clouds/fakes/${file}.ts`, version: null } },
    async open() {
      const network = await startNetwork();
      const fake = await start({ network });
      return {
        ...cloudOf(fake, provider, bucket),
        async [Symbol.asyncDispose]() {
          await fake.close();
          await network[Symbol.asyncDispose]();
        },
      };
    },
  };
}

/** An account at a fake that is closed by whoever opened it. */
export function cloudOf(fake: FakeCloud, provider: string, bucket?: string): Omit<Cloud, typeof Symbol.asyncDispose> {
  const { tokens } = fake;
  const given = Object.entries({ ...fake.options, ...(tokens === null ? {} : { token: tokens.json() }) });
  const known = findProvider(provider)?.options ?? {};
  const isSecret = (option: string) => known[option]?.secret === true;
  const secrets = given.filter(([option]) => isSecret(option));
  const prefix = (folder: string) => [bucket, folder].filter((part) => part !== undefined).join('/');
  return {
    credential: {
      provider,
      options: Object.fromEntries(
        given.map(([option, value]) => [option, isSecret(option) ? { fromEnv: variable(option) } : plain(value)]),
      ),
    },
    remote: bucket === undefined ? {} : { bucket },
    environment: {
      ...fake.environment(),
      ...Object.fromEntries(secrets.map(([option, value]) => [variable(option), value])),
    },
    secrets: secrets.flatMap(([option, value]) => (option === 'token' ? tokenParts(value) : [value])),
    traffic: fake,
    async read(folder) {
      const inside = [...fake.files()].filter(([path]) => path.startsWith(`${prefix(folder)}/`));
      const sorted = inside.sort(([left], [right]) => (left < right ? -1 : 1));
      return treeOf(
        Object.fromEntries(sorted.map(([path, content]) => [path.slice(prefix(folder).length + 1), String(content)])),
      );
    },
    async write(folder, files) {
      for (const [path, content] of Object.entries(files)) fake.put(`${prefix(folder)}/${path}`, content);
    },
  };
}

/** A person writes these as YAML's own kinds of values. */
function plain(value: string): string | boolean {
  return value === 'true' ? true : value;
}

function variable(option: string): string {
  return `FAR_${option.toUpperCase()}`;
}

/** Whole, and each of the two that are good by themselves. */
function tokenParts(token: string): readonly string[] {
  const { access_token: access, refresh_token: refresh } = JSON.parse(token) as Record<string, string>;
  return [token, access, refresh].filter((part) => part !== undefined);
}
