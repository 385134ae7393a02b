import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { blocked, unblock } from '../../state/blocked.ts';
import type { Direct } from '../../state/directs.ts';
import type { Home } from '../../state/home.ts';
import { nameOf } from '../../state/timeline.ts';
import { attempt } from '../../state/toasts.ts';
import { momentOf } from '../../state/times.ts';
import { Icon } from '../elements/icons.tsx';
import { lazy } from '../elements/lazy.tsx';
import { Menu } from '../elements/menu.tsx';
import { PersonAvatar, PersonName } from '../elements/person-name.tsx';
import { ConversationHead } from '../conversation/conversation-head.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { Nowhere } from '../conversation/nowhere.tsx';
import { t } from '../../texts/texts.ts';

const LevelDialog = lazy(
  async () => (await import('../notifications/level-dialog.tsx')).LevelDialog,
);

const BlockPerson = lazy(async () => (await import('../people/block-person.tsx')).BlockPerson);
const ReportPerson = lazy(async () => (await import('../people/report-person.tsx')).ReportPerson);

interface Standing {
  readonly isOnline: boolean;
  readonly lastSeenAt: string | null;
}

const pollMs = 30_000;

export function DirectPage({ peerId, home }: { readonly peerId: string; readonly home: Home }) {
  const [direct, setDirect] = useState<Direct | null | undefined>(
    home.directs.all.value.get(peerId),
  );
  const [standing, setStanding] = useState<Standing>();
  const [dialog, setDialog] = useState<'notifications' | 'block' | 'report'>();

  useEffect(() => {
    if (!direct) home.directs.open(peerId).then(setDirect, () => setDirect(null));
  }, [peerId]);

  // There is no presence subscription for a single user, so it is polled.
  useEffect(() => {
    const load = () =>
      causerie.user({ id: peerId }, { attempts: 1 }).then(
        (user) => user && setStanding(user),
        () => {},
      );
    void load();
    const timer = setInterval(load, pollMs);
    return () => clearInterval(timer);
  }, [peerId]);

  if (direct === undefined) return <main class="place" aria-busy="true" />;
  if (direct === null)
    return <Nowhere title={t('User not found')} reason={t('This user does not exist.')} />;
  const { peer, conversation, conversationId, isOver } = direct;
  const isBlocked = blocked.value.has(peer.id);
  const closeDialog = () => setDialog(undefined);
  return (
    <main class="place">
      <ConversationHead
        title={
          <>
            <PersonAvatar user={peer} small isOnline={standing?.isOnline ?? false} />
            <PersonName user={peer} />
          </>
        }
        below={presenceText(standing) ?? `@${peer.username}`}
        searchable={
          conversationId.value === undefined
            ? undefined
            : { id: conversationId.value, name: nameOf(peer) }
        }
      >
        {!isOver.value && (
          <Menu
            label={t('More about {name}', { name: nameOf(peer) })}
            items={[
              ...(conversationId.value === undefined
                ? []
                : [{ label: t('Notifications…'), act: () => setDialog('notifications') }]),
              isBlocked
                ? { label: t('Unblock'), act: () => void attempt(() => unblock(peer)) }
                : { label: t('Block…'), act: () => setDialog('block'), isGrave: true },
              { label: t('Report…'), act: () => setDialog('report'), isGrave: true },
            ]}
          >
            <Icon name="more" />
          </Menu>
        )}
      </ConversationHead>
      <Conversation
        conversation={conversation}
        viewer={home.viewer}
        name={nameOf(peer)}
        conversationId={conversationId.value}
        limit={home.messageMaxCharacters.value}
        showsRead
        mayPin
        mayReport
        candidates={[peer]}
        silence={
          isOver.value
            ? t(
                'One of you has deleted their account. You can read this conversation, but you cannot write.',
              )
            : isBlocked
              ? t('You blocked this person. Unblock them to write again.')
              : undefined
        }
      />
      {dialog === 'block' && <BlockPerson user={peer} onClose={closeDialog} />}
      {dialog === 'report' && <ReportPerson user={peer} onClose={closeDialog} />}
      {dialog === 'notifications' && conversationId.value !== undefined && (
        <LevelDialog
          name={nameOf(peer)}
          conversationId={conversationId.value}
          conversation={conversation}
          onClose={closeDialog}
        />
      )}
    </main>
  );
}

function presenceText(standing: Standing | undefined): string | undefined {
  if (standing?.isOnline) return t('Online');
  return standing?.lastSeenAt
    ? t('Last seen {time}', { time: momentOf(standing.lastSeenAt) })
    : undefined;
}
