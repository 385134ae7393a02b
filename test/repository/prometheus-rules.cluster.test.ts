import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/server-process.ts';
import { describeWithPromtool } from '../support/servers.ts';

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

describeWithPromtool('promtool', () => {
  it('accepts the alert rules', () => {
    const report = execFileSync('promtool', ['check', 'rules', 'deploy/prometheus/alerts.yml'], {
      encoding: 'utf8',
    });
    expect(report).toContain('SUCCESS');
  });

  it('accepts each expression of the dashboard', () => {
    const expressions = (
      JSON.parse(readFileSync('deploy/grafana/causerie.json', 'utf8')) as Dashboard
    ).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const rules = expressions.map((expr, place) => ({
      record: `dashboard:expression${place}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }));
    const file = join(temporaryDirectory(), 'rules.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    const report = execFileSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
    expect(report).toContain(`${rules.length} rules found`);
  });
});
