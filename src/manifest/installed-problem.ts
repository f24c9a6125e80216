import type { ParsedManifest } from '../model/desired.ts';
import type { Provider } from '../model/provider.ts';
import type { ManifestContext } from './context.ts';
import type { CrossProblem } from './cross-problem.ts';

/** The backends of the installed rclone by name and by short name, each with the names of its options. */
export type InstalledBackends = ReadonlyMap<string, ReadonlySet<string>>;

/** Builds of distributions leave it out. */
const sometimesLeftOut: readonly string[] = ['mega'];

/** Whether it depends on the installed rclone if the credential works; for the rest it need not be asked. */
export function dependsOnBuild(
  { credential }: ParsedManifest,
  { providers }: Pick<ManifestContext, 'providers'>,
): boolean {
  if (credential === null) return false;
  const { provider, options } = credential.spec;
  return sometimesLeftOut.includes(provider) || newOptions(options, providers.get(provider)).length > 0;
}

/** What the installed rclone lacks. A warning: the manifest may be meant for another machine. */
export function installedProblems(
  manifests: readonly ParsedManifest[],
  installed: InstalledBackends,
  context: ManifestContext,
): readonly CrossProblem[] {
  return manifests.flatMap((manifest): readonly CrossProblem[] => {
    if (!dependsOnBuild(manifest, context)) return [];
    const { provider: name, options } = manifest.credential?.spec ?? { provider: '', options: {} };
    const provider = context.providers.get(name);
    const known = installed.get(provider?.rcloneType ?? name);
    if (known === undefined) {
      const hint = 'install rclone from https://rclone.org/downloads, and name it by CLOUDSYNC_RCLONE';
      return [warning(manifest, `the installed rclone has no backend ${name}, so runs fail on this machine`, hint)];
    }
    return newOptions(options, provider)
      .filter((option) => !known.has(option))
      .map((option) => {
        const message = `the installed rclone does not know the option ${option} of ${name}, and ignores it`;
        return warning(manifest, message, 'install a newer rclone, or leave the option out');
      });
  });
}

function newOptions(options: Readonly<Record<string, unknown>>, provider: Provider | undefined): readonly string[] {
  return Object.keys(options).filter((name) => /needs rclone/i.test(provider?.options[name]?.description ?? ''));
}

function warning(manifest: ParsedManifest, message: string, hint: string): CrossProblem {
  return { manifest, code: 'CS049', severity: 'warning', place: 'spec.provider', message, hint };
}
