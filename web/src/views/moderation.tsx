import type { ModerationEntryFieldsFragment, ReportFieldsFragment } from '@causerie/client';
import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../causerie.ts';
import { nameOf } from '../state/timeline.ts';
import { momentOf } from '../state/times.ts';
import { attempt } from '../state/toasts.ts';
import { Dialog } from './dialog.tsx';

const pageSize = 50;

/** What was reported and is still open, and what moderators did. */
export function Moderation({ roomId, onClose }: { readonly roomId: string; readonly onClose: () => void }) {
  const [reports, setReports] = useState<readonly ReportFieldsFragment[]>();
  const [log, setLog] = useState<readonly ModerationEntryFieldsFragment[]>();

  const load = () =>
    attempt(async () => {
      const [open, done] = await Promise.all([causerie.reports({ roomId, resolved: false, first: pageSize }), causerie.moderationLog({ roomId, first: pageSize })]);
      setReports(open.edges.map(({ node }) => node));
      setLog(done.edges.map(({ node }) => node));
    });
  useEffect(() => void load(), [roomId]);

  const resolve = (reportId: string) => attempt(() => causerie.resolveReport({ reportId })).then(load);
  return (
    <Dialog title="Moderation" onClose={onClose}>
      <section class="log" aria-busy={!reports}>
        <h3>Open reports</h3>
        {reports?.length === 0 && <p class="hint">None. All is well.</p>}
        <ul>
          {reports?.map(({ id, reason, reporter, message, createdAt }) => (
            <li key={id}>
              <blockquote>
                <strong>{nameOf(message.author)}</strong>
                <p>{message.body ?? 'deleted'}</p>
              </blockquote>
              <p>
                {reason} <small>{`${nameOf(reporter)}, ${momentOf(createdAt)}`}</small>
              </p>
              <button type="button" class="button" onClick={() => void resolve(id)}>
                Dealt with
              </button>
            </li>
          ))}
        </ul>
        <h3>What was done</h3>
        {log?.length === 0 && <p class="hint">Nothing yet.</p>}
        <ul>
          {log?.map(({ id, action, moderator, user, reason, createdAt }) => (
            <li key={id}>
              <strong>{action.replaceAll('_', ' ')}</strong> {user && nameOf(user)} <small>{`by ${nameOf(moderator)}, ${momentOf(createdAt)}`}</small>
              {reason && <p>{reason}</p>}
            </li>
          ))}
        </ul>
      </section>
    </Dialog>
  );
}
