import { join } from 'node:path';
import { writeManifests } from './manifests.mjs';
import { inTurn, median, processMs } from './measure.mjs';
import { cli, inBench, inProject, withDirectory } from './places.mjs';

const manyFiles = 1000;

/** Whole processes: what an editor, a hook or a pipeline waits for. */
export function measure({ rounds }) {
  return withDirectory(async (directory) => {
    const many = writeManifests(join(directory, 'many'), { tasks: manyFiles });
    const one = writeManifests(join(directory, 'one'), { tasks: 1 });
    const ajv = [inBench('node_modules/ajv-cli/dist/index.js'), 'validate', '--spec=draft2020', '--strict-types=false'];
    const files = ['-s', inProject('schema/task.schema.json'), '-d', join(many, 'task-*.yaml')];

    const large = await inTurn(rounds, {
      ours: () => processMs(process.execPath, [cli, 'validate', many]),
      peer: () => processMs(process.execPath, [...ajv, ...files]),
    });
    const small = await inTurn(3 * rounds, {
      ours: () => processMs(process.execPath, [cli, 'validate', join(one, 'task-00000.yaml')]),
      peer: () => processMs(process.execPath, ['-e', '0']),
    });
    return [
      row(`validate, ${manyFiles} manifests`, large, 'ajv-cli, same files and schema', 'ratio ≤ 0.6'),
      row('validate, 1 manifest', small, 'node -e 0', 'ratio ≤ 2'),
    ];
  });
}

function row(what, { ours, peer }, beside, goal) {
  return { what, unit: 'ms', ours: median(ours), peer: median(peer), beside, goal };
}
