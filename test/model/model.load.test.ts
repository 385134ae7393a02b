import { beforeAll, describe, expect, it } from 'vitest';
import { describeWithServers } from '../support/servers.ts';
import { checkOrder, checkStates } from './check.ts';
import { play, type Play } from './play.ts';
import {
  doubled,
  dropped,
  eventTypesIn,
  leaked,
  outdated,
  plant,
  skipped,
  swapped,
  type Fault,
} from './tamper.ts';

/** Set SEED to repeat a run, and MODEL to make it so many times as long. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
const length = Number(process.env.MODEL ?? 1);

describeWithServers(`a client that keeps its state by events (SEED=${seed})`, () => {
  let played: Play;
  beforeAll(
    async () => {
      played = await play({ seed, rounds: Math.ceil(2 * length), actions: 30 });
    },
    180_000 * Math.ceil(length),
  );

  it('[P1] [P2] shows what the API answers, whenever nothing happens', () => {
    expect(played.histories.flatMap(checkStates).slice(0, 10)).toEqual([]);
  });

  it('[P1] [P2] [P11] receives each event once and in order, and none that it may not see', () => {
    const violations = played.histories.flatMap((history) => checkOrder(history, played.log));
    expect(violations.slice(0, 10)).toEqual([]);
  });

  it('[P12] is refused nothing without a reason', () => {
    expect(played.refused.slice(0, 10)).toEqual([]);
  });

  describe('a fault of delivery is found', () => {
    /** The rules that such a fault breaks, at some of the places where it can be. */
    function brokenBy(fault: Fault): string[][] {
      const broken: string[][] = [];
      let index = 0;
      for (const history of plant(played.histories, fault))
        if (index++ % 53 === 0 && broken.length < 30)
          broken.push(checkOrder(history, played.log).map(({ rule }) => rule));
      return broken;
    }

    it.each([
      ['skipped', skipped, 'hole'],
      ['swapped with the next one', swapped, 'repeat'],
      ['sent twice', doubled, 'repeat'],
    ])('an event that is %s, at any place', (_name, fault, rule) => {
      const broken = brokenBy(fault);
      expect(broken.length).toBeGreaterThan(3);
      for (const rules of broken) expect(rules).toContain(rule);
    });

    it('an event that reaches a user who is no member', () => {
      const [member, stranger] = ['bob', 'dan'].map((name) =>
        played.histories.find(({ device }) => device === name),
      );
      const vault = played.secretRoomId;
      const history = leaked(member!, { ...stranger!, entries: [] }, vault)!;
      const withoutStranger = played.log.filter(({ data }) => data.userId !== stranger!.userId);
      expect(checkOrder(history, withoutStranger).map(({ rule }) => rule)).toContain('leak');
    });

    /** Whether some device then shows something else than the API answers. */
    function isNoticed(fault: Fault, type: string, where = ''): boolean {
      for (const history of plant(played.histories, fault, type))
        if (checkStates(history).some(({ detail }) => detail.includes(where))) return true;
      return false;
    }

    it('an event that is missing, of every type, by what a client shows', () => {
      const types = eventTypesIn(played.histories);
      expect(types.length).toBeGreaterThan(10);
      // The clients here do not show the number of open reports.
      const shown = types.filter((type) => type !== 'OpenReportsChanged');
      expect(shown.filter((type) => !isNoticed(dropped, type))).toEqual([]);
    });

    it('a row that an event shows as it was before, by what a client shows', () => {
      const types = [
        'MessageEdited',
        'MessageDeleted',
        'ReactionsChanged',
        'SupportUpdated',
        'RoomUpdated',
      ];
      expect(types.filter((type) => !isNoticed(outdated, type))).toEqual([]);
    });

    it('the deletion of an unread message that is missing, by the unread count', () => {
      expect(isNoticed(dropped, 'MessageDeleted', 'unread')).toBe(true);
    });

    it('two messages in the wrong order, by the order of conversations', () => {
      expect(isNoticed(swapped, 'MessageSent', 'list private')).toBe(true);
    });
  });
});
