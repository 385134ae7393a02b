import type { ReportFieldsFragment } from '@causerie/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { isLookedAt } from '../../state/attention.ts';
import type { Home } from '../../state/home.ts';
import { reportNews, resolveReport } from '../../state/reports.ts';
import { addressOf } from '../../state/route.ts';
import { nameOf, type Message } from '../../state/timeline.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { DeleteMessage } from '../conversation/delete-message.tsx';
import { Icon } from '../elements/icons.tsx';
import { Segments } from '../elements/segments.tsx';
import { useKeptFocus } from '../elements/use-kept-focus.ts';
import { usePages } from '../elements/use-pages.ts';
import { moderates, standsAbove } from '../moderation/moderation-rights.ts';
import { DealtWith, Report } from '../moderation/report.tsx';
import { useReportNews } from '../moderation/use-open-reports.ts';

const pageSize = 50;
const lookEveryMs = 30_000;

const tabs = [
  { value: false, label: 'Open' },
  { value: true, label: 'Dealt with' },
] as const;

/** All reports that an admin sees, wherever it was said. */
export function ReportsPage({ home }: { readonly home: Home }) {
  const [resolved, setResolved] = useState(false);

  // Admins are not told of what others keep in order, nor of what others dealt with after they were told; it is asked for, now and then.
  useEffect(() => {
    const timer = setInterval(() => isLookedAt() && reportNews.value++, lookEveryMs);
    return () => clearInterval(timer);
  }, []);

  return (
    <main class="place">
      <ConversationHead
        title={
          <>
            <Icon name="flag" />
            Reports
          </>
        }
        below="What people have reported"
      />
      <div class="desk">
        <Segments legend="Which reports" options={tabs} chosen={resolved} onChoose={setResolved} />
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

  const settle = (id: string) =>
    void attempt(() => resolveReport(id)).then(
      (isDone) => isDone && showToast('The report is dealt with.'),
    );

  /** What its author may, and in rooms who stands above them. */
  const mayDelete = ({ author, deletedAt, conversation }: ReportFieldsFragment['message']) =>
    deletedAt === null &&
    (author.id === viewer.id ||
      (conversation.__typename === 'Room' &&
        standsAbove(moderates(viewer, 'MEMBER'), moderates(author, 'OWNER'))));

  return (
    <section
      ref={list}
      class="log"
      tabIndex={-1}
      aria-label={resolved ? 'Reports that are dealt with' : 'Open reports'}
      aria-busy={!rows}
    >
      {rows?.length === 0 && (
        <p class="hint">{resolved ? 'Nothing was dealt with yet.' : 'None. All is well.'}</p>
      )}
      <ul>
        {rows?.map((report) => (
          <Report key={report.id} report={report} place={<Where message={report.message} />}>
            {!resolved && <DealtWith reason={report.reason} onDone={() => settle(report.id)} />}
            {mayDelete(report.message) && (
              <button
                type="button"
                class="button is-grave"
                aria-label={`Delete the message by ${nameOf(report.message.author)}`}
                onClick={() => setDeleted(report.message)}
              >
                Delete…
              </button>
            )}
          </Report>
        ))}
      </ul>
      {hasMore && (
        <button type="button" class="button" onClick={() => void loadMore()}>
          Show older ones
        </button>
      )}
      {deleted && (
        <DeleteMessage message={deleted} onClose={() => (setDeleted(undefined), void reload())} />
      )}
    </section>
  );
}

/** A link to the message, unless it is one between two others. */
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
          Support of {nameOf(conversation.customer)}
        </a>
      );
    case 'DirectConversation':
      return (
        <span class="where">
          <Icon name="people" />
          Private message
        </span>
      );
  }
}
