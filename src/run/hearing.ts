import type { Emit } from '../model/event.ts';
import type { FileChange } from '../model/run.ts';

/** The same tools, which also tell `heard` the path of each change of this kind. */
export function hearing<Tools extends { readonly emit: Emit }>(
  tools: Tools,
  action: FileChange['action'],
  heard: (path: string) => void,
): Tools {
  return {
    ...tools,
    emit(event) {
      if (event.type === 'RunChange' && event.change.action === action) heard(event.change.path);
      tools.emit(event);
    },
  };
}
