/** One sample of Prometheus' text format. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  gauge: [''],
  counter: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

/** Reads the text format, version 0.0.4, and throws at whatever a scraper would refuse or only forgives. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end');
  const families = new Map<string, { help: string; type: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current: string | null = null;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const help = /^# HELP ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (\w+)$/.exec(line);
    if (help !== null) {
      current = help[1] ?? '';
      if (families.has(current)) throw new Error(`${current} comes twice`);
      families.set(current, { help: help[2] ?? '', type: '', samples: [] });
    } else if (type !== null) {
      const family = families.get(type[1] ?? '');
      if (family === undefined || type[1] !== current) throw new Error(`No HELP before ${line}`);
      if (!Object.hasOwn(suffixes, type[2] ?? '')) throw new Error(`Unknown type: ${line}`);
      family.type = type[2] ?? '';
    } else {
      const sample = sampleIn(line);
      const family = families.get(current ?? '');
      if (family === undefined || !suffixes[family.type]?.some((end) => sample.name === `${current}${end}`))
        throw new Error(`Not of ${current}: ${line}`);
      const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (seen.has(key)) throw new Error(`A series comes twice: ${line}`);
      seen.add(key);
      family.samples.push(sample);
    }
  }
  return families;
}

function sampleIn(line: string): Sample {
  const [, name = '', labels = '', value = ''] =
    /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf)$/.exec(line) ?? [];
  if (name === '') throw new Error(`Not a sample: ${line}`);
  const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy;
  const found: Record<string, string> = {};
  while (label.lastIndex < labels.length) {
    const match = label.exec(labels);
    if (match === null) throw new Error(`Not a label: ${line}`);
    found[match[1] ?? ''] = match[2] ?? '';
  }
  return { name, labels: found, value: Number(value.replace('Inf', 'Infinity')) };
}
