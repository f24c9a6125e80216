import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { vi } from 'vitest';

/** Does something at the very moment at which a file is about to be opened. */
export function beforeOpening(path: string, action: () => void, times: 'once' | 'always' = 'once'): Disposable {
  const original = fs.openSync;
  let isDue = true;
  fs.openSync = vi.fn((...call: Parameters<typeof fs.openSync>) => {
    if (isDue && call[0] === path) {
      isDue = times === 'always';
      action();
    }
    return original(...call);
  });
  return untilDisposed(() => {
    fs.openSync = original;
  });
}

/** Does something at the very moment at which a directory is about to be watched. What it throws, `watch` throws. */
export function beforeWatching(action: (path: string) => void): Disposable {
  const original = fs.watch;
  const intercepted = (path: fs.PathLike, ...rest: [fs.WatchOptions, fs.WatchListener<string>]): fs.FSWatcher => {
    action(String(path));
    return original(path, ...rest);
  };
  fs.watch = intercepted as typeof fs.watch;
  return untilDisposed(() => {
    fs.watch = original;
  });
}

function untilDisposed(restore: () => void): Disposable {
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]() {
      restore();
      syncBuiltinESMExports();
    },
  };
}
