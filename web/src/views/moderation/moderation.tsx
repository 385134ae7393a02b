import type { BanFieldsFragment, ModerationEntryFieldsFragment } from '@causerie/client';
import { useRef } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { resolveReport } from '../../state/reports.ts';
import { nameOf } from '../../state/timeline.ts';
import { momentOf, untilOf } from '../../state/times.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { PersonName } from '../elements/person-name.tsx';
import { useKeptFocus } from '../elements/use-kept-focus.ts';
import { usePages } from '../elements/use-pages.ts';
import { Report, ResolveButton } from './report.tsx';
import { t } from '../../texts/texts.ts';
import { ShowOlder } from '../elements/show-older.tsx';

const pageSize = 50;

/** The open reports, the bans and the moderation log of a room. */
export function Moderation({
  roomId,
  onClose,
}: {
  readonly roomId: string;
  readonly onClose: () => void;
}) {
  const body = useRef<HTMLElement>(null);
  const reports = usePages(roomId, (after) =>
    causerie.reports({ roomId, resolved: false, first: pageSize, after }),
  );
  const bans = usePages(roomId, (after) => causerie.bans({ roomId, first: pageSize, after }));
  const log = usePages(roomId, (after) =>
    causerie.moderationLog({ roomId, first: pageSize, after }),
  );

  useKeptFocus(body);

  async function run(
    work: () => Promise<unknown>,
    done: string,
    list: { reload(): Promise<unknown> },
  ): Promise<void> {
    if (await attempt(work)) showToast(done);
    await Promise.all([list.reload(), log.reload()]);
  }

  return (
    <Dialog title={t('Moderation')} onClose={onClose}>
      <section
        ref={body}
        class="log"
        tabIndex={-1}
        aria-label={t('Moderation')}
        aria-busy={!reports.rows || !bans.rows || !log.rows}
      >
        <List title={t('Open reports')} none={t('No open reports.')} {...reports}>
          {(report) => (
            <Report key={report.id} report={report}>
              <ResolveButton
                reason={report.reason}
                onResolve={() =>
                  void run(() => resolveReport(report.id), t('Report resolved.'), reports)
                }
              />
            </Report>
          )}
        </List>
        <List title={t('Banned users')} none={t('No banned users.')} {...bans}>
          {(ban) => (
            <Ban
              key={ban.user.id}
              ban={ban}
              onLift={() =>
                void run(
                  () => causerie.unbanMember({ roomId, userId: ban.user.id }),
                  t('{name} was unbanned. They can join again.', { name: nameOf(ban.user) }),
                  bans,
                )
              }
            />
          )}
        </List>
        <List title={t('Moderation log')} none={t('No entries yet.')} {...log}>
          {(entry) => <Entry key={entry.id} entry={entry} />}
        </List>
      </section>
    </Dialog>
  );
}

interface ListProps<Row> {
  readonly title: string;
  readonly none: string;
  readonly rows: readonly Row[] | undefined;
  readonly hasMore: boolean;
  readonly loadMore: () => Promise<unknown>;
  readonly children: (row: Row) => preact.JSX.Element;
}

const List = <Row,>({ title, none, rows, hasMore, loadMore, children }: ListProps<Row>) => (
  <>
    <h3>{title}</h3>
    {rows?.length === 0 && <p class="hint">{none}</p>}
    <ul aria-label={title}>{rows?.map(children)}</ul>
    {hasMore && <ShowOlder onShow={loadMore} />}
  </>
);

const Ban = ({
  ban: { user, reason, until },
  onLift,
}: {
  readonly ban: BanFieldsFragment;
  readonly onLift: () => void;
}) => (
  <li class="ban">
    <p>
      <PersonName user={user} />{' '}
      <small>{until ? t('until {time}', { time: untilOf(until) }) : t('permanently')}</small>
      {reason && <span class="reason"> {reason}</span>}
    </p>
    <button
      type="button"
      class="button"
      aria-label={t('Unban {name}', { name: nameOf(user) })}
      onClick={onLift}
    >
      {t('Unban')}
    </button>
  </li>
);

const newRoles = {
  OWNER: 'made {name} an owner',
  MODERATOR: 'made {name} a moderator',
  MEMBER: 'made {name} a member',
} as const;

function Entry({ entry }: { readonly entry: ModerationEntryFieldsFragment }) {
  const { moderator, reason, createdAt } = entry;
  return (
    <li>
      <p>
        <PersonName user={moderator} /> {descriptionOf(entry)} <small>{momentOf(createdAt)}</small>
      </p>
      {reason && <p class="reason">{reason}</p>}
    </li>
  );
}

function descriptionOf({ action, user, until, role }: ModerationEntryFieldsFragment): string {
  const name = user ? nameOf(user) : t('a user');
  const time = until ? untilOf(until) : '';
  const descriptions: Record<string, string> = {
    kick: t('removed {name}', { name }),
    ban: until
      ? t('banned {name} until {time}', { name, time })
      : t('banned {name} permanently', { name }),
    unban: t('unbanned {name}', { name }),
    mute: t('muted {name} until {time}', { name, time }),
    unmute: t('unmuted {name}', { name }),
    set_role: t(newRoles[role ?? 'MEMBER'], { name }),
    delete_message: t('deleted a message by {name}', { name }),
    resolve_report: t('resolved a report about {name}', { name }),
  };
  return descriptions[action] ?? `${action.replaceAll('_', ' ')} ${name}`;
}
