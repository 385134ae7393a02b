import type { ReportFieldsFragment } from '@causerie/client';
import { useRef, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import { resolveReport } from '../../state/reports.ts';
import { addressOf } from '../../state/route.ts';
import { nameOf, type Message } from '../../state/timeline.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { DeleteMessage } from '../conversation/delete-message.tsx';
import { Icon } from '../elements/icons.tsx';
import { Segments } from '../elements/segments.tsx';
import { useKeptFocus } from '../elements/use-kept-focus.ts';
import { usePages } from '../elements/use-pages.ts';
import { rankOf, ranksAbove } from '../moderation/moderation-rights.ts';
import { Report, ResolveButton } from '../moderation/report.tsx';
import { useReportNews } from '../moderation/use-open-reports.ts';
import { UserReports } from './user-reports.tsx';
import { t } from '../../texts/texts.ts';
import { ShowOlder } from '../elements/show-older.tsx';

const pageSize = 50;

const tabs = [
  { value: false, label: t('Open (status)') },
  { value: true, label: t('Resolved') },
] as const;

/** All reports that an admin can see, from all conversations. */
export function ReportsPage({ home }: { readonly home: Home }) {
  const [resolved, setResolved] = useState(false);

  return (
    <main class="place">
      <ConversationHead
        title={
          <>
            <Icon name="flag" />
            {t('Reports')}
          </>
        }
        below={t('Messages and people that users have reported')}
      />
      <div class="desk">
        <Segments legend={t('Status')} options={tabs} chosen={resolved} onChoose={setResolved} />
        <UserReports
          key={`people ${resolved}`}
          resolved={resolved}
          notifications={home.notifications}
        />
        <Reports key={String(resolved)} resolved={resolved} home={home} />
      </div>
    </main>
  );
}

function Reports({
  resolved,
  home: { viewer, notifications },
}: {
  readonly resolved: boolean;
  readonly home: Home;
}) {
  const list = useRef<HTMLElement>(null);
  const [deleted, setDeleted] = useState<Message>();
  const { rows, hasMore, loadMore, reload } = usePages(useReportNews(notifications), (after) =>
    causerie.reports({ resolved, first: pageSize, after }),
  );
  useKeptFocus(list);

  async function resolve(id: string): Promise<void> {
    if (await attempt(() => resolveReport(id))) showToast(t('Report resolved.'));
  }

  /** Authors can delete their messages. In rooms, users of a higher rank can, too. */
  function mayDelete({ author, deletedAt, conversation }: ReportFieldsFragment['message']) {
    if (deletedAt !== null) return false;
    if (author.id === viewer.id) return true;
    const isAbove = ranksAbove(rankOf(viewer, 'MEMBER'), rankOf(author, 'OWNER'));
    return conversation.__typename === 'Room' && isAbove;
  }

  function closeDeletion(): void {
    setDeleted(undefined);
    void reload();
  }

  return (
    <section
      ref={list}
      class="log"
      tabIndex={-1}
      aria-label={resolved ? t('Resolved reports') : t('Open reports')}
      aria-busy={!rows}
    >
      {rows?.length === 0 && (
        <p class="hint">{resolved ? t('No resolved reports yet.') : t('No open reports.')}</p>
      )}
      <ul>
        {rows?.map((report) => (
          <Report key={report.id} report={report} origin={<Where message={report.message} />}>
            {!resolved && (
              <ResolveButton reason={report.reason} onResolve={() => void resolve(report.id)} />
            )}
            {mayDelete(report.message) && (
              <button
                type="button"
                class="button is-grave"
                aria-label={t('Delete the message by {name}', {
                  name: nameOf(report.message.author),
                })}
                onClick={() => setDeleted(report.message)}
              >
                {t('Delete…')}
              </button>
            )}
          </Report>
        ))}
      </ul>
      {hasMore && <ShowOlder onShow={loadMore} />}
      {deleted && <DeleteMessage message={deleted} onClose={closeDeletion} />}
    </section>
  );
}

/** A link to the message. A private message has none, because admins cannot open it. */
function Where({
  message: { conversation, seq },
}: {
  readonly message: ReportFieldsFragment['message'];
}) {
  const { id } = conversation;
  switch (conversation.__typename) {
    case 'Room':
      return (
        <a class="where" href={addressOf({ at: 'room', id, seq })}>
          <Icon name={conversation.visibility === 'PRIVATE' ? 'lock' : 'hash'} />
          {conversation.name}
        </a>
      );
    case 'SupportConversation':
      return (
        <a class="where" href={addressOf({ at: 'support', id, seq })}>
          <Icon name="help" />
          {t('Support: {name}', { name: nameOf(conversation.customer) })}
        </a>
      );
    case 'DirectConversation':
      return (
        <span class="where">
          <Icon name="people" />
          {t('Private message')}
        </span>
      );
  }
}
