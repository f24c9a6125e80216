import type { Fault } from '../fault.ts';
import { wrongPassword } from '../world.ts';

export const wrongKey: Fault = {
  name: 'the password is another',
  wish: { encryption: 'contents' },
  async before({ environment }) {
    Object.assign(environment, { PASSWORD: wrongPassword });
  },
};

export const wrongKeyOfNames: Fault = {
  name: 'the password of names is another',
  wish: { encryption: 'names' },
  async before({ environment }) {
    Object.assign(environment, { PASSWORD: wrongPassword });
  },
};
