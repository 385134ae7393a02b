import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, parseAllDocuments } from 'yaml';
import { createMetrics } from '../../src/metrics.ts';
import { settings } from '../../src/settings/settings.ts';

const text = (name: string) => readFileSync(join('deploy', name), 'utf8');

interface Named {
  readonly name?: string;
  readonly key?: string;
  readonly value?: string | number;
}

interface KubernetesObject {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly env: readonly Named[];
          readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
        }[];
      };
    };
  };
}

const kubernetes = () =>
  parseAllDocuments(text('kubernetes/causerie.yaml')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as KubernetesObject;
  });

const pairsOf = (list: readonly Named[]): [string, string][] =>
  list.map(({ name, key = name, value = '' }) => [key!, String(value)]);

/** The variables that each file sets, and how to read them. */
const variables: Readonly<Record<string, () => [name: string, value: string][]>> = {
  'systemd/causerie@.service': () =>
    [...text('systemd/causerie@.service').matchAll(/^Environment=(.*)$/gm)].flatMap(([, line]) =>
      line!.split(' ').map((pair) => pair.split('=') as [string, string]),
    ),
  'kubernetes/causerie.yaml': () =>
    pairsOf(
      kubernetes().find(({ kind }) => kind === 'Deployment')!.spec.template.spec.containers[0]!.env,
    ),
  'render.yaml': () =>
    pairsOf(
      (parseYaml(text('render.yaml')) as { services: { envVars: Named[] }[] }).services.flatMap(
        ({ envVars }) => envVars,
      ),
    ),
  'railway.toml': () => {
    expect(parseToml(text('railway.toml'))).toMatchObject({
      build: { builder: 'DOCKERFILE', dockerfilePath: 'Dockerfile' },
    });
    return [];
  },
  'fly.toml': () => Object.entries(parseToml(text('fly.toml')).env as Record<string, string>),
};

/** The variables that a file may set besides settings. */
const foreign = ['NODE_ENV'];

describe('the files of deploy/', () => {
  it('are all tested here', () => {
    const files = readdirSync('deploy', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice('deploy/'.length));
    expect(files.toSorted()).toEqual(
      [...Object.keys(variables), 'prometheus/alerts.yml', 'grafana/causerie.json'].toSorted(),
    );
  });

  it.each(Object.entries(variables))(
    '%s sets only variables that are settings, to valid values',
    (_, read) => {
      for (const [name, value] of read()) {
        if (foreign.includes(name)) continue;
        expect(Object.keys(settings)).toContain(name);
        // An instance of systemd has its port in its name; a reference has no value here.
        if (value === '' || value.includes('%i')) continue;
        const type = settings[name as keyof typeof settings];
        expect(type.safeParse(value).error, `${name}=${value}`).toBeUndefined();
      }
    },
  );

  it.each(Object.keys(variables))('%s contains no secret', (name) => {
    expect(text(name)).not.toMatch(/(SECRET|PASSWORD|_URL)["']?\s*[=:]\s*["']?[^\s"'{]/);
  });

  it.each([...Object.keys(variables), 'prometheus/alerts.yml', 'grafana/causerie.json'])(
    '%s has its section in docs/deploy.md',
    (name) => {
      expect(readFileSync('docs/deploy.md', 'utf8')).toContain(`(../deploy/${name})`);
    },
  );

  it('give a node more time to stop than it needs', () => {
    const needed = 18;
    const seconds = [
      /^TimeoutStopSec=(\d+)$/m.exec(text('systemd/causerie@.service'))?.[1],
      /terminationGracePeriodSeconds: (\d+)/.exec(text('kubernetes/causerie.yaml'))?.[1],
      /maxShutdownDelaySeconds: (\d+)/.exec(text('render.yaml'))?.[1],
      /^drainingSeconds = (\d+)$/m.exec(text('railway.toml'))?.[1],
      /^kill_timeout = "(\d+)s"$/m.exec(text('fly.toml'))?.[1],
      /stop_grace_period: (\d+)s/.exec(readFileSync('docker-compose.yml', 'utf8'))?.[1],
    ];
    for (const time of seconds) expect(Number(time)).toBeGreaterThan(needed);
  });
});

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

describe('the alerts and the dashboard', () => {
  const alerts = (parseYaml(text('prometheus/alerts.yml')) as Rules).groups
    .flatMap(({ rules }) => rules)
    .map(({ expr }) => expr);
  const dashboard = (JSON.parse(text('grafana/causerie.json')) as Dashboard).panels
    .flatMap(({ targets }) => targets)
    .map(({ expr }) => expr);

  it('use only metrics and labels that exist', async () => {
    const known = new Map(
      (await createMetrics().registry.getMetricsAsJSON()).map(({ name, type }) => [name, type]),
    );
    const used = [...alerts, ...dashboard].flatMap((expression) => [
      ...expression.matchAll(/\b(?:causerie|nodejs|process)_\w+/g),
    ]);
    expect(used.length).toBeGreaterThan(30);
    const missing = used
      .map(([name]) => name)
      .filter((name) => {
        const base = name.replace(/_(bucket|count|sum)$/, '');
        return !known.has(name) && String(known.get(base)) !== 'histogram';
      });
    expect(missing).toEqual([]);
  });

  it('show every metric of a fault that operators can act on', () => {
    const shown = [...alerts, ...dashboard].join(' ');
    for (const name of [
      'database_up',
      'redis_fault',
      'bus_up',
      'backlog',
      'refusals_total',
      'webhooks_failing',
    ])
      expect(shown).toContain(`causerie_${name}`);
  });
});
