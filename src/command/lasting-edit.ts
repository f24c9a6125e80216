import type { Settings } from '../daemon/settings.ts';
import { unreachable } from '../model/result.ts';
import { statusPlacement } from '../source/layout.ts';

/** Why nothing should be written into the tasks directory, as a sentence without its full stop; `null`: it may be. */
export async function whyNotWritable({
  tasksName,
  tasksDirectory,
}: Pick<Settings, 'tasksName' | 'tasksDirectory'>): Promise<string | null> {
  const placement = await statusPlacement(tasksDirectory);
  switch (placement) {
    case 'swappedCheckout':
      return `${tasksName} is replaced as a whole at each change, as git-sync and Kubernetes do, so that what is written here would be lost; commit it where the manifests come from`;
    case 'readOnly':
      return `${tasksName} cannot be written to here; commit the change where the manifests come from`;
    case 'beside':
      return null;
    default:
      return unreachable(placement);
  }
}
