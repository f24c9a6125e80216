import { setTimeout as pause } from 'node:timers/promises';
import { kill } from '../../../helper/process-tree.ts';
import type { Fault } from '../fault.ts';
import { between } from '../random.ts';

export const killedRclone: Fault = {
  name: 'rclone is killed',
  async during({ random, rclonePid }, over) {
    const delayMs = between(random, 0, 60);
    while (!over.aborted) {
      const pid = rclonePid();
      if (pid !== null) {
        await pause(delayMs);
        return kill(pid);
      }
      await pause(2);
    }
  },
};
