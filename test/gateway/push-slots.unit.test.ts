import { describe, expect, it } from 'vitest';
import { createFailingServices } from '../../src/gateway/failing-services.ts';
import { createPushSlots } from '../../src/gateway/push-slots.ts';

const setUp = () =>
  createPushSlots({
    pushRequests: 10,
    pushRequestsPerService: 3,
    pushRequestsPerUser: 2,
    pushRequestsToOthers: 4,
  });

describe('[P13] the requests to push services', () => {
  it('leave slots for quick services, however many others are slow', () => {
    const slots = setUp();
    for (let place = 0; place < 4; place++)
      slots.take({ service: `https://slow${place}.example`, userId: `user ${place}` });
    expect(slots.free()).toMatchObject({ quick: 6, others: 0 });
  });

  it('count as those to a quick service after a quick answer, until a slow one', () => {
    const slots = setUp();
    const push = { service: 'https://one.example', userId: 'ann' };
    slots.recordAnswer(push.service, 100);
    slots.take(push);
    expect(slots.free()).toMatchObject({
      quickServices: ['', push.service],
      quick: 9,
      others: 4,
    });
    for (const ms of [undefined, 5000]) {
      slots.recordAnswer(push.service, 100);
      slots.recordAnswer(push.service, ms);
      expect(slots.free()).toMatchObject({ quickServices: [''], quick: 9, others: 3 });
    }
    slots.giveBack(push);
    expect(slots.free()).toMatchObject({ quick: 10, others: 4 });
  });

  it('are bounded for each service and each user', () => {
    const slots = setUp();
    const pushes = ['ann', 'ann', 'bob'].map((userId) => ({
      service: 'https://a.example',
      userId,
    }));
    for (const push of pushes) slots.take(push);
    slots.take({ service: 'https://b.example', userId: 'bob' });
    expect(slots.free()).toMatchObject({
      busyServices: ['https://a.example'],
      busyUsers: ['ann', 'bob'],
    });
    slots.giveBack(pushes[0]!);
    expect(slots.free()).toMatchObject({ busyServices: [], busyUsers: ['bob'] });
  });
});

describe('[P13] a push service', () => {
  it('is paused after failures of several users in a row, not of one', () => {
    const failing = createFailingServices(3);
    for (let count = 0; count < 10; count++) expect(failing.record('a', 'mallory')).toBe(false);
    expect(failing.record('a', 'ann')).toBe(false);
    failing.forget('a');
    for (const userId of ['mallory', 'ann']) expect(failing.record('a', userId)).toBe(false);
    expect(failing.record('b', 'bob')).toBe(false);
    expect(failing.record('a', 'bob')).toBe(true);
    expect(failing.record('a', 'mallory')).toBe(true);
  });
});
