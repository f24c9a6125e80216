/** Every benchmark, by the name that `--only` takes. A new one is a file and a line here. */
export const suites = {
  validate: () => import('./validate.mjs'),
  copy: () => import('./copy.mjs'),
  due: () => import('./due.mjs'),
  schedules: () => import('./schedules.mjs'),
  start: () => import('./start.mjs'),
  edit: () => import('./edit.mjs'),
  idle: () => import('./idle.mjs'),
};
