import type { Fault } from '../fault.ts';
import { randomContent } from '../tree.ts';

/** As ransomware does: every file has another name and other bytes. */
export const massRename: Fault = {
  name: 'all files are renamed and other bytes',
  async before({ source, random }) {
    for (const path of (await source.files()).keys()) {
      await source.remove(path);
      await source.write({ [`${path}.locked`]: randomContent(random) });
    }
  },
};
