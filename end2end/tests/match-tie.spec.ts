// Two presses at the same instant, from phones whose messages take as long as they please.
import { ARTIFACTS, buzzer, DESK, enter, everyone, HALL, happened, newMatch, steps } from './match-world';
import { ADMINISTRATOR, expect, test, type Learner } from './world';
import type { WebSocketRoute } from '@playwright/test';

/**
 * Lets each message of a page's line be on its way for 150 to 300 ms, and none overtake another: then when somebody
 * pressed is known to some tens of milliseconds.
 */
function dawdle(line: WebSocketRoute) {
  const server = line.connectToServer();
  for (const [from, to] of [[line, server], [server, line]]) {
    let free = 0;
    from.onMessage(message => {
      free = Math.max(free, performance.now() + 150 + Math.random() * 150);
      setTimeout(() => to.send(message), free - performance.now());
    });
  }
}

test('presses that can not be told apart are said to be a tie, with the rule that decides, wherever their order is shown', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const match = newMatch(1, { rounds: [{ kind: { buzzer: { penalty: 5, turns: 2 } }, questions: 1, seconds: 120, points: 10 }] });
  const path = `/matches/${match.id}`;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const screen = await enter(browser, baseURL, null, `${path}/screen`, HALL);
  const watch = await enter(browser, baseURL, null, `${path}/watch`);
  const far = async (who: Learner) => {
    const page = await enter(browser, baseURL, who, '/');
    await page.routeWebSocket(/\/live\b/, dawdle);
    await page.goto(path);
    return page;
  };
  const phones = await Promise.all(match.teams.map(([who]) => far(who)));
  await expect.poll(() => happened(match, 'joined').length, { timeout: 20_000 }).toBe(2);
  await steps(host, phones, 'ready');
  // Long enough for each phone's delays to be measured.
  await phones[0].waitForTimeout(5_000);
  await steps(host, phones, 'open');
  const taps = await Promise.all(phones.map(buzzer));
  await Promise.all(taps.map(tap => tap()));

  await expect.poll(() => happened(match, 'buzzer-judged').length).toBe(1);
  const order: any[] = happened(match, 'buzzer-judged')[0]['buzzer-judged'].order;
  expect(order.map(place => [place.rank, place.tied])).toEqual([[1, true], [1, true]]);
  const [, later] = order, ms = (micros: number) => Math.round(Math.abs(micros) / 1000);
  expect(later.margin_uncertainty, 'the lines dawdled').toBeGreaterThan(20_000);
  expect(later.margin_uncertainty).toBeGreaterThanOrEqual(later.margin);
  await everyone([host, screen, watch], 'floor');
  const screens = [screen, watch, await enter(browser, baseURL, null, `${path}/screen`, HALL)];
  for (const page of screens) {
    const rows = page.locator('.order:visible li');
    await expect(rows.locator('.rank')).toHaveText(['1', '1']);
    await expect(rows.locator('.margin')).toHaveText(['最先', `晚 ${ms(later.margin)} 毫秒 ± ${ms(later.margin_uncertainty)} 毫秒`]);
    await expect(rows.locator('.chip')).toHaveText(Array(2).fill('分不出先后，按估计决定'));
    // Who goes first is the one whom the rule put first.
    const first = match.teams.findIndex(([who]) => who.id === order[0].seat);
    await expect(rows.first().locator('.team')).toContainText(`第${first + 1}代表队`);
  }
  await screen.screenshot({ path: `${ARTIFACTS}/match-screen-tie.png` });
  await watch.screenshot({ path: `${ARTIFACTS}/match-watch-tie.png` });
  for (const page of [host, ...screens, ...phones]) await page.context().close();
});
