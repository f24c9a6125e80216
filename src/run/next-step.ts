import type { CredentialSpec } from '../model/credential.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Ending } from './ending.ts';
import type { RunTools } from './run-order.ts';

/** Adds what a person has to do to an ending that nothing else can help. A step is named only where it works. */
export async function withNextStep(
  { spec, credential }: Pick<ResolvedTask, 'spec' | 'credential'>,
  ending: Ending,
  { findProvider }: Pick<RunTools, 'findProvider'>,
): Promise<Ending> {
  const name = spec.remote.credential;
  if (name === null || credential === null) return ending;
  if (ending.outcome === 'AuthExpired') {
    const provider = await findProvider(credential.provider);
    const byBrowser = provider.ok && provider.value.token !== null;
    return withStep(
      ending,
      byBrowser
        ? `authorise it again: cloudsync credential authorize ${name}`
        : `replace the secret that credential ${name} refers to`,
    );
  }
  return credential.provider === 'sftp' && hostKeyRefused.test(ending.lastError ?? '')
    ? withStep(ending, hostKeyStep(name, credential))
    : ending;
}

const hostKeyRefused = /knownhosts: key|no host key of a kind/;

function withStep(ending: Ending, step: string): Ending {
  return { ...ending, lastError: `${ending.lastError}; ${step}` };
}

/** A server has a key of each kind, and which of them it shows depends on the version of rclone. */
function hostKeyStep(name: string, { options }: CredentialSpec): string {
  const { host, port = 22, known_hosts_file: file } = options;
  const address = typeof host === 'string' ? shellWord(host.replace(/^\[(.*)\]$/, '$1')) : 'HOST';
  const place = typeof file === 'string' ? file : `host_key of credential ${name}`;
  return (
    `list the keys of all kinds with \`ssh-keyscan -p ${shellWord(String(port))} -t rsa,ecdsa,ed25519 ${address}\`, ` +
    `compare them with the server, and put them into ${place}`
  );
}

/** A host name comes from a manifest, and the command is there to be pasted. */
function shellWord(text: string): string {
  return /^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
