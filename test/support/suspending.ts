import type { Person } from './person.ts';
import type { TestService } from './service.ts';

export interface Suspension {
  readonly userId: string;
  readonly reason?: string;
  readonly until?: Date | null;
}

export const suspendUser = async (by: Person | TestService, input: Suspension): Promise<any> =>
  (
    await by.query(
      'mutation ($input: SuspendUserInput!) { suspendUser(input: $input) { user { username suspendedUntil } } }',
      { input },
    )
  ).suspendUser.user;

export const reportUser = (by: Person, input: { userId: string; reason: string }): Promise<any> =>
  by.query('mutation ($input: ReportUserInput!) { reportUser(input: $input) { ok } }', { input });

/** Newest first. */
export const userReports = async (by: Person, resolved?: boolean): Promise<any[]> =>
  (
    await by.query(
      'query ($resolved: Boolean) { userReports(resolved: $resolved) { edges { node { id reason user { username } reporter { username } resolvedBy { username } } } } }',
      { resolved },
    )
  ).userReports.edges.map(({ node }: any) => node);

export const resolveUserReport = (by: Person, reportId: string): Promise<any> =>
  by.query(
    'mutation ($input: ResolveUserReportInput!) { resolveUserReport(input: $input) { report { resolvedAt } } }',
    { input: { reportId } },
  );
